from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection, transaction

from muster.engines import merkle
from muster.events import operations as journal
from muster.events.journal import Move
from muster.events.queries import Side
from muster.jobs import tasks
from muster.kernel.clock import ZONE, local
from muster.kernel.ids import new_id
from muster.kernel.names import syllable_key
from muster.reporting import operations, queries
from muster.reporting.operations import freezing
from muster.reporting.rows import SlotRow, TimetableRow
from muster.reporting.words import BANDS, FIGURES, METRICS
from muster.survey import queries as survey
from muster.units.models import Unit
from tests.reporting.conftest import (
    AN_LAM,
    DAY,
    DISTRICT,
    FIVE,
    HOP_TIEN,
    MACHINE,
    PROVINCE,
    SOON,
    bites,
    codes,
    frozen,
    played,
    report,
    sql,
)

COUNT = """
    SELECT count(*) FROM events_event JOIN events_metric AS metric ON metric.id = metric_id
    JOIN events_unit AS unit ON unit.id = {side}
    WHERE kind = %s AND move = %s AND age_band = %s AND unit.ancestors @> ARRAY[%s::int]
      AND recorded_at <= %s AND work_day BETWEEN %s AND %s
"""


def by_sql(line, figure, side, band, first):
    last = date(9999, 1, 1) if first != DAY else DAY
    kind, move = METRICS[figure]
    return sql(COUNT.format(side=side.value), kind, move, int(band), line.unit, line.snapshot.at, first, last)[0][0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_what_the_journal_says_at_that_moment(campaign, seed):
    played(seed)
    if seed == 2:
        journal.sum_up()
    at = FIVE - timedelta(days=seed - 1)
    found = queries.reports(frozen(campaign, at, SOON), [PROVINCE, DISTRICT, AN_LAM, HOP_TIEN])
    assert {line.unit for line in found} == {PROVINCE, DISTRICT, AN_LAM, HOP_TIEN}
    for line in found:
        for figure in FIGURES:
            for side in Side:
                for band in BANDS:
                    assert line.frozen(figure, side, band) == by_sql(line, figure, side, band, date(2021, 5, 1))
                    if at == FIVE:
                        assert line.today(figure, side, band) == by_sql(line, figure, side, band, DAY)
        net = sum(
            sign * sql(COUNT.format(side="unit_residence"), "case", move, band, line.unit, at, date.min, date.max)[0][0]
            for move, sign in (("found", 1), ("found_again", 1), ("dropped", -1))
            for band in range(4)
        )
        assert line.due == net
    assert sum(line.frozen(FIGURES[0], Side.DONE) for line in found) > 0


def test_made_a_day_late_a_slot_has_the_figures_of_its_moment(campaign):
    played()
    in_time = report(frozen(campaign)).snapshot
    late = [
        Move(thing=new_id(), kind="dossier", move="received", unit_done=AN_LAM, unit_residence=AN_LAM,
             occurred_at=FIVE - timedelta(hours=1))
    ]  # fmt: skip
    journal.record(moves=late, by=MACHINE, at=FIVE + timedelta(minutes=5))
    day_before = FIVE - timedelta(days=1)
    again = queries.counted(survey.campaign(campaign), [AN_LAM], DAY, FIVE)[AN_LAM]
    assert (again.totals, again.today) == (in_time.totals, in_time.today)
    made = frozen(campaign, day_before, SOON)
    assert queries.slot(made).frozen_at == SOON


def test_a_slot_frozen_twice_is_one(campaign, slot):
    assert frozen(campaign, now=SOON + timedelta(hours=3)) == slot
    assert sql("SELECT count(*) FROM reporting_slot") == [(1,)]
    assert sql("SELECT count(*) FROM reporting_report") == [(4,)]
    told = "SELECT count(*) FROM events_event JOIN events_metric AS m ON m.id = metric_id WHERE m.kind = 'report'"
    assert sql(told) == [(4,)]


def test_broken_off_half_way_nothing_is_left_and_the_next_round_makes_it_whole(campaign, monkeypatch):
    class Crash(Exception):
        pass

    def crash(*_):
        raise Crash

    played()
    with monkeypatch.context() as patched:
        patched.setattr(freezing, "tell", crash)
        with pytest.raises(Crash), transaction.atomic():
            frozen(campaign)
    assert sql("SELECT count(*) FROM reporting_slot") == [(0,)]
    assert queries.slot(frozen(campaign)).reports == 4


def test_two_hundred_units_are_frozen_at_once(campaign, django_assert_max_num_queries):
    rows = [
        Unit(id=5000 + n, code=f"{20000 + n}", level="commune", type_vi="Xã", name=f"Xã số {n}",
             name_key=syllable_key(f"Xã số {n}"), ancestors=[1, PROVINCE, DISTRICT, 5000 + n],
             valid_from=date(2019, 1, 1), parent_id=DISTRICT)
        for n in range(200)
    ]  # fmt: skip
    Unit.objects.bulk_create(rows)
    journal.place_units((one.id, one.ancestors) for one in rows)
    moves = [
        Move(thing=new_id(), kind="dossier", move="received", unit_done=one.id, unit_residence=one.id,
             occurred_at=FIVE - timedelta(hours=2))
        for one in rows for _ in range(one.id % 3)
    ]  # fmt: skip
    journal.record(moves=moves, by=MACHINE, at=FIVE - timedelta(hours=1))
    with django_assert_max_num_queries(60):
        slot = frozen(campaign)
    line = queries.slot(slot)
    found = queries.reports(slot, [one.id for one in rows])
    assert (line.reports, len(found)) == (204, 200)
    assert [one.frozen(FIGURES[0], Side.DONE) for one in found] == [one.unit % 3 for one in found]
    assert report(slot, DISTRICT).frozen(FIGURES[0], Side.RESIDENCE) == len(moves)
    hashes = sql("SELECT hash FROM reporting_report WHERE slot_id = %s ORDER BY unit_id", slot)
    assert merkle.root([bytes(one) for (one,) in hashes]) == line.root


def test_what_is_no_slot_or_has_not_come_is_refused_alone(campaign):
    rows = [
        SlotRow(campaign=campaign, at=FIVE),
        SlotRow(campaign=campaign, at=FIVE - timedelta(minutes=1)),
        SlotRow(campaign=new_id(), at=FIVE),
        SlotRow(campaign=campaign, at=FIVE - timedelta(hours=6)),
    ]
    result = operations.freeze_slots(slots=rows, by=MACHINE, at=FIVE + timedelta(minutes=1))
    assert codes(result) == [(0, "slot_not_yet"), (1, "not_a_slot"), (2, "unknown_campaign")]
    assert len(result.done) == 1


def test_what_is_frozen_is_refused_a_change_by_the_database(slot):
    one = report(slot)
    for change in (
        "UPDATE reporting_report SET totals[1] = totals[1] + 1",
        "UPDATE reporting_report SET hash = ''::bytea",
        "UPDATE reporting_report SET today[3] = 7, state = 'signed'",
    ):
        bites("reporting_report_frozen", lambda change=change: sql(change + " WHERE id = %s", one.id))
    bites("reporting_report_moves", lambda: sql("UPDATE reporting_report SET state = 'certified'"))
    bites("reporting_kept", lambda: sql("DELETE FROM reporting_report"))
    bites("reporting_kept", lambda: sql("UPDATE reporting_slot SET at = at - interval '1 hour'"))
    assert queries.is_whole(report(slot))


def test_a_changed_figure_is_found_by_its_hash_where_the_guard_was_taken_off(slot):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reporting_report DISABLE TRIGGER reporting_report_frozen")
        cursor.execute("UPDATE reporting_report SET totals[7] = totals[7] + 1 WHERE unit_id = %s", [AN_LAM])
        cursor.execute("ALTER TABLE reporting_report ENABLE TRIGGER reporting_report_frozen")
    assert not queries.is_whole(report(slot))
    assert queries.is_whole(report(slot, HOP_TIEN))


def test_a_timetable_holds_from_its_day_on(campaign, slot):
    row = TimetableRow(
        campaign=campaign, since=date(2021, 5, 10), times=(time(9), time(1, 30)), levels=frozenset({"commune"})
    )
    assert not operations.set_timetables(timetables=[row, row], grants=None, by=MACHINE, at=SOON).refused
    told = queries.hours(campaign, date(2021, 5, 10))
    assert [f"{one:%d %H:%M}" for one in queries.moments(told, date(2021, 5, 10))] == ["10 09:00", "11 01:30"]
    assert queries.moments(queries.hours(campaign, DAY), DAY)[1] == FIVE
    night = datetime(2021, 5, 11, 1, 30, tzinfo=ZONE)
    line = queries.slot(frozen(campaign, night))
    assert (line.work_day, line.reports) == (date(2021, 5, 10), 2)


def test_a_timetable_that_cannot_be_kept_to_is_refused(campaign, slot):
    on = date(2021, 6, 1)
    rows = [
        TimetableRow(campaign=campaign, since=on, times=()),
        TimetableRow(campaign=campaign, since=on, times=(time(9), time(9))),
        TimetableRow(campaign=campaign, since=on, sign_within=timedelta()),
        TimetableRow(campaign=campaign, since=on, levels=frozenset({"street"})),
        TimetableRow(campaign=campaign, since=DAY),
        TimetableRow(campaign=new_id(), since=on),
    ]
    result = operations.set_timetables(timetables=rows, grants=None, by=MACHINE, at=SOON)
    assert codes(result) == [
        *((n, "bad_timetable") for n in range(4)),
        (4, "already_reported"),
        (5, "unknown_campaign"),
    ]


def test_the_job_makes_what_is_due_once_and_makes_up_what_was_missed(campaign):
    def run(at):
        tasks.freeze_reports(int(at.timestamp()))
        return [f"{local(one.at):%d %H}" for one in queries.slots(campaign, until=at)]

    assert run(FIVE + timedelta(minutes=1)) == []
    assert run(FIVE + timedelta(minutes=3)) == run(FIVE + timedelta(minutes=4)) == ["08 17"]  # opened at 17:00
    assert run(FIVE + timedelta(hours=19)) == ["09 11", "08 22", "08 17"]  # the machine stood still over night
    late = "SELECT count(*) FROM reporting_report WHERE state = 'late'"
    assert sql(late) == [(8,)]  # of 17:00 and 22:00; 11:00 may still be signed
