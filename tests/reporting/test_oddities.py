"""Reports that cannot be true, as they are found in the last reports of a unit."""

from datetime import timedelta

from muster.engines.plausibility import Finding, Oddity
from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.kernel.ids import new_id
from muster.reporting.oddities import hours_open, of_reports
from muster.reporting.queries import ReportLine
from muster.reporting.sealing import Frozen
from muster.reporting.words import LAYOUT, PLACES, Figure, State, place
from tests.reporting.conftest import AN_LAM, FIVE


def line(hours_ago=0, *, total=0, today=0, accepted=0):
    totals, of_day = [0] * PLACES, [0] * PLACES
    for side in Side:
        totals[place(Figure.CAPTURED, side, AgeBand.FROM_14)] = total
        totals[place(Figure.ACCEPTED, side, AgeBand.FROM_14)] = accepted
        of_day[place(Figure.CAPTURED, side, AgeBand.FROM_14)] = today
    at = FIVE - timedelta(hours=hours_ago)
    frozen = Frozen(new_id(), AN_LAM, at, LAYOUT, totals, of_day, [0] * 4, [None] * 3)
    return ReportLine(new_id(), AN_LAM, [1, AN_LAM], State.SIGNED, frozen, frozen.hash(), None, [], None, 0)


def test_a_line_that_was_there_for_a_shift_takes_no_more_than_its_takt_in_seven_hours():
    newest = line(total=2_000, today=552)  # 7 h over 45.7 s are 551
    assert of_reports([newest], kits=0, stands=1) == [Finding(Oddity.TAKT, 552, 551)]
    assert of_reports([newest], kits=0, stands=2) == []
    assert of_reports([newest], kits=0, stands=0) == []  # no kit is known


def test_without_sessions_the_kits_held_since_six_in_the_morning_are_the_bound():
    assert hours_open(FIVE) == 11
    assert of_reports([line(total=2_000, today=867)], kits=1, stands=0) == [Finding(Oddity.TAKT, 867, 866)]
    assert of_reports([line(total=2_000, today=866)], kits=1, stands=0) == []


def test_what_falls_repeats_or_overtakes_is_told_of_the_newest_first():
    last = [line(total=90, today=10, accepted=95), line(6, total=100, today=10), line(17, total=80, today=10)]
    found = {one.oddity: (one.told, one.can_be) for one in of_reports(last, kits=0, stands=0)}
    assert found == {Oddity.FALLING: (90, 100), Oddity.REPEATED: (10, 3), Oddity.ORDER: (95, 90)}


def test_of_no_report_nothing_is_said():
    assert of_reports([], kits=3, stands=3) == []
