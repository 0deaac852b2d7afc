from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
