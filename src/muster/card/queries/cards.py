"""Cards as operations and pages see them; what is printed on one is sealed and asked for alone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.capture.words import State as DossierState
from muster.card.data import CardData
from muster.card.words import SCRAPPED, OldCard, State
from muster.kernel.arrays import array
from muster.kernel.dates import PartialDate, read_stored
from muster.kernel.reading import reader, word, word_or_none
from muster.keys import queries as keys
from muster.law.cards import CardType
from muster.law.handover import IdentityCheck
from muster.register.sensitive import KIND as PERSON

STANDS = f"state NOT IN ({', '.join(repr(one.value) for one in sorted(SCRAPPED))})"  # the others were scrapped


class CardLine(NamedTuple):
    """A card: whose, where it is, and how it was handed over, if it was."""

    id: UUID
    dossier: UUID
    dossier_state: DossierState
    old_card_taken: bool  # at intake
    person: UUID
    name: str
    number: str
    birth: PartialDate
    batch: UUID
    batch_no: int
    place: int
    unit: int
    path: tuple[int, ...]  # the units above the one that hands it over, itself last
    type: CardType
    issued_on: date
    expires_on: date | None
    state: State
    state_since: datetime
    arrived_at: datetime | None
    reason: str
    receipt: int | None
    handed_at: datetime | None
    check: IdentityCheck | None
    ground: str
    old_card: OldCard | None

    @property
    def serial(self) -> str:
        """What tells this card from every other: the number of its batch, its place in it."""
        return f"{self.batch_no:06}-{self.place:03}"


_COLUMNS = {
    "dossier": "card.dossier_id", "dossier_state": "dossier.state", "old_card_taken": "dossier.old_card_taken",
    "person": "card.person_id", "name": "person.name", "birth": "person.birth", "batch": "card.batch_id",
    "batch_no": "batch.no", "unit": "card.unit_id", "path": "unit.ancestors", "receipt": "handover.no",
    "handed_at": "handover.at", "check": "handover.check_done", "ground": "coalesce(handover.ground, '')",
    "old_card": "handover.old_card",
}  # fmt: skip
_READ: Mapping[str, Callable[[Any], Any]] = {
    "dossier_state": word(DossierState), "birth": read_stored, "path": tuple, "type": word(CardType),
    "state": word(State), "check": word_or_none(IdentityCheck), "old_card": word_or_none(OldCard),
}  # fmt: skip
_line = reader(CardLine, _READ)
_SELECT = f"""
    SELECT {", ".join(_COLUMNS.get(name, f"card.{name}") for name in CardLine._fields)}
    FROM card_card AS card
    JOIN capture_dossier AS dossier ON dossier.id = card.dossier_id
    JOIN register_person AS person ON person.id = card.person_id
    JOIN card_batch AS batch ON batch.id = card.batch_id
    JOIN units_unit AS unit ON unit.id = card.unit_id
    LEFT JOIN card_handover AS handover ON handover.card_id = card.id
"""


def _lines(where: str, values: Sequence[Any]) -> list[CardLine]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} {where}", values)
        return [_line(row) for row in cursor.fetchall()]


def lines(cards: Collection[UUID], *, lock: bool = False) -> dict[UUID, CardLine]:
    """Return cards by id; with ``lock`` they are held, in the order of their ids, to the transaction's end."""
    if lock:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM card_card WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [array(cards)])
    return {one.id: one for one in _lines("WHERE card.id = ANY(%s::uuid[])", [array(cards)])}


def of_batch(batch: UUID) -> list[CardLine]:
    """Return the cards of a batch in their places."""
    return _lines("WHERE card.batch_id = %s ORDER BY card.place", [batch])


def ids_in(batches: Collection[UUID]) -> list[UUID]:
    """Return the cards of batches."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM card_card WHERE batch_id = ANY(%s::uuid[])", [array(batches)])
        return [card for (card,) in cursor.fetchall()]


def holders(cards: Collection[UUID]) -> set[UUID]:
    """Return whose cards these are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM card_card WHERE id = ANY(%s::uuid[])", [array(cards)])
        return {person for (person,) in cursor.fetchall()}


def of_person(person: UUID) -> list[CardLine]:
    """Return every card made for a person, the newest first, scrapped ones too."""
    return _lines("WHERE card.person_id = %s ORDER BY batch.made_at DESC, card.id DESC", [person])


def of_dossiers(dossiers: Collection[UUID]) -> dict[UUID, CardLine]:
    """Return the card of each dossier that has one, scrapped ones left out."""
    where = f"WHERE card.dossier_id = ANY(%s::uuid[]) AND card.{STANDS}"
    return {one.dossier: one for one in _lines(where, [array(dossiers)])}


def ids_of(dossiers: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return card and batch of each dossier that has a card, scrapped ones left out: all that a large batch needs."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, batch_id FROM card_card WHERE dossier_id = ANY(%s::uuid[]) AND {STANDS}", [array(dossiers)]
        )
        return list(cursor.fetchall())


def by_receipt(no: int) -> CardLine | None:
    """Return the card of a receipt."""
    return next(iter(_lines("WHERE handover.no = %s", [no])), None)


_BELOW = "card.unit_id IN (SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s])"


def uncollected(unit: int, before: datetime, *, limit: int, skip: int = 0) -> list[CardLine]:
    """Return the cards that have lain at a unit or below it since before a moment, the longest first."""
    where = f"""
        WHERE card.state IN ('arrived', 'undelivered') AND card.arrived_at < %s AND {_BELOW}
        ORDER BY card.arrived_at, card.id LIMIT %s OFFSET %s
    """
    return _lines(where, [before, unit, limit, skip])


def uncollected_count(unit: int, before: datetime) -> int:
    """Return how many cards have lain at a unit or below it since before a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM card_card AS card WHERE card.state IN ('arrived', 'undelivered') "
            f"AND card.arrived_at < %s AND {_BELOW}",
            [before, unit],
        )
        return int(cursor.fetchone()[0])


def how_many(unit: int) -> dict[State, int]:
    """Return how many cards for a unit and those below it are in each state; states without any are left out."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state, count(*) FROM card_card AS card WHERE {_BELOW} GROUP BY state", [unit])
        return {State(state): count for state, count in cursor.fetchall()}


def printed_on(cards: Sequence[UUID]) -> list[CardData | None]:
    """Return what is printed on cards that there are, in the order given; nothing where the holder was erased."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, person_id, sealed FROM card_card WHERE id = ANY(%s::uuid[])", [array(cards)])
        held = {card: (PERSON, person, bytes(sealed)) for card, person, sealed in cursor.fetchall()}
    texts = keys.open_sealed([held[card] for card in cards])
    return [None if text is None else CardData.from_bytes(text) for text in texts]
