"""The greedy plan and the bound, against every plan there is on tiny problems."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.engines.allocation import BadProblem, Block, Commune, Kit, Plan, Problem, bound, cost, faults, solve
from muster.engines.allocation.problem import serve

DAYS = st.integers(1, 3)


@st.composite
def problems(draw, communes=2, kits=2, days=3, people=40, rates=8):
    length = draw(st.integers(1, days))
    some_days = st.frozensets(st.integers(0, length - 1), max_size=length)
    places = [
        Commune(
            key, draw(st.integers(0, 1)), draw(st.integers(0, people)), draw(st.integers(0, people)),
            draw(st.integers(1, 2)), draw(some_days),
        )
        for key in range(draw(st.integers(1, communes)))
    ]  # fmt: skip
    machines = [
        Kit(key, draw(st.integers(0, 1)), draw(st.integers(1, rates))) for key in range(draw(st.integers(1, kits)))
    ]
    return Problem(places, machines, length, draw(some_days))


def every_plan(problem):
    """Yield finish (none: somebody is left) and days waited of every way to send kits to communes."""
    nowhere = None
    choices = [nowhere, *range(len(problem.communes))]
    for sent in product(product(choices, repeat=len(problem.kits)), repeat=problem.days):
        left = [[one.any_time, one.late] for one in problem.communes]
        waited, finish, is_allowed = 0, 0, True
        for day, goes in enumerate(sent):
            for place, one in enumerate(problem.communes):
                kits = [kit for kit, to in zip(problem.kits, goes, strict=True) if to == place]
                if len(kits) > one.limit or (kits and day in one.closed):
                    is_allowed = False
                told = serve(*left[place], sum(kit.rate for kit in kits), weekend=day in problem.weekend)
                left[place][0] -= told.any_time
                left[place][1] -= told.late
                finish = day if told.any_time + told.late else finish
                waited += day * (told.any_time + told.late)
        if is_allowed:
            missing = sum(map(sum, left))
            yield (None if missing else finish), waited + problem.days * missing


@settings(max_examples=60, deadline=None)
@given(problems())
def test_no_plan_beats_the_bound_and_the_greedy_one_is_a_plan(problem):
    plans = list(every_plan(problem))
    best, told, greedy = min(waited for _, waited in plans), bound(problem), solve(problem)
    finishes = [finish for finish, _ in plans if finish is not None]
    assert list(faults(problem, greedy)) == []
    assert told.service_days <= best <= greedy.service_days
    assert told.finish is not None or not finishes
    if finishes:
        assert told.finish <= min(finishes)
        assert greedy.finish is None or min(finishes) <= greedy.finish
    assert greedy.served <= told.served


@settings(max_examples=60, deadline=None)
@given(problems(communes=12, kits=8, days=20, people=4_000, rates=110))
def test_a_plan_keeps_to_its_problem_at_any_size(problem):
    plan, least = solve(problem), bound(problem)
    assert list(faults(problem, plan)) == []
    assert least.service_days <= plan.service_days
    assert plan.finish is None or least.finish <= plan.finish


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 12), st.booleans())
def test_no_other_order_serves_more_on_a_day(any_time, late, rate, weekend):
    told = serve(any_time, late, rate, weekend=weekend)
    evenings = 3 * rate if weekend else rate
    most = min(any_time + late, 3 * rate, any_time + min(late, evenings))
    assert told.any_time + told.late == most
    assert told.late == min(late, evenings)


def test_one_commune_one_kit_by_hand():
    """100 a shift: on a working day 200 by day and 100 in the evening; on Saturday 300 of whoever is left."""
    problem = Problem([Commune(7, 1, any_time=450, late=300, limit=1)], [Kit(3, 1, 100)], 5, frozenset({2}))
    plan = solve(problem)
    assert plan.blocks == [
        Block(7, 0, (300,), (3,), (1, 2, 3)),
        Block(7, 1, (300,), (3,), (1, 2, 3)),
        Block(7, 2, (150,), (3,), (1, 2)),
    ] or plan.blocks == [Block(7, 0, (300, 300), (3,), (1, 2, 3)), Block(7, 2, (150,), (3,), (1, 2))]
    assert (plan.served, plan.finish, plan.service_days, plan.kit_days, plan.transfers) == (750, 2, 600, 3, 0)
    told = bound(problem)
    assert (told.finish, told.service_days, told.served) == (2, 600, 750)
    assert cost(problem, plan) == 606


def test_late_people_alone_bind_the_finish():
    problem = Problem([Commune(1, 1, any_time=0, late=250, limit=4)], [Kit(1, 1, 100)], 4)
    assert (bound(problem).finish, solve(problem).finish) == (2, 2)
    assert {block.shifts for block in solve(problem).blocks} == {(3,)}


def test_a_kit_crosses_to_another_area_where_there_is_work_for_days():
    far = Commune(1, 2, any_time=900, late=0, limit=1)
    plan = solve(Problem([far], [Kit(1, 1, 50)], 9))
    assert (plan.transfers, plan.served) == (1, 900)
    alone = Commune(1, 2, any_time=1, late=0, limit=1)
    assert solve(Problem([alone], [Kit(1, 1, 50)], 9)).served == 0  # for one person that waits: 9 + 200 < 400
    two = Commune(1, 2, any_time=2, late=0, limit=1)
    assert solve(Problem([two], [Kit(1, 1, 50)], 9)).served == 2


def test_who_cannot_be_served_is_said_not_dropped():
    problem = Problem([Commune(1, 1, 1_000, 0, 1, closed=frozenset({0}))], [Kit(1, 1, 50)], 2)
    plan, told = solve(problem), bound(problem)
    assert (plan.served, plan.finish, plan.service_days) == (150, None, 150 + 2 * 850)
    assert (told.finish, told.served, told.service_days) == (None, 150, 1_000 + 850)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Commune(1, 1, -1, 0, 1),
        lambda: Commune(1, 1, 0, 0, 0),
        lambda: Kit(1, 1, 0),
        lambda: Problem([Commune(1, 1, 1, 1, 1)] * 2, [], 1),
        lambda: Problem([], [], 0),
        lambda: Problem([], [], 3, frozenset({3})),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(make):
    with pytest.raises(BadProblem):
        make()


def test_the_checker_finds_what_is_wrong():
    problem = Problem([Commune(1, 1, 10, 10, 1, frozenset({1})), Commune(2, 1, 10, 0, 1)], [Kit(1, 1, 10)], 2)
    blocks = [Block(1, 0, (25, 5), (1,), (1, 2)), Block(2, 0, (5,), (1,), (1,))]
    told = list(faults(problem, Plan(blocks, 35, 1, 5, 0, 3)))
    assert told == [
        "commune 1: 25 served on day 0 where 20 can be",
        "commune 1 is closed on day 1",
        "kit 1 is in two communes on day 0",
        "commune 1: 30 served by day, 10 come then",
        "commune 1: 30 served of 20",
        "what the plan says of itself is not what its blocks come to",
    ]
