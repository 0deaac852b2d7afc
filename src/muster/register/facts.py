"""What the law asks of a person, taken from the page the register shows of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from muster.kernel.clock import local
from muster.kernel.dates import read_stored
from muster.kernel.numbers import (
    CENTURY_DIFFERS,
    PLACE_DIFFERS,
    SEX_DIFFERS,
    YEAR_DIFFERS,
    Finding,
    PersonalNumber,
    Sex,
    prefix_of,
)
from muster.kernel.reading import word
from muster.law.cards import CardFacts, CardType
from muster.law.duty import LifeStatus, Nationality
from muster.law.facts import PersonFacts
from muster.law.grounds import Ground
from muster.law.numbers import WrongPart
from muster.register import queries
from muster.register.queries import PersonPage
from muster.register.queries.reading import CardLine

GROUND_OF = {  # a field that was corrected after the card was issued: the card says something else now
    "name": Ground.NAME,
    "birth": Ground.BIRTH_DATE,
    "sex": Ground.SEX,
    "native_unit": Ground.NATIVE_PLACE,
    "native_place": Ground.NATIVE_PLACE,
}

PART_OF = {
    SEX_DIFFERS.code: WrongPart.SEX,
    CENTURY_DIFFERS.code: WrongPart.BIRTH_YEAR,
    YEAR_DIFFERS.code: WrongPart.BIRTH_YEAR,
    PLACE_DIFFERS.code: WrongPart.REGISTRATION_PLACE,
}


def facts_of(page: PersonPage) -> PersonFacts:
    """Return the facts by which `muster.law.due` judges a person, as the register knows them.

    Of the cards that have not ended the last one issued counts. What only the person can say (a card lost or damaged)
    is not here.
    """
    card = _latest(page.cards)
    return PersonFacts(
        birth=page.line.birth,
        life=page.line.life,
        card=_card(card) if card else None,
        reasons=frozenset(_reasons(page, card)) if card else frozenset(),
        nationality=Nationality(page.nationality),
        lives_here_since=page.resident_since,
    )


def _card(card: CardLine) -> CardFacts:
    return CardFacts(type=CardType(card.type), issued_on=card.issued_on, expires_on=card.expires_on)


def _latest(cards: Sequence[CardLine]) -> CardLine | None:
    good = [card for card in cards if card.ended_on is None]
    return max(good, key=lambda card: card.issued_on or date.min, default=None)


def _reasons(page: PersonPage, card: CardLine) -> Iterator[Ground]:
    """Yield what the register itself says is no longer as the card has it."""
    since = card.issued_on or date.min
    for event in page.life:
        if local(event.recorded_at).date() > since:
            yield from (GROUND_OF[change.field] for change in event.changes if change.field in GROUND_OF)
    if any(number.until and number.until > since for number in page.numbers):
        yield Ground.NUMBER_REESTABLISHED


def facts_of_many(persons: Collection[UUID]) -> dict[UUID, PersonFacts]:
    """Return the same facts of many persons at once, by id; who is not in the register is not in the answer.

    One question for all, and one more for each of the few whom a correction has touched since their card was issued.
    """
    return {
        row.person: facts_of(page) if row.touched and (page := _page(row.person)) else _plain(row)
        for row in queries.law_rows(persons)
    }


def _page(person: UUID) -> PersonPage | None:
    return queries.person_page(person, allowed=frozenset())


_TYPE, _LIFE, _NATIONALITY = word(CardType), word(LifeStatus), word(Nationality)


def _plain(row: queries.LawRow) -> PersonFacts:
    card = CardFacts(type=_TYPE(row.card), issued_on=row.issued_on, expires_on=row.expires_on) if row.card else None
    return PersonFacts(
        birth=read_stored(row.birth),
        life=_LIFE(row.life),
        card=card,
        nationality=_NATIONALITY(row.nationality),
        lives_here_since=row.resident_since,
    )


def wrong_parts(page: PersonPage) -> Mapping[WrongPart, Finding]:
    """Return what in the present number no longer agrees with its holder; nothing without a number."""
    return wrong_in(page.line.number, page.line.sex, page.line.birth.year, page.province)


def wrong_in(number: str, sex: Sex, birth_year: int, province: str) -> Mapping[WrongPart, Finding]:
    """Return what in a number does not agree with what the register says; nothing without a number.

    :param province: the code of the province where the birth is registered
    """
    if not number:
        return {}
    found = PersonalNumber.parse(number).findings(sex=sex, birth_year=birth_year, prefix=prefix_of(province))
    return {PART_OF[one.code]: one for one in reversed(found) if one.code in PART_OF}
