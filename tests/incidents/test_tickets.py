"""Tickets: opened once, moved by the table, guarded by the database; the spare that works instead; the time lost."""

import pytest

from muster.incidents import operations, queries
from muster.incidents.moves import Step
from muster.incidents.words import Cause, Kind, Remedy, Severity
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people.rights import Grants, NotAllowed
from muster.people.words import Kind as Person
from muster.people.words import Role
from muster.plan import operations as plan
from muster.plan import queries as planned
from muster.plan.rows import KitMove, Rearm, Stand
from tests.incidents.conftest import (
    AN_LAM,
    BY,
    DAY,
    HOP_TIEN,
    PROVINCE,
    STOPPED,
    act,
    bites,
    codes,
    events,
    keep,
    moved,
    opened,
    put,
    spare_row,
    sql,
    ticket,
    turn,
    wall,
)  # fmt: skip

FIXED = {"cause": Cause.CAMERA, "remedy": Remedy.PART_REPLACED}


@pytest.fixture
def row(evening, kits):
    """Return a ticket of 19:00 that stops the evening's kit."""
    found = ticket(evening, kits[0])
    assert not opened(found).refused
    return found


def state(row):
    return queries.ticket(row.id).state


def take(by, row, at="19:05"):
    assert not moved(by, act(row.id, Step.TAKE), at=wall(at)).refused


def test_a_ticket_lies_at_its_session_and_breaks_the_kit_and_is_opened_once(row, kits):
    assert not opened(row, at=wall("19:02")).refused
    (line,) = queries.queue(PROVINCE)
    assert (line.unit, line.state, line.kit_code, line.stopped_at) == (AN_LAM, "open", "HD-01", wall("19:00"))
    assert planned.kit_states([kits[0]])[kits[0]].state == "broken"
    assert events("ticket") == ["open"]
    assert events("kit") == ["register", "register", "break"]
    assert queries.queue(HOP_TIEN) == []


def test_a_second_ticket_for_a_kit_is_refused(row, evening, kits):
    assert codes(opened(ticket(evening, kits[0], told="Lại hỏng"))) == [(0, "kit_has_ticket")]


def test_tickets_that_do_not_hold_together_are_refused(evening, kits):
    rows = [
        ticket(evening, kits[1]),  # not in the session
        ticket(evening, None),
        ticket(evening, kits[0], told=" "),
        ticket(evening, kits[0], kind=Kind.LINE),
        ticket(evening, kits[0], campaign=new_id(), session=None),
        ticket(evening, kits[0], unit=999, session=None),
    ]
    refused = [*[(place, "bad_ticket") for place in range(4)], (4, "unknown_campaign"), (5, "unit_unknown")]
    assert codes(opened(*rows)) == refused
    assert sql("SELECT count(*) FROM incidents_ticket") == [(0,)]


def test_a_ticket_is_taken_and_mended_and_the_time_until_then_is_lost(row, kits, on_duty):
    take(on_duty, row)
    out = act(row.id, Step.SET_OUT, place="Nhà văn hóa", due_at=wall("19:30"))
    assert not moved(on_duty, out, at=wall("19:06")).refused
    assert queries.lost(PROVINCE, DAY, DAY, wall("19:40")) == {DAY: 40}  # still standing
    assert not moved(on_duty, act(row.id, Step.MEND, **FIXED), at=wall("19:45")).refused
    assert events("ticket") == ["open", "take", "set_out", "mend"]
    assert planned.kit_states([kits[0]])[kits[0]].state == "ready"
    assert queries.lost(PROVINCE, DAY, DAY, wall("23:00")) == {DAY: 45}
    assert queries.lost_of_kit(kits[0], DAY, DAY, wall("23:00")) == {DAY: 45}
    assert queries.lost(HOP_TIEN, DAY, DAY, wall("23:00")) == {}
    assert queries.queue(PROVINCE) == []


def test_time_is_lost_no_longer_than_the_session(row):
    assert queries.lost(PROVINCE, DAY, DAY, wall("19:00").replace(day=12)) == {DAY: 360}  # to 01:00


def test_two_tickets_at_once_lose_the_time_once(row, evening):
    line = ticket(evening, None, kind=Kind.LINE, told="Mất mạng")
    assert not opened(line, at=wall("19:10")).refused
    assert queries.lost(PROVINCE, DAY, DAY, wall("19:40")) == {DAY: 40}


def test_what_stood_still_is_told_for_every_unit_above_as_minutes_and_dossiers(row, evening, kits, on_duty):
    opened(ticket(evening, None, kind=Kind.LINE), at=wall("19:10"))  # of the whole session: nothing twice
    until = wall("19:40")
    (rate,) = [one.rate for one in planned.kits(PROVINCE, until) if one.id == kits[0]]
    told = queries.Standstill(40, round(40 * rate / queries.SHIFT))
    assert told.dossiers > 0
    assert queries.standstill([PROVINCE, AN_LAM, HOP_TIEN], DAY, DAY, until) == {PROVINCE: told, AN_LAM: told}
    assert queries.standstill([PROVINCE], DAY, DAY, STOPPED) == {}  # before anything happened
    take(on_duty, row)
    assert not moved(on_duty, act(row.id, Step.DISMISS, cause=Cause.NO_FAULT), at=wall("19:30")).refused
    assert queries.standstill([PROVINCE], DAY, DAY, until)[PROVINCE].minutes == 30  # the line alone


def test_what_only_slows_the_work_loses_no_time_and_breaks_nothing(evening, kits):
    assert not opened(ticket(evening, kits[0], severity=Severity.SLOWS)).refused
    assert queries.lost(PROVINCE, DAY, DAY, wall("23:00")) == {}
    assert planned.kit_states([kits[0]])[kits[0]].state == "ready"


def test_the_same_act_twice_moves_once_and_an_old_version_not_at_all(row, on_duty):
    first = act(row.id, Step.TAKE)
    for _ in range(2):
        assert not moved(on_duty, first, at=wall("19:05")).refused
    stale = act(row.id, Step.HAND_BACK, version=1)
    assert codes(moved(on_duty, stale, at=wall("19:06"))) == [(0, "ticket_changed")]
    assert events("ticket") == ["open", "take"]


def test_a_technician_who_is_not_on_duty_takes_nothing(row, technician, units):
    by = Actor(officer=technician.id, unit=PROVINCE, purpose=Purpose.COMMAND)
    assert not put(turn(technician, unit=HOP_TIEN)).refused  # on duty elsewhere
    assert codes(moved(by, act(row.id, Step.TAKE), at=wall("19:05"))) == [(0, "not_on_duty")]
    assert codes(moved(BY, act(row.id, Step.TAKE), at=wall("19:05"))) == [(0, "not_on_duty")]


def test_moves_that_start_elsewhere_or_say_too_little_are_refused(row, on_duty):
    for step in (Step.SET_OUT, Step.HAND_BACK, Step.SWAP, Step.MEND, Step.REOPEN):
        assert codes(moved(on_duty, act(row.id, step, **FIXED), at=wall("19:05"))) == [(0, "ticket_wrong_state")]
    take(on_duty, row)
    late = act(row.id, Step.SET_OUT, place="Nhà văn hóa", due_at=wall("18:00"))
    for one in (late, act(row.id, Step.SET_OUT), act(row.id, Step.MEND), act(row.id, Step.DISMISS)):
        assert codes(moved(on_duty, one, at=wall("19:06"))) == [(0, "incomplete_act")]
    assert codes(moved(on_duty, act(new_id(), Step.TAKE), at=wall("19:06"))) == [(0, "unknown_ticket")]
    assert events("ticket") == ["open", "take"]


def test_a_ticket_is_handed_back_escalated_dismissed_and_reopened(row, kits, on_duty):
    take(on_duty, row)
    assert not moved(on_duty, act(row.id, Step.HAND_BACK), at=wall("19:06")).refused
    assert (state(row), queries.ticket(row.id).technician) == ("open", None)
    assert not moved(on_duty, act(row.id, Step.ESCALATE), at=wall("19:07")).refused
    assert state(row) == "escalated"
    assert not moved(on_duty, act(row.id, Step.DISMISS, cause=Cause.NO_FAULT), at=wall("19:08")).refused
    assert queries.lost(PROVINCE, DAY, DAY, wall("23:00")) == {}  # it was no incident
    assert planned.kit_states([kits[0]])[kits[0]].state == "ready"
    assert not moved(on_duty, act(row.id, Step.REOPEN), at=wall("20:00")).refused
    assert planned.kit_states([kits[0]])[kits[0]].state == "broken"
    assert queries.lost(PROVINCE, DAY, DAY, wall("20:30")) == {DAY: 30}


def test_a_spare_works_instead_and_the_kit_is_mended_later(row, evening, kits, on_duty):
    take(on_duty, row)
    assert not keep(spare_row(kits[1])).refused
    assert not moved(on_duty, act(row.id, Step.SWAP, spare=kits[1]), at=wall("19:20")).refused
    assert (state(row), queries.ticket(row.id).spare_code) == ("swapped", "HD-02")
    assert planned.session(evening.id).kits == ["HD-02"]
    assert queries.spares(PROVINCE) == []
    assert queries.lost(PROVINCE, DAY, DAY, wall("23:00")) == {DAY: 20}
    assert not moved(on_duty, act(row.id, Step.MEND, **FIXED), at=wall("22:00")).refused
    assert queries.lost(PROVINCE, DAY, DAY, wall("23:00")) == {DAY: 20}
    assert [one.id for one in queries.of_kit(kits[0])] == [one.id for one in queries.of_kit(kits[1])] == [row.id]


def test_a_swap_without_a_spare_changes_nothing(row, evening, kits, on_duty):
    take(on_duty, row)
    for spare in (None, kits[1]):  # ready, but in no pool
        assert codes(moved(on_duty, act(row.id, Step.SWAP, spare=spare), at=wall("19:20"))) == [(0, "no_spare")]
    assert planned.session(evening.id).kits == ["HD-01"]
    assert sql("SELECT count(*) FROM incidents_loss") == [(0,)]


def test_nothing_stands_of_a_swap_that_the_plan_refuses(row, evening, kits, on_duty):
    take(on_duty, row)
    assert not keep(spare_row(kits[1])).refused
    sql("UPDATE plan_kit_place SET starts_at = %s WHERE kit_id = %s", wall("19:20"), kits[1])  # moved at that moment
    sql("UPDATE plan_kit_place SET unit_id = %s WHERE kit_id = %s", HOP_TIEN, kits[1])
    swap = act(row.id, Step.SWAP, spare=kits[1])
    assert codes(moved(on_duty, swap, at=wall("19:20"))) == [(0, "moved_later")]
    assert sql("SELECT count(*) FROM incidents_loss") == [(0,)]
    assert (state(row), planned.session(evening.id).kits) == ("taken", ["HD-01"])
    assert [one.kit for one in queries.spares(AN_LAM)] == [kits[1]]


def test_a_spare_is_planned_nowhere_until_it_is_given_back(evening, kits):
    spare = spare_row(kits[1])
    assert not keep(spare).refused
    both = Rearm(session=evening.id, stands=(Stand(kits[1]),))
    assert codes(plan.rearm_sessions(rearms=[both], by=BY, at=STOPPED)) == [(0, "kit_is_spare")]
    bites("plan_stand_no_spare", lambda: sql(
        "INSERT INTO plan_stand (session_id, kit_id, starts_at, ends_at, live) "
        "SELECT session_id, %s, starts_at, ends_at, live FROM plan_stand", kits[1]
    ))  # fmt: skip
    (line,) = [one for one in planned.kits(PROVINCE, STOPPED) if one.id == kits[1]]
    assert (line.spare, line.plannable) == (True, False)
    asked = planned.asked(unit=PROVINCE, first_day=DAY, last_day=DAY, due=[])
    assert kits[1] not in {one.id for one in asked.kits}
    operations.release_spares(spares=[spare.id], grants=None, by=BY, at=STOPPED).whole()
    assert plan.rearm_sessions(rearms=[both], by=BY, at=STOPPED).done == [evening.id]


def test_a_kit_with_a_ticket_is_mended_on_its_ticket_alone(row, kits):
    mend, gone = (KitMove(id=new_id(), kit=kits[0], move=one) for one in ("mend", "retire"))
    lost = KitMove(id=new_id(), kit=new_id(), move="break")
    refused = operations.mark_kits(moves=[mend, lost, gone], by=BY, at=wall("19:30"))
    assert codes(refused) == [(0, "has_ticket"), (1, "unknown_kit")]
    assert planned.kit_states([kits[0]])[kits[0]].state == "retired"
    sql("UPDATE plan_kit SET state = 'broken'")
    bites("incidents_ticket_mends_its_kit", lambda: sql("UPDATE plan_kit SET state = 'ready'"))


def test_what_stops_and_goes_on_at_one_moment_loses_nothing(row, on_duty):
    take(on_duty, row, at="19:00")
    assert not moved(on_duty, act(row.id, Step.MEND, **FIXED), at=STOPPED).refused
    assert sql("SELECT count(*) FROM incidents_loss") == [(0,)]


def test_who_has_a_ticket_or_commands_the_team_moves_it(row, on_duty, officers, technician):
    def grants(officer, role):
        return Grants(officer, Person.OFFICER, PROVINCE, ((role, PROVINCE),))

    other = Actor(officer=officers[0].id, unit=PROVINCE, purpose=Purpose.COMMAND)
    take(on_duty, row)
    for step in (Step.SET_OUT, Step.HAND_BACK, Step.ESCALATE, Step.SWAP, Step.MEND, Step.DISMISS):
        told = moved(other, act(row.id, step), at=wall("19:10"), grants=grants(other.officer, Role.TECHNICIAN))
        assert codes(told) == [(0, "not_yours")]
    commands = grants(other.officer, Role.COMMANDER)
    assert codes(moved(other, act(row.id, Step.MEND, **FIXED), at=wall("19:10"), grants=commands)) == [
        (0, NotAllowed.code)
    ]
    assert not moved(other, act(row.id, Step.HAND_BACK), at=wall("19:10"), grants=commands).refused
    assert state(row) == "open"
    below = Grants(other.officer, Person.OFFICER, HOP_TIEN, ((Role.COMMANDER, HOP_TIEN),))
    assert codes(moved(other, act(row.id, Step.ESCALATE), at=wall("19:11"), grants=below)) == [(0, NotAllowed.code)]
    own = grants(technician.id, Role.TECHNICIAN)
    assert not moved(on_duty, act(row.id, Step.TAKE), at=wall("19:12"), grants=own).refused


def test_kits_at_work_or_broken_are_no_spares_and_turns_do_not_overlap(row, kits, on_duty, technician, officers):
    assert codes(keep(spare_row(kits[0]), spare_row(new_id()), spare_row(kits[1], place=" "))) == [
        (0, "no_spare"), (1, "no_spare"), (2, "no_spare"),
    ]  # fmt: skip
    rows = [turn(technician), turn(officers[0]), turn(technician, starts_at=wall("12:00"), ends_at=wall("11:00"))]
    assert codes(put(*rows)) == [(0, "not_a_turn"), (1, "not_a_turn"), (2, "not_a_turn")]


def test_rights_are_asked_for_row_by_row(evening, kits, officers):
    by = Actor(officer=officers[0].id, unit=AN_LAM, purpose=Purpose.COMMAND)
    outside = Grants(officers[0].id, Person.OFFICER, HOP_TIEN, ((Role.CREW, HOP_TIEN),))
    assert codes(opened(ticket(evening, kits[0]), grants=outside, by=by)) == [(0, NotAllowed.code)]
    own = Grants(officers[0].id, Person.OFFICER, AN_LAM, ((Role.CREW, AN_LAM),))
    row = ticket(evening, kits[0])
    assert not opened(row, grants=own, by=by).refused
    assert codes(moved(by, act(row.id, Step.TAKE), at=wall("19:05"), grants=own)) == [(0, NotAllowed.code)]


@pytest.mark.parametrize(
    ("guard", "change"),
    [
        ("incidents_ticket_ended", "state = 'mended', remedy = 'other'"),
        ("incidents_ticket_ended", "ended_at = opened_at, stopped_at = NULL"),
        ("incidents_ticket_mended", "state = 'mended', cause = 'power', ended_at = opened_at, stopped_at = NULL"),
        ("incidents_ticket_held", "state = 'taken'"),
        ("incidents_ticket_times", "stopped_at = opened_at - interval '1 minute'"),
        ("incidents_ticket_kit", "kit_id = NULL"),
        ("incidents_ticket_kind", "kind = 'cat', kit_id = NULL"),
        ("incidents_ticket_severity", "severity = 'none'"),
        ("incidents_ticket_told", "told = ' '"),
    ],
)
def test_the_database_guards_a_ticket(row, guard, change):
    bites(guard, lambda: sql(f"UPDATE incidents_ticket SET {change}"))


def test_the_database_lets_a_kit_have_one_live_ticket(row):
    copy = """
        INSERT INTO incidents_ticket (id, campaign_id, unit_id, kit_id, kind, severity, told, state, opened_at, place,
            cause, remedy, version)
        SELECT %s, campaign_id, unit_id, kit_id, kind, severity, told, state, opened_at, '', '', '', 1
        FROM incidents_ticket
    """
    bites("incidents_ticket_one_a_kit", lambda: sql(copy, new_id()))


def test_the_database_guards_turns_and_spares(on_duty, kits, units):
    again = """
        INSERT INTO incidents_turn SELECT %s, 'Kho', starts_at, ends_at, officer_id, unit_id FROM incidents_turn
    """
    copied = again.replace("SELECT %s", "(id, place, starts_at, ends_at, officer_id, unit_id) SELECT %s")
    bites("incidents_turn_one_place", lambda: sql(copied, new_id()))
    bites("incidents_turn_hours", lambda: sql("UPDATE incidents_turn SET ends_at = starts_at"))
    assert not keep(spare_row(kits[1])).refused
    bites("incidents_spare_gone", lambda: sql("UPDATE incidents_spare SET until = since - interval '1 s'"))
