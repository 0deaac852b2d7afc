"""Practice notes: written, passed on from above, taken up; who reads which; how the pace moved, counted by hand."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.explaining import Cause
from muster.reporting.models import Practice, Uptake
from muster.reporting.practising import Moved, State, Step, reads
from muster.reporting.rows import PracticeAct, PracticeRow
from tests.reporting.conftest import (
    AN_LAM,
    COUNTRY,
    DISTRICT,
    HAMLET,
    HOP_TIEN,
    PROVINCE,
    bites,
    campaign,
    codes,
    sql,
    units,
)
from tests.reporting.test_explaining import HOUR, MORNING, by, grants, people, ranked
from tests.reporting.test_ranking import due, received

__all__ = ["campaign", "people", "units"]


def row(campaign, **more):
    told = {"unit": HOP_TIEN, "title": "Hẹn theo ca của công ty", "text": "Xếp lịch theo ca, máy luôn có người."} | more
    return PracticeRow(campaign=campaign, causes=frozenset({Cause.TURNOUT, Cause.WILL}), **told)


def write(one, person, role=Role.DESK_LEAD):
    return operations.write_practices(practices=[one], grants=grants(person, role), by=by(person), at=MORNING)


def move(note, step, person, at=MORNING + HOUR, role=Role.COMMANDER, **more):
    one = PracticeAct(practice=note, step=step, unit=more.pop("unit", person.unit_id), **more)
    return operations.move_practices(acts=[one], grants=grants(person, role), by=by(person), at=at)


def line(note):
    return queries.practices_by_ids([note])[note]


@pytest.fixture
def note(campaign, people):
    return write(row(campaign), people["stranger"]).whole()[0]


def read_at(campaign, *held, cause=None):
    return [one.id for one in queries.practices(held, campaign=campaign, cause=cause)]


def test_a_note_is_read_at_its_unit_and_above_and_beside_it_once_it_is_passed_on(note, campaign, people):
    for unit in (HOP_TIEN, DISTRICT, PROVINCE, COUNTRY):
        assert read_at(campaign, unit) == [note]
    assert read_at(campaign, AN_LAM) == read_at(campaign, HAMLET) == []
    move(note, Step.SHARE, people["chief"]).whole()
    assert line(note).reach == DISTRICT
    assert read_at(campaign, AN_LAM) == read_at(campaign, HAMLET) == [note]
    assert read_at(campaign, AN_LAM, cause=Cause.TURNOUT) == [note]
    assert read_at(campaign, AN_LAM, cause=Cause.NETWORK) == []
    assert read_at(new_id(), AN_LAM) == []


@pytest.mark.parametrize("reach", [HOP_TIEN, DISTRICT, PROVINCE])
@pytest.mark.parametrize("held", [HOP_TIEN, AN_LAM, HAMLET, DISTRICT, PROVINCE, COUNTRY])
def test_the_page_and_the_list_agree_on_who_reads(note, campaign, people, reach, held):
    if reach != HOP_TIEN:
        move(note, Step.SHARE, people["chief" if reach == DISTRICT else "general"]).whole()
    paths = dict(sql("SELECT id, ancestors FROM units_unit"))
    assert reads(reach, paths[HOP_TIEN], {held: paths[held]}) == (read_at(campaign, held) == [note])


def test_only_a_commander_above_where_it_reaches_passes_it_on(note, people):
    assert codes(move(note, Step.SHARE, people["head"])) == [(0, "practice_not_further")]
    assert codes(move(note, Step.SHARE, people["chief"], role=Role.DESK_LEAD)) == [(0, "not_allowed")]
    move(note, Step.SHARE, people["general"]).whole()
    assert codes(move(note, Step.SHARE, people["chief"])) == [(0, "practice_not_further")]
    move(note, Step.SHARE, people["general"]).whole()
    assert sql("SELECT count(*) FROM events_event JOIN events_metric AS m ON m.id = metric_id"
               " WHERE kind = 'practice' AND move = 'share'") == [(1,)]  # fmt: skip


def test_a_unit_takes_up_once_what_reaches_it_and_never_its_own(note, people):
    head, chief = people["head"], people["chief"]
    assert codes(move(note, Step.TAKE_UP, head)) == [(0, "unknown_practice")]
    move(note, Step.SHARE, chief).whole()
    move(note, Step.TAKE_UP, head, role=Role.DESK_LEAD).whole()
    move(note, Step.TAKE_UP, head, at=MORNING + 48 * HOUR).whole()
    assert Uptake.objects.count() == line(note).taken_up == 1
    assert codes(move(note, Step.TAKE_UP, people["stranger"])) == [(0, "own_practice")]
    assert codes(move(note, Step.TAKE_UP, head, unit=HOP_TIEN)) == [(0, "not_allowed")]
    assert codes(move(new_id(), Step.TAKE_UP, head)) == [(0, "unknown_practice")]


def test_withdrawn_by_its_unit_it_is_read_and_taken_up_no_more(note, campaign, people):
    stranger = people["stranger"]
    assert codes(move(note, Step.WITHDRAW, people["chief"], why="Thôi.")) == [(0, "unknown_practice")]
    assert codes(move(note, Step.WITHDRAW, stranger)) == [(0, "report_note")]
    for _ in range(2):
        move(note, Step.WITHDRAW, stranger, why="Không còn đúng.").whole()
    assert line(note).state is State.WITHDRAWN
    assert read_at(campaign, PROVINCE) == []
    assert codes(move(note, Step.SHARE, people["chief"])) == [(0, "practice_withdrawn")]


def test_a_note_sent_twice_is_one_and_an_empty_one_is_none(campaign, people):
    stranger, one = people["stranger"], row(campaign)
    assert [write(one, stranger).whole() for _ in range(2)] == [[one.id], [one.id]]
    assert codes(write(replace(one, text="Khác"), stranger)) == [(0, "id_taken")]
    for bad in ({"title": " "}, {"text": ""}, {"title": "x" * 121}, {"text": "x" * 1001}):
        assert codes(write(row(campaign, **bad), stranger)) == [(0, "bad_practice")]
    assert codes(write(replace(row(campaign), causes=frozenset()), stranger)) == [(0, "bad_practice")]
    assert codes(write(row(campaign, unit=AN_LAM), stranger)) == [(0, "not_allowed")]
    assert codes(write(row(campaign), stranger, Role.CREW)) == [(0, "not_allowed")]
    assert codes(write(row(new_id()), stranger)) == [(0, "unknown_campaign")]


def test_how_the_pace_moved_is_counted_from_the_days_before_and_at_most_a_week_since(note, campaign, people):
    """Two a day before, then three a day: seven days against those that are over."""
    due(90, AN_LAM, datetime(2021, 5, 1, 8, tzinfo=ZONE))
    for day in range(4, 27):
        received(2 if day < 15 else 3, AN_LAM, datetime(2021, 5, day, 9, tzinfo=ZONE))
    move(note, Step.SHARE, people["chief"]).whole()
    move(note, Step.TAKE_UP, people["head"]).whole()  # on the 15th
    [told] = queries.taken_up(note)
    assert (told.unit, told.day, told.moved) == (AN_LAM, date(2021, 5, 15), Moved(0, 0, 0, 0))
    assert (told.moved.pace_before, told.moved.pace_since) == (None, None)
    for day, moved in ((14, Moved(14, 7, 0, 0)), (16, Moved(14, 7, 6, 2)), (26, Moved(14, 7, 6, 2))):
        at = datetime(2021, 5, day, 4, 40, tzinfo=ZONE) + timedelta(days=1)
        ranked(campaign, date(2021, 5, day), at)
        assert queries.taken_up(note)[0].moved == moved
    ranked(campaign, date(2021, 5, 21), datetime(2021, 5, 22, 4, 40, tzinfo=ZONE))
    [told] = queries.taken_up(note)
    assert (told.moved.pace_before, told.moved.pace_since) == (2.0, 3.0)
    assert told.moved.days_since == 7


def test_the_database_keeps_what_was_written_and_how_far_it_reaches(note, people):
    change = Practice.objects.filter(id=note).update
    bites("reporting_practice_frozen", partial(change, text="Khác"))
    bites("reporting_practice_reach", partial(change, reach_id=AN_LAM))
    bites("reporting_practice_withdrawn", partial(change, state="withdrawn"))
    bites("reporting_kept", partial(sql, "DELETE FROM reporting_practice"))
    uptake = partial(Uptake.objects.create, practice_id=note, day=MORNING.date(), officer=new_id(), at=MORNING)
    bites("reporting_uptake_reached", partial(uptake, id=new_id(), unit_id=AN_LAM))
    bites("reporting_uptake_reached", partial(uptake, id=new_id(), unit_id=HOP_TIEN))
    move(note, Step.SHARE, people["chief"]).whole()
    bites("reporting_practice_moves", partial(change, reach_id=HOP_TIEN))
    uptake(id=new_id(), unit_id=AN_LAM)
    bites("reporting_uptake_once", partial(uptake, id=new_id(), unit_id=AN_LAM))
    bites("reporting_kept", partial(Uptake.objects.update, day=date(2021, 5, 1)))
