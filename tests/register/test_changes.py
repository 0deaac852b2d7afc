from dataclasses import replace
from datetime import date, timedelta

import pytest

from muster.audit import queries as audit
from muster.events import queries as journal
from muster.kernel.actor import Actor, Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.law.duty import LifeStatus
from muster.law.numbers import NumberState
from muster.people.rights import Grants
from muster.people.words import Field, Kind, Role
from muster.register import queries
from muster.register.models import Household, Person
from muster.register.operations import (
    Correction,
    HeadChange,
    LifeChange,
    PermanentMove,
    PersonMerge,
    RowMerged,
    allocate_numbers,
    change_heads,
    correct,
    erase_sensitive,
    merge_persons,
    move,
    record_life_events,
    take_in,
)
from muster.register.operations.merging import MERGE, merge_subject
from muster.register.sensitive import Sensitive
from muster.register.words import LifeEventKind, Relation
from tests.people.factories import approval, assignment, officer
from tests.register.conftest import AN_LAM, AT, BY, HAMLET, HOP_TIEN, family, person, taken

pytestmark = pytest.mark.usefixtures("units")
ALL = frozenset(Field)


def page(one):
    return queries.person_page(one.id, allowed=ALL)


def codes(result):
    return [(row.index, row.refusal.code) for row in result.refused]


def couple():
    home = new_id()
    man = person("Lê Văn Mai", "1970", household=home)
    wife = person("Trần Thị Lan", "1972", sex=Sex.FEMALE, household=home, relation=Relation.SPOUSE)
    households, persons = family(man, wife)
    take_in(households=households, persons=persons, by=BY, at=AT)
    return man, wife


def test_a_correction_keeps_old_and_new_and_finds_the_person_under_the_new_name():
    one = taken(person("Lê Văn Mai", "1975", sensitive=Sensitive(phone="0551234567", religion="Không")))
    changes = {"name": "Lê Văn Mại", "birth": PartialDate(1975, 3, 1), "phone": "0557654321"}
    assert not correct(
        corrections=[Correction(person=one.id, version=1, changes=changes, paper="GKS 12/1975")],
        grants=None,
        by=BY,
        at=AT,
    ).refused
    now = page(one)
    assert (now.line.name, now.line.birth, now.version) == ("Lê Văn Mại", PartialDate(1975, 3, 1), 2)
    assert now.sensitive == {"phone": "0557654321", "religion": "Không"}
    assert [(one.kind, one.paper, one.by_officer) for one in now.life] == [
        (LifeEventKind.CORRECTED, "GKS 12/1975", BY.officer)
    ]
    assert [line.id for line in queries.find("le van mai", birth=PartialDate(1975, 3, 1))] == [one.id]
    assert [event.move for event in journal.life(one.id)] == ["take_in", "correct"]
    assert audit.looks_at("person", one.id)[0].action == "register.correct"
    assert "0557654321" not in str(audit.looks_at("person", one.id))


def test_a_row_becomes_fit_for_a_number_when_its_place_of_registration_is_found():
    one = taken(person("Lê Văn Mai", "01/03/1975", registered_unit=None))
    (refused,) = allocate_numbers(persons=[one.id], by=BY, at=AT).refused
    assert refused.refusal.code == "not_eligible"
    found = Correction(person=one.id, version=1, changes={"registered_unit": HAMLET}, paper="GKS 12/1975")
    correct(corrections=[found], grants=None, by=BY, at=AT)
    assert page(one).number_state == NumberState.ELIGIBLE
    ((_, number),) = allocate_numbers(persons=[one.id], by=BY, at=AT).done
    assert number.startswith("030075")


def test_who_corrects_what_another_has_changed_is_told_to_look_again():
    one = taken(person("Lê Văn Mai", "1975"))
    row = Correction(person=one.id, version=1, changes={"occupation": "farmer"})
    again = Correction(person=one.id, version=1, changes={"occupation": "office"})
    assert codes(correct(corrections=[row, again], grants=None, by=BY, at=AT)) == [(1, "changed_meanwhile")]
    assert codes(correct(corrections=[again], grants=None, by=BY, at=AT)) == [(0, "changed_meanwhile")]
    assert page(one).occupation == "farmer"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "030075000001"}, "not_correctable"),
        ({"sex": "x"}, "not_correctable"),
        ({"name": " "}, "name_missing"),
        ({"native_unit": 99}, "unit_unknown"),
        ({"birth": PartialDate(2021, 5, 9)}, "day_cannot_be"),
        ({"occupation": "x" * 17}, "text_too_long"),
    ],
)
def test_a_wrong_correction_is_refused_alone(changes, code):
    one, other = taken(person("Lê Văn Mai", "1975"), person("Lê Văn Hai", "1975"))
    rows = [
        Correction(person=one.id, version=1, changes={"marital": "married", **changes}),
        Correction(person=other.id, version=1, changes={"marital": "married"}),
        Correction(person=new_id(), version=1, changes={}),
    ]
    assert codes(correct(corrections=rows, grants=None, by=BY, at=AT)) == [(0, code), (2, "unknown_person")]
    assert (page(one).marital, page(other).marital) == ("", "married")


def test_a_head_moves_only_when_another_is_named():
    man, wife = couple()
    away = PermanentMove(person=man.id, unit=HOP_TIEN, since=date(2021, 5, 1), household=new_id())
    assert codes(move(moves=[away], grants=None, by=BY, at=AT)) == [(0, "head_must_change")]
    named = HeadChange(household=wife.household, head=wife.id, former_relation=Relation.SPOUSE)
    assert not change_heads(changes=[named], grants=None, by=BY, at=AT).refused
    assert not move(moves=[away], grants=None, by=BY, at=AT).refused
    assert (page(man).line.unit, page(man).relation, page(man).household) == (HOP_TIEN, Relation.HEAD, away.household)
    assert [(one.unit, one.since, one.until) for one in page(man).residences] == [(HAMLET, None, date(2021, 5, 1))]
    assert [one.name for one in page(wife).members] == ["Trần Thị Lan"]
    assert [event.unit_residence for event in journal.life(man.id)] == [HAMLET, HAMLET, HOP_TIEN]


def test_the_last_of_a_household_who_moves_closes_it():
    one, other = taken(person("Lê Văn Mai", "1975"), person("Lê Văn Hai", "1980"))
    join = PermanentMove(
        person=one.id, unit=HAMLET, since=date(2021, 5, 1), household=other.household, relation=Relation.OTHER
    )
    assert not move(moves=[join], grants=None, by=BY, at=AT).refused
    assert Household.objects.get(id=one.household).closed_on == date(2021, 5, 1)
    assert {one.name for one in page(other).members} == {"Lê Văn Hai", "Lê Văn Mai"}
    nowhere = PermanentMove(
        person=one.id, unit=HAMLET, since=date(2021, 5, 2), household=new_id(), relation=Relation.OTHER
    )
    assert codes(move(moves=[nowhere], grants=None, by=BY, at=AT)) == [(0, "no_such_household")]


def test_nobody_moves_after_today_nor_before_the_birth_nor_once_dead_nor_as_read_before_another_change():
    one = taken(person("Lê Văn Mai", "1975"))
    away = PermanentMove(person=one.id, unit=HOP_TIEN, since=date(2021, 5, 1), household=new_id(), paper="CT01")
    told = [replace(away, since=day) for day in (date(2021, 5, 9), date(1974, 12, 31))]
    assert codes(move(moves=[*told, replace(away, version=7)], grants=None, by=BY, at=AT)) == [
        (0, "day_cannot_be"), (1, "day_cannot_be"), (2, "changed_meanwhile"),
    ]  # fmt: skip
    read = replace(away, version=1)
    assert codes(move(moves=[read, read], grants=None, by=BY, at=AT)) == [
        (1, "changed_meanwhile")
    ]  # sent twice, done once
    assert [(event.kind, event.paper) for event in page(one).life] == [(LifeEventKind.MOVED, "CT01")]
    death = LifeChange(person=one.id, kind=LifeEventKind.DIED, on=PartialDate(2021, 5), version=1)
    assert codes(record_life_events(events=[death], grants=None, by=BY, at=AT)) == [(0, "changed_meanwhile")]
    assert not record_life_events(events=[replace(death, version=2)], grants=None, by=BY, at=AT).refused
    assert codes(move(moves=[away], grants=None, by=BY, at=AT)) == [(0, "not_alive")]


def test_a_death_is_told_once_and_a_head_is_followed_by_another():
    man, wife = couple()
    death = LifeChange(person=man.id, kind=LifeEventKind.DIED, on=PartialDate(2021, 5), paper="KT 7")
    assert codes(record_life_events(events=[death], grants=None, by=BY, at=AT)) == [(0, "head_must_change")]
    change_heads(changes=[HeadChange(household=man.household, head=wife.id)], grants=None, by=BY, at=AT)
    widow = LifeChange(person=wife.id, kind=LifeEventKind.WIDOWED, on=PartialDate(2021, 5))
    assert not record_life_events(events=[death, widow, death], grants=None, by=BY, at=AT).refused
    assert (page(man).line.life, page(man).died_on, page(wife).marital) == ("dead", "2021-05", "widowed")
    assert [one.kind for one in page(man).life] == [LifeEventKind.DIED]
    back = LifeChange(person=man.id, kind=LifeEventKind.MARRIED, on=PartialDate(2021, 6))
    assert codes(record_life_events(events=[back], grants=None, by=BY, at=AT)) == [(0, "not_alive")]
    dead_head = HeadChange(household=man.household, head=man.id)
    assert codes(change_heads(changes=[dead_head], grants=None, by=BY, at=AT)) == [(0, "not_a_member")]


def test_a_death_told_again_writes_nothing_and_of_another_day_is_refused():
    one = taken(person("Lê Văn Mai", "1930"))
    death = LifeChange(person=one.id, kind=LifeEventKind.DIED, on=PartialDate(2021, 5, 2), paper="KT 7", version=1)
    assert not record_life_events(events=[death, death], grants=None, by=BY, at=AT).refused
    assert not record_life_events(events=[replace(death, paper="KT 8")], grants=None, by=BY, at=AT).refused
    other = [replace(death, on=day) for day in (PartialDate(2021, 5, 3), PartialDate(2021, 5))]
    result = record_life_events(events=other, grants=None, by=BY, at=AT)
    assert codes(result) == [(0, "died_another_day"), (1, "died_another_day")]
    assert result.refused[0].refusal.values == {"day": PartialDate(2021, 5, 2)}
    assert [(one.kind, one.paper) for one in page(one).life] == [(LifeEventKind.DIED, "KT 7")]
    assert [event.move for event in journal.life(one.id)] == ["take_in", "life_event"]
    assert [look.action for look in audit.looks_at("person", one.id)] == ["register.life_event", "register.take_in"]
    assert (page(one).died_on, page(one).version) == ("2021-05-02", 2)


def test_of_one_known_to_be_dead_the_day_may_be_told_later():
    one = taken(person("Lê Văn Mai", "1930", life=LifeStatus.DEAD))
    death = LifeChange(person=one.id, kind=LifeEventKind.DIED, on=PartialDate(2020), paper="KT 7")
    assert not record_life_events(events=[death, death], grants=None, by=BY, at=AT).refused
    assert (page(one).died_on, len(page(one).life)) == ("2020", 1)


@pytest.mark.parametrize("on", [PartialDate(2021, 5, 9), PartialDate(1974)])
def test_a_death_before_the_birth_or_after_today_is_refused(on):
    one = taken(person("Lê Văn Mai", "1975"))
    told = [LifeChange(person=one.id, kind=LifeEventKind.DIED, on=day) for day in (on, PartialDate(2021))]
    assert codes(record_life_events(events=told, grants=None, by=BY, at=AT)) == [(0, "day_cannot_be")]


def test_a_paper_of_too_many_letters_is_refused_and_nothing_changes():
    one = taken(person("Lê Văn Mai", "1975"))
    row = Correction(person=one.id, version=1, changes={"marital": "married"}, paper="x" * 121)
    assert codes(correct(corrections=[row], grants=None, by=BY, at=AT)) == [(0, "text_too_long")]
    assert page(one).marital == ""


def test_the_death_of_one_who_lived_alone_closes_the_household():
    one = taken(person("Lê Văn Mai", "1930"))
    death = LifeChange(person=one.id, kind=LifeEventKind.DIED, on=PartialDate(2021, 5, 2))
    assert not record_life_events(events=[death], grants=None, by=BY, at=AT).refused
    assert Household.objects.get(id=one.household).closed_on == date(2021, 5, 2)


def family_of_five():
    """Return a head with a wife, a child, the head's own father who is dead, and one who came in as something else."""
    home = new_id()
    members = [
        person(name, born, sex=sex, household=home, relation=relation, **more)
        for name, born, sex, relation, more in (
            ("Lê Văn Mai", "1970", Sex.MALE, Relation.HEAD, {}),
            ("Trần Thị Lan", "1972", Sex.FEMALE, Relation.SPOUSE, {}),
            ("Lê Văn Tí", "2001", Sex.MALE, Relation.CHILD, {}),
            ("Lê Văn Cả", "1940", Sex.MALE, Relation.PARENT, {"life": LifeStatus.DEAD}),
            ("Lê Thị Út", "1980", Sex.FEMALE, Relation.SIBLING, {}),
        )
    ]
    households, persons = family(*members)
    assert not take_in(households=households, persons=persons, by=BY, at=AT).refused
    return members


def relations(*members):
    held = queries.states([one.id for one in members])
    return [held[one.id].relation.value for one in members]


def test_after_another_head_everybody_is_related_to_that_one():
    man, wife, child, dead, sister = family_of_five()
    told = HeadChange(
        household=man.household, head=child.id, former_relation=Relation.PARENT, relations={wife.id: Relation.PARENT}
    )
    assert not change_heads(changes=[told], grants=None, by=BY, at=AT).refused
    assert relations(man, wife, child, dead, sister) == ["parent", "parent", "head", "parent", "unknown"]
    assert [queries.states([one.id])[one.id].version for one in (man, wife, child, dead, sister)] == [2, 2, 2, 1, 2]
    assert [[event.move for event in journal.life(one.id)][1:] for one in (man, child, dead, sister)] == [
        ["relate"], ["become_head"], [], ["relate"],
    ]  # fmt: skip
    asked = Correction(person=sister.id, version=2, changes={"relation": "other"}, paper="CT01")
    assert not correct(corrections=[asked], grants=None, by=BY, at=AT).refused
    assert relations(sister) == ["other"]


def test_a_household_has_one_head_whatever_is_told_or_corrected():
    man, wife, child, _, sister = family_of_five()
    rows = [
        HeadChange(household=man.household, head=wife.id, former_relation=Relation.HEAD),
        HeadChange(household=man.household, head=wife.id, relations={child.id: Relation.HEAD}),
        HeadChange(household=man.household, head=wife.id, relations={new_id(): Relation.CHILD}),
    ]
    assert codes(change_heads(changes=rows, grants=None, by=BY, at=AT)) == [
        (0, "only_one_head"), (1, "only_one_head"), (2, "not_a_member"),
    ]  # fmt: skip
    wrong = [
        Correction(person=man.id, version=1, changes={"relation": "other"}),
        Correction(person=sister.id, version=1, changes={"relation": "head"}),
        Correction(person=sister.id, version=1, changes={"relation": "aunt"}),
    ]
    assert [code for _, code in codes(correct(corrections=wrong, grants=None, by=BY, at=AT))] == ["not_correctable"] * 3
    assert relations(man, wife, child, sister) == ["head", "spouse", "child", "sibling"]


def test_a_refused_row_does_not_say_where_somebody_moved():
    one = taken(person("Lê Văn Mai", "1975"))
    here = PermanentMove(person=one.id, unit=HOP_TIEN, since=date(2021, 5, 1), household=new_id())
    nowhere = replace(here, unit=AN_LAM, household=new_id(), relation=Relation.OTHER, since=date(2021, 5, 2))
    assert codes(move(moves=[here, nowhere], grants=None, by=BY, at=AT)) == [(1, "no_such_household")]
    assert [event.unit_residence for event in journal.life(one.id)] == [HAMLET, HOP_TIEN]


LEAD = Grants(BY.officer, Kind.OFFICER, AN_LAM, ((Role.DESK_LEAD, AN_LAM),))
CITIZEN = replace(BY, purpose=Purpose.CITIZEN)


def every_change(one, grants, by):
    """Return what each change of a person is refused with, by the name of the change."""
    moved = PermanentMove(person=one.id, unit=HAMLET, since=date(2021, 5, 1), household=new_id())
    wed = LifeChange(person=one.id, kind=LifeEventKind.MARRIED, on=PartialDate(2021))
    who = {"grants": grants, "by": by, "at": AT}
    results = {
        "correct": correct(corrections=[Correction(person=one.id, version=1, changes={"marital": "single"})], **who),
        "life": record_life_events(events=[wed], **who),
        "head": change_heads(changes=[HeadChange(household=one.household, head=one.id)], **who),
        "move": move(moves=[moved], **who),
        "erase": erase_sensitive(persons=[one.id], **who),
    }
    return {name: row.refusal.code for name, result in results.items() for row in result.refused}


def test_changes_are_refused_outside_ones_units_and_purpose_and_with_the_rights_of_another():
    near, far = taken(person("Lê Văn Mai", "1975"), person("Lê Văn Hai", "1975", unit=HOP_TIEN))
    none = dict.fromkeys(("correct", "life", "head", "move", "erase"), "not_allowed")
    assert every_change(far, LEAD, CITIZEN) == none
    assert every_change(near, LEAD, replace(BY, purpose=Purpose.SURVEY)) == none
    assert every_change(near, replace(LEAD, officer=new_id()), CITIZEN) == none
    assert every_change(near, LEAD, replace(BY, purpose=Purpose.CAPTURE)) == {"erase": "not_allowed"}
    assert [event.move for event in journal.life(far.id)] == ["take_in"]


def test_one_outside_is_refused_and_the_others_of_the_batch_are_changed():
    near, far = taken(person("Lê Văn Mai", "1975"), person("Lê Văn Hai", "1975", unit=HOP_TIEN))
    assert codes(erase_sensitive(persons=[far.id, near.id, new_id()], grants=LEAD, by=CITIZEN, at=AT)) == [
        (0, "not_allowed"), (2, "unknown_person"),
    ]  # fmt: skip
    assert (page(near).erased, page(far).erased) == (True, False)


def test_what_happens_is_not_told_of_a_row_that_was_merged():
    one = taken(person("Trần Thị Bốn", "2/3/1970"))
    Person.objects.filter(id=one.id).update(life="deleted")
    death = LifeChange(person=one.id, kind=LifeEventKind.DIED, on=PartialDate(2021, 5, 2))
    assert codes(record_life_events(events=[death], grants=None, by=BY, at=AT)) == [(0, "row_merged")]


def died(one, on):
    row = LifeChange(person=one.id, kind=LifeEventKind.DIED, on=PartialDate.parse(on), paper="GCT 3")
    assert not record_life_events(events=[row], grants=None, by=BY, at=AT).refused


def mended(one, on, **more):
    version = queries.states([one.id])[one.id].version
    row = Correction(
        person=one.id, version=version, changes={"died_on": PartialDate.parse(on)}, paper="GCT 3 đính chính"
    )
    return correct(corrections=[replace(row, **more)], grants=None, by=BY, at=AT)


def test_a_wrong_day_of_death_is_corrected_with_the_end_of_the_household():
    one = taken(person("Lê Văn Mai", "1940"))
    died(one, "1/4/2021")
    again = LifeChange(person=one.id, kind=LifeEventKind.DIED, on=PartialDate(2021, 4, 2), paper="GCT 4")
    assert codes(record_life_events(events=[again], grants=None, by=BY, at=AT)) == [(0, "died_another_day")]
    assert not mended(one, "2/4/2021").refused
    assert page(one).died_on == "2021-04-02"
    assert Household.objects.get(id=one.household).closed_on == date(2021, 4, 2)
    assert [(change.field, change.old, change.new) for change in page(one).life[0].changes] == [
        ("died_on", "2021-04-01", "2021-04-02")
    ]
    assert [event.move for event in journal.life(one.id)] == ["take_in", "life_event", "correct"]
    assert not record_life_events(events=[again], grants=None, by=BY, at=AT).refused  # told again of the right day


def test_only_the_dead_have_a_day_of_death_and_it_lies_between_birth_and_today():
    alive, dead = taken(person("Lê Văn Mai", "1940"), person("Lê Văn Hai", "1950"))
    died(dead, "1/4/2021")
    assert codes(mended(alive, "1/4/2021")) == [(0, "not_correctable")]
    for day in ("9/5/2021", "31/12/1949"):
        assert codes(mended(dead, day)) == [(0, "day_cannot_be")]
    assert codes(mended(dead, "2/4/2021", version=1)) == [(0, "changed_meanwhile")]
    assert page(dead).died_on == "2021-04-01"


def merged(gone, into):
    """Merge one row into another, with the leave of a second checker."""
    one, two = (officer(name, unit_id=AN_LAM) for name in ("tam.le", "lan.vu"))
    assignment(one, "checker", valid_from=AT - timedelta(days=1))
    leave = approval(
        one, kind="merge", subject_kind=MERGE, subject=merge_subject(gone.id, into.id), unit_id=HAMLET, asked_at=AT,
        decision="granted", decided_by=two, decided_at=AT, expires_at=AT + timedelta(hours=1),
    )  # fmt: skip
    row = PersonMerge(gone=gone.id, into=into.id, approval=leave.id)
    assert not merge_persons(merges=[row], by=Actor(one.id, AN_LAM, Purpose.CHECK), at=AT, real=AT).refused


def test_a_row_that_was_merged_neither_moves_nor_is_corrected():
    gone, into = taken(person("Lê Văn Mai", "1975"), person("Lê Văn Mại", "1975", number="030075123456"))
    merged(gone, into)
    away = PermanentMove(person=gone.id, unit=HOP_TIEN, since=date(2021, 5, 1), household=new_id())
    assert codes(move(moves=[away], grants=None, by=BY, at=AT)) == [(0, "row_merged")]
    version = queries.states([gone.id])[gone.id].version
    row = Correction(person=gone.id, version=version, changes={"name": "Lê Văn Mai"}, paper="DC02")
    assert codes(correct(corrections=[row], grants=None, by=BY, at=AT)) == [(0, "row_merged")]
    event = LifeChange(person=gone.id, kind=LifeEventKind.MARRIED, on=PartialDate(2021))
    (refused,) = record_life_events(events=[event], grants=None, by=BY, at=AT).refused
    assert isinstance(refused.refusal, RowMerged)
