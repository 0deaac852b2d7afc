from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from muster.events import operations, queries, recounting
from muster.events.journal import AgeBand, age_band
from muster.events.operations import COPIED, BadMove, EventDiffers, UnitMoved, UnknownUnit
from muster.kernel.clock import NaiveDatetime
from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from tests.events.conftest import BY, TREE, captured, local_time

pytestmark = pytest.mark.usefixtures("country")
AT = local_time("2021-05-08T17:00")


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def record(*moves, at=AT):
    with transaction.atomic():  # as an operation does
        return operations.record(moves=moves, by=BY, at=at)


def test_a_batch_is_written_in_its_order_with_who_and_when():
    moves = [captured(4, "2021-05-08T09:00", residence=7, kit=new_id(), reason="lost"), captured(5, "2021-05-08T09:05")]
    done = record(*moves)
    assert [event.id for event in done.events] == [move.id for move in moves]
    assert queries.of_batches([done.batch]) == list(done.events)
    stored = queries.life(moves[0].thing)[0]
    assert (stored.kind, stored.move, stored.unit_done, stored.unit_residence) == ("dossier", "receive", 4, 7)
    assert (stored.occurred_at, stored.recorded_at) == (local_time("2021-05-08T09:00"), AT)
    assert (stored.kit, stored.reason, stored.work_day) == (moves[0].kit, "lost", date(2021, 5, 8))


def test_what_is_read_back_has_the_same_bytes_as_what_was_written():
    done = record(captured(4, "2021-05-08T09:00:00.000001", residence=7, kit=new_id()), captured(5, "2021-05-08T09:05"))
    assert [event.canonical() for event in queries.of_batches([done.batch])] == [e.canonical() for e in done.events]


def test_a_dossier_at_ten_past_one_belongs_to_the_evening_before():
    late = captured(4, "2021-05-09T01:10")
    assert record(late).events[0].work_day == date(2021, 5, 8)
    assert record(captured(4, "2021-05-09T01:10", work_day=date(2021, 5, 9))).events[0].work_day == date(2021, 5, 9)


def test_a_batch_sent_again_is_recorded_and_counted_once():
    moves = [captured(4, "2021-05-08T09:00"), captured(4, "2021-05-08T09:05")]
    assert len(record(*moves).events) == 2
    assert record(*moves).events == ()
    more = captured(4, "2021-05-08T09:10")
    assert [event.id for event in record(*moves, more).events] == [more.id]
    assert queries.count(unit=1, metrics=[("dossier", "receive")]) == 3


def test_an_id_with_another_content_is_refused_and_nothing_of_the_batch_is_kept():
    first = captured(4, "2021-05-08T09:00")
    record(first)
    with pytest.raises(EventDiffers) as refused:
        record(captured(5, "2021-05-08T10:00"), captured(5, "2021-05-08T09:00", id=first.id))
    assert refused.value.values == {"event": first.id}
    assert queries.count(unit=1, metrics=[("dossier", "receive")]) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"move": "accept"}, {"thing": new_id()}, {"unit_done": 5}, {"unit_residence": 5}, {"kit": new_id()},
        {"age_band": AgeBand.UNDER_6}, {"reason": "x"}, {"occurred_at": AT + timedelta(microseconds=1)},
        {"work_day": date(2021, 5, 7)},
    ],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_every_part_of_a_move_is_held_against_what_its_id_stands_for(other):
    first = captured(4, "2021-05-08T17:00")
    record(first)
    with pytest.raises(EventDiffers):
        record(replace(first, **other))
    with pytest.raises(EventDiffers):
        record(*(replace(move, id=new_id) for new_id in [new_id()] for move in (first, replace(first, **other))))


def test_an_id_that_stands_twice_in_a_batch_is_written_once():
    move = captured(4, "2021-05-08T09:00")
    done = record(move, captured(5, "2021-05-08T09:00"), move)
    assert [(event.id == move.id, event.position) for event in done.events] == [(True, 0), (False, 1)]
    assert queries.of_batches([done.batch]) == list(done.events)


def test_a_large_batch_that_holds_some_moves_again_writes_the_others():
    moves = [captured(4, "2021-05-08T09:00") for _ in range(COPIED + 1)]
    assert record(*moves[1:]).events[-1].position == COPIED - 1
    done = record(*moves)
    assert [(event.id, event.position) for event in done.events] == [(moves[0].id, 0)]
    assert queries.count(unit=1, metrics=[("dossier", "receive")]) == COPIED + 1
    assert list(recounting.differences()) == []


def test_a_large_batch_is_refused_for_a_move_of_another_content():
    moves = [captured(4, "2021-05-08T09:00") for _ in range(COPIED)]
    record(moves[0])
    with pytest.raises(EventDiffers):
        record(replace(moves[0], unit_done=5), *moves[1:])
    assert queries.count(unit=1, metrics=[("dossier", "receive")]) == 1


def test_a_move_is_the_same_in_whatever_zone_its_moment_is_told():
    move = captured(4, "2021-05-08T09:00")
    record(move)
    assert record(replace(move, occurred_at=move.occurred_at.astimezone(UTC))).events == ()


def test_a_kit_whose_clock_is_ahead_is_named_and_its_dossiers_are_kept():
    kit, other = new_id(), new_id()
    ahead = [captured(4, "2021-05-08T18:00", kit=kit), captured(4, "2031-05-08T17:00", kit=kit)]
    fine = [captured(4, "2021-05-08T17:09", kit=other), captured(4, "2021-05-08T09:00", kit=kit)]
    assert len(record(*ahead, *fine).events) == 4
    (found,) = queries.wrong_clocks(since=AT)
    assert (found.kit, found.events, found.ahead) == (kit, 2, ahead[1].occurred_at - AT)
    assert queries.wrong_clocks(since=AT + timedelta(seconds=1)) == []


def test_bad_moves_are_refused_by_name():
    with pytest.raises(UnknownUnit, match="unknown_unit"):
        record(captured(99, "2021-05-08T09:00"))
    with pytest.raises(UnknownUnit):
        record(captured(4, "2021-05-08T09:00", residence=98))
    with pytest.raises(BadMove):
        record(_named("Dossier", "receive"))
    with pytest.raises(BadMove):
        record(_named("dossier", "re ceive"))
    with pytest.raises(NaiveDatetime):
        record(captured(4, "2021-05-08T09:00"), at=AT.replace(tzinfo=None))
    assert sql("SELECT count(*) FROM events_event") == [(0,)]


def _named(kind, move):
    return replace(captured(4, "2021-05-08T09:00"), kind=kind, move=move)


def test_an_empty_batch_writes_nothing():
    assert record().events == ()


@pytest.mark.parametrize("table", ["events_event", "events_unit", "events_metric"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_journal_units_and_metrics_refuse_every_change(table, change):
    record(captured(4, "2021-05-08T09:00"))
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(change.format(table))


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("INSERT INTO events_unit VALUES (9, ARRAY[9])", "one_root"),
        ("INSERT INTO events_unit VALUES (9, ARRAY[1, 8])", "ends_with_itself"),
        ("INSERT INTO events_unit VALUES (9, ARRAY[]::int[])", "ends_with_itself"),
        ("INSERT INTO events_metric (kind, move) VALUES ('dossier', 'receive')", "metric_once"),
        ("UPDATE events_open SET n = 0", "open_counts"),
        ("UPDATE events_leaf SET n = 0", "leaf_counts"),
        ("UPDATE events_tile SET n = 0", "tile_counts"),
        ("UPDATE events_hour SET n = 0", "hour_counts"),
        ("UPDATE events_leaf SET metric = 999", "metric"),
        ("UPDATE events_tile SET metric = 999", "metric"),
        ("UPDATE events_hour SET metric = 999", "metric"),
    ],
)
def test_the_database_guards_tree_and_counters(statement, guard):
    record(captured(4, "2021-05-08T09:00"))
    operations.sum_up()
    record(captured(4, "2021-05-08T09:00"))
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        sql(statement)


@pytest.mark.parametrize(
    ("wrong", "guard"),
    [
        ("metric_id = 999", "does not know"),
        ("unit_done = 99", "does not know"),
        ("unit_residence = 99", "does not know"),
        ("age_band = 4", "age_band"),
        ("batch = batch, position = 0", "place"),
    ],
)
def test_the_database_refuses_a_forged_event(wrong, guard):
    record(captured(4, "2021-05-08T09:00"))
    sql("CREATE TEMPORARY TABLE forged ON COMMIT DROP AS SELECT * FROM events_event")
    sql("UPDATE forged SET id = %s, position = 1", new_id())
    sql(f"UPDATE forged SET {wrong}")
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        sql("INSERT INTO events_event SELECT * FROM forged")


def test_units_are_placed_once_and_never_moved():
    assert operations.place_units(TREE) == 0
    assert operations.place_units([(8, [1, 3, 8])]) == 1
    with pytest.raises(UnitMoved):
        operations.place_units([(4, [1, 3, 4])])


def test_the_life_of_a_thing_is_told_in_the_order_in_which_it_happened():
    thing = new_id()
    first, second = (replace(captured(4, f"2021-05-0{day}T09:00"), thing=thing) for day in (7, 8))
    record(second)
    record(first, at=AT + timedelta(hours=1))  # a packet that came late
    assert [event.id for event in queries.life(thing)] == [first.id, second.id]


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (PartialDate(2015, 5, 9), AgeBand.UNDER_6),
        (PartialDate(2015, 5, 8), AgeBand.FROM_6_TO_13),
        (PartialDate(2007, 5, 9), AgeBand.FROM_6_TO_13),
        (PartialDate(2007, 5, 8), AgeBand.FROM_14),
        (PartialDate(1950), AgeBand.FROM_14),
        (PartialDate(2007), AgeBand.UNKNOWN),
        (PartialDate(2015, 5), AgeBand.UNKNOWN),
        (None, AgeBand.UNKNOWN),
    ],
)
def test_the_age_band_of_a_day_is_known_or_said_to_be_unknown(birth, band):
    assert age_band(birth, date(2021, 5, 8)) is band
