"""The promise of the forecast on curves it has not seen: below every naive rule, 80 % ranges that hold their share."""

import random
from datetime import timedelta

import pytest

from bench.forecast import drawn
from muster.engines.forecast import Family
from muster.engines.forecast.backtesting import group_out, naive, one_out, score, trials, widening
from muster.engines.forecast.finish import WIDENED
from muster.engines.forecast.library import Library, library, offered, reference

LIBRARIES = {family: library(family) for family in Family}
WITHOUT_ONE = one_out(LIBRARIES)


def held(found):
    """Say whether trials are better than each naive rule with ranges that are right."""
    told = score(found)
    return told.ours < min(told.naive) and 0.75 <= told.coverage <= 0.88  # 110 draws of 0.8 err by 0.04


@pytest.mark.parametrize("of_all", [False, True])
@pytest.mark.parametrize("depth_known", [False, True])
def test_public_curves_each_left_out(of_all, depth_known):
    found = list(trials(offered(), None, 0.95, WITHOUT_ONE, of_all=of_all, depth_known=depth_known))
    assert len(found) >= 110
    assert held(found)


@pytest.mark.parametrize("asked", [0.5, 0.7, 0.8, 0.9])
def test_at_every_share_done_it_is_better_than_each_rule(asked):
    told = score([one for one in trials(offered(), None, 0.95, WITHOUT_ONE) if one.asked == asked])
    assert told.ours < min(told.naive)


def test_public_curves_a_whole_group_left_out():
    groups = group_out(LIBRARIES, [one.name for one in offered()])
    assert held(list(trials(offered(), None, 0.95, groups, of_all=True)))


def test_reports_that_are_missing_and_wander():
    def spoilt(one):
        rng = random.Random(one.name)
        kept = [day for day in one.reports if rng.random() > 0.3 or day in {0, one.reports[-1]}]
        told = [(one.curve.first + timedelta(days=day), one.curve.daily[day] * rng.gauss(1, 0.002)) for day in kept]
        return reference(one.name, told, max(done for _, done in told))

    told = score(list(trials(map(spoilt, offered()), None, 0.95, WITHOUT_ONE)))
    assert told.ours < min(told.naive)
    assert told.coverage >= 0.7


def test_campaigns_drawn_anew():
    fresh = drawn(24, first=20_000)
    found = [one for part in (0.67, 0.9, 0.95) for one in trials(fresh, Family.CALLED, part, lambda _: LIBRARIES)]
    told = score(found)
    assert told.ours <= min(told.naive)
    assert 0.7 <= told.coverage <= 0.9


def test_the_naive_rules_by_hand():
    one = reference("steady", [(offered()[0].curve.first + timedelta(days=day), 10 * day) for day in range(101)])
    seen = one.curve.upto(80)
    assert naive(one, seen.signs(950)) == pytest.approx((15 * 49 / 50, 15, 15))


def test_the_widening_is_that_of_the_library():
    some = Library.of(Family.OFFERED, offered())
    kept = some.cases[::6]
    thin = Library(Family.OFFERED, some.cases, odds=some.odds)
    thin_cases = Library(Family.OFFERED, kept, odds=[case.signs.odds for case in kept])
    found = widening(thin_cases, depth_known=True, within=thin)
    assert found == pytest.approx(WIDENED[Family.OFFERED, True], abs=0.08)
