"""Campaigns drawn by the rehearsal's own player, as curves of what was done each day: references and back-tests.

Nothing of it is measured. Each is one district of 1,500 to 9,000 people with inputs drawn around those of the replayed
province: how many can come only in the evening, live elsewhere or lie in bed, how many come when called, kits, crews
that learn, faults. A third is closed for some days, a third rests on Sundays, some get more kits, some lose half.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from muster.rehearsal.campaign.inputs import Inputs
from muster.rehearsal.campaign.playing import Group, district

DAYS = 260
ENOUGH = 0.985  # of those due: nothing is asked about after it
FIRST = date(2021, 3, 16)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One campaign: its seed, how many were due, and what was done on each day."""

    seed: int
    due: int
    first: date
    done: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """What happens to a campaign on its way, in days from the first."""

    closed: range
    sundays_off: bool
    more_kits: int | None
    fewer_kits: int | None

    @classmethod
    def draw(cls, rng: random.Random, days: int) -> "Course":
        """Draw what happens in a campaign that would take so many days if no machine ever waited."""
        start = int(days * rng.uniform(0.2, 1.2))
        closed = range(start, start + rng.randint(4, 15)) if rng.random() < 0.35 else range(0)
        turn = int(days * rng.uniform(0.4, 0.9))
        more, fewer = rng.random() < 0.3, rng.random() < 0.3
        return cls(closed, rng.random() < 0.3, turn if more else None, turn if fewer and not more else None)


def draw(seed: int) -> Drawn:
    """Play one campaign until nearly everybody is done, or for 260 days."""
    rng = random.Random(f"curve {seed}")
    first = FIRST + timedelta(days=rng.randrange(7))
    inputs = _inputs(rng, first)
    groups = list(_groups(rng))
    due = sum(map(len, groups))
    days = rng.choice((15, 25, 40, 60, 90))
    kits = rng.randint(2, 8)
    scale = due / days / (kits * inputs.shifts * inputs.shift_hours * 60 / inputs.usual_minutes)
    course, played = Course.draw(rng, days), district(f"{seed}", inputs, groups, kits, scale)
    done: list[int] = []
    while len(done) < DAYS and sum(done) < ENOUGH * due:
        number = len(done)
        day = first + timedelta(days=number)
        if number in {course.more_kits, course.fewer_kits}:
            for kit in played.kits:
                kit.speed *= 1.6 if number == course.more_kits else 0.5
        shut = number in course.closed or (course.sundays_off and day.isoweekday() == 7)
        done.append(0 if shut else sum(len(session.visits) for session in played.play(day)))
    return Drawn(seed, due, first, tuple(done))


def _inputs(rng: random.Random, first: date) -> Inputs:
    return replace(
        Inputs(), first_day=first, last_day=first + timedelta(days=2 * DAYS),
        away_returns=rng.choice((0.003, 0.006, 0.01, 0.02)), comes=rng.uniform(0.65, 0.92), crew_spread=0.2,
        learning_days=rng.uniform(3, 10), first_rate=rng.uniform(0.4, 0.8), kits_at_once=rng.choice((2, 4)),
        kit_faults=rng.choice((0.005, 0.015, 0.04)),
    )  # fmt: skip


def _groups(rng: random.Random) -> Iterator[list[Group]]:
    people, communes = rng.randint(1_500, 5_000), rng.randint(3, 14)
    away, bedridden, evening = rng.uniform(0.02, 0.15), rng.uniform(0.003, 0.012), rng.uniform(0.35, 0.75)
    weights = (1 - evening - away - bedridden, evening, away, bedridden)
    for _ in range(communes):
        size = max(40, int(people / communes * rng.lognormvariate(0, 0.5)))
        yield rng.choices(tuple(Group), weights, k=size)
