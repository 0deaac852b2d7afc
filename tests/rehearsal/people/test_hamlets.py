from collections import Counter
from datetime import date

import pytest

from muster.rehearsal.people import hamlets
from muster.rehearsal.people.drafting import Draw, villages
from muster.rehearsal.people.families import Household, Member
from muster.rehearsal.people.hamlets import Hamlet, named, settle, spread
from muster.rehearsal.people.places import plan
from muster.units import operations
from muster.units import queries as unit_queries
from muster.units.operations import NewUnit
from tests.rehearsal.people.conftest import AT, BY, ON, sql

pytestmark = pytest.mark.django_db


def communes(code, scale=1, on=ON):
    return plan(unit_queries.by_code(code, on), scale=scale, on=on).communes


def test_hamlets_are_opened_once_below_their_commune_and_from_its_first_day(units):
    wanted = communes("300")
    found, opened = settle(wanted, on=ON, by=BY, at=AT)
    assert opened == sum(len(of) for of in found.values()) == 152
    assert settle(wanted, on=ON, by=BY, at=AT) == (found, 0)
    for commune in wanted:
        for number, hamlet in enumerate(found[commune.unit], 1):
            unit = unit_queries.by_code(hamlet.code, ON)
            assert hamlet.code == f"{commune.code}.{number:02}"
            assert (unit.parent_id, unit.level, unit.valid_from) == (commune.unit, "hamlet", date(2019, 1, 1))
            assert unit.valid_to == date(2025, 7, 1)
            assert unit.type_vi == ("Tổ dân phố" if commune.type_vi == "Thị trấn" else "Thôn")


def test_a_commune_has_the_same_hamlets_whatever_part_of_its_people_is_made(units):
    assert [named(one) for one in communes("300")] == [named(one) for one in communes("300", 0.01)]
    names = [row.name for row in named(communes("300")[1])]
    assert len(names) == len(set(names))


def test_todays_commune_has_hamlets_of_its_own_beside_those_that_closed(units):
    settle(communes("11239"), on=ON, by=BY, at=AT)
    today = date(2026, 11, 2)
    found, opened = settle(communes("11239", on=today), on=today, by=BY, at=AT)
    assert opened == 50
    assert {hamlet.valid_from for of in found.values() for hamlet in of} == {date(2025, 7, 1)}
    assert sql("SELECT count(*) FROM units_unit WHERE code = '11239.01'") == [(2,)]


def test_hamlets_that_stand_are_used_as_they_are_and_only_the_innermost(units):
    (commune,) = communes("11242")
    rows = [
        NewUnit("11242.A", "hamlet", "Thôn", "Đông", "11242", date(2020, 1, 1)),
        NewUnit("11242.A1", "hamlet", "Xóm", "Trên", "11242.A", date(2020, 1, 1)),
        NewUnit("11242.B", "hamlet", "Thôn", "Đoài", "11242", date(2020, 1, 1)),
        NewUnit("11242.C", "hamlet", "Thôn", "Trung", "11242", date(2020, 1, 1), date(2021, 1, 1)),
    ]
    assert not operations.add_units(rows=rows, by=BY, at=AT).refused
    found, opened = settle([commune], on=ON, by=BY, at=AT)
    assert opened == 0
    assert [hamlet.code for hamlet in found[commune.unit]] == ["11242.A1", "11242.B"]


def test_many_hamlets_are_opened_in_batches(units, monkeypatch):
    monkeypatch.setattr(hamlets, "BATCH", 7)
    found, opened = settle(communes("300"), on=ON, by=BY, at=AT)
    assert opened == sum(len(of) for of in found.values()) == 152
    assert sql("SELECT count(*) FROM audit_batch WHERE action = 'units.add'") == [(22,)]


def test_a_hamlet_has_a_hundred_to_four_hundred_households(units):
    wanted = communes("300")
    found, _ = settle(wanted, on=ON, by=BY, at=AT)
    draw = Draw(1, ON, {}, {}, {})
    sizes = [len(one.households) for commune in wanted for one in villages(commune, found[commune.unit], draw)]
    assert len(sizes) == 152
    assert min(sizes) >= 100
    assert max(sizes) <= 400


@pytest.mark.parametrize(("count", "places"), [(0, 3), (1, 3), (10, 1), (500, 7)])
def test_whole_households_are_spread_in_their_order(count, places):
    homes = [Household.of(*(Member(30, male=True) for _ in range(1 + place % 5))) for place in range(count)]
    where = [Hamlet(place, f"1.{place}", ON) for place in range(places)]
    spreaded = spread(homes, where, "1")
    assert [home for of in spreaded for home in of] == homes
    if count == 500:
        people = Counter({place: sum(len(home.members) for home in of) for place, of in enumerate(spreaded)})
        assert max(people.values()) < 2 * min(people.values())
