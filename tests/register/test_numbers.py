import threading
from collections import Counter

import pytest
from django.db import connection

from muster.engines.numbering import BlockFull
from muster.events import queries as journal
from muster.kernel.ids import new_id
from muster.kernel.numbers import PersonalNumber, Sex
from muster.law.duty import LifeStatus
from muster.register import queries
from muster.register.models import NumberBlock
from muster.register.models import PersonalNumber as GivenNumber
from muster.register.operations import allocate_numbers, reserve_numbers
from tests.register.conftest import AT, BY, PROVINCE, person, taken

pytestmark = pytest.mark.usefixtures("units")


def allocate(*persons):
    return allocate_numbers(persons=[one if not hasattr(one, "id") else one.id for one in persons], by=BY, at=AT)


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
