import json
from datetime import date, timedelta

import pytest

from muster.engines.rostering import Diary
from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.drafting import Due, draft
from muster.plan.operations.planning import NothingToPlan, NoVenue, OnlyWished, UnknownScenario, WasReplaced
from muster.plan.rows import Booking, Closure
from muster.survey.operations import survey_units
from muster.survey.words import Group
from tests.plan.conftest import (
    AN_LAM,
    AT,
    BY,
    DAY,
    HOP_TIEN,
    PROVINCE,
    Stand,
    citizens,
    codes,
    events,
    session_row,
    sql,
    units,
    venue_row,
    wall,
)  # fmt: skip

__all__ = ["units"]

LAST = date(2021, 6, 30)


def asked(*due, first=DAY, last=LAST, **more):
    return queries.asked(unit=PROVINCE, first_day=first, last_day=last, due=due, **more)


def made(campaign, what, **more):
    told = {"id": new_id(), "name": "Phương án 1"} | more
    return plan.make_plan(campaign=campaign, unit=PROVINCE, asked=what, by=BY, at=AT, **told)


def adopted(scenario):
    return plan.adopt_plan(scenario=scenario, by=BY, at=AT)


@pytest.fixture
def rooms(venue):
    row = venue_row("Hội trường Hợp Tiến", unit=HOP_TIEN, kits=2)
    assert not plan.open_venues(venues=[row], by=BY, at=AT).refused
    return venue, row.id


def test_a_scenario_states_its_finish_its_bound_and_what_it_follows_from(campaign, kits, rooms):
    """96 a shift and kit: An Lâm takes one kit, Hợp Tiến two; 288 a kit and day when all shifts are full."""
    what = asked(Due(AN_LAM, 192, 96), Due(HOP_TIEN, 192, 96))
    id_ = made(campaign, what)
    assert made(campaign, what, id=id_) == id_
    line = queries.scenario(id_)
    assert (line.people, line.served, line.finish, line.bound_finish, line.gap) == (576, 576, DAY, DAY, 0)
    assert (line.service_days, line.bound_service_days, line.gap_of_wait, line.state) == (0, 0, 0.0, "draft")
    blocks = queries.blocks(id_)
    assert sorted((one.unit, one.days, one.shifts, one.served) for one in blocks) == [
        (AN_LAM, [DAY], [1, 2, 3], 288), (HOP_TIEN, [DAY], [1, 2, 3], 288),
    ]  # fmt: skip
    (told,) = sql("SELECT asked FROM plan_scenario")[0]
    assert [row[2:] for row in json.loads(told)["kits"]] == [[96, "Đo 2021", False]] * 2


def test_one_thing_changed_moves_the_finish(campaign, kits, rooms):
    due = Due(HOP_TIEN, 1_152, 576)
    finishes = [
        draft(asked(due, **more)).finish
        for more in ({}, {"more": -1}, {"per_cent": 50}, {"rates": {kits[0]: (192, "đo"), kits[1]: (192, "đo")}})
    ]
    assert [(day - DAY).days for day in finishes] == [2, 5, 5, 1]
    closure = Closure(id=new_id(), unit=PROVINCE, first=DAY, last=DAY + timedelta(days=14), reason="Giãn cách")
    plan.close_days(closures=[closure], by=BY, at=AT)
    assert draft(asked(due)).finish >= DAY + timedelta(days=17)


def test_adopted_it_becomes_sessions_with_crews_as_far_as_there_are(campaign, kits, rooms, crews):
    id_ = made(campaign, asked(Due(AN_LAM, 192, 96), Due(HOP_TIEN, 192, 96)))
    result = adopted(id_)
    assert (codes(result.sessions), result.kept, result.cancelled) == ([], [], [])
    lines = queries.sessions(PROVINCE, DAY, DAY)
    assert [(line.unit, line.shift, len(line.kits), len(line.crews)) for line in lines] == [
        (AN_LAM, 1, 1, 1), (AN_LAM, 2, 1, 0), (AN_LAM, 3, 1, 0), (HOP_TIEN, 1, 1, 1), (HOP_TIEN, 2, 1, 0),
        (HOP_TIEN, 3, 1, 0),
    ]  # fmt: skip
    assert [line.ends_at for line in lines if line.shift == 3] == [wall("00:00", DAY + timedelta(days=1))] * 2
    assert queries.scenario(id_).state == "adopted"
    assert adopted(id_).sessions.done == []
    assert events("session") == ["schedule"] * 6


def test_an_adopted_plan_keeps_rest_and_days_off_and_counts_what_has_no_crew(campaign, kits, rooms, crews):
    result = adopted(made(campaign, asked(Due(AN_LAM, 1_920, 960))))
    lines = queries.sessions(PROVINCE, DAY, LAST)
    days = {line.work_day for line in lines}
    assert len(days) > 7
    assert result.crewless == sum(len(line.kits) - len(line.crews) for line in lines)
    assert result.sessions.refused == []
    limits = queries.limits()
    for (officer,) in sql("SELECT DISTINCT officer_id FROM plan_duty"):
        diary = Diary()
        for spell in queries.duties([officer], DAY, LAST)[officer]:
            assert diary.breach(spell, limits) is None
            diary.add(spell)
        assert len(diary.spells) == len({spell.day for spell in diary.spells}) >= 6
        worked = {spell.day for spell in diary.spells}
        assert not any({day + timedelta(days=more) for more in range(7)} <= worked for day in worked)


def test_a_draft_tells_how_many_shifts_have_a_rested_crew_as_it_will_be_when_adopted(campaign, kits, rooms, crews):
    what = asked(Due(AN_LAM, 1_920, 960))
    told = queries.crewed(PROVINCE, draft(what))
    result = adopted(made(campaign, what))
    lines = queries.sessions(PROVINCE, DAY, LAST)
    assert told == (sum(len(line.crews) for line in lines), sum(len(line.kits) for line in lines))
    assert told[1] - told[0] == result.crewless
    assert queries.crewed(PROVINCE, draft(what)) == told  # what it would replace stands in nobody's way


def test_redone_from_a_day_on_what_was_lived_stays_and_nobody_is_lost(campaign, kits, rooms):
    first = made(campaign, asked(Due(AN_LAM, 576, 288)))
    adopted(first)
    days = [DAY + timedelta(days=place) for place in range(3)]
    lived, stays, goes = (
        next(line for line in queries.sessions(AN_LAM, day, day) if line.shift == shift)
        for day, shift in zip(days, (1, 1, 3), strict=True)
    )
    who = citizens(2)
    bookings = [
        Booking(id=new_id(), person=one, session=line.id, slot=line.starts_at, group=Group.AT_HOME)
        for one, line in zip(who, (stays, goes), strict=True)
    ]
    assert not plan.book_appointments(bookings=bookings, by=BY, at=AT).refused
    second = made(campaign, asked(Due(AN_LAM, 180, 0), first=days[1]), name="Phương án 2")
    result = adopted(second)
    assert stays.id in result.kept
    assert goes.id in result.cancelled
    assert codes(result.sessions) == []
    left = {line.id for line in queries.sessions(AN_LAM, DAY, LAST)}
    assert {lived.id, stays.id} <= left
    assert goes.id not in left
    assert [one.person for one in queries.waiting(PROVINCE)] == [who[1]]
    assert [one.person for one in queries.appointments(stays.id)] == [who[0]]
    assert queries.scenario(first).state == "replaced"
    with pytest.raises(WasReplaced):
        adopted(first)


def test_what_was_put_in_by_hand_stays_and_a_session_beside_it_is_refused(campaign, kits, rooms):
    by_hand = session_row(campaign, rooms[0], Stand(kits[0]), shift=1, starts="07:00", ends="09:00")
    plan.schedule_sessions(sessions=[by_hand], by=BY, at=AT)
    result = adopted(made(campaign, asked(Due(AN_LAM, 192, 96))))
    assert codes(result.sessions) == [(0, "venue_busy")]
    assert by_hand.id in {line.id for line in queries.sessions(AN_LAM, DAY, DAY)}


def test_what_cannot_be_planned_or_adopted_is_refused(campaign, kits, venue):
    with pytest.raises(NothingToPlan):
        made(campaign, asked(Due(AN_LAM, 0, 0)))
    with pytest.raises(NothingToPlan):
        made(campaign, asked(Due(AN_LAM, 9, 0), more=-2))
    with pytest.raises(NothingToPlan):
        made(campaign, asked(Due(AN_LAM, 9, 0), last=DAY - timedelta(days=1)))
    with pytest.raises(OnlyWished):
        adopted(made(campaign, asked(Due(AN_LAM, 9_000, 0), Due(HOP_TIEN, 9_000, 0), Due(2_001, 9_000, 0), more=5)))
    with pytest.raises(NoVenue):
        adopted(made(campaign, asked(Due(HOP_TIEN, 9, 0))))
    with pytest.raises(UnknownScenario):
        adopted(new_id())


def test_counts_come_from_the_survey(campaign):
    assert queries.due_by_commune(campaign, PROVINCE) == []
    citizens(3)
    survey_units(campaign=campaign, units=[PROVINCE], by=BY, at=AT)
    assert queries.due_by_commune(campaign, PROVINCE) == [Due(AN_LAM, 0, 3)]  # of no known occupation: late
    assert queries.due_by_commune(campaign, HOP_TIEN) == []
