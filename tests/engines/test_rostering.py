import random
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from muster.engines.rostering import BadLimits, Breach, Diary, Limits, LimitsByDay, Shift, Spell, spread

MONDAY = datetime(2021, 5, 10)
LIMITS = Limits(timedelta(hours=12), timedelta(hours=12), timedelta(hours=1), 6)
STRICT = Limits(timedelta(hours=8), timedelta(hours=14), timedelta(minutes=30), 4)
STRICT_FOR_A_WEEK = LimitsByDay(
    [(date(2021, 1, 1), LIMITS), (date(2021, 5, 14), STRICT), (date(2021, 5, 21), LIMITS)]
)  # Friday to Thursday


def spell(day, first, last):
    """Return a spell of a day counted from a Monday, in hours of its clock; 25 is one in the night after it."""
    start = MONDAY + timedelta(days=day)
    return Spell(start + timedelta(hours=first), start + timedelta(hours=last), start.date())


@pytest.mark.parametrize(
    ("held", "new", "breach"),
    [
        ([], (0, 6, 18), None),
        ([], (0, 6, 18.5), Breach.HOURS),
        ([(0, 6, 12)], (0, 11, 13), Breach.BUSY),
        ([(0, 6, 12)], (0, 12, 18), None),  # one piece of work of twelve hours
        ([(0, 6, 12)], (0, 13, 18), None),  # with a pause
        ([(0, 6, 12)], (0, 14, 18), Breach.REST),  # too long for a pause, too short for a rest
        ([(0, 6, 12)], (0, 12, 18.25), Breach.HOURS),
        ([(0, 18, 25)], (1, 6, 12), Breach.REST),  # home at one, back at six
        ([(0, 18, 25)], (1, 13, 18), None),
        ([(1, 6, 12)], (0, 18, 25), Breach.REST),  # the other way round: the evening before a morning
        ([(0, 18, 27.75)], (1, 4, 10), Breach.REST),  # between two days even a pause is no rest
        ([(day, 6, 12) for day in range(6)], (6, 6, 12), Breach.DAY_OFF),
        ([(day, 6, 12) for day in (0, 1, 2, 4, 5, 6)], (3, 6, 12), Breach.DAY_OFF),  # the day that joins two halves
        ([(day, 6, 12) for day in range(6)], (7, 6, 12), None),
        ([(day, 6, 12) for day in range(6)], (5, 12, 18), None),  # a second shift makes no day more
    ],
)
def test_what_a_further_spell_breaks(held, new, breach):
    assert Diary(spell(*one) for one in held).breach(spell(*new), LIMITS) is breach


def test_limits_that_contradict_themselves_are_none():
    with pytest.raises(BadLimits):
        Limits(timedelta(hours=12), timedelta(hours=1), timedelta(hours=2), 6)
    with pytest.raises(BadLimits):
        LimitsByDay([])
    with pytest.raises(BadLimits):
        LimitsByDay([(date(2021, 5, 14), LIMITS), (date(2021, 5, 14), STRICT)])


def test_limits_by_day_hold_from_their_day_on_and_the_first_before_too():
    days = [date(2020, 12, 31), date(2021, 5, 13), date(2021, 5, 14), date(2021, 5, 20), date(2021, 5, 21)]
    assert [STRICT_FOR_A_WEEK.on(day) for day in days] == [LIMITS, LIMITS, STRICT, STRICT, LIMITS]
    assert STRICT_FOR_A_WEEK.longest == 6


@pytest.mark.parametrize(
    ("held", "new", "breach"),
    [
        ([], (3, 6, 18), None),
        ([], (4, 6, 18), Breach.HOURS),  # the first strict day
        ([(3, 12, 22)], (4, 11, 13), Breach.REST),  # bound by the day after the rest
        ([(10, 12, 22)], (11, 10, 13), None),  # the day after it is free again
        ([(4, 6, 8)], (4, 8.75, 11), Breach.REST),  # a pause that was none longer before
        ([(day, 6, 12) for day in (1, 2, 3)], (4, 6, 12), None),
        ([(day, 6, 12) for day in (0, 1, 2, 3)], (4, 6, 12), Breach.DAY_OFF),  # the fifth ends on a strict day
        ([(day, 6, 12) for day in (1, 2, 3, 4)], (0, 6, 12), Breach.DAY_OFF),  # the same, put in front
        ([(day, 6, 12) for day in (7, 8, 9, 10)], (11, 6, 12), None),  # the fifth ends on a free one
    ],
)
def test_each_day_is_bound_by_its_own_limits(held, new, breach):
    assert Diary(spell(*one) for one in held).breach(spell(*new), STRICT_FOR_A_WEEK) is breach


def is_lawful(spells, limits=LIMITS):
    """Say whether all spells of one worker keep the limits: minute by minute and day by day, without any order."""
    minutes = {}
    for one in spells:
        moment = one.starts
        while moment < one.ends:
            if moment in minutes:
                return False
            minutes[moment] = one.day
            moment += timedelta(minutes=30)
    days = set(minutes.values())
    half = timedelta(minutes=30)
    if any(sum(one == day for one in minutes.values()) * half > limits.on(day).hours for day in days):
        return False
    worked = sorted(minutes)
    for before, after in pairwise(worked):
        gap = after - before - timedelta(minutes=30)
        same = minutes[before] == minutes[after]
        bound = limits.on(minutes[after])
        if gap < bound.rest and not (same and gap <= bound.pause):
            return False
    lasts = (day for day in days if day + timedelta(days=1) not in days)
    return not any(
        all(last - timedelta(days=more) in days for more in range(limits.on(last).in_a_row + 1)) for last in lasts
    )


def drawn(rng, days=16):
    first = rng.choice([6, 7, 12, 12.5, 13, 18, 20])
    return spell(rng.randrange(days), first, min(28, first + rng.choice([2, 4, 5.5, 6, 7])))


@pytest.mark.parametrize("limits", [LIMITS, STRICT_FOR_A_WEEK])
@pytest.mark.parametrize("seed", range(40))
def test_what_breaks_nothing_one_by_one_is_lawful_as_a_whole_and_the_rest_is_not(seed, limits):
    rng = random.Random(seed)
    diary = Diary()
    for _ in range(60):
        new = drawn(rng)
        allowed = diary.breach(new, limits) is None
        assert allowed == is_lawful([*diary.spells, new], limits)
        if allowed:
            diary.add(new)


@pytest.mark.parametrize("seed", range(10))
def test_shifts_are_spread_lawfully_and_none_is_left_that_somebody_may_take_at_the_end(seed):
    rng = random.Random(seed)
    shifts = [Shift(place, drawn(rng)) for place in range(80)]
    workers, held = ["a", "b", "c", "d"], {"b": [spell(3, 6, 12)]}
    found = spread(shifts, workers, held, LIMITS)
    by_worker = {one: Diary(held.get(one, ())) for one in workers}
    for shift in shifts:
        if shift.key in found:
            by_worker[found[shift.key]].add(shift.spell)
    assert all(is_lawful(diary.spells) for diary in by_worker.values())
    assert all(len({one.day for one in diary.spells}) == len(diary.spells) for diary in by_worker.values())
    for shift in shifts:
        if shift.key not in found:
            for diary in by_worker.values():
                assert diary.breach(shift.spell, LIMITS) or shift.spell.day in diary.hours


def test_the_work_is_spread_evenly_and_the_seventh_day_is_off():
    shifts = [Shift((day, first), spell(day, first, first + 6)) for day in range(7) for first in (6, 12)]
    found = spread(shifts, ["a", "b", "c"], {}, LIMITS)
    assert len(found) == 14
    assert sorted(list(found.values()).count(one) for one in "abc") == [4, 5, 5]
    alone = spread(shifts, ["a"], {}, LIMITS)
    assert sorted(alone) == [(day, 6) for day in range(6)]
    gone = spread(shifts, ["a"], {}, LIMITS, stands=lambda _, day: day < date(2021, 5, 12))
    assert sorted(gone) == [(0, 6), (1, 6)]
    assert date(2021, 5, 16) not in {spell(day, 6, 12).day for day, _ in alone}
