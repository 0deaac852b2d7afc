"""What became of units on 1 July 2025: the whole country, held against the lists."""

import datetime as dt
from collections import defaultdict

import pytest

from muster.units import operations, queries
from muster.units.operations import NewHamlet
from muster.units.queries import Held
from muster.units.reference import LEGACY_FROM, TODAY_FROM, read
from tests.units.conftest import AT, BY

pytestmark = pytest.mark.django_db
LAST, FIRST = TODAY_FROM - dt.timedelta(days=1), TODAY_FROM


def told(found):
    return [(one.unit.code, one.land.value, one.people.value) for one in found]


def communes(on):
    return list(queries.as_of(on).filter(level="commune"))


def test_every_legacy_commune_leads_to_what_the_lists_say_and_to_nothing_else(units):
    said = defaultdict(set)
    for row in read().successions:
        said[row.predecessor].add((row.successor, row.share, row.people))
    legacy = communes(LAST)
    found = queries.holders(legacy, FIRST)
    assert len(found) == len(legacy) == 10_035
    for unit in legacy:
        assert {(one.unit.code, one.land, one.people) for one in found[unit.id]} == said[unit.code]
        assert all(one.unit.valid_on(FIRST) for one in found[unit.id])


def test_the_land_of_every_unit_that_closed_is_all_there(units):
    closed = list(queries.as_of(LAST).filter(valid_to=FIRST))
    for found in queries.holders(closed, FIRST).values():
        land = sorted(one.land for one in found if one.land is not Held.NONE)
        assert land == [Held.WHOLE] or (len(land) > 1 and set(land) == {Held.PART})


def test_there_and_back_is_the_same_with_the_same_shares(units):
    there = queries.holders(communes(LAST), FIRST)
    back = queries.holders(communes(FIRST), LAST)
    forth = {(old, one.unit.id, one.land, one.people) for old, found in there.items() for one in found}
    districts = set(queries.as_of(LAST).filter(level="district").values_list("id", flat=True))
    returned = {(one.unit.id, new, one.land, one.people) for new, found in back.items() for one in found}
    assert {row for row in returned if row[0] not in districts} == forth
    assert all(back[unit.id] for unit in communes(FIRST))


def test_examples_of_the_conversion_table(units):
    def at(code, known_on, on):
        return told(queries.at(queries.by_code(code, known_on), on))

    assert at("00136", LAST, FIRST) == [("00136", "part", "part"), ("00127", "part", "none")]
    assert at("18796", LAST, FIRST) == [
        ("18823", "whole", "none"), ("18754", "none", "part"), ("18832", "none", "part"),
    ]  # fmt: skip
    assert at("30", LAST, FIRST) == [("31", "whole", "whole")]
    assert at("31", FIRST, LAST) == [("30", "whole", "whole"), ("31", "whole", "whole")]
    assert at("01", LAST, FIRST) == [("01", "whole", "whole")]  # it kept its row
    assert at("471", LAST, FIRST) == [("19742", "whole", "whole")]


def test_a_district_is_where_its_communes_are(units):
    district = queries.by_code("001", LAST)
    below = queries.holders(queries.children(district.id, LAST), FIRST)
    expected = {one.unit.id for found in below.values() for one in found}
    found = queries.successors(district, FIRST)
    assert {one.unit.id for one in found} == expected
    assert {one.land for one in found} == {Held.PART}
    assert queries.went_to(district) == []


def test_before_the_lists_all_land_is_the_countrys(units):
    assert told(queries.at(queries.by_code("00004", FIRST), LEGACY_FROM - dt.timedelta(days=1))) == [
        ("VN", "part", "part")
    ]


def test_successors_and_predecessors_keep_to_their_side(units):
    old, new = queries.by_code("30", LAST), queries.by_code("31", FIRST)
    assert queries.successors(old, LAST) == queries.predecessors(new, FIRST) == []
    assert told(queries.predecessors(new, LAST)) == told(queries.at(new, LAST))
    assert [(move.unit.code, move.on, move.land, move.people) for move in queries.came_from(new)] == [
        ("30", FIRST, "whole", "whole"), ("31", FIRST, "whole", "whole"),
    ]  # fmt: skip
    assert [move.note for move in queries.went_to(queries.by_code("00136", LAST))] == [
        "Nhập một phần diện tích", "Nhập một phần",
    ]  # fmt: skip


def test_a_hamlet_lies_where_its_commune_went(units):
    whole, parts = "00001", "00136"  # Phúc Xá went whole, Phúc Lợi in parts
    for code in (whole, parts):
        operations.add_hamlets(
            parent=code, on=dt.date(2021, 3, 1), rows=[NewHamlet("Tổ dân phố", "Số 1")], by=BY, at=AT
        )
    hamlets = queries.by_codes([f"{whole}.001", f"{parts}.001"], LAST)
    found = queries.holders(hamlets.values(), FIRST)
    went = queries.went_to(queries.by_code(whole, LAST))
    assert told(found[hamlets[f"{whole}.001"].id]) == [(went[0].unit.code, "whole", "whole")]
    assert told(found[hamlets[f"{parts}.001"].id]) == [("00136", "perhaps", "perhaps"), ("00127", "perhaps", "none")]
    new = operations.add_hamlets(parent="00004", on=FIRST, rows=[NewHamlet("Tổ dân phố", "Mới")], by=BY, at=AT).done
    made_of = queries.came_from(queries.by_code("00004", FIRST))
    before = queries.predecessors(queries.by_code(new[0].code, FIRST), LAST)
    assert {one.unit.id for one in before} == {move.unit.id for move in made_of}
    assert {one.land for one in before} == {Held.PERHAPS}


def test_any_number_of_units_takes_the_same_questions(units, django_assert_num_queries):
    legacy, new = communes(LAST), communes(FIRST)
    for some in (legacy[:1], legacy[:200]):
        with django_assert_num_queries(3):
            queries.holders(some, FIRST)
    for some in (new[:1], new[:50]):
        with django_assert_num_queries(5):
            queries.holders(some, LAST)
