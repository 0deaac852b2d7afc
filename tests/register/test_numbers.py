import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from muster.engines.numbering import BlockFull
from muster.events import queries as journal
from muster.kernel.actor import Actor, Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.kernel.numbers import PersonalNumber, Sex
from muster.law.duty import LifeStatus
from muster.law.numbers import WrongPart
from muster.people.models import Approval, Assignment
from muster.register import queries
from muster.register.models import NumberBlock, Person
from muster.register.models import PersonalNumber as GivenNumber
from muster.register.operations import (
    Correction,
    NumberReplacement,
    allocate_numbers,
    correct,
    replace_numbers,
    reserve_numbers,
)
from tests.people.factories import approval, assignment, officer
from tests.register.conftest import AN_LAM, AT, BY, HAMLET, PROVINCE, person, taken

pytestmark = pytest.mark.usefixtures("units")


def allocate(*persons):
    return allocate_numbers(persons=[one if not hasattr(one, "id") else one.id for one in persons], by=BY, at=AT)


@pytest.fixture
def checker():
    one = officer("tam.le", unit_id=AN_LAM)
    assignment(one, "checker", valid_from=AT - timedelta(days=1))
    return one


def granted(checker, one):
    """Return the id of a second checker's leave to cancel a person's number."""
    two = officer(f"lan.{new_id().hex[-8:]}", unit_id=AN_LAM)
    return approval(
        checker, kind="cancel_number", subject_kind="person", subject=one.id, unit_id=HAMLET, asked_at=AT,
        decision="granted", decided_by=two, decided_at=AT, expires_at=AT + timedelta(hours=1),
    ).id  # fmt: skip


def replaced(checker, *rows):
    by = Actor(checker.id, AN_LAM, Purpose.CHECK)
    requests = [NumberReplacement(person=one.id, wrong=wrong, approval=leave) for one, wrong, leave in rows]
    return replace_numbers(requests=requests, by=by, at=AT, real=AT)


def fix(one, **changes):
    version = queries.states([one.id])[one.id].version
    row = Correction(person=one.id, version=version, changes=changes, paper="GKS 12/1975")
    assert not correct(corrections=[row], grants=None, by=BY, at=AT).refused


@pytest.mark.parametrize(
    ("wrong", "changes", "block"),
    [
        (WrongPart.SEX, {"sex": "female"}, "030175"),
        (WrongPart.BIRTH_YEAR, {"birth": PartialDate(1976)}, "030076"),
        (WrongPart.BIRTH_YEAR, {"birth": PartialDate(2015)}, "030215"),
    ],
)
def test_a_number_is_replaced_only_after_what_was_wrong_is_corrected(checker, wrong, changes, block):
    one = taken(person("Lê Văn Mai", "1975", number="030075123456"))
    leave = granted(checker, one)
    (early,) = replaced(checker, (one, wrong, leave)).refused
    assert early.refusal.code == "number_agrees"
    fix(one, **changes)
    others = [part for part in WrongPart if part is not wrong]
    told = replaced(checker, *((one, part, leave) for part in others))
    assert [row.refusal.code for row in told.refused] == ["number_agrees", "number_agrees"]
    ((_, number),) = replaced(checker, (one, wrong, leave)).done
    assert number.startswith(block)
    assert [(old.number, old.reason) for old in queries.person_page(one.id, allowed=frozenset()).numbers] == [
        ("030075123456", wrong.value), (number, ""),
    ]  # fmt: skip


def test_one_person_twice_in_a_batch_gets_one_new_number_and_one_event(checker):
    one = taken(person("Lê Văn Mai", "1975", number="030075123456"))
    fix(one, sex="female")
    first, second = granted(checker, one), granted(checker, one)
    result = replaced(checker, (one, WrongPart.SEX, first), (one, WrongPart.SEX, second))
    assert [(row.index, row.refusal.code) for row in result.refused] == [(1, "replaced_already")]
    assert [event.move for event in journal.life(one.id)] == ["take_in", "correct", "number_replaced"]
    assert GivenNumber.objects.filter(person=one.id).count() == 2
    assert queries.states([one.id])[one.id].version == 3
    assert Approval.objects.get(id=second).used_at is None


def test_a_checker_who_has_lost_the_role_replaces_no_number(checker):
    one = taken(person("Lê Văn Mai", "1975", number="030075123456"))
    fix(one, sex="female")
    leave = granted(checker, one)
    Assignment.objects.filter(officer=checker).update(valid_to=AT)
    (refused,) = replaced(checker, (one, WrongPart.SEX, leave)).refused
    assert refused.refusal.code == "not_allowed"
    assert queries.states([one.id])[one.id].number == "030075123456"


def test_no_index_of_the_register_is_for_like_alone(units):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename IN ('register_person', 'register_number', "
            "'register_number_block') AND indexdef LIKE '%%varchar_pattern_ops%%'"
        )
        assert cursor.fetchall() == []


def test_two_persons_never_hold_one_number():
    one, two = taken(
        person("Lê Văn Mai", "1975", number="030075123456"), person("Lê Văn Hai", "1975", number="030075123457")
    )
    with pytest.raises(IntegrityError, match="register_person_one_number"), transaction.atomic():
        Person.objects.filter(id=two.id).update(number_id="030075123456")
    assert one.number == "030075123456"


def test_a_number_says_province_sex_century_and_year():
    boy, girl, young = taken(
        person("Lê Văn Mai", "1975"), person("Lê Thị Mai", "1/2/1975", sex=Sex.FEMALE), person("Lê Văn Tí", "3/2015")
    )
    numbers = dict(allocate(boy, girl, young).done)
    assert [numbers[one.id][:6] for one in (boy, girl, young)] == ["030075", "030175", "030215"]
    assert all(PersonalNumber.parse(number) for number in numbers.values())
    page = queries.person_page(boy.id, allowed=frozenset())
    assert (page.line.number, page.number_state) == (numbers[boy.id], "numbered")
    assert [(one.number, one.until) for one in page.numbers] == [(numbers[boy.id], None)]
    assert [event.move for event in journal.life(boy.id)] == ["take_in", "number"]


def test_the_dead_are_given_no_number():
    one = taken(person("Lê Văn Mai", "1975", life=LifeStatus.DEAD))
    (refused,) = allocate(one).refused
    assert refused.refusal.code == "not_eligible"
    assert GivenNumber.objects.count() == 0


def test_who_has_a_number_keeps_it_however_often_the_batch_is_sent():
    one = taken(person("Lê Văn Mai", "1975"))
    assert allocate(one).done == allocate(one).done == allocate(one, one).done[:1]
    assert GivenNumber.objects.count() == 1
    assert len(journal.life(one.id)) == 2


def test_rows_that_are_not_clean_are_refused_and_the_others_numbered():
    good, unclean, foreign = taken(
        person("Lê Văn Mai", "1975"), person("Lê Văn Ba", "1975", registered_unit=None),
        person("Lê Văn Tư", "1975", registered_unit=1),
    )  # fmt: skip
    result = allocate(good, unclean, foreign, new_id())
    assert [row.refusal.code for row in result.refused] == ["not_eligible", "not_eligible", "unknown_person"]
    assert [row.index for row in result.refused] == [1, 2, 3]
    assert [one for one, _ in result.done] == [good.id]


def test_a_serial_that_an_old_register_has_given_is_passed_over():
    (first,) = reserve_numbers(blocks={"030075": 1})["030075"]
    NumberBlock.objects.all().update(next=0)
    taken(person("Lê Văn Cũ", "1975", number=first))
    (second, third) = reserve_numbers(blocks={"030075": 2})["030075"]
    assert first not in {second, third}
    assert NumberBlock.objects.get().next == 3


def test_a_block_ends_with_a_clear_refusal_and_gives_nothing():
    reserve_numbers(blocks={"030075": 1})
    NumberBlock.objects.all().update(next=999_999)
    with pytest.raises(BlockFull):
        reserve_numbers(blocks={"030075": 2})
    assert NumberBlock.objects.get().next == 999_999
    assert len(reserve_numbers(blocks={"030075": 1})["030075"]) == 1


def test_a_hundred_thousand_numbers_never_repeat_and_show_no_order():
    numbers = [number for _ in range(10) for number in reserve_numbers(blocks={"030075": 10_000})["030075"]]
    assert len(set(numbers)) == 100_000
    serials = [int(number[6:]) for number in numbers]
    steps = Counter((one - other) % 1_000_000 for one, other in zip(serials[1:], serials, strict=False))
    assert max(steps.values()) < 6  # a constant step would be seen 99,999 times
    rising = sum(one > other for one, other in zip(serials[1:], serials, strict=False))
    assert abs(rising - 50_000) < 1_000


@pytest.mark.django_db(transaction=True)
def test_allocators_at_once_never_give_one_number_twice():
    people = taken(*[person("Lê Văn Mai", f"{year}") for year in (1975, 1976, 1977) for _ in range(40)])
    numbers, failures = [], []

    def work(seed):
        try:
            for step in range(3):
                share = people[(seed + step) % 12 :: 12]
                numbers.extend(allocate(*(share if seed % 2 else share[::-1])).done)
        except Exception as error:  # noqa: BLE001 - told to the main thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    by_person = dict(numbers)
    assert len(by_person) == len(set(by_person.values())) == 120
    assert all(by_person[one] == number for one, number in numbers)
    assert GivenNumber.objects.count() == 120
    assert journal.count(unit=PROVINCE, metrics=[("person", "number")]) == 120
