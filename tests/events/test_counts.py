from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from muster.events import operations, queries
from muster.events.journal import AgeBand
from muster.events.queries import NoSuchUnit, Side
from muster.kernel.periods import Period
from tests.events.conftest import BY, TREE, captured, local_time

RECEIVED = [("dossier", "receive")]
ABOVE = dict(TREE)


def count(unit=1, **more):
    return queries.count(unit=unit, metrics=RECEIVED, **more)


@pytest.mark.usefixtures("country")
def test_a_unit_counts_what_it_and_those_below_did_and_whom_it_is_credited_with():
    moves = [captured(4, "2021-05-08T09:00", residence=7), captured(4, "2021-05-08T09:05", residence=4)]
    moves += [captured(7, "2021-05-08T09:10", residence=4), captured(5, "2021-05-09T02:00")]
    operations.record(moves=moves, by=BY, at=local_time("2021-05-09T03:00"))
    assert [count(unit) for unit in (1, 2, 3, 4, 5, 6, 7)] == [4, 3, 1, 2, 1, 0, 1]
    assert [count(unit, side=Side.RESIDENCE) for unit in (1, 2, 3, 4, 5, 6, 7)] == [3, 2, 1, 2, 0, 0, 1]
    assert count(days=Period.through(date(2021, 5, 8), date(2021, 5, 8))) == 4
    assert count(days=Period.through(date(2021, 5, 9), date(2021, 5, 9))) == 0
    assert count(bands=[AgeBand.FROM_14]) == 4
    assert count(bands=[AgeBand.UNDER_6]) == 0
    assert queries.count(unit=1, metrics=[("dossier", "never_happened")]) == 0
    with pytest.raises(NoSuchUnit):
        count(99)


def scenario(seed, batches=60):
    """Return random moves with the moment each was recorded, over ten days, some days late."""
    random = Random(seed)
    start = local_time("2021-05-01T06:00")
    told = []
    at = start
    for _ in range(batches):
        at += timedelta(minutes=random.randrange(10, 500))
        moves = []
        for _ in range(random.randrange(1, 8)):
            happened = at - timedelta(hours=random.choice([0, 0, 0, 5, 30, 80]), minutes=random.randrange(60))
            residence = random.choice([None, 4, 5, 6, 7])
            band = random.choice(list(AgeBand))
            text = happened.replace(tzinfo=None).isoformat()
            moves.append(captured(random.choice([2, 4, 5, 6, 7]), text, residence=residence, band=band))
        told.append((at, moves))
    return told


def brute(told, unit, side, known_at, day):
    def belongs(move):
        of = move.unit_done if side is Side.DONE else move.unit_residence
        return of is not None and unit in ABOVE[of]

    from muster.kernel.clock import work_day

    return sum(
        belongs(move) and (day is None or work_day(move.occurred_at) == day)
        for at, moves in told
        if known_at is None or at <= known_at
        for move in moves
    )


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("seed", range(6))
def test_every_count_as_known_at_any_moment_equals_a_count_by_hand_whatever_days_are_closed(seed):
    told, random = scenario(seed), Random(seed + 100)
    for place, (at, moves) in enumerate(told):
        operations.record(moves=moves, by=BY, at=at)
        if place % 13 == 12:
            operations.sum_up(through=(at - timedelta(days=random.randrange(4))).date())
    # a packet that was known on a day long closed
    told.append((told[3][0] + timedelta(seconds=1), [captured(4, "2021-05-01T08:00", residence=7)]))
    operations.record(moves=told[-1][1], by=BY, at=told[-1][0])
    for _ in range(150):
        unit, side = random.choice([1, 2, 3, 4, 7]), random.choice(list(Side))
        moment = random.choice([None, random.choice(told)[0], random.choice(told)[0] - timedelta(microseconds=1)])
        day = random.choice([None, date(2021, 5, random.randrange(1, 12))])
        days = Period.through(day, day) if day else None
        assert count(unit, side=side, days=days, known_at=moment) == brute(told, unit, side, moment, day)


@pytest.mark.usefixtures("country")
def test_closing_days_changes_no_count_and_may_be_repeated():
    told = scenario(1)
    for at, moves in told:
        operations.record(moves=moves, by=BY, at=at)
    end = told[-1][0]
    before = [count(unit) for unit in ABOVE]
    assert queries.open_since() == told[0][0].date()
    assert operations.sum_up(through=(end - timedelta(days=2)).date()) > 0
    assert operations.sum_up(through=(end - timedelta(days=2)).date()) == 0
    assert operations.sum_up(through=(end - timedelta(days=1)).date()) >= 0
    assert [count(unit) for unit in ABOVE] == before
    assert queries.open_since() == end.date()
    assert operations.sum_up() > 0
    assert operations.sum_up() == 0
    assert [count(unit) for unit in ABOVE] == before
    assert queries.open_since() is None


@pytest.mark.usefixtures("country")
def test_a_series_and_a_table_tell_the_same_as_single_counts():
    told = scenario(2)
    for at, moves in told:
        operations.record(moves=moves, by=BY, at=at)
    end = told[-1][0]
    operations.sum_up(through=(end - timedelta(days=4)).date())
    moment = told[40][0]
    for side in Side:
        per_day = queries.series(unit=2, metrics=RECEIVED, side=side, known_at=moment)
        assert [day.work_day for day in per_day] == sorted({day.work_day for day in per_day})
        for day in per_day:
            assert day.n == count(2, side=side, days=Period.through(day.work_day, day.work_day), known_at=moment) > 0
        assert sum(day.n for day in per_day) == count(2, side=side, known_at=moment)
        rows = queries.table(units=[7, 1, 2, 4, 6], metrics=RECEIVED, side=side, known_at=moment)
        assert [(row.unit, row.counts[RECEIVED[0]]) for row in rows] == [
            (unit, count(unit, side=side, known_at=moment)) for unit in (7, 1, 2, 4, 6)
        ]


@pytest.mark.usefixtures("country")
def test_a_table_tells_each_kind_and_move_apart_and_says_nought_where_nothing_happened():
    receive = captured(4, "2021-05-08T09:00")
    accept = replace(captured(4, "2021-05-08T10:00"), move="accept")
    operations.record(
        moves=[receive, accept, captured(7, "2021-05-08T09:00")], by=BY, at=local_time("2021-05-08T11:00")
    )
    asked = [("dossier", "receive"), ("dossier", "accept"), ("dossier", "refuse")]
    rows = queries.table(units=[2, 3, 6], metrics=asked)
    assert [(row.unit, [row.counts[name] for name in asked]) for row in rows] == [
        (2, [1, 1, 0]),
        (3, [1, 0, 0]),
        (6, [0, 0, 0]),
    ]
    assert queries.metrics() == [("dossier", "accept"), ("dossier", "receive")]
    assert queries.table(units=[], metrics=asked) == []
    with pytest.raises(NoSuchUnit):
        queries.table(units=[2, 99], metrics=asked)


@pytest.mark.usefixtures("country")
def test_a_count_takes_the_same_questions_whatever_the_size_of_the_subtree(django_assert_num_queries):
    operations.record(moves=[captured(4, "2021-05-08T09:00")], by=BY, at=local_time("2021-05-08T11:00"))
    for unit in (1, 2, 4):
        with django_assert_num_queries(3):  # the units, the metrics, the count
            count(unit)
    with django_assert_num_queries(4):
        queries.table(units=[2, 3, 4, 5, 6, 7], metrics=RECEIVED)


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("known_at", [None, local_time("2021-05-04T15:30")])
def test_many_units_at_once_are_counted_as_each_by_itself(side, known_at):
    more = [(unit, [1, 3, unit]) for unit in range(10, 20)]
    operations.place_units(more)
    for at, moves in scenario(4):
        operations.record(moves=moves, by=BY, at=at)
    operations.sum_up(through=date(2021, 5, 4))
    units = [1, 2, 3, 4, 5, 6, 7] + [unit for unit, _ in more]
    for asked in (units, units[1:], units[3:], [4, 7]):  # with the country, with provinces, only those without hours
        told = queries.table(units=asked, metrics=RECEIVED, side=side, known_at=known_at)
        single = [count(unit, side=side, known_at=known_at) for unit in asked]
        assert [one.counts[RECEIVED[0]] for one in told] == single


@pytest.mark.usefixtures("country")
def test_what_is_known_within_a_day_comes_from_full_hours_and_the_rest_of_the_journal():
    for minute in (8 * 60 + 59, 9 * 60, 9 * 60 + 30, 10 * 60):
        at = local_time("2021-05-08T00:00") + timedelta(minutes=minute)
        operations.record(moves=[captured(4, "2021-05-08T08:00", residence=7)], by=BY, at=at)
    for _ in range(2):
        at = [local_time(f"2021-05-08T{hour}") for hour in ("08:58", "08:59", "09:00", "09:29", "09:30", "10:00")]
        assert [count(known_at=moment) for moment in at] == [0, 1, 2, 2, 3, 4]
        assert [count(3, side=Side.RESIDENCE, known_at=moment) for moment in at] == [0, 1, 2, 2, 3, 4]
        assert [count(4, known_at=moment) for moment in at] == [0, 1, 2, 2, 3, 4]
        operations.sum_up()
