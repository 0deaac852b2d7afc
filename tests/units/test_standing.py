"""Who stands where, and what it is called, on a day."""

import datetime as dt

import pytest

from muster.units import operations, queries
from muster.units.operations import NewRenaming
from muster.units.queries import UnknownUnit
from tests.units.conftest import AT, BY

pytestmark = pytest.mark.django_db
LAST, FIRST = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
HUE_FROM = dt.date(2025, 1, 1)


def test_a_unit_is_called_by_the_name_of_the_day(units):
    hue = queries.by_code("46", FIRST)
    names = [str(queries.title(hue.id, on)) for on in (dt.date(2018, 1, 1), HUE_FROM - dt.timedelta(days=1), HUE_FROM)]
    assert names == ["Tỉnh Thừa Thiên Huế", "Tỉnh Thừa Thiên Huế", "Thành phố Huế"]
    assert [(str(title), title.since) for title in queries.history(hue)] == [
        ("Tỉnh Thừa Thiên Huế", dt.date(2019, 1, 1)), ("Thành phố Huế", HUE_FROM),
    ]  # fmt: skip
    old = queries.by_code("30", LAST)
    assert str(queries.title(old.id, dt.date(2030, 1, 1))) == "Tỉnh Hải Dương"


def test_many_names_are_one_question(units, django_assert_num_queries):
    hue = queries.by_code("46", FIRST)
    renamings = [NewRenaming("46", dt.date(2026, 2, 1), "Thành phố", "Phú Xuân")]
    operations.rename_units(renamings=renamings, by=BY, at=AT)
    every = [unit.id for unit in queries.as_of(FIRST)]
    with django_assert_num_queries(1):
        titles = queries.titles(every, dt.date(2026, 1, 31))
    assert len(titles) == len(every) == 3_356
    assert str(titles[hue.id]) == "Thành phố Huế"
    assert queries.titles([hue.id], dt.date(2026, 2, 1))[hue.id].name == "Phú Xuân"
    assert queries.titles([], FIRST) == {}


def test_a_unit_and_all_above_it_are_named_in_one_question(units, django_assert_num_queries):
    commune = queries.by_code("00004", FIRST)
    with django_assert_num_queries(1):
        paths, titles = queries.named([commune.id, 0], FIRST)
    assert paths == {commune.id: tuple(commune.ancestors)}
    assert titles == queries.titles(commune.ancestors, FIRST)
    assert len(titles) == 3
    assert queries.named([], FIRST) == ({}, {})


def test_the_nearest_unit_of_a_code(units):
    assert queries.nearest("001", FIRST).name == queries.nearest("001", LAST).name == "Ba Đình"  # a district no more
    assert queries.nearest("00004", LAST).parent.code == "001"
    assert queries.nearest("00004", FIRST).parent.code == "01"
    assert queries.nearest("00004", dt.date(2018, 1, 1)).valid_from == dt.date(2019, 1, 1)
    with pytest.raises(UnknownUnit):
        queries.nearest("x", FIRST)


def test_how_many_stand_right_below(units):
    provinces = {unit.code: unit.id for unit in queries.children(1, LAST)}
    counts = queries.below(provinces.values(), LAST)
    assert (len(counts), counts[provinces["01"]], counts[provinces["30"]]) == (63, 30, 12)
    assert queries.below([queries.by_code("00004", LAST).id], LAST) == {}
