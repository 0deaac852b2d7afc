from datetime import timedelta

import pytest
from django.db import connection

from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.keys import provider
from muster.keys.provider import Signature
from muster.people.rights import Grants
from muster.people.words import Kind, Role
from muster.reporting import operations, queries
from muster.reporting.moves import MOVES, Step, steps_from
from muster.reporting.rows import CorrectionRow, Signing, VerdictRow
from muster.reporting.sealing import verdict_message
from muster.reporting.words import Cause, Figure, State
from tests.reporting.conftest import (
    ABOVE,
    AN_LAM,
    CHIEF,
    DISTRICT,
    FIVE,
    HEAD,
    HOP_TIEN,
    LOCAL,
    MACHINE,
    PROVINCE,
    SOON,
    bites,
    codes,
    report,
    sql,
)

CHANGE = "UPDATE reporting_report SET state = %s WHERE id = %s"


def grants(officer, role, unit):
    return Grants(officer=officer, kind=Kind.OFFICER, unit=unit, roles=((role, unit),))


def sign(*reports, by=LOCAL, at=SOON, note="", grants=None):
    rows = [Signing(report=one, note=note) for one in reports]
    return operations.sign_reports(signings=rows, grants=grants, by=by, at=at)


def judge(report, *, by=ABOVE, at=SOON, grants=None, **more):
    row = VerdictRow(report=report, **{"certified": True} | more)
    return operations.judge_reports(verdicts=[row], grants=grants, by=by, at=at)


def correct(report, value, *, by=LOCAL, at=SOON, grants=None, **more):
    told = {"figure": Figure.CAPTURED, "cause": Cause.NOT_SENT, "why": "Còn 40 hồ sơ nằm trên máy."} | more
    row = CorrectionRow(report=report, value=value, **told)
    return operations.correct_reports(corrections=[row], grants=grants, by=by, at=at)


def told(kind="report"):
    rows = "SELECT move, count(*)::int FROM events_event JOIN events_metric AS m ON m.id = metric_id WHERE m.kind = %s"
    return dict(sql(rows + " GROUP BY move", kind))


def test_the_head_signs_and_the_signature_can_be_verified(slot, signed):
    line = report(slot)
    assert (line.state, line.signed.officer, line.signed.note, line.signed.late) == (
        State.SIGNED, HEAD, "Mất điện từ 14 giờ.", False,
    )  # fmt: skip
    assert queries.is_whole(line)
    assert sign(signed, note="Mất điện từ 14 giờ.").done == [signed]  # sent again
    assert codes(sign(signed, note="Khác")) == [(0, "report_wrong_state")]
    assert told() == {"freeze": 4, "sign": 1}


@pytest.mark.parametrize("change", ["note = 'Không có gì'", "officer = gen_random_uuid()", "at = at + interval '1 s'"])
def test_a_changed_signature_does_not_verify(slot, signed, change):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reporting_signature DISABLE TRIGGER reporting_signature_kept")
        cursor.execute(f"UPDATE reporting_signature SET {change}")
        cursor.execute("ALTER TABLE reporting_signature ENABLE TRIGGER reporting_signature_kept")
    assert not queries.is_whole(report(slot))


def test_what_was_said_is_refused_a_change_by_the_database(slot, signed):
    assert not judge(signed).refused
    assert not correct(signed, 5).refused
    operations.chase_slots(slots=[slot], by=MACHINE, at=FIVE + timedelta(hours=2))
    for table in ("signature", "verdict", "correction", "chase"):
        bites("reporting_kept", lambda table=table: sql(f"DELETE FROM reporting_{table}"))
        bites("reporting_kept", lambda table=table: sql(f"UPDATE reporting_{table} SET at = at + interval '1 s'"))


def test_a_correction_stands_beside_the_figure_and_ends_the_certificate(slot, signed):
    before = report(slot)
    assert not judge(signed).refused
    was = before.frozen(Figure.CAPTURED, Side.DONE, AgeBand.FROM_14)
    whole = before.frozen(Figure.CAPTURED, Side.DONE)
    assert report(slot).certified(Figure.CAPTURED, Side.DONE) == whole
    row = CorrectionRow(
        report=signed, figure=Figure.CAPTURED, value=was + 40, cause=Cause.NOT_SENT, why="Còn 40 hồ sơ nằm trên máy."
    )
    for _ in range(2):
        assert not operations.correct_reports(corrections=[row], grants=None, by=LOCAL, at=SOON).refused
    line = report(slot)
    assert (line.state, line.frozen(Figure.CAPTURED, Side.DONE)) == (State.SIGNED, whole)
    assert line.reported(Figure.CAPTURED, Side.DONE) == whole + 40
    assert line.certified(Figure.CAPTURED, Side.DONE) is None
    assert not judge(signed, at=SOON + timedelta(minutes=5)).refused
    assert report(slot).certified(Figure.CAPTURED, Side.DONE) == whole + 40
    assert queries.is_whole(line)
    assert told() == {"freeze": 4, "sign": 1, "certify": 2, "correct": 1}


def test_a_commander_above_says_why_not(slot, signed):
    assert codes(judge(signed, certified=False)) == [(0, "report_note")]
    assert codes(judge(signed, certified=False, cause=Cause.IMPOSSIBLE, why=" ")) == [(0, "report_note")]
    assert not judge(signed, certified=False, cause=Cause.IMPOSSIBLE, why="Hai bộ máy không thể cấp 3.000.").refused
    line = report(slot)
    assert (line.state, line.said.cause, line.said.officer) == (State.DISPUTED, "impossible", CHIEF)
    key_id, value = sql("SELECT key_id, value FROM reporting_verdict")[0]
    message = verdict_message(line.hash, line.said.counts, (False, "impossible", line.said.why), CHIEF, line.said.at)
    assert provider.current().verify(message, Signature(key_id, bytes(value)))
    assert not provider.current().verify(message + b"x", Signature(key_id, bytes(value)))
    assert not judge(signed, at=SOON + timedelta(minutes=1)).refused  # looked again
    assert report(slot).state is State.CERTIFIED


def test_nobody_certifies_what_they_signed_nor_what_is_not_signed(slot, signed):
    own = Actor(officer=HEAD, unit=DISTRICT, purpose=Purpose.COMMAND)
    assert codes(judge(signed, by=own)) == [(0, "own_report")]
    assert codes(judge(report(slot, HOP_TIEN).id)) == [(0, "report_wrong_state")]
    assert codes(judge(new_id())) == [(0, "unknown_report")]
    assert codes(judge(signed, by=MACHINE)) == [(0, "said_by_a_person")]
    assert codes(sign(report(slot, HOP_TIEN).id, by=MACHINE)) == [(0, "said_by_a_person")]


def test_rights_go_by_role_and_unit_row_by_row(slot):
    ours, theirs, district = (report(slot, unit).id for unit in (AN_LAM, HOP_TIEN, DISTRICT))
    lead = grants(HEAD, Role.DESK_LEAD, AN_LAM)
    result = sign(ours, theirs, district, grants=lead)
    assert (result.done, codes(result)) == ([ours], [(1, "not_allowed"), (2, "not_allowed")])
    assert codes(sign(theirs, grants=grants(HEAD, Role.CREW, HOP_TIEN))) == [(0, "not_allowed")]
    assert codes(correct(ours, 5, grants=grants(HEAD, Role.DESK_LEAD, HOP_TIEN))) == [(0, "not_allowed")]
    assert codes(judge(ours, grants=lead)) == [(0, "not_allowed")]
    at_their_own = grants(CHIEF, Role.COMMANDER, AN_LAM)
    assert codes(judge(ours, grants=at_their_own)) == [(0, "not_above")]
    assert not judge(ours, grants=grants(CHIEF, Role.COMMANDER, DISTRICT)).refused


def test_a_correction_that_is_no_figure_or_says_nothing_is_refused(slot, signed):
    assert codes(correct(signed, -1)) == [(0, "not_a_figure")]
    assert codes(correct(signed, 4, why="")) == [(0, "report_note")]
    assert codes(correct(signed, 4, why="x" * 501)) == [(0, "report_note")]
    assert codes(correct(report(slot, HOP_TIEN).id, 4)) == [(0, "report_wrong_state")]


def test_who_has_not_signed_is_asked_and_then_the_units_above(slot, signed):
    def chase(hours):
        operations.chase_slots(slots=[slot], by=MACHINE, at=FIVE + timedelta(hours=hours))
        return dict(sql("SELECT report_id, max(unit_id) FROM reporting_chase GROUP BY report_id"))

    other, district, province = (report(slot, unit).id for unit in (HOP_TIEN, DISTRICT, PROVINCE))
    assert chase(1) == {}  # signed by 18:00
    assert chase(1.5) == chase(1.9) == {other: HOP_TIEN, district: DISTRICT, province: PROVINCE}
    assert chase(2.5)[other] == HOP_TIEN
    asked = "SELECT no, unit_id FROM reporting_chase WHERE report_id = %s ORDER BY no"
    assert sql(asked, other) == [(1, HOP_TIEN), (2, DISTRICT)]
    chase(9)
    assert sql(asked, other) == [(1, HOP_TIEN), (2, DISTRICT), (3, PROVINCE)]  # the campaign's unit is the last
    owing = queries.owing(slot, PROVINCE)
    assert [(one.unit, one.chased) for one in owing] == [(HOP_TIEN, 3), (DISTRICT, 2), (PROVINCE, 1)]
    assert not sign(other, at=FIVE + timedelta(hours=10)).refused
    line = report(slot, HOP_TIEN)
    assert (line.state, line.signed.late) == (State.SIGNED, True)
    assert told()["chase"] == 6


def test_the_database_knows_the_same_moves_as_the_table(slot):
    """The trigger's list is a copy of the table: each pair of states is tried against both."""
    one = report(slot).id
    allowed = {(start, way.end) for way in MOVES.values() for start in way.start if start}
    for before in State:
        for after in State:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("ALTER TABLE reporting_report DISABLE TRIGGER reporting_report_frozen")
                cursor.execute("UPDATE reporting_report SET state = %s WHERE id = %s", [before.value, one])
                cursor.execute("ALTER TABLE reporting_report ENABLE TRIGGER reporting_report_frozen")
            if before is after or (before, after) in allowed:
                assert sql(CHANGE, after.value, one) == 1
            else:
                bites("reporting_report_moves", lambda after=after: sql(CHANGE, after.value, one))
    assert steps_from(State.CERTIFIED) == (Step.CORRECT, Step.DISPUTE)
