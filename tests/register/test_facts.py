from datetime import date, timedelta

import pytest

from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.law.cards import CardType
from muster.register import queries
from muster.register.facts import facts_of, facts_of_many
from muster.register.operations import Correction, correct, end_cards
from muster.register.rows import CardRow
from muster.register.words import CardEnd
from tests.register.conftest import AT, BY, person, taken


def card(kind, issued):
    return CardRow(type=kind, number="141234567", issued_on=issued)


@pytest.fixture
def people(units):
    first = date(2005, 6, 1)
    held = (card(CardType.CMND_9, first), card(CardType.CCCD_BARCODE, date(2017, 6, 1)))
    return taken(
        person("Nguyễn Văn An", "1/3/1975", cards=held),
        person("Lê Thị Mai", "1951", sex=Sex.FEMALE),
        person("Trần Văn Bình", "3/1990", cards=(card(CardType.CMND_9, None),)),
        person("Phạm Thị Cúc", "1/3/1985", sex=Sex.FEMALE, cards=(card(CardType.CMND_9, first),)),
    )


def test_the_facts_of_many_are_those_of_each(people):
    corrected = people[3]
    told = Correction(person=corrected.id, version=1, changes={"birth": PartialDate(1985, 3, 2)}, paper="Khai sinh")
    assert not correct(corrections=[told], grants=None, by=BY, at=AT + timedelta(hours=1)).refused
    ids = [one.id for one in people]
    pages = {one: queries.person_page(one, allowed=frozenset()) for one in ids}
    assert facts_of_many([*ids, new_id()]) == {one: facts_of(page) for one, page in pages.items()}
    assert {ground.value for ground in facts_of_many(ids)[corrected.id].reasons} == {"birth_date"}


def test_many_whom_nothing_has_touched_take_one_question(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(facts_of_many([one.id for one in people])) == len(people)


def test_a_card_that_has_ended_is_no_card(units):
    chip = CardRow(id=new_id(), type=CardType.CCCD_CHIP, number="030075123456", issued_on=date(2021, 2, 1))
    holder = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", cards=(chip,)))
    assert facts_of_many([holder.id])[holder.id].card.type is CardType.CCCD_CHIP
    assert end_cards(cards=[chip.id], why=CardEnd.TAKEN_BACK, on=AT.date(), by=BY, at=AT) == [chip.id]
    page = queries.person_page(holder.id, allowed=frozenset())
    assert (facts_of_many([holder.id])[holder.id].card, facts_of(page).card) == (None, None)
    assert facts_of_many([holder.id])[holder.id] == facts_of(page)
