from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from muster.capture import queries as dossiers
from muster.capture.moves import Step
from muster.capture.operations import move_dossiers, receive
from muster.capture.rows import CaptureRecord, DossierMove
from muster.capture.words import Mend, State
from muster.events import queries as journal
from muster.events.recounting import differences
from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.law.numbers import WrongPart
from muster.people import operations as people
from muster.people.operations import ApprovalRequest, Decision
from muster.people.words import ApprovalKind
from muster.processing import queries
from muster.processing.operations import CorrectionDecision, accept_dossiers, check_dossiers, decide_corrections
from muster.processing.words import Severity
from muster.register import operations as register
from muster.register import queries as persons
from muster.register.operations import Correction, NumberReplacement
from tests.processing.conftest import (
    AT,
    CREW,
    HOP_TIEN,
    LATER,
    MACHINE,
    captures,
    codes,
    intake,
    person,
    received,
    taken,
)


def state(dossier):
    return dossiers.states([dossier])[dossier].state


def number_of(citizen):
    return persons.states([citizen.id])[citizen.id].number


def only(result):
    (row,) = result.refused
    return row.refusal


@pytest.fixture
def farmer(units):
    return taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))


def test_a_clean_dossier_with_a_number_is_accepted_and_counted_once(farmer):
    dossier = received(farmer)
    checked = check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER)
    assert (checked.accepted, checked.waiting, checked.refused) == ([dossier], [], [])
    again = check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER)
    assert (again.accepted, again.waiting) == ([], [])
    assert [event.move for event in journal.life(dossier)] == ["received", "accepted"]
    assert number_of(farmer) == "030075123456"


def test_who_has_no_number_gets_one_and_who_cannot_have_one_waits(units):
    clean, unclean = taken(person("Lê Thị Mai", "1/3/1975"), person("Lê Văn Bình", "2/3/1975", registered_unit=None))
    mine, theirs = received(clean), received(unclean)
    checked = check_dossiers(dossiers=[mine, theirs], by=MACHINE, at=LATER)
    assert (checked.accepted, checked.waiting) == ([mine], [theirs])
    assert number_of(clean)[:6] == "030075"
    assert (number_of(unclean), state(theirs), codes(theirs)) == (
        "",
        State.RECEIVED,
        [("uncleaned", "registered_unit")],
    )
    assert dossiers.states([theirs])[theirs].differs_from_register


def test_a_place_without_a_prefix_is_a_coded_finding_and_a_later_correction_lets_it_through(units):
    abroad = taken(person("Lê Thị Mai", "1/3/1975", registered_unit=1))  # the country itself: no province, no prefix
    dossier = received(abroad)
    checked = check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER)
    assert [row.refusal.code for row in checked.refused] == ["not_eligible"]
    assert (codes(dossier), state(dossier)) == ([("not_eligible", "number")], State.RECEIVED)
    fix = Correction(
        person=abroad.id, version=persons.states([abroad.id])[abroad.id].version, changes={"registered_unit": HOP_TIEN},
        paper="Giấy khai sinh 12/1975",
    )  # fmt: skip
    assert not register.correct(corrections=[fix], grants=None, by=CREW, at=LATER).refused
    assert queries.unchecked() == {30: [dossier]}
    assert check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER).accepted == [dossier]
    (finding,) = queries.findings(dossier)
    assert (finding.settled, finding.settled_by) == ("gone", None)


def test_a_round_leaves_alone_what_it_has_checked_until_something_changes(units):
    unclean = taken(person("Lê Văn Bình", "2/3/1975", registered_unit=None))
    dossier = received(unclean)
    assert queries.unchecked() == {30: [dossier]}
    check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER)
    assert queries.unchecked() == {}


def test_poor_prints_wait_for_a_person_who_accepts_them_all_the_same(farmer, tam):
    poor = captures(AT.date(), 46, rolled_right_thumb=CaptureRecord("rolled_right_thumb", 7, tries=5))
    dossier = received(farmer, captures=poor)
    assert check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER).waiting == [dossier]
    assert only(accept_dossiers(dossiers=[dossier], by=MACHINE, at=LATER)).code == "look_first"
    held = dossiers.states([dossier])[dossier]
    assert (held.poor_biometrics, held.differs_from_register) == (True, False)
    assert accept_dossiers(dossiers=[dossier], by=tam, at=LATER).done == [dossier]
    (finding,) = queries.findings(dossier)
    assert (finding.severity, finding.settled, finding.settled_by) == (Severity.WARN, "seen", tam.officer)


def test_a_corrected_sex_gets_a_new_number_by_two_before_the_dossier_is_accepted(units, tam, lan):
    wrong = taken(person("Lê Thị Mai", "1/3/1975", sex=Sex.MALE, number="030075123456"))
    dossier = received(wrong, corrections={"sex": "female"})
    assert check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER).waiting == [dossier]
    assert codes(dossier) == [("correction_asked", "sex")]
    assert only(accept_dossiers(dossiers=[dossier], by=tam, at=LATER)).code == "difference_open"
    read = persons.states([wrong.id])[wrong.id]
    decision = CorrectionDecision(dossier=dossier, field="sex", apply=True, version=read.version)
    assert only(decide_corrections(decisions=[decision], by=tam, at=LATER)).code == "paper_needed"
    with_paper = replace(decision, paper="Giấy khai sinh 12/1975")
    assert decide_corrections(decisions=[with_paper], by=tam, at=LATER).done == [dossier]
    assert only(decide_corrections(decisions=[with_paper], by=tam, at=LATER)).code == "no_such_correction"
    assert codes(dossier) == [("sex_differs", "number")]
    assert only(accept_dossiers(dossiers=[dossier], by=tam, at=LATER)).values["codes"] == "sex_differs"

    ask = ApprovalRequest(new_id(), ApprovalKind.CANCEL_NUMBER, "person", wrong.id, wrong.unit, "Sai giới tính")
    assert not people.request_approvals(requests=[ask], by=tam, at=LATER).refused
    assert not people.decide_approvals(decisions=[Decision(ask.id, granted=True)], by=lan, at=LATER).refused
    row = NumberReplacement(person=wrong.id, wrong=WrongPart.SEX, approval=ask.id)
    assert not register.replace_numbers(requests=[row], by=tam, at=LATER, real=LATER).refused
    assert queries.unchecked() == {30: [dossier]}
    assert check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER).accepted == [dossier]
    assert number_of(wrong)[:6] == "030175"
    assert sorted((one.code.value, one.settled) for one in queries.findings(dossier)) == [
        ("correction_asked", "applied"), ("sex_differs", "gone"),
    ]  # fmt: skip


def test_a_declined_correction_is_not_asked_again_until_a_new_packet_asks(farmer, tam):
    dossier = received(farmer, corrections={"name": "Nguyễn Văn Hòe", "birth": "2/3/1975"})
    check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER)
    assert codes(dossier) == [("correction_asked", "birth"), ("correction_asked", "name")]
    version = persons.states([farmer.id])[farmer.id].version
    no = CorrectionDecision(dossier=dossier, field="name", apply=False, version=version)
    yes = CorrectionDecision(
        dossier=dossier, field="birth", apply=True, version=version, paper="Giấy khai sinh 12/1975"
    )
    assert decide_corrections(decisions=[no, yes], by=tam, at=LATER).done == [dossier]
    read = persons.states([farmer.id])[farmer.id]
    assert (read.name, read.birth) == ("Nguyễn Văn Hoà", PartialDate.parse("2/3/1975"))
    assert codes(dossier) == []
    back = DossierMove(dossier=dossier, step=Step.RETURNED, at=LATER, reason=Mend.POOR_PHOTO.value)
    move_dossiers(moves=[back], by=tam, at=LATER)
    second = intake(farmer, AT + timedelta(days=1), id=dossier, attempt=2, corrections={"name": "Nguyễn Văn Hòe"})
    assert not receive(intakes=[second], by=CREW, at=second.taken_at).refused
    check_dossiers(dossiers=[dossier], by=MACHINE, at=second.taken_at)
    assert codes(dossier) == [("correction_asked", "name")]


def test_a_person_changed_meanwhile_keeps_both_corrections_of_a_dossier_open(farmer, tam):
    dossier = received(farmer, corrections={"name": "Nguyễn Văn Hòe", "birth": "tháng ba"})
    check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER)
    version = persons.states([farmer.id])[farmer.id].version
    rows = [
        CorrectionDecision(dossier=dossier, field="name", apply=True, version=version - 1, paper="GKS"),
        CorrectionDecision(dossier=dossier, field="birth", apply=False, version=version - 1),
    ]
    result = decide_corrections(decisions=rows, by=tam, at=LATER)
    assert [(row.index, row.refusal.code) for row in result.refused] == [
        (0, "changed_meanwhile"),
        (1, "changed_meanwhile"),
    ]
    assert len(codes(dossier)) == 2


def test_the_dead_are_not_accepted_and_nobody_is_refused_by_the_machine(farmer, tam):
    dossier = received(farmer)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE register_person SET life = 'dead', died_on = '2021-05-01' WHERE id = %s", [farmer.id])
    assert check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER).waiting == [dossier]
    assert (codes(dossier), state(dossier)) == ([("not_living", "")], State.RECEIVED)
    assert only(accept_dossiers(dossiers=[dossier], by=tam, at=LATER)).code == "difference_open"


def test_unknown_and_moved_dossiers_are_refused_row_by_row(farmer, tam):
    dossier, nobody = received(farmer), new_id()
    assert [row.index for row in check_dossiers(dossiers=[dossier, nobody], by=MACHINE, at=LATER).refused] == [1]
    back = DossierMove(dossier=dossier, step=Step.RETURNED, at=LATER, reason=Mend.POOR_PHOTO.value)
    move_dossiers(moves=[back], by=tam, at=LATER)
    result = accept_dossiers(dossiers=[dossier, nobody], by=tam, at=LATER)
    assert [row.refusal.code for row in result.refused] == ["wrong_state", "unknown_dossier"]
    assert check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER).waiting == []


def test_a_batch_takes_the_same_number_of_questions_at_any_size(units, django_assert_max_num_queries):
    citizens = taken(
        *[person(f"Lê Văn {name}", f"{n}/3/1975") for n, name in enumerate(["Bình", "Cường", "Dũng", "Giang"], 1)]
    )
    rows = [received(one) for one in citizens]
    with django_assert_max_num_queries(60) as one:
        check_dossiers(dossiers=rows[:1], by=MACHINE, at=LATER)
    with django_assert_max_num_queries(60) as three:
        assert len(check_dossiers(dossiers=rows[1:], by=MACHINE, at=LATER).accepted) == 3
    assert len(three) <= len(one)  # the first of all makes the metrics and the block


def test_the_database_holds_a_finding_open_once_and_settled_with_a_word(units):
    dossier = received(taken(person("Lê Văn Bình", "2/3/1975", registered_unit=None)))
    check_dossiers(dossiers=[dossier], by=MACHINE, at=LATER)
    copy = "SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid()))).*"
    for sql in (
        "UPDATE processing_finding SET settled = 'gone'",
        "UPDATE processing_finding SET settled_at = now()",
        "UPDATE processing_finding SET code = 'likeness'",
        f"INSERT INTO processing_finding {copy} FROM processing_finding AS one",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_counters_and_chain_stand_after_checks_decisions_and_numbers(units):
    clean, unclean = taken(person("Lê Thị Mai", "1/3/1975"), person("Lê Văn Bình", "2/3/1975", registered_unit=None))
    check_dossiers(dossiers=[received(clean), received(unclean)], by=MACHINE, at=LATER)
    assert list(differences()) == []
    with connection.cursor() as cursor:  # by other words than the queries'
        cursor.execute(
            "SELECT (SELECT count(*) FROM capture_dossier WHERE state = 'accepted'),"
            " (SELECT count(*) FROM capture_dossier JOIN processing_finding ON dossier_id = capture_dossier.id"
            "  WHERE state = 'received' AND severity = 'error' AND differs_from_register AND settled_at IS NULL),"
            " (SELECT count(*) FROM register_number JOIN register_person USING (number)"
            "  WHERE register_person.id = person AND number_state = 'numbered')"
        )
        assert cursor.fetchone() == (1, 1, 1)
