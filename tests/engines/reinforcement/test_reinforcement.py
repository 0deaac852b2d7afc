"""Who will miss, what helps, and that no donor is sunk, no kit lent twice, no rest broken."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.engines.reinforcement import (
    BadProblem,
    Crew,
    Kind,
    Move,
    Outlook,
    Problem,
    Standing,
    Stratum,
    Unit,
    choose,
    play,
    propose,
    standing,
)
from muster.engines.reinforcement.playing import outlook, spell
from muster.engines.rostering import Limits, Spell

MONDAY = date(2021, 5, 10)
LIMITS = Limits(timedelta(hours=12), timedelta(hours=12), timedelta(hours=1), 6)
SLOW = Unit(1, {Stratum.EASY: 1000}, 50, 1.5, (11,), (Crew(1), Crew(2)), room=2)
RICH = Unit(2, {Stratum.EASY: 100}, 50, 1.5, (21, 22), (Crew(3), Crew(4), Crew(5), Crew(6)), room=2)


def asked(*units: Unit, deadline: int = 10, days: int = 30, **more: object) -> Problem:
    """Return a problem that begins on a Monday."""
    return Problem(units, MONDAY, deadline, days, LIMITS, **more)  # type: ignore[arg-type]


def test_a_unit_is_done_when_its_crewed_shifts_have_taken_all() -> None:
    # 100 a work day: ten of them; two thirds of that at the cautious end: fifteen. 9 work days by Thursday the 20th.
    assert standing(asked(SLOW), SLOW, ()) == Standing(11, 18, 100)


@pytest.mark.parametrize(
    ("deadline", "told"), [(10, Outlook.WILL_MISS), (11, Outlook.MAY_MISS), (17, Outlook.MAY_MISS), (18, Outlook.HOLDS)]
)
def test_a_miss_is_told_by_the_pace_seen_and_by_the_range(deadline: int, told: Outlook) -> None:
    assert outlook(standing(asked(SLOW, deadline=deadline), SLOW, ()), deadline) is told


def test_nobody_left_is_done_at_once_and_no_kit_never() -> None:
    done, bare = replace(SLOW, left={}), replace(SLOW, kits=())
    assert standing(asked(done), done, ()) == Standing(0, 0, 0)
    assert standing(asked(bare), bare, ()) == Standing(None, None, 1000)


def test_a_crew_has_a_day_off_after_six_days() -> None:
    one = Unit(1, {Stratum.EASY: 70}, 10, 1, (11,), (Crew(1),), 1, frozenset({1}), weekends=True)
    assert standing(asked(one), one, ()).finish == 7


def test_what_a_crew_worked_before_counts_for_its_day_off() -> None:
    held = tuple(
        Spell(at, at + timedelta(hours=6), at.date())
        for at in (datetime(2021, 5, 10, 6, tzinfo=UTC) - timedelta(days=ago) for ago in range(1, 7))
    )
    one = Unit(1, {Stratum.EASY: 10}, 10, 1, (11,), (Crew(1, held=held),), 1, frozenset({1}), weekends=True)
    assert standing(asked(one), one, ()).finish == 1


def test_a_lent_kit_with_crews_works_after_the_day_of_travel() -> None:
    move = Move(Kind.KITS, 1, 0, 10, 2, (22,), (5, 6))
    told = {one.move: one for one in propose(asked(SLOW, RICH))}[move]
    assert told.receiver.after == Standing(7, 9, 0)  # 100, then 200 a work day
    assert told.donor is not None
    assert (told.donor.before, told.donor.after) == (Standing(0, 0, 0), Standing(0, 1, 0))
    assert (told.gained, told.turns) == (4, 30)  # two crews of three on five days


def test_what_was_lent_is_back_after_a_second_day_of_travel() -> None:
    played = play(asked(SLOW, RICH), RICH, (Move(Kind.KITS, 1, 1, 2, 2, (21, 22), (3, 4, 5, 6)),))
    assert sorted({day for day, _, _ in played.roster})[:3] == [0, 4, 7]  # 1 and 3: travel; 5 and 6: the weekend


def test_who_comes_in_the_evening_waits_for_the_third_shift() -> None:
    late = replace(SLOW, left={Stratum.LATE: 60}, crews=(Crew(1), Crew(2), Crew(3)))
    hours = [one for one in propose(asked(late)) if one.move.kind is Kind.HOURS]
    assert [(one.receiver.before, one.receiver.after) for one in hours[:1]] == [
        (Standing(None, None, 60), Standing(1, 1, 0))
    ]


def test_far_hamlets_wait_for_a_mobile_point_and_the_bedridden_for_a_team() -> None:
    one = replace(SLOW, left={Stratum.FAR: 60, Stratum.HOME: 20})
    assert standing(asked(one), one, ()) == Standing(None, None, 80)
    kinds = [told.move.kind for told in choose(asked(one), 3)]
    assert kinds == [Kind.MOBILE, Kind.HOME]  # the mobile point leaves fewer people, then the team ends it
    moves = (Move(Kind.MOBILE, 1, 0, 10), Move(Kind.HOME, 1, 0, 10))
    # one kit: it goes to the hamlets first, 0 + 25 on the first day and 25 a shift after; then from house to house
    assert standing(asked(one), one, moves).finish == 2


def test_a_unit_that_would_miss_itself_gives_nothing() -> None:
    near = replace(RICH, left={Stratum.EASY: 1000})  # with both kits done on the tenth day at the cautious end
    assert standing(asked(near), near, ()) == Standing(4, 9, 0)
    kits = [one.move for one in propose(asked(SLOW, near)) if one.move.kits]
    assert kits == []
    assert [one.move for one in propose(asked(SLOW, near, deadline=5)) if one.move.donor is not None] == []


def test_a_kit_and_a_crew_that_are_lent_are_not_lent_again() -> None:
    taken = Move(Kind.KITS, 1, 0, 10, 2, (22,), (5, 6))
    told = propose(asked(replace(SLOW, left={Stratum.EASY: 3000}, room=3), RICH, taken=(taken,)))
    lent = {thing for one in told for thing in (*one.move.kits, *one.move.crews)}
    assert lent
    assert lent.isdisjoint({22, 5, 6})


def test_no_choice_of_kits_and_crews_is_worth_more_than_the_first() -> None:
    problem = asked(SLOW, RICH)
    best = propose(problem)[0]
    was = standing(problem, SLOW, ())
    assert was.finish == 11
    for size in range(3):
        for kits in combinations(RICH.kits, size):
            for count in range(max(1, size), 5):
                for crews in combinations((3, 4, 5, 6), count):
                    move = Move(Kind.KITS, 1, 0, 10, 2, kits, crews)
                    if outlook(standing(problem, RICH, [move]), 10) is not Outlook.HOLDS:
                        continue
                    played = play(problem, SLOW, [move])
                    assert played.standing.finish is not None
                    turns = sum(
                        3 for slot, crew in played.roster.items() if crew in crews and slot[0] <= played.standing.finish
                    )
                    assert (11 - played.standing.finish) / max(turns, 1) <= best.worth[0]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Return up to four units that have more or less than they need."""
    units, kit, crew = [], 100, 1000
    for key in range(draw(st.integers(2, 4))):
        kits, crews = draw(st.integers(0, 3)), draw(st.integers(0, 4))
        units.append(
            Unit(
                key,
                {one: draw(st.integers(0, 300)) for one in Stratum if one is Stratum.EASY or draw(st.booleans())},
                draw(st.integers(5, 60)), draw(st.sampled_from([1, 1.3, 2])), tuple(range(kit, kit + kits)),
                tuple(Crew(one) for one in range(crew, crew + crews)), draw(st.integers(1, 3)),
                draw(st.sampled_from([frozenset({1}), frozenset({1, 2}), frozenset({1, 2, 3})])), draw(st.booleans()),
            )
        )  # fmt: skip
        kit, crew = kit + kits, crew + crews
    return asked(*units, deadline=draw(st.integers(3, 12)), days=18, most_a_day=draw(st.integers(1, 2)))


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_donor_is_sunk_and_nothing_lent_twice(problem: Problem) -> None:
    chosen = choose(problem, 3)
    moves = [one.move for one in chosen]
    for things in ([kit for one in moves for kit in one.kits], [crew for one in moves for crew in one.crews]):
        assert len(things) == len(set(things))
    givers = {one.donor for one in moves}
    for unit in problem.units:
        if unit.key in givers:
            cautious = standing(problem, unit, moves).cautious
            assert cautious is not None
            assert cautious <= problem.deadline
    for one in chosen:
        assert one.worth > (0, 0)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_crew_works_without_its_rest_wherever_it_is_sent(problem: Problem) -> None:
    moves = [one.move for one in choose(problem, 3)]
    work: dict[int, list[Spell]] = defaultdict(list)
    for unit in problem.units:
        for (day, shift, _), crew in play(problem, unit, moves).roster.items():
            work[crew].append(spell(problem, day, shift))
    for spells in work.values():
        spells.sort()
        for before, after in pairwise(spells):
            gap = after.starts - before.ends
            assert gap >= LIMITS.rest or (before.day == after.day and timedelta(0) <= gap <= LIMITS.pause)
        days = sorted({one.day for one in spells})
        for first, seventh in zip(days, days[6:], strict=False):
            assert (seventh - first).days > 6
        for day in days:
            assert sum(one.day == day for one in spells) <= min(problem.most_a_day, 2)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: asked(SLOW, SLOW),
        lambda: asked(SLOW, replace(RICH, kits=(11,))),
        lambda: asked(SLOW, replace(RICH, crews=(Crew(1),))),
        lambda: asked(SLOW, deadline=30),
        lambda: replace(SLOW, slow=0.9),
        lambda: replace(SLOW, left={Stratum.EASY: -1}),
        lambda: replace(SLOW, shifts=frozenset({4})),
    ],
)
def test_what_contradicts_itself_is_refused(broken: object) -> None:
    with pytest.raises(BadProblem):
        broken()  # type: ignore[operator]
