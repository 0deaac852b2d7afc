from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from muster.kernel.dates import PartialDate, birthday
from muster.law.cards import CardFacts, CardType, next_exchange, term_ends, was_issued
from muster.rehearsal.people.papers import old_number, papers

NUMBER, OLD = "030075123456", ("141234567", "011234567")
DAYS = [date(2019, 1, 1), date(2021, 1, 23), date(2021, 5, 8), date(2023, 9, 1), date(2024, 7, 1), date(2026, 11, 2)]


def held(on, number=NUMBER, people=3000, seed=1):
    """Draw birth and papers of many people, one known by the year alone in ten."""
    random = Random(seed)
    for place in range(people):
        born = on - timedelta(days=random.randrange(100 * 365))
        birth = PartialDate(born.year) if place % 10 == 0 else PartialDate.of(born)
        yield birth, papers(birth, number, OLD, "tỉnh Hải Dương", on, random)


@pytest.mark.parametrize("on", DAYS)
def test_every_paper_was_issued_by_the_law_of_its_day_to_somebody_of_age(on):
    seen = Counter()
    for birth, cards in held(on):
        for card in cards:
            seen[card.type] += 1
            assert was_issued(card.type, card.issued_on)
            assert birthday(birth.latest, 14) <= card.issued_on < on
            assert card.number == NUMBER if card.type is not CardType.CMND_9 else card.number in OLD
            if card.type is CardType.CMND_9:
                assert card.expires_on == term_ends(CardFacts(type=card.type, issued_on=card.issued_on), birth.latest)
                assert card.expires_on == birthday(card.issued_on, 15)
            else:
                assert card.expires_on == next_exchange(birth.latest, card.issued_on)
        assert [card.issued_on for card in cards] == sorted(card.issued_on for card in cards)
    expected = {CardType.CMND_9, CardType.CCCD_BARCODE}
    expected |= {CardType.CCCD_CHIP} if on > date(2021, 3, 1) else set()
    expected |= {CardType.CAN_CUOC} if on > date(2024, 7, 1) else set()
    assert set(seen) == expected


def test_no_chip_card_before_only_chip_cards_were_issued():
    chips = [card for _, cards in held(date(2026, 11, 2)) for card in cards if card.type is CardType.CCCD_CHIP]
    assert min(card.issued_on for card in chips) >= date(2021, 1, 23)
    assert max(card.issued_on for card in chips) < date(2024, 6, 25)


def test_by_2026_most_hold_a_good_card():
    good = total = 0
    on = date(2026, 11, 2)
    for birth, cards in held(on):
        if birthday(birth.latest, 15) <= on:
            total += 1
            good += any(card.expires_on is None or card.expires_on > on for card in cards if card.number == NUMBER)
    assert 0.8 < good / total < 0.97


def test_who_has_no_number_holds_no_card_that_carries_one():
    kinds = {card.type for _, cards in held(date(2026, 11, 2), number="") for card in cards}
    assert kinds == {CardType.CMND_9}


def test_the_day_somebody_turns_fourteen_is_too_early_for_a_paper():
    on = date(2021, 5, 8)
    for born in (date(2007, 5, 8), date(2007, 5, 9), date(2010, 1, 1)):
        assert all(papers(PartialDate.of(born), NUMBER, OLD, "", on, Random(seed)) == [] for seed in range(50))


def test_old_numbers_are_nine_digits_and_no_two_are_the_same():
    places = [*range(50_000), *range(200_000_000, 200_050_000), *range(500_000_000, 500_050_000)]
    numbers = {old_number(place, 7) for place in places}
    assert len(numbers) == 150_000
    assert all(len(number) == 9 and number.isdigit() for number in numbers)
    assert old_number(5, 7) != old_number(5, 8)
