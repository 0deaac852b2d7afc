from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from muster.capture import queries
from muster.capture.moves import Step
from muster.capture.operations import announce, file_online, move_dossiers, receive
from muster.capture.rows import Announcement, CaptureRecord, DossierMove, Filing
from muster.capture.words import KIND, Mend, Missing, Place, State
from muster.events import queries as journal
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.keys.operations import erase
from muster.law.capture import Representative
from muster.law.cards import CardType
from muster.law.forms import Signer
from muster.law.grounds import Ground, Kind
from muster.register.rows import CardRow
from tests.capture.conftest import (
    AFTER_2024,
    AN_LAM,
    AT,
    CREW,
    GRANDMOTHER,
    HELPED,
    HOP_TIEN,
    born_since,
    captures,
    intake,
    person,
    taken,
)  # fmt: skip


def only(result):
    (refusal,) = result.refused
    return refusal.refusal


def moves_of(dossier):
    return [(event.move, event.work_day) for event in journal.life(dossier)]


def test_a_farmer_with_worn_prints_is_taken_and_each_missing_finger_is_described(farmer):
    worn = {
        code: CaptureRecord(code, tries=5, missing=Missing.WORN) for code in ("rolled_right_thumb", "rolled_left_thumb")
    }
    row = intake(farmer, captures=captures(AT.date(), 46, flat_thumbs=None, **worn))
    assert receive(intakes=[row], by=CREW, at=AT).done == [row.id]
    held = queries.states([row.id])[row.id]
    assert (held.state, held.kind, held.ground) == (State.RECEIVED, Kind.FIRST_ISSUE, Ground.NO_CARD)
    assert (held.missing_biometrics, held.poor_biometrics, held.fee_vnd) == (True, False, 0)
    assert (held.law_day, held.due_on, held.form) == (date(2021, 5, 8), date(2021, 5, 28), "CC02 66/2015")
    (packet,) = queries.packets(row.id, sealed=True)
    assert packet.told == {"traits": "Nốt ruồi dưới mắt trái"}
    assert {one["code"]: one["missing"] for one in packet.captures if one["missing"]} == dict.fromkeys(worn, "worn")
    assert queries.packets(row.id, sealed=False)[0].told is None


def test_worn_fingers_that_nobody_describes_are_refused_by_name(farmer):
    row = intake(farmer, captures=captures(AT.date(), 46, rolled_right_thumb=None))
    refusal = only(receive(intakes=[row], by=CREW, at=AT))
    assert (refusal.code, refusal.values["faults"]) == ("capture_faults", "print_missing rolled_right_thumb")
    assert queries.states([row.id]) == {}


def test_past_midnight_counts_for_the_evening_and_is_judged_by_the_new_day(farmer):
    row = intake(farmer, datetime(2021, 5, 9, 1, 10, tzinfo=ZONE))
    assert not receive(intakes=[row], by=CREW, at=row.taken_at).refused
    assert moves_of(row.id) == [("received", date(2021, 5, 8))]
    assert queries.states([row.id])[row.id].law_day == date(2021, 5, 9)


def test_a_child_of_eight_comes_with_a_grandmother_who_signs(child):
    row = intake(child, AFTER_2024, age=8, representative=GRANDMOTHER, signed=HELPED)
    assert not receive(intakes=[row], by=CREW, at=AFTER_2024).refused
    held = queries.states([row.id])[row.id]
    assert (held.due_on, held.form, held.fee_vnd) == (date(2024, 8, 14), "CC01 17/2024", 0)
    assert queries.packets(row.id, sealed=True)[0].told["representative"]["name"] == "Lê Thị Tư"
    alone = intake(child, AFTER_2024, age=8, signed=HELPED, id=new_id())
    assert only(receive(intakes=[alone], by=CREW, at=AFTER_2024)).code == "already_on_its_way"


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"representative": None}, "capture_faults", "representative_missing"),
        ({"representative": Representative(name="Lê Thị Tư")}, "capture_faults", "representative_incomplete number"),
        ({"signed": frozenset({Signer.OFFICER})}, "not_signed", "representative"),
        ({"captures": captures(AFTER_2024.date(), 8, left_iris=None)}, "capture_faults", "iris_missing left_iris"),
        ({"captures": (CaptureRecord("toe"),)}, "not_a_capture", "toe"),
        ({"captures": (CaptureRecord("photo", 101),)}, "not_a_capture", "photo"),
        ({"account_level": 2}, None, ""),
        ({"account_level": 3}, "level_not_offered", "3"),
    ],
)
def test_a_childs_intake_is_as_the_law_of_2024_wants_it(child, change, code, says):
    row = intake(child, AFTER_2024, age=8, **{"representative": GRANDMOTHER, "signed": HELPED} | change)
    result = receive(intakes=[row], by=CREW, at=AFTER_2024)
    if code is None:
        assert result.done == [row.id]
    else:
        assert only(result).code == code
        assert says in str(only(result).values)


def test_iris_before_july_2024_and_prints_of_a_four_year_old_are_refused(farmer, units):
    iris = intake(farmer, captures=(*captures(AT.date(), 46), CaptureRecord("left_iris")))
    assert "iris_not_allowed" in only(receive(intakes=[iris], by=CREW, at=AT)).values["faults"]
    small = taken(person("Lê Gia Bảo", "1/6/2020"))
    row = intake(small, AFTER_2024, age=20, representative=GRANDMOTHER, signed=HELPED)
    assert only(receive(intakes=[row], by=CREW, at=AFTER_2024)).code == "filed_online"
    before = intake(small, AT, age=20)
    assert only(receive(intakes=[before], by=CREW, at=AT)).code == "not_due_now"


def test_a_newborn_is_filed_online_and_received_without_any_biometric(newborn, farmer):
    row = Filing(
        id=new_id(), person=newborn.id, filed_at=AFTER_2024, representative=replace(GRANDMOTHER, relation="mother")
    )
    assert file_online(filings=[row, row], by=CREW, at=AFTER_2024).done == [row.id, row.id]
    held = queries.states([row.id])[row.id]
    assert (held.state, held.place, held.channel.value) == (State.FILED, Place.ONLINE, "online")
    step = DossierMove(dossier=row.id, step=Step.RECEIVED, at=AFTER_2024 + timedelta(hours=1))
    assert move_dossiers(moves=[step], by=CREW, at=step.at).done == [row.id]
    assert [move for move, _ in moves_of(row.id)] == ["filed", "received"]
    grown = Filing(id=new_id(), person=farmer.id, filed_at=AFTER_2024, representative=GRANDMOTHER)
    assert only(file_online(filings=[grown], by=CREW, at=AFTER_2024)).code == "not_filed_online"
    unsigned = Filing(
        id=new_id(), person=born_since(person("Lê An", "1/6/2023")).id, filed_at=AFTER_2024,
        representative=replace(GRANDMOTHER, signed=False),
    )  # fmt: skip
    assert only(file_online(filings=[unsigned], by=CREW, at=AFTER_2024)).code == "capture_faults"


@pytest.mark.parametrize(
    "changed",
    [
        {"packet": new_id()},
        {"taken_at": AT - timedelta(minutes=1)},
        {"traits": "Sẹo dài ở cằm"},
        {"kit": new_id()},
        {"corrections": {"birthplace": "Hà Nội"}},
    ],
)
def test_a_dossier_sent_again_in_a_later_batch_with_another_content_is_refused(farmer, changed):
    row = intake(farmer)
    assert receive(intakes=[row], by=CREW, at=AT).done == [row.id]
    again = receive(intakes=[replace(row, **changed)], by=CREW, at=AT + timedelta(hours=2))
    assert [(one.index, one.refusal.code) for one in again.refused] == [(0, "dossier_differs")]
    fewer = replace(row, captures=row.captures[:-1])
    assert receive(intakes=[fewer], by=CREW, at=AT + timedelta(hours=2)).refused[0].refusal.code == "dossier_differs"
    assert len(queries.packets(row.id, sealed=False)) == 1


def test_what_was_sealed_and_is_erased_is_not_compared(farmer):
    row = intake(farmer, traits="Sẹo dài ở cằm")
    receive(intakes=[row], by=CREW, at=AT)
    erase([(KIND, row.id)], at=AT)
    assert receive(intakes=[replace(row, traits="Khác")], by=CREW, at=AT + timedelta(hours=2)).done == [row.id]


def test_the_same_batch_sent_again_changes_nothing(farmer):
    row = intake(farmer)
    first = receive(intakes=[row], by=CREW, at=AT)
    again = receive(intakes=[row, row], by=CREW, at=AT + timedelta(hours=2))
    assert (first.done, again.done, again.refused) == ([row.id], [row.id, row.id], [])
    assert [move for move, _ in moves_of(row.id)] == ["received"]
    assert only(receive(intakes=[row, replace(row, traits="x")], by=CREW, at=AT)).code == "dossier_differs"
    other = taken(person("Lê Thị Mai", "1951"))
    assert only(receive(intakes=[intake(other, id=row.id)], by=CREW, at=AT)).code == "dossier_differs"


def test_of_many_rows_the_bad_ones_are_told_by_their_places_and_the_good_are_kept(units):
    people = taken(*[person(f"Nguyễn Văn {'ABCDĐEGHIK'[n % 10]}", "1/3/1975") for n in range(300)])
    rows = [intake(one) for one in people]
    bad = set(range(3, 300, 8))
    rows = [replace(row, captures=row.captures[1:]) if place in bad else row for place, row in enumerate(rows)]
    result = receive(intakes=rows, by=CREW, at=AT)
    assert {refusal.index for refusal in result.refused} == bad
    assert len(result.done) == 300 - len(bad) == len(queries.states([row.id for row in rows]))


def test_a_kit_announces_first_and_the_packet_completes_it(farmer):
    told = Announcement(id=new_id(), person=farmer.id, taken_at=AT, kit=new_id())
    assert announce(announcements=[told], by=CREW, at=AT).done == [told.id]
    row = intake(farmer, id=told.id, kit=told.kit, place=Place.MOBILE)
    later = AT + timedelta(hours=5)
    assert receive(intakes=[row], by=CREW, at=later).done == [row.id]
    held = queries.states([row.id])[row.id]
    assert (held.state, held.version, held.kit) == (State.RECEIVED, 2, told.kit)
    assert [move for move, _ in moves_of(row.id)] == ["announced", "received"]


def test_a_returned_dossier_is_mended_by_its_next_attempt_and_counted_once(farmer):
    row = intake(farmer)
    receive(intakes=[row], by=CREW, at=AT)
    back = DossierMove(dossier=row.id, step=Step.RETURNED, at=AT + timedelta(hours=1), reason=Mend.POOR_PRINTS.value)
    assert move_dossiers(moves=[back], by=CREW, at=back.at).done == [row.id]
    held = queries.states([row.id])[row.id]
    assert (held.state, held.owner, held.answer_by, held.reason) == (
        State.RETURNED, AN_LAM, date(2021, 5, 14), "poor_prints",
    )  # fmt: skip
    mended = replace(row, attempt=2, packet=new_id(), taken_at=AT + timedelta(days=1))
    assert receive(intakes=[mended], by=CREW, at=mended.taken_at).done == [row.id]
    held = queries.states([row.id])[row.id]
    assert (held.state, held.attempt, held.owner, held.reason) == (State.RECEIVED, 2, None, "")
    assert [move for move, _ in moves_of(row.id)] == ["received", "returned", "received_again"]
    third = replace(row, attempt=3, packet=new_id())
    assert only(receive(intakes=[third], by=CREW, at=AT + timedelta(days=1))).code == "wrong_state"


def test_a_lost_card_needs_its_ground_stated_and_costs_its_fee(units):
    held = CardRow(type=CardType.CCCD_CHIP, number="030075123456", issued_on=date(2021, 2, 1))
    citizen = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", cards=(held,)))
    assert only(receive(intakes=[intake(citizen)], by=CREW, at=AT)).code == "not_due_now"
    lost = intake(citizen, stated=frozenset({Ground.LOST}))
    assert not receive(intakes=[lost], by=CREW, at=AT).refused
    told = queries.states([lost.id])[lost.id]
    assert (told.kind, told.ground, told.fee_vnd) == (
        Kind.RE_ISSUE,
        Ground.LOST,
        35_000,
    )  # half the fee until 30 June 2021


def test_a_bedridden_veteran_is_taken_at_home_and_what_cannot_be_taken_is_said(units):
    veteran = taken(person("Phạm Văn Sơn", "1930"))
    unable = {one.code: replace(one, quality=None, missing=Missing.UNABLE) for one in captures(AT.date(), 90)}
    flat = {code: None for code in unable if code.startswith("flat")}
    row = intake(veteran, captures=captures(AT.date(), 90, **{**unable, **flat, "photo": CaptureRecord("photo")}),
                 place=Place.HOME)  # fmt: skip
    assert not receive(intakes=[row], by=CREW, at=AT).refused
    assert queries.states([row.id])[row.id].missing_biometrics


def test_a_worker_registered_elsewhere_counts_for_both_units(units):
    worker = taken(person("Vũ Thị Hạnh", "1/3/1995", unit=HOP_TIEN))
    row = intake(worker, age=26)
    receive(intakes=[row], by=CREW, at=AT)
    (event,) = journal.life(row.id)
    assert (event.unit_done, event.unit_residence) == (AN_LAM, HOP_TIEN)


def test_twins_are_two_dossiers(units):
    twins = taken(person("Trần Minh Anh", "10/2/2016"), person("Trần Minh Ánh", "10/2/2016"))
    rows = [intake(one, AFTER_2024, age=8, representative=GRANDMOTHER, signed=HELPED) for one in twins]
    assert receive(intakes=rows, by=CREW, at=AFTER_2024).done == [row.id for row in rows]


def test_a_birth_known_by_its_year_may_fit_either_rule(units):
    maybe = taken(person("Lê Văn Tám", "2010"))  # 13 or 14 on 5 August 2024
    row = intake(maybe, AFTER_2024, age=14)
    assert not receive(intakes=[row], by=CREW, at=AFTER_2024).refused


def test_a_birth_year_that_may_be_too_young_for_a_card_is_signed_as_the_law_wants_it_of_the_older(units):
    maybe = taken(person("Lê Văn Tám", "2007"))  # 13 or 14 on 8 May 2021
    assert receive(intakes=[row := intake(maybe, age=14)], by=CREW, at=AT).done == [row.id]
    unsigned = intake(taken(person("Lê Văn Chín", "2007")), age=14, signed=frozenset({Signer.CITIZEN}))
    assert only(receive(intakes=[unsigned], by=CREW, at=AT)).values == {"who": "officer"}


def test_intake_rests_before_the_switch_and_a_kit_ahead_of_time_is_told(farmer):
    resting = datetime(2024, 6, 27, 9, tzinfo=ZONE)
    refusal = only(receive(intakes=[intake(farmer, resting)], by=CREW, at=resting))
    assert refusal.code == "intake_rests"
    ahead = intake(farmer, AT + timedelta(days=3))
    assert only(receive(intakes=[ahead], by=CREW, at=AT)).code == "taken_in_future"
    unknown = replace(intake(farmer), person=new_id())
    assert only(receive(intakes=[unknown], by=CREW, at=AT)).code == "unknown_person"


def test_the_database_itself_holds_one_open_dossier_a_person(farmer):
    row = intake(farmer)
    receive(intakes=[row], by=CREW, at=AT)
    copy = "SELECT (jsonb_populate_record(one, jsonb_build_object('id', %s::text))).* FROM capture_dossier AS one"
    for sql in (
        f"INSERT INTO capture_dossier {copy}",
        "UPDATE capture_dossier SET state = 'returned' WHERE id <> %s",
        "UPDATE capture_dossier SET state = 'refused' WHERE id <> %s",
        "UPDATE capture_dossier SET state = 'lost' WHERE id <> %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [new_id()])
