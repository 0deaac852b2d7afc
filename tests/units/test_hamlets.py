"""Hamlets, added below a commune a list at a time."""

import datetime as dt

import pytest

from muster.audit.queries import latest
from muster.events import queries as journal
from muster.units import operations, queries
from muster.units.operations import NewHamlet
from muster.units.queries import UnknownUnit
from tests.units.conftest import AT, BY

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 3, 1)
COMMUNE = "10444"


def add(*names, type_vi="Thôn", on=DAY, parent=COMMUNE):
    rows = [NewHamlet(type_vi, name) for name in names]
    return operations.add_hamlets(parent=parent, on=on, rows=rows, by=BY, at=AT)


def test_a_list_of_hamlets_is_numbered_below_its_commune(units):
    result = add("Hoành", "Đồng Mít", "Thượng")
    assert ([unit.code for unit in result.done], result.refused, result.stood) == (
        ["10444.001", "10444.002", "10444.003"], [], 0,
    )  # fmt: skip
    commune = queries.by_code(COMMUNE, DAY)
    below = list(queries.children(commune.id, DAY))
    assert [(unit.code, unit.type_vi, unit.name, unit.level) for unit in below] == [
        ("10444.001", "Thôn", "Hoành", "hamlet"),
        ("10444.002", "Thôn", "Đồng Mít", "hamlet"),
        ("10444.003", "Thôn", "Thượng", "hamlet"),
    ]
    assert {(unit.valid_from, unit.valid_to) for unit in below} == {(DAY, dt.date(2025, 7, 1))}  # as the commune
    assert [event.reason for event in journal.life(below[0].thing)] == ["10444.001"]
    assert (latest()[0].action, latest()[0].entries) == ("units.add", 3)


def test_the_same_list_again_opens_nothing(units):
    first = add("Hoành", "Đồng Mít")
    again = add("Hoành", "Đồng Mít", "Thượng")
    assert [unit.id for unit in again.done[:2]] == [unit.id for unit in first.done]
    assert (again.done[2].code, again.stood) == ("10444.003", 2)
    spelt = add("HOÀNH")
    assert (spelt.done[0].id, spelt.stood) == (first.done[0].id, 1)


def test_bad_rows_are_refused_one_by_one_and_the_good_ones_kept(units):
    result = add("Hoành", "", "HOÀNH", "Đ" * 121, "Thượng")
    assert [(row.index, row.refusal.code) for row in result.refused] == [
        (1, "malformed_unit"), (2, "named_twice"), (3, "malformed_unit"),
    ]  # fmt: skip
    assert [unit.name for unit in result.done] == ["Hoành", "Thượng"]
    assert len({unit.code for unit in result.done}) == 2


def test_another_type_makes_another_hamlet(units):
    add("Hoành")
    assert add("Hoành", type_vi="Xóm").stood == 0


def test_a_number_is_never_given_twice(units):
    """The commune of today bears the code of a legacy one: their hamlets are numbered on."""
    old = add("Một", parent="00004").done[0]
    new = add("Hai", parent="00004", on=dt.date(2025, 7, 1)).done[0]
    assert (old.code, new.code) == ("00004.001", "00004.002")


@pytest.mark.parametrize(
    ("above", "kind"),
    [("Xã", "Thôn"), ("Phường", "Tổ dân phố"), ("Thị trấn", "Tổ dân phố"), ("Đặc khu", "Thôn"), ("Huyện", "Thôn")],
)
def test_what_hamlets_are_called_follows_from_the_unit_above(above, kind):
    assert queries.hamlet_type(above) == kind


def test_no_commune_no_hamlets(units):
    with pytest.raises(UnknownUnit):
        add("Hoành", parent="99999")
    with pytest.raises(UnknownUnit):
        add("Hoành", on=dt.date(2018, 1, 1))
