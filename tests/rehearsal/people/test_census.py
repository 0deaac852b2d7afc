import csv
from collections import Counter
from importlib.resources import files
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.names import ascii_key, syllable_key
from muster.rehearsal.people import census
from muster.rehearsal.people.census import Weighted, apportion

WEIGHTS = st.lists(st.integers(0, 500), min_size=1, max_size=18).filter(any)


def test_the_census_adds_up():
    assert len(census.districts()) == 712
    assert sum(count.total for count in census.districts()) == 96_208_984
    assert all(sum(count.by_group) == count.total for count in census.districts())
    hai_duong = [count for count in census.districts() if count.province == "Tỉnh Hải Dương"]
    assert (len(hai_duong), sum(count.total for count in hai_duong)) == (12, 1_892_254)
    communes = [told for (province, _), told in census.communes().items() if province == "Tỉnh Hải Dương"]
    assert sum(len(told) for told in communes) == 265


def test_districts_that_changed_are_districts_of_the_census():
    counted = {(count.province, count.district) for count in census.districts()}
    assert len(census.district_changes()) == 32
    assert set(census.district_changes()) <= counted


def test_what_became_of_districts_is_in_the_list_of_2025_and_says_how_it_is_known():
    listed = {row["district_code"]: row for row in rows_of("muster.units", "admin_legacy_districts_2025_06.csv")}
    changes = list(rows_of("muster.rehearsal.people", "census2019_district_changes.csv"))
    renamed = {"Tỉnh Thừa Thiên Huế": "Thành phố Huế"}
    for row in changes:
        found = [listed[code] for code in row["districts_2025_06"].split()]
        province = renamed.get(row["province"], row["province"])
        assert {syllable_key(one["province"]) for one in found} == {syllable_key(province)}, row
        same = bare(row["district"]) in {bare(one["district"]) for one in found}
        assert same == (row["basis"] == "list" or row["district"] == "Huyện Lục Ngạn"), row
        assert ("Resolution" in row["change"]) <= (row["basis"] == "reference"), row
    assert Counter(row["basis"] for row in changes) == {"assumed": 17, "list": 8, "reference": 7}


def rows_of(room, name):
    text = files(room).joinpath("data", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def bare(title):
    return ascii_key(title.removeprefix("Huyện ").removeprefix("Thị xã ").removeprefix("Thành phố "))


@given(WEIGHTS, st.integers(0, 2000))
def test_parts_add_up_and_are_less_than_one_off(weights, total):
    parts = apportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [(10, [1, 1, 1], [4, 3, 3]), (7, [5, 3, 0], [4, 3, 0]), (3, [0, 0], [0, 0]), (0, [1], [0]), (1, [1, 3], [0, 1])],
)
def test_the_largest_remainder_is_served_first_and_of_equals_the_first(total, weights, parts):
    assert apportion(total, weights) == parts


@given(st.lists(st.integers(0, 40), min_size=18, max_size=18), st.integers(0, 9))
def test_everybody_counted_gets_an_age_of_the_group(by_group, seed):
    drawn = Counter(min(age // 5, 17) for age in census.ages(by_group, Random(seed)))
    assert [drawn[group] for group in range(18)] == by_group


def test_things_are_drawn_as_often_as_they_weigh_and_never_without_weight():
    draw, random = Weighted.of({"a": 3.0, "b": 0.0, "c": 1.0}), Random(1)
    drawn = Counter(draw.draw(random) for _ in range(4000))
    assert set(drawn) == {"a", "c"}
    assert 2900 < drawn["a"] < 3100
