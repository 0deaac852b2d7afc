"""Units that work what the plan holds: a loan takes planned shifts with their crews, and never a donor's finish."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muster.engines.reinforcement import (
    Crew,
    Kind,
    Move,
    Problem,
    Stand,
    Standing,
    Stratum,
    Unit,
    propose,
    standing,
    stands,
)
from muster.engines.reinforcement.days import spell
from muster.engines.rostering import Limits, Spell

MONDAY = date(2021, 5, 10)
LIMITS = Limits(timedelta(hours=12), timedelta(hours=12), timedelta(hours=1), 6)


def daily(kit, days, shifts=(1, 2), crew=None):
    """Return a kit's stands on days; the crew of a shift is the kit's number times ten and the shift."""
    return {(day, shift, kit): Stand(kit, crew or kit * 10 + shift) for day in days for shift in shifts}


SLOW = Unit(1, {Stratum.EASY: 100}, 10, 1.5, (), (), room=2, planned=daily(1, range(3)))
RICH = Unit(2, {Stratum.EASY: 60}, 10, 1.5, (), (), room=2, planned=daily(2, range(10)) | daily(3, range(10)))


def asked(*units, deadline=10, **more):
    return Problem(units, MONDAY, deadline, deadline + 1, LIMITS, **more)


def test_a_unit_works_what_is_planned_and_nothing_after_it() -> None:
    assert standing(asked(SLOW), SLOW, ()) == Standing(None, None, 40)
    assert standing(asked(RICH), RICH, ()) == Standing(1, 2, 0)


def test_a_shift_without_a_crew_serves_nobody() -> None:
    bare = replace(SLOW, planned={slot: Stand(1, None) for slot in SLOW.planned})
    assert standing(asked(bare), bare, ()) == Standing(None, None, 100)


def test_a_lent_kit_takes_its_shifts_and_crews_and_loses_the_days_of_travel() -> None:
    move, problem = Move(Kind.KITS, 1, 0, 6, 2, (2,)), asked(SLOW, RICH)
    came = stands(problem, SLOW, [move]).items() - SLOW.planned.items()
    assert Counter((day, shift) for (day, shift, _), _ in came) == {(day, n): 1 for day in range(1, 7) for n in (1, 2)}
    assert {stand for _, stand in came} == {Stand(2, 21), Stand(2, 22)}
    left = stands(problem, RICH, [move])
    assert sorted(day for (day, shift, _), stand in left.items() if stand.kit == 2 and shift == 1) == [8, 9]
    assert standing(problem, SLOW, [move]) == Standing(2, 5, 0)


def test_no_room_and_no_open_day_lose_what_was_lent() -> None:
    move = Move(Kind.KITS, 1, 0, 6, 2, (2,))
    full, closed = replace(SLOW, room=1), replace(SLOW, closed=frozenset({4, 5}))
    assert {day for day, *_ in stands(asked(full, RICH), full, [move])} == {0, 1, 2, 3, 4, 5, 6}
    assert {day for day, *_ in stands(asked(closed, RICH), closed, [move])} == {0, 1, 2, 3, 6}


def test_lent_crews_work_the_shifts_that_have_none_when_they_are_rested() -> None:
    bare = replace(SLOW, planned={(1, 1, 0): Stand(1, None), (1, 3, 0): Stand(1, None), (2, 1, 0): Stand(1, 11)})
    evening = spell(asked(SLOW), 0, 3)
    donor = replace(RICH, crews=(Crew(7, 3, (evening,)), Crew(8)))
    came = stands(asked(bare, donor), bare, [Move(Kind.CREWS, 1, 0, 6, 2, (), (7, 8))])
    assert came == {(1, 1, 0): Stand(1, 8), (1, 3, 0): Stand(1, 7), (2, 1, 0): Stand(1, 11)}


def test_longer_hours_are_worked_by_own_crews_on_evenings_and_on_weekends_of_own_kits() -> None:
    own = replace(SLOW, kits=(1,), crews=(Crew(5), Crew(6), Crew(9)), planned=daily(1, [4]))
    came = stands(asked(own), own, [Move(Kind.HOURS, 1, 0, 6)])
    assert set(came) - set(own.planned) == {
        (4, 3, 0), (5, 1, 0), (5, 2, 0), (5, 3, 0), (6, 1, 0), (6, 2, 0), (6, 3, 0),
    }  # fmt: skip


def test_the_best_proposal_helps_and_keeps_its_donor_safe() -> None:
    best = propose(asked(SLOW, RICH))[0]
    assert (best.move.kind, best.move.donor, best.donor.after.cautious) == (Kind.KITS, 2, 4)
    assert (best.receiver.before.finish, best.receiver.after.finish, best.gained, best.turns) == (None, 2, 9, 12)


def test_a_donor_with_nothing_to_spare_gives_nothing() -> None:
    poor = replace(RICH, left={Stratum.EASY: 250})
    assert propose(asked(SLOW, poor)) == []


plans = st.dictionaries(st.tuples(st.integers(0, 10), st.integers(1, 3)), st.integers(0, 2), max_size=20).map(
    lambda told: {(day, shift, 0): Stand(kit, 100 + 10 * kit + shift) for (day, shift), kit in told.items()}
)


@given(plans, plans, st.integers(0, 120), st.integers(0, 60))
def test_no_proposal_sinks_a_donor_or_sends_a_kit_to_two_places(first, second, left, less) -> None:
    second = {slot: Stand(one.kit + 3, one.crew + 30) for slot, one in second.items()}
    units = [
        Unit(1, {Stratum.EASY: left}, 10, 1.2, (), (), 2, planned=first),
        Unit(2, {Stratum.EASY: less}, 10, 1.2, (), (), 2, planned=second),
    ]
    problem = asked(*units)
    for one in propose(problem):
        told = [stands(problem, unit, [one.move]) for unit in units]
        there = Counter((*slot[:2], stand.kit) for plan in told for slot, stand in plan.items())
        assert max(there.values()) == 1
        assert one.donor is None or one.donor.after.cautious <= problem.deadline
        assert one.gained >= 0


def test_spells_of_planned_shifts_are_those_of_the_house() -> None:
    assert spell(asked(SLOW), 1, 3) == Spell(
        datetime(2021, 5, 11, 18, tzinfo=UTC), datetime(2021, 5, 12, tzinfo=UTC), date(2021, 5, 11)
    )
