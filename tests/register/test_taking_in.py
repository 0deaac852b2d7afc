import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from muster.audit import queries as audit
from muster.audit.verification import verify
from muster.events import queries as journal
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.keys import operations as keys
from muster.law.cards import CardType
from muster.people.words import Field
from muster.register import queries
from muster.register.models import Household, OldNumber, Person
from muster.register.operations import erase_sensitive, load, take_in
from muster.register.rows import CardRow, HouseholdRow
from muster.register.sensitive import Relative, Sensitive
from muster.register.words import Kinship, Relation
from tests.register.conftest import AN_LAM, AT, BY, HAMLET, PROVINCE, family, person, taken

pytestmark = pytest.mark.usefixtures("units")
ALL = frozenset(Field)


def refused_codes(result):
    return [(row.index, row.refusal.code) for row in result.refused]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def test_a_family_is_taken_in_with_everything_known_of_it():
    home = new_id()
    father = person(
        "NGUYỄN VĂN  HOÀ", "1975", household=home, number="030075123456", old_numbers=("141234567",),
        cards=(CardRow(type=CardType.CMND_9, number="141234567", issued_on=date(2010, 5, 1)),),
        sensitive=Sensitive(phone="0551234567", ethnicity="Kinh", address="Ngõ 3"), occupation="farmer",
    )  # fmt: skip
    daughter = person(
        "Nguyễn Thị Thuý", "12/03/2012", sex=Sex.FEMALE, household=home, relation=Relation.CHILD,
        kin=((Kinship.FATHER, father.id),), organisation="Trường Tiểu học An Lâm",
        sensitive=Sensitive(relatives=(Relative(role="mother", name="Lê Thị Mai", number="030178000001"),)),
    )  # fmt: skip
    households, persons = family(father, daughter)
    assert list(take_in(households=households, persons=persons, by=BY, at=AT).done) == [father.id, daughter.id]

    page = queries.person_page(father.id, allowed=ALL)
    assert (page.line.name, page.line.birth.iso, page.line.number) == ("NGUYỄN VĂN HOÀ", "1975", "030075123456")
    assert page.line.path[-1] == HAMLET
    assert page.old_numbers == ["141234567"]
    assert [(card.type, card.number) for card in page.cards] == [("cmnd_9", "141234567")]
    assert page.sensitive == {"phone": "0551234567", "ethnicity": "Kinh", "address": "Ngõ 3"}
    assert [(one.name, one.relation) for one in page.members] == [
        ("NGUYỄN VĂN HOÀ", Relation.HEAD), ("Nguyễn Thị Thuý", Relation.CHILD),
    ]  # fmt: skip
    child = queries.person_page(daughter.id, allowed=ALL)
    assert [(one.kinship, one.person) for one in child.kin] == [(Kinship.FATHER, father.id)]
    assert child.sensitive["relatives"][0].name == "Lê Thị Mai"
    assert (child.number_state, page.number_state) == ("eligible", "numbered")


def test_taking_in_is_told_in_the_journal_and_the_audit():
    one = taken(person("Trần Thị Mai", "1/5/1980", sex=Sex.FEMALE))
    (event,) = journal.life(one.id)
    assert (event.kind, event.move, event.unit_done, event.unit_residence) == ("person", "take_in", AN_LAM, HAMLET)
    assert journal.count(unit=PROVINCE, metrics=[("person", "take_in")]) == 1
    assert [look.action for look in audit.looks_at("person", one.id)] == ["register.take_in"]
    assert list(verify()) == []


def test_bad_rows_are_refused_one_by_one_and_the_good_are_kept():
    good = [person(f"Lê Văn {name}", "1990") for name in "ABCDEFG"]
    numbered = taken(person("Bùi Văn Tám", "1970", number="030070000008"))
    bad = [
        person("   ", "1990"),
        person("Lê Văn Mai", "1/1/2022"),
        person("Lê Văn Ba", "1990", unit=99),
        person("Lê Văn Bốn", "1990", number="030191000001"),
        person("Lê Văn Năm", "1990", number="03009100000"),
        person("Lê Văn Sáu", "1990", old_numbers=("12345678",)),
        person("Bùi Văn Tám", "1970", number="030070000008"),
    ]
    rows = [row for pair in zip(good, bad, strict=True) for row in pair]
    homes = [HouseholdRow(id=row.household, unit=HAMLET, head=row.id) for row in rows]
    result = take_in(households=homes, persons=rows, by=BY, at=AT)
    assert refused_codes(result) == [
        (1, "name_missing"), (3, "born_in_future"), (5, "unit_unknown"), (7, "number_disagrees"),
        (9, "not_twelve_digits"), (11, "not_nine_digits"), (13, "number_taken"),
    ]  # fmt: skip
    assert list(result.done) == [row.id for row in good]
    assert Person.objects.count() == 7 + 1
    assert Household.objects.count() == 7 + 1
    assert all(row.refusal.text("vi") and row.refusal.text("en") for row in result.refused)
    assert numbered.id


def test_ten_thousand_rows_with_37_bad_ones_keep_the_9963_good():
    rows = [person("Lê Văn Mai", "1990" if place % 270 else "1/1/2099") for place in range(9990)]
    homes = [HouseholdRow(id=row.household, unit=HAMLET, head=row.id) for row in rows]
    result = take_in(households=homes, persons=rows, by=BY, at=AT)
    assert len(result.refused) == 37
    assert Person.objects.count() == len(result.done) == 9953


def test_a_household_whose_head_is_refused_is_refused_whole():
    home = new_id()
    households, persons = family(
        person("", "1970", household=home), person("Lê Thị Mai", "1975", household=home, relation=Relation.SPOUSE)
    )
    result = take_in(households=households, persons=persons, by=BY, at=AT)
    assert refused_codes(result) == [(0, "name_missing"), (1, "household_incomplete")]
    assert (Person.objects.count(), Household.objects.count()) == (0, 0)


def test_a_batch_sent_again_changes_nothing():
    households, persons = family(person("Lê Văn Mai", "1990"))
    first = take_in(households=households, persons=persons, by=BY, at=AT)
    assert take_in(households=households, persons=persons, by=BY, at=AT) == first
    assert len(journal.life(persons[0].id)) == 1
    other = replace(persons[0], name="Lê Văn Khác")
    assert refused_codes(take_in(households=[], persons=[other], by=BY, at=AT)) == [(0, "person_differs")]


def test_a_newborn_joins_a_household_that_is_there():
    mother = taken(person("Lê Thị Mai", "1995", sex=Sex.FEMALE))
    child = person("Lê Văn Tí", "8/5/2021", household=mother.household, relation=Relation.CHILD)
    assert not take_in(households=[], persons=[child], by=BY, at=AT).refused
    assert [one.name for one in queries.person_page(child.id, allowed=ALL).members] == ["Lê Thị Mai", "Lê Văn Tí"]


def test_twins_stay_two_people():
    home, born = new_id(), "3/3/2015"
    twins = [person(name, born, household=home, relation=Relation.CHILD) for name in ("Lê Văn An", "Lê Văn Ân")]
    households, persons = family(person("Lê Văn Cha", "1985", household=home), *twins)
    assert len(take_in(households=households, persons=persons, by=BY, at=AT).done) == 3
    assert {row.name for row in queries.find("Lê Văn Ân", birth=twins[0].birth)} == {"Lê Văn An", "Lê Văn Ân"}


def test_loading_in_chunks_keeps_whole_chunks_and_goes_on_where_it_stopped():
    chunks = [family(person(f"Lê Văn {name}", "1990")) for name in ("Một", "Hai", "Ba")]
    broken = [chunks[0], family(person("", "1990")), chunks[2]]
    with pytest.raises(Exception, match="name_missing"):
        load(broken, by=BY, at=AT)
    assert Person.objects.count() == 1
    told = []
    assert load(chunks, by=BY, at=AT, progress=told.append) == 3
    assert told == [1, 2, 3]
    assert Person.objects.count() == 3


def test_erasing_the_key_makes_the_sealed_fields_gone_also_from_a_copy_of_the_rows():
    one = taken(person("Lê Văn Mai", "1990", sensitive=Sensitive(phone="0551234567")))
    copy = sql("SELECT sealed FROM register_person WHERE id = %s", one.id)[0][0]
    for _ in range(2):  # the second time there is nothing left to erase, and nothing is written
        assert erase_sensitive(persons=[one.id], grants=None, by=BY, at=AT).done == [one.id]
    sql("UPDATE register_person SET sealed = %s WHERE id = %s", copy, one.id)
    page = queries.person_page(one.id, allowed=ALL)
    assert (page.sensitive, page.erased, page.line.name) == ({}, True, "Lê Văn Mai")
    with pytest.raises(keys.RecordErased):
        keys.seal([("person", one.id, b"again")])


GUARDS = {
    "register_household_has_a_head": "UPDATE register_household SET head = NULL",
    "register_household_head_is_a_member": "UPDATE register_household SET head = gen_random_uuid()",
    "register_person_numbered": "UPDATE register_person SET number = NULL",
    "never goes back": "UPDATE register_person SET number = NULL, number_state = 'eligible'",
    "register_person_birth": "UPDATE register_person SET birth = '1990-1'",
    "register_person_named": "UPDATE register_person SET name = ''",
    "register_person_sex": "UPDATE register_person SET sex = 'x'",
    "register_person_relation": "UPDATE register_person SET relation = 'x'",
    "register_person_life": "UPDATE register_person SET life = 'x'",
    "register_person_marital": "UPDATE register_person SET marital = 'x'",
    "register_person_number_state": "UPDATE register_person SET number_state = 'x'",
    "given once": "DELETE FROM register_number",
    "given  once": "UPDATE register_number SET person = gen_random_uuid()",
    "register_number_cancelled_for_a_reason": "UPDATE register_number SET until = now()",
    "register_number_digits": "INSERT INTO register_number SELECT 'x', person, null, null, '' FROM register_number",
    "register_old_number_digits": "UPDATE register_old_number SET number = '12345678'",
    "register_kin_two_people": "INSERT INTO register_kin SELECT 'father', id, id FROM register_person",
    "register_number_block_size": "INSERT INTO register_number_block (block, next) VALUES ('030075', 1000001)",
}


@pytest.mark.parametrize("guard", GUARDS)
def test_the_database_guards_what_it_can(guard):
    taken(person("Lê Văn Mai", "1975", number="030075123456", old_numbers=("141234567",)))
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match=" ".join(guard.split())), transaction.atomic():
        sql(GUARDS[guard])
    assert OldNumber.objects.count() == 1


@pytest.mark.parametrize("change", ["UPDATE register_household SET head", "UPDATE register_person SET household_id"])
def test_the_database_refuses_a_head_that_lives_in_another_household(change):
    one, other = taken(person("Lê Văn Mai", "1975"), person("Lê Văn Hai", "1975"))
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    row, value = (one.household, other.id) if "head" in change else (one.id, other.household)
    with pytest.raises(IntegrityError, match="head_is_a_member"), transaction.atomic():
        sql(f"{change} = %s WHERE id = %s", value, row)


# Where each of the 26 items of the law's list lives (law notes, register_fields.csv).
HOMES = {
    "birth_name": "person.name", "other_name": "person.other_name", "personal_number": "person.number_id",
    "birth_date": "person.birth", "sex": "person.sex", "birth_place": "sensitive.birth_place",
    "birth_registration_place": "person.registered_unit_id", "native_place": "sensitive.native_place",
    "ethnicity": "sensitive.ethnicity", "religion": "sensitive.religion", "nationality": "person.nationality",
    "blood_group": "sensitive.blood_group", "old_id_9": "oldnumber.number", "cards": "card.number",
    "relations": "sensitive.relatives", "permanent_address": "sensitive.address",
    "temporary_address": "sensitive.temporary_address", "current_address": "sensitive.current_address",
    "absence": "residence.kind", "residence_file_no": "household.file_no", "marital_status": "person.marital",
    "relation_to_head": "person.relation", "household": "person.household_id", "death_or_missing": "person.died_on",
    "contacts": "sensitive.phone", "other": "person.occupation",
}  # fmt: skip


def test_every_item_of_the_laws_list_has_its_place():
    from django.apps import apps

    listed = Path(__file__).with_name("register_fields.csv").read_text(encoding="utf-8").splitlines()
    assert [row["suggested_key"] for row in csv.DictReader(listed)] == list(HOMES)
    for home in HOMES.values():
        table, column = home.split(".")
        if table == "sensitive":
            assert column in Sensitive.__dataclass_fields__
        else:
            columns = apps.get_model("register", table)._meta.concrete_fields
            assert column in [one.attname for one in columns]


def test_a_number_with_blanks_is_refused_alone_and_breaks_no_batch():
    good = person("Lê Văn Mai", "1975", number="030075000001")
    blank = person("Trần Văn Tám", "1975", number="030 075 000002")
    old = person("Vũ Văn Ba", "1975", old_numbers=("141 234 567",))
    homes = [HouseholdRow(id=one.household, unit=one.unit, head=one.id) for one in (good, blank, old)]
    result = take_in(households=homes, persons=[good, blank, old], by=BY, at=AT)
    assert list(result.done) == [good.id]
    assert [(row.index, row.refusal.code) for row in result.refused] == [
        (1, "number_not_plain"),
        (2, "number_not_plain"),
    ]
