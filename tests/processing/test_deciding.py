from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from muster.audit import queries as audit
from muster.capture import queries as dossiers
from muster.capture.moves import Step
from muster.capture.operations import move_dossiers
from muster.capture.rows import DossierMove
from muster.capture.words import State
from muster.events import queries as journal
from muster.kernel.ids import new_id
from muster.law.duty import LifeStatus
from muster.people import operations as people
from muster.people.operations import Decision
from muster.people.operations.approvals import ApprovalRequest
from muster.people.words import ApprovalKind
from muster.processing import queries
from muster.processing.operations import (
    PairDecision,
    Reopening,
    accept_dossiers,
    check_dossiers,
    decide_pairs,
    merge_pairs,
    reopen_pairs,
)
from muster.processing.words import Pair, Sign
from muster.register import queries as persons
from muster.register.operations import PersonMerge, merge_persons, take_in
from muster.register.operations.merging import MERGE, merge_subject
from muster.register.words import Kinship, Relation
from tests.processing.conftest import AT, HOP_TIEN, LATER, MACHINE, person, received, taken
from tests.register.conftest import BY, family


def flagged(dossier):
    return dossiers.states([dossier])[dossier].suspect_duplicate


def state(dossier):
    return dossiers.states([dossier])[dossier].state


def check(*rows, at=LATER):
    return check_dossiers(dossiers=list(rows), by=MACHINE, at=at)


def only(result):
    (row,) = result.refused
    return row.refusal


def the_pair():
    (line,) = queries.pairs_waiting([30], limit=10)
    return line


def decide(by, same, *, why="Đã xem hai hồ sơ", gone=None, **more):
    row = PairDecision(pair=the_pair().id, same=same, why=why, gone=gone, **more)
    return decide_pairs(decisions=[row], by=by, at=LATER, real=LATER)


@pytest.fixture
def twins(units):
    elder = person("Trần Minh Anh", "10/2/2005", number="030205000001")
    younger = replace(
        person("Trần Minh Ánh", "10/2/2005", household=elder.household, number="030205000002"),
        relation=Relation.SIBLING,
    )
    homes, rows = family(elder, younger)
    assert not take_in(households=homes, persons=rows, by=BY, at=AT).refused
    return elder, younger


@pytest.fixture
def twice(units):
    """One man whom two communes have written down: the second without a number, one letter off."""
    return taken(
        person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", old_numbers=("142000111",)),
        person("Nguyễn Văn Hoàn", "1/3/1975", unit=HOP_TIEN, old_numbers=("142000222",)),
    )


def test_twins_are_two_people_and_never_asked_about_again(twins, tam):
    mine, theirs = (received(one, age=16) for one in twins)
    assert check(mine).waiting == [mine]
    line = the_pair()
    assert line.signs == (
        Sign.SAME_LETTERS, Sign.SAME_BIRTH, Sign.SAME_SEX, Sign.SAME_BIRTHPLACE, Sign.SAME_HAMLET,
    )  # fmt: skip
    assert (line.score, line.state, {line.one, line.other}) == (68, Pair.OPEN, {one.id for one in twins})
    assert (flagged(mine), flagged(theirs)) == (True, True)
    assert only(accept_dossiers(dossiers=[mine], by=tam, at=LATER)).code == "suspicion_open"
    assert decide(tam, same=False, why="Sinh đôi, hai giấy khai sinh").done == [line.id]
    assert (flagged(mine), flagged(theirs)) == (False, False)
    assert set(check(mine, theirs).accepted) == {mine, theirs}
    assert [event.move for event in journal.life(line.id)] == ["suspected", "found_two"]
    assert queries.pair(line.id).state is Pair.TWO_PEOPLE
    assert len(queries.pairs_of([twins[0].id])) == 1
    with connection.cursor() as cursor:  # by other words than the queries'
        cursor.execute("SELECT one_id < other_id, count(*) OVER () FROM processing_suspicion")
        assert cursor.fetchall() == [(True, 1)]


def test_the_machine_decides_nothing_and_a_reason_is_needed(twins, tam):
    check(received(twins[0], age=16))
    assert only(decide(MACHINE, same=False)).code == "decided_by_a_person"
    assert only(decide(tam, same=False, why="  ")).code == "decided_by_a_person"
    assert only(decide(tam, same=True)).code == "not_one_of_them"
    assert decide(tam, same=False).done
    again = PairDecision(pair=queries.pairs_of([twins[0].id])[0].id, same=False, why="Đã xem hai hồ sơ")
    assert decide_pairs(decisions=[again], by=tam, at=LATER, real=LATER).done == [again.pair]
    other = replace(again, why="Khác")
    assert only(decide_pairs(decisions=[other], by=tam, at=LATER, real=LATER)).code == "already_decided"
    assert len(journal.life(again.pair)) == 2
    unknown = replace(again, pair=new_id())
    assert only(decide_pairs(decisions=[unknown], by=tam, at=LATER, real=LATER)).code == "unknown_pair"
    for sql in (
        "UPDATE processing_suspicion SET decided_by = NULL",
        "UPDATE processing_suspicion SET state = 'merged'",
        "UPDATE processing_suspicion SET why = ' '",
        "UPDATE processing_suspicion SET one_id = other_id, other_id = one_id",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def reopen(pair, by, why="Nhầm hai hồ sơ"):
    return reopen_pairs(reopenings=[Reopening(pair=pair, why=why)], by=by, at=LATER)


def test_what_was_decided_as_two_by_mistake_is_asked_again_with_a_reason(twins, tam):
    mine = received(twins[0], age=16)
    check(mine)
    line = the_pair()
    assert only(reopen(line.id, tam)).code == "not_reopened"  # it is open
    decide(tam, same=False, why="Sinh đôi")
    assert only(reopen(line.id, MACHINE)).code == "decided_by_a_person"
    assert only(reopen(line.id, tam, why=" ")).code == "decided_by_a_person"
    assert only(reopen(new_id(), tam)).code == "unknown_pair"
    for _ in range(2):  # sent again
        assert reopen(line.id, tam).done == [line.id]
    assert (the_pair().state, the_pair().why, flagged(mine)) == (Pair.OPEN, "Nhầm hai hồ sơ ← Sinh đôi", True)
    assert [event.move for event in journal.life(line.id)] == ["suspected", "found_two", "reopened"]
    assert check(mine).waiting == [mine]
    assert only(accept_dossiers(dossiers=[mine], by=tam, at=LATER)).code == "suspicion_open"
    assert decide(tam, same=False, why="Gặp cả hai").done == [line.id]
    assert check(mine).accepted == [mine]


def test_a_pair_that_was_merged_is_not_asked_again(twice, tam, lan):
    check(received(twice[0]))
    line = the_pair()
    approval = new_id()
    decide(tam, same=True, gone=twice[1].id, approval=approval)
    people.decide_approvals(decisions=[Decision(approval, granted=True)], by=lan, at=LATER).whole()
    merge_pairs(pairs=[line.id], by=tam, at=LATER, real=LATER).whole()
    assert only(reopen(line.id, tam)).code == "not_reopened"


def near(units, *people):
    """Return whether a first person's dossier raises a question about any of the others."""
    first, *_ = taken(*people)
    check(received(first))
    return sorted(line.score for line in queries.pairs_of([first.id]))


@pytest.mark.parametrize(
    ("name", "birth", "more", "scores"),
    [
        ("Nguyễn Văn Hoà", "1/3/1975", {}, [73]),
        ("Nguyễn Văn Hòa", "1/3/1975", {"unit": HOP_TIEN}, [61]),  # the mark elsewhere is the same name
        ("Nguyen Van Hoa", "1/3/1975", {"unit": HOP_TIEN}, [57]),
        ("Nguyễn Hoà", "1/3/1975", {}, [64]),  # a middle name lost
        ("Nguyễn Văn Hoàn", "1/3/1975", {}, [64]),  # a slip in the given name
        ("Nguyên Văm Hoà", "1/3/1975", {}, [64]),  # and in the others
        ("Nguyễn Văn Hoà", "3/1/1975", {}, [66]),  # day and month exchanged
        ("Nguyễn Văn Hoà", "1975", {}, [55]),
        ("Nguyễn Văn Hoà", "3/1975", {}, [55]),
        ("Nguyễn Văn Hoà", "1975", {"unit": HOP_TIEN}, []),  # a name and a year are shared by many
        ("Nguyễn Văn Hoà", "1/3/1975", {"unit": HOP_TIEN, "registered_unit": HOP_TIEN}, []),
        ("Nguyễn Văn Hoà", "1/3/1976", {}, []),
        ("Trần Thị Lan", "1/3/1975", {}, []),
    ],
)  # fmt: skip
def test_near_keys_find_whom_a_slip_hides_and_not_namesakes(units, name, birth, more, scores):
    assert near(units, person("Nguyễn Văn Hoà", "1/3/1975"), person(name, birth, **more)) == scores


def test_a_vague_birth_is_found_from_its_own_side_too(units):
    assert near(units, person("Nguyễn Văn Hoà", "1975"), person("Nguyễn Văn Hoà", "1/3/1975")) == [55]
    assert near(units, person("Lê Thị Mai", "3/1970"), person("Lê Thị Mai", "1970")) == [55]


def test_one_old_number_on_two_people_is_asked_at_any_score(units):
    with_number = {"old_numbers": ("142000111",)}
    found = near(
        units,
        person("Nguyễn Văn Hoà", "1/3/1975", **with_number),
        person("Trần Thị Lan", "5/5/1960", unit=HOP_TIEN, registered_unit=HOP_TIEN, **with_number),
    )
    assert found == [20]


def test_nobody_is_refused_by_a_score(units, tam):
    first, _ = taken(person("Nguyễn Văn Hoà", "1/3/1975"), person("Nguyễn Văn Hoà", "1/3/1975"))
    mine = received(first)
    assert check(mine).waiting == [mine]
    assert (the_pair().score, state(mine)) == (73, State.RECEIVED)
    assert [event.move for event in journal.life(mine)] == ["received"]
    decide(tam, same=False)
    assert check(mine).accepted == [mine]


def test_a_duplicate_is_merged_by_two_and_its_dossier_withdrawn(twice, tam, lan):
    real, double = twice
    mine, theirs = received(real), received(double)
    check(mine, theirs)
    line = the_pair()
    assert only(decide(tam, same=True, gone=real.id)).code == "numbered_goes_on"
    assert decide(tam, same=True, gone=double.id).done == [line.id]
    asked = queries.pair(line.id)
    assert (asked.state, asked.gone, queries.pair_of_approval(asked.approval).id) == (
        Pair.SAME_PERSON,
        double.id,
        line.id,
    )
    assert only(merge_pairs(pairs=[line.id], by=tam, at=LATER, real=LATER)).code == "approval_not_granted"
    own = people.decide_approvals(decisions=[Decision(asked.approval, granted=True)], by=tam, at=LATER)
    assert only(own).code == "needs_second_person"
    assert people.decide_approvals(decisions=[Decision(asked.approval, granted=True)], by=lan, at=LATER).done
    assert only(merge_pairs(pairs=[line.id], by=lan, at=LATER, real=LATER)).code == "needs_second_person"
    assert state(theirs) is State.RECEIVED  # nothing of a refused merge stays
    assert merge_pairs(pairs=[line.id], by=tam, at=LATER, real=LATER).done == [line.id]
    assert merge_pairs(pairs=[line.id], by=tam, at=LATER, real=LATER).done == [line.id]

    held = persons.states([double.id])[double.id]
    assert (held.life, persons.merged_into([double.id])) == (LifeStatus.DELETED, {double.id: real.id})
    ended = dossiers.states([theirs])[theirs]
    assert (ended.state, ended.reason) == (State.WITHDRAWN, "duplicate")
    assert check(mine).accepted == [mine]
    assert {one.id for one in persons.by_old_number("142000222")} == {double.id, real.id}
    assert [event.move for event in journal.life(line.id)] == ["suspected", "found_same", "merged"]
    assert [event.move for event in journal.life(double.id)] == ["take_in", "merge"]
    assert "register.merge" in {one.action for one in audit.latest(limit=9)}


def test_the_numbers_of_a_merged_row_are_cancelled_and_lead_to_who_goes_on(units, tam, lan):
    real, double = taken(
        person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"),
        person("Nguyễn Văn Hoà", "1/3/1975", number="030075654321"),
    )
    check(received(real))
    decide(tam, same=True, gone=double.id)
    line = the_pair()
    people.decide_approvals(decisions=[Decision(line.approval, granted=True)], by=lan, at=LATER)
    assert merge_pairs(pairs=[line.id], by=tam, at=LATER, real=LATER).done == [line.id]
    (cancelled,) = persons.person_page(double.id, allowed=frozenset()).numbers
    assert (cancelled.number, cancelled.until, cancelled.reason) == ("030075654321", LATER.date(), "merged")
    assert [one.id for one in persons.by_number("030075654321")] == [real.id]
    assert [one.kind.value for one in persons.person_page(real.id, allowed=frozenset()).life] == ["merged"]


def merged(gone, into, by, second):
    """Merge a row into another, by two people."""
    subject = merge_subject(gone.id, into.id)
    request = ApprovalRequest(new_id(), ApprovalKind.MERGE, MERGE, subject, gone.unit, "Một người")
    asked = people.request_approvals(requests=[request], by=by, at=LATER).done
    assert people.decide_approvals(decisions=[Decision(asked[0], granted=True)], by=second, at=LATER).done
    row = PersonMerge(gone=gone.id, into=into.id, approval=asked[0])
    assert not merge_persons(merges=[row], by=by, at=LATER, real=LATER).refused


def ties(one):
    """Return the family that a person's page shows."""
    return [(tie.kinship, tie.person) for tie in persons.person_page(one.id, allowed=frozenset()).kin]


def test_the_family_of_a_merged_row_is_that_of_the_row_that_goes_on(units, tam, lan):
    father, mother, stranger = taken(*(person(f"Nguyễn {name}", "1950") for name in ("Văn Ba", "Thị Tư", "Văn Sáu")))
    wife, real = taken(
        person("Trần Thị Lan", "1977"), person("Nguyễn Văn Hoà", "1/3/1975", kin=((Kinship.FATHER, father.id),))
    )
    double = taken(
        person(
            "Nguyễn Văn Hoà", "1/3/1975",
            kin=(
                (Kinship.FATHER, stranger.id), (Kinship.MOTHER, mother.id), (Kinship.SPOUSE, wife.id),
                (Kinship.REPRESENTATIVE, real.id), (Kinship.REPRESENTATIVE, father.id),
            ),
        )
    )  # fmt: skip
    child, other = taken(
        person("Nguyễn Thị Na", "2010", kin=((Kinship.FATHER, double.id), (Kinship.REPRESENTATIVE, double.id))),
        person(
            "Nguyễn Văn Tí", "2012",
            kin=((Kinship.REPRESENTATIVE, real.id), (Kinship.REPRESENTATIVE, double.id)),
        ),
    )  # fmt: skip
    merged(double, real, tam, lan)
    assert ties(real) == [
        ("spouse", wife.id), ("father", father.id), ("mother", mother.id), ("representative", father.id),
        ("child", child.id), ("ward", child.id), ("ward", other.id),
    ]  # fmt: skip
    assert ties(child) == [("father", real.id), ("representative", real.id)]
    assert ties(other) == [("representative", real.id)]
    assert ties(mother) == [("child", real.id)]
    assert ties(stranger) == []
    assert ties(double) == [("father", stranger.id)]  # what the closed row said, and the other does not
    assert persons.wards(stranger.id) == []
    assert [one.id for one in persons.wards(mother.id)] == [real.id]


def test_a_number_leads_through_two_merges_to_who_goes_on(units, tam, lan):
    first, second, real = taken(
        *(person("Nguyễn Văn Hoà", "1/3/1975", number=f"03007512345{last}") for last in range(3))
    )
    merged(first, second, tam, lan)
    merged(second, real, tam, lan)
    assert [one.id for one in persons.by_number("030075123450")] == [real.id]


def test_a_second_person_who_refuses_leaves_the_question_open_to_be_decided_again(twice, tam, lan):
    mine = received(twice[0])
    check(mine)
    decide(tam, same=True, gone=twice[1].id)
    line = the_pair()
    people.decide_approvals(decisions=[Decision(line.approval, granted=False)], by=lan, at=LATER)
    assert only(merge_pairs(pairs=[line.id], by=tam, at=LATER, real=LATER)).code == "approval_not_granted"
    assert check(mine).waiting == [mine]
    assert decide(tam, same=False, why="Hai người, đã gặp cả hai").done == [line.id]
    assert check(mine).accepted == [mine]


def test_a_dossier_whose_card_was_made_for_the_double_is_voided_by_the_merge(twice, tam, lan):
    theirs = received(twice[1])
    move_dossiers(moves=[DossierMove(dossier=theirs, step=Step.ACCEPTED, at=LATER)], by=tam, at=LATER)
    move_dossiers(moves=[DossierMove(dossier=theirs, step=Step.PRODUCED, at=LATER)], by=tam, at=LATER)
    check(received(twice[0]))
    assert flagged(theirs)
    decide(tam, same=True, gone=twice[1].id)
    line = the_pair()
    people.decide_approvals(decisions=[Decision(line.approval, granted=True)], by=lan, at=LATER)
    assert merge_pairs(pairs=[line.id], by=tam, at=LATER, real=LATER).done == [line.id]
    assert state(theirs) is State.WITHDRAWN
    assert [(event.move, event.reason) for event in journal.life(theirs)][-1] == ("voided", "duplicate")
    assert dossiers.open_of([twice[1].id]) == {}


def test_a_head_of_others_is_not_closed_and_a_row_is_merged_once(twins, tam, lan):
    check(received(twins[0], age=16))
    decide(tam, same=True, gone=twins[0].id)
    line = the_pair()
    people.decide_approvals(decisions=[Decision(line.approval, granted=True)], by=lan, at=LATER)
    assert only(merge_pairs(pairs=[line.id], by=tam, at=LATER, real=LATER)).code == "head_must_change"
    self = PersonMerge(gone=twins[0].id, into=twins[0].id, approval=line.approval)
    assert only(merge_persons(merges=[self], by=tam, at=LATER, real=LATER)).code == "not_two_rows"
    turned = PersonMerge(gone=twins[1].id, into=twins[0].id, approval=line.approval)  # granted the other way round
    assert only(merge_persons(merges=[turned], by=tam, at=LATER, real=LATER)).code == "needs_second_person"


def test_waiting_pairs_take_one_question(twice, tam, django_assert_num_queries):
    check(received(twice[0]))
    with django_assert_num_queries(1):
        assert len(queries.pairs_waiting([30], limit=10)) == 1
    assert queries.pairs_waiting([HOP_TIEN], limit=10) == []
