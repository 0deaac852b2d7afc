from datetime import date, datetime, time, timedelta

import pytest

from muster.kernel.clock import ZONE
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Cancellation, Closure, KitMove, Offer, Stand
from muster.survey.words import Group
from tests.plan.conftest import (
    AN_LAM,
    AT,
    BY,
    DAY,
    DUTY,
    HOP_TIEN,
    PROVINCE,
    bites,
    codes,
    crew_row,
    events,
    new_id,
    other_venue,
    session_row,
    sql,
    units,
    wall,
)  # fmt: skip

__all__ = ["units"]


def scheduled(*rows):
    return plan.schedule_sessions(sessions=rows, by=BY, at=AT)


def test_an_evening_past_midnight_belongs_to_its_work_day(evening):
    (line,) = queries.sessions(AN_LAM, DAY, DAY)
    assert (line.work_day, line.shift) == (DAY, 3)
    assert (line.starts_at, line.ends_at) == (wall("18:00"), wall("01:00", DAY + timedelta(days=1)))
    assert (line.kits, line.crews, line.booked) == (["HD-01"], ["Tổ 1"], 0)
    assert line.places == 28 * 4 * 1176 // 1000  # 7 hours of 4 slots, 96 dossiers in 24 slots, 17.6 % on top
    assert queries.sessions(AN_LAM, DAY + timedelta(days=1), DAY + timedelta(days=1)) == []
    assert queries.sessions(PROVINCE, DAY, DAY) == [line]
    assert queries.sessions(HOP_TIEN, DAY, DAY) == []
    assert events("session") == ["schedule"]


def test_the_zone_keeps_no_summer_time(campaign, venue, kits):
    for day in (date(2021, 3, 28), date(2021, 10, 31)):
        row = session_row(campaign, venue, Stand(kits[0]), day=day, starts="22:00", ends="03:00")
        assert not scheduled(row).refused
        (line,) = queries.sessions(AN_LAM, day, day)
        assert line.ends_at - line.starts_at == timedelta(hours=5)
        assert sql("SELECT starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh' FROM plan_session WHERE id = %s", row.id) == [
            (datetime.combine(day, time(22)),)
        ]


def test_sent_twice_it_stands_once_and_another_content_is_refused(evening, campaign, venue, kits):
    assert scheduled(evening, evening).done == [evening.id, evening.id]
    other = session_row(campaign, venue, Stand(kits[0]), id=evening.id, day=date(2021, 5, 11))
    assert codes(scheduled(other)) == [(0, "id_taken")]
    assert sql("SELECT count(*) FROM plan_session") == [(1,)]
    assert events("session") == ["schedule"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"shift": 4}, "bad_hours"),
        ({"starts": "06:00", "ends": "18:30"}, "bad_hours"),  # over 12 hours
        ({"starts": "20:00", "ends": "04:30"}, "bad_hours"),  # 04:30 is of the work day itself, before it began
        ({"day": date(2021, 7, 3)}, "day_closed"),
    ],
)
def test_hours_that_are_none_and_closed_days(campaign, venue, kits, more, code):
    closure = Closure(id=new_id(), unit=PROVINCE, first=date(2021, 7, 1), last=date(2021, 7, 15), reason="Giãn cách")
    assert not plan.close_days(closures=[closure], by=BY, at=AT).refused
    assert codes(scheduled(session_row(campaign, venue, Stand(kits[0]), **more))) == [(0, code)]


def test_one_thing_in_one_place_at_a_time_and_the_good_rows_stay(evening, campaign, venue, kits, crews):
    school = other_venue(kits=2)
    rows = [
        session_row(campaign, school, Stand(kits[0]), starts="23:00", ends="02:00"),  # the kit is at the other place
        session_row(campaign, school, Stand(kits[1], crews[0]), starts="19:00", ends="20:00"),  # the crew is
        session_row(campaign, venue, Stand(kits[1]), starts="19:00", ends="20:00"),  # the venue has a session
        session_row(campaign, venue, Stand(kits[0]), Stand(kits[1]), starts="08:00", ends="10:00", shift=1),  # no room
        session_row(campaign, school, shift=1, starts="08:00", ends="10:00"),  # no kit
        session_row(campaign, school, Stand(kits[0], new_id()), shift=1, starts="08:00", ends="10:00"),
        session_row(campaign, school, Stand(new_id()), shift=1, starts="08:00", ends="10:00"),
        session_row(campaign, school, Stand(kits[0]), Stand(kits[1], crews[1]), shift=1, starts="08:00", ends="12:00"),
    ]
    result = scheduled(*rows)
    assert codes(result) == [
        (0, "kit_busy"), (1, "crew_busy"), (2, "venue_busy"), (3, "venue_full"), (4, "no_stand"), (5, "unknown_crew"),
        (6, "unknown_kit"),
    ]  # fmt: skip
    assert result.done == [rows[7].id]


def test_nobody_works_more_hours_a_day_than_the_rule(evening, campaign, kits, crews, officers):
    school = other_venue()
    day = session_row(campaign, school, Stand(kits[1], crews[0]), shift=2, starts="12:45", ends="18:00")
    result = scheduled(day)
    assert codes(result) == [(0, "too_many_hours")]  # 7 in the evening and 5:15
    assert result.refused[0].refusal.text("vi") == f"Cán bộ {officers[0].full_name} sẽ làm quá 12 giờ trong ngày."
    day = session_row(campaign, school, Stand(kits[1], crews[0]), shift=2, starts="13:00", ends="18:00")
    assert not scheduled(day).refused


def test_whoever_went_home_at_one_is_not_back_before_one(evening, campaign, kits, crews):
    school, next_day = other_venue(), DAY + timedelta(days=1)

    def row(starts, ends, day=next_day):
        return session_row(campaign, school, Stand(kits[1], crews[0]), shift=1, starts=starts, ends=ends, day=day)

    early = row("06:00", "12:00")
    assert codes(scheduled(early)) == [(0, "too_little_rest")]
    assert codes(scheduled(row("06:00", "11:00", DAY))) == [(0, "too_little_rest")]  # home at eleven, back at six
    assert codes(scheduled(row("12:59", "18:00"), row("13:00", "18:00"))) == [(0, "too_little_rest")]
    cancelled = Cancellation(session=evening.id, reason="Mất điện")
    plan.cancel_sessions(cancellations=[cancelled], by=BY, at=AT)
    assert not scheduled(early).refused  # six hours, a pause of one, and five in the afternoon


def test_the_seventh_day_in_a_row_is_off_in_one_batch_and_across_batches(campaign, venue, kits, crews):
    def day(number):
        work_day = DAY + timedelta(days=number)
        return session_row(
            campaign, venue, Stand(kits[0], crews[0]), shift=1, starts="07:00", ends="11:00", day=work_day
        )

    assert codes(scheduled(*(day(number) for number in range(8)))) == [(6, "no_day_off")]
    assert codes(scheduled(day(6), day(-1))) == [(0, "no_day_off"), (1, "no_day_off")]


def test_an_officer_of_two_crews_after_another_stands_in_one_session(evening, campaign, officers, crews, kits):
    plan.dissolve_crews(crews=[crews[0]], until=DAY + timedelta(days=1), by=BY, at=AT)
    row = crew_row(officers[:3], name="Tổ 3", since=DAY + timedelta(days=1))
    assert not plan.form_crews(crews=[row], by=BY, at=AT).refused
    school = other_venue()
    early = session_row(campaign, school, Stand(kits[1], row.id))
    assert codes(scheduled(early)) == [(0, "unknown_crew")]  # it stands from the next day on
    assert not scheduled(session_row(campaign, school, Stand(kits[1], row.id), day=DAY + timedelta(days=1))).refused


def test_a_broken_kit_goes_nowhere(campaign, venue, kits):
    told = KitMove(id=new_id(), kit=kits[0], move="break", reason="Máy quét vân tay")
    assert plan.mark_kits(moves=[told, told], by=BY, at=AT).done == [kits[0]] * 2
    row = session_row(campaign, venue, Stand(kits[0]))
    assert codes(scheduled(row)) == [(0, "kit_not_ready")]
    assert codes(plan.mark_kits(moves=[KitMove(id=new_id(), kit=kits[0], move="break")], by=BY, at=AT)) == [
        (0, "wrong_state")
    ]
    plan.mark_kits(moves=[KitMove(id=new_id(), kit=kits[0], move="mend")], by=BY, at=AT)
    assert not scheduled(row).refused
    assert events("kit") == ["register", "register", "break", "mend"]


@pytest.mark.parametrize(
    "offers",
    [
        (Offer(Group.PUPIL, 3, time(17), time(19)),),
        (Offer(Group.PUPIL, 3, time(18, 10), time(19)),),
        (Offer(Group.PUPIL, -1),),
        (Offer(Group.PUPIL, 1), Offer(Group.PUPIL, 2)),
    ],
)
def test_places_outside_of_the_session_are_refused(campaign, venue, kits, offers):
    assert codes(scheduled(session_row(campaign, venue, Stand(kits[0]), offers=offers))) == [(0, "bad_offer")]


def test_a_session_starts_finishes_and_is_cancelled_for_a_reason(evening):
    by = {"by": BY, "at": AT}
    assert codes(plan.cancel_sessions(cancellations=[Cancellation(session=evening.id, reason=" ")], **by)) == [
        (0, "no_reason")
    ]
    assert plan.start_sessions(sessions=[evening.id, evening.id, new_id()], **by).done == [evening.id] * 2
    assert not plan.finish_sessions(sessions=[evening.id], **by).refused
    late = Cancellation(session=evening.id, reason="Mất điện")
    assert codes(plan.cancel_sessions(cancellations=[late], **by)) == [(0, "wrong_state")]
    assert events("session") == ["schedule", "start", "finish"]


def test_a_cancelled_session_frees_its_kit_crew_and_venue(evening, campaign, venue, kits, crews):
    lost = Cancellation(session=evening.id, reason="Mất điện toàn xã")
    assert plan.cancel_sessions(cancellations=[lost, lost], by=BY, at=AT).done == [evening.id] * 2
    assert not scheduled(session_row(campaign, venue, Stand(kits[0], crews[0]))).refused
    lines = queries.sessions(AN_LAM, DAY, DAY, cancelled=True)
    assert sorted((line.state, line.reason) for line in lines) == [("cancelled", "Mất điện toàn xã"), ("planned", "")]
    assert events("session") == ["schedule", "cancel", "schedule"]


INSERT = """
    INSERT INTO plan_session (id, campaign_id, venue_id, unit_id, work_day, shift, starts_at, ends_at, state, live,
                              overbook, reason)
    SELECT %s, campaign_id, coalesce(%s, venue_id), unit_id, coalesce(%s, work_day), shift, coalesce(%s, starts_at),
           ends_at, 'planned', true, overbook, '' FROM plan_session LIMIT 1
"""


def copied(venue=None, day=None, starts=None):
    id_ = new_id()
    sql(INSERT, id_, venue, day, starts)
    return id_


STAND = """
    INSERT INTO plan_stand (session_id, kit_id, crew_id, starts_at, ends_at, live)
    SELECT id, %s, %s, starts_at, ends_at, true FROM plan_session WHERE id = %s
"""


def test_the_database_itself_holds_the_calendar(evening, kits, crews, officers):
    school = other_venue()
    bites("plan_session_venue_once", copied)
    bites("plan_session_of_its_work_day", lambda: copied(school, DAY + timedelta(days=1)))
    second = copied(school)
    bites("plan_stand_kit_once", lambda: sql(STAND, kits[0], None, second))
    bites("plan_stand_crew_once", lambda: sql(STAND, kits[1], crews[0], second))
    bites("plan_duty_officer_once", lambda: sql(DUTY, officers[0].id, second))
    sql(STAND, kits[1], crews[1], second)
    third = new_id()
    sql(
        "INSERT INTO plan_kit (id, code, state, rate, source, assumed) VALUES (%s, 'HD-03', 'ready', 9, 'x', false)",
        third,
    )
    bites("plan_stand_room", lambda: sql(STAND, third, None, second))
    bites("plan_duty_as_its_session", lambda: sql("UPDATE plan_duty SET starts_at = starts_at + interval '1 minute'"))
    bites("plan_session_live", lambda: sql("UPDATE plan_session SET state = 'cancelled'"))
    bites("plan_session_live", lambda: sql("UPDATE plan_session SET state = 'cancelled', live = false"))


def test_the_database_itself_holds_the_hours_of_a_day(evening, officers):
    school = other_venue()
    other = new_id()
    sql(
        "INSERT INTO plan_session (id, campaign_id, venue_id, unit_id, work_day, shift, starts_at, ends_at, state, "
        "live, overbook, reason) SELECT %s, campaign_id, %s, unit_id, work_day, 1, %s, %s, 'planned', true, 0, '' "
        "FROM plan_session LIMIT 1",
        other, school, datetime(2021, 5, 10, 12, 45, tzinfo=ZONE), datetime(2021, 5, 10, 18, tzinfo=ZONE),
    )  # fmt: skip
    bites("plan_duty_hours_a_day", lambda: sql(DUTY, officers[0].id, other))
    rule = queries.rules(DAY)["hours_a_day"]
    assert (rule.value, rule.assumed, rule.source[:32]) == (12, True, "Labour Code 45/2019/QH14 art. 10")


MORNING = """
    INSERT INTO plan_session (id, campaign_id, venue_id, unit_id, work_day, shift, starts_at, ends_at, state, live,
                              overbook, reason)
    SELECT %s, campaign_id, %s, unit_id, work_day + %s, 1, (work_day + %s + time '07:00') AT TIME ZONE
           'Asia/Ho_Chi_Minh', (work_day + %s + time '11:00') AT TIME ZONE 'Asia/Ho_Chi_Minh', 'planned', true, 0, ''
    FROM plan_session WHERE id = %s
"""


def test_the_database_itself_holds_rest_and_days_off(evening, officers):
    school = other_venue()

    def morning(number):
        id_ = new_id()
        sql(MORNING, id_, school, number, number, number, evening.id)
        return id_

    mornings = [morning(number) for number in range(9)]
    bites("plan_duty_rest", lambda: sql(DUTY, officers[0].id, mornings[0]))  # back at six in the evening
    bites("plan_duty_rest", lambda: sql(DUTY, officers[0].id, mornings[1]))  # home at one
    for number in range(2, 8):
        assert sql(DUTY, officers[0].id, mornings[number]) == 1
    bites("plan_duty_day_off", lambda: sql(DUTY, officers[0].id, mornings[8]))
