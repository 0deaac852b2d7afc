from dataclasses import replace
from datetime import date
from itertools import combinations
from math import dist, exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as some

from muster.engines.forecast import Family
from muster.engines.forecast.library import METRICS, called, cut, densest, library, middle, offered, pace

PUBLIC = library(Family.OFFERED)


def test_the_public_curves_are_those_of_the_file():
    areas = {one.name: one for one in offered()}
    assert (len(areas), sum(len(one.reports) for one in areas.values())) == (28, 2_968)
    assert (areas["Alabama"].curve.first, areas["Alabama"].base) == (date(2020, 12, 20), 3_177_045)


def test_the_rehearsed_campaigns_can_be_drawn_again():
    from bench.curves import draw

    first = called()[0]
    drawn = draw(1)
    assert (first.name, first.base) == (f"rehearsed {drawn.seed}", drawn.due)
    steps = [now - was for was, now in zip(first.curve.daily, first.curve.daily[1:], strict=False)]
    assert steps == list(drawn.done)


def test_a_case_says_how_long_it_then_took():
    (case,) = cut(offered()[0], Family.OFFERED, 0.95, (0.7,))
    area = offered()[0]
    day = next(day for day in area.reports if area.curve.daily[day] >= 0.7 * 0.95 * area.base)
    ends = area.curve.reached(0.95 * area.base)
    took = exp(case.times) * case.signs.left / pace(case.signs, Family.OFFERED)
    assert ends - 1 < day + took <= ends


def test_a_case_knows_nothing_of_what_came_after():
    area = offered()[3]
    for case in cut(area, Family.OFFERED, 0.95, (0.5, 0.8)):
        day = next(day for day in area.reports if area.curve.daily[day] / (0.95 * area.base) >= case.signs.share - 1e-9)
        assert area.curve.upto(day).signs(0.95 * area.base, 0.95) == case.signs


@pytest.mark.parametrize("place", range(0, len(PUBLIC.cases), 700))
def test_the_nearest_are_the_nearest_by_brute_force(place):
    case = PUBLIC.cases[place]
    lib, metric = PUBLIC.without(frozenset({case.curve})), METRICS[Family.OFFERED]

    def point(one, depth):
        turns = [metric.turns * turn for turn in one.turns]
        return (metric.odds * one.odds, *turns, metric.depth * depth, metric.days * one.days, metric.week * one.week)

    asked, kept, taken = point(case.signs, case.depth), [], {}
    everything = (one for one in PUBLIC.cases if one.curve != case.curve)
    for one in sorted(everything, key=lambda one: dist(point(one.signs, one.depth), asked)):
        if taken.get(one.curve, 0) < metric.of_one and len(kept) < metric.cases:
            taken[one.curve] = taken.get(one.curve, 0) + 1
            kept.append(dist(point(one.signs, one.depth), asked))
    assert [far for far, _ in lib.nearest(case.signs)] == pytest.approx(kept)


def test_a_curve_left_out_is_never_asked():
    area = PUBLIC.cases[0].curve
    lib = PUBLIC.without(frozenset({area}))
    for case in PUBLIC.cases[::500]:
        assert area not in {one.curve for _, one in lib.nearest(case.signs)}


@pytest.mark.parametrize("family", list(Family))
def test_a_curve_lies_nearer_to_its_own_family(family):
    own, libraries = library(family), {one: library(one) for one in Family}
    right = []
    for case in own.cases[:: len(own.cases) // 60]:
        left = libraries | {family: own.without(frozenset({case.curve}))}
        right.append(min(Family, key=lambda one: left[one].distance(case.signs)) is family)
    assert sum(right) >= 0.85 * len(right)


def cases(times, far=None):
    """Return cases with such times, all as near as each other unless said."""
    return [(far[place] if far else 1.0, replace_times(time)) for place, time in enumerate(times)]


def replace_times(time):
    return PUBLIC.cases[0]._replace(times=time)


def test_the_middle_of_equal_cases_is_their_median():
    assert middle(cases([5, 1, 3]), [0.5]) == [3]
    assert middle(cases([5, 1, 3, 4]), [0.5]) == [3.5]


def test_a_nearer_case_weighs_more():
    assert middle(cases([1, 9], far=[0.0, 1.0]), [0.5])[0] < 5


@given(some.lists(some.integers(-100, 100), min_size=1, max_size=12))
def test_the_densest_half_by_brute_force(times):
    half = (len(times) + 1) // 2
    groups = [sorted(one) for one in combinations(sorted(times), half)]
    narrow = min(group[-1] - group[0] for group in groups)
    means = {sum(group) / half for group in groups if group[-1] - group[0] == narrow}
    assert any(isclose(densest(cases(times)), mean, abs_tol=1e-9) for mean in means)


def test_signs_without_a_depth_do_not_look_at_it():
    case = PUBLIC.cases[100]
    blind = replace(case.signs, depth=None)
    assert {round(one.depth, 6) for _, one in PUBLIC.nearest(blind)} > {round(case.depth, 6)}
