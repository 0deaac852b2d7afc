"""Make print batches of accepted dossiers: what stands on each card, by the law of the day, sealed as it is printed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.capture import operations as capture
from muster.capture import queries as dossiers_now
from muster.capture.operations.refusals import OutsideUnit
from muster.capture.queries import DossierState
from muster.capture.words import KIND as DOSSIER
from muster.capture.words import State as DossierWord
from muster.card import queries
from muster.card.data import CardData, qr_text, zone
from muster.card.operations.moving import PRINT
from muster.card.operations.refusals import DataErased, HolderGone, NoNumber, NotAccepted
from muster.card.words import BATCH, State
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.copying import copy_rows
from muster.kernel.dates import age_on
from muster.kernel.errors import Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.keys import operations as keys
from muster.keys import queries as key_queries
from muster.law.cards import CardType, next_exchange
from muster.law.duty import LifeStatus, Nationality
from muster.law.grounds import Kind
from muster.law.layouts import CardLayout, Item, layout_for
from muster.people import rights
from muster.people.rights import Grants
from muster.register import queries as register
from muster.register.queries import Printable
from muster.register.sensitive import KIND as PERSON
from muster.register.sensitive import Sensitive

BATCH_SIZE = 500  # cards of one parcel; a rule of this house
GONE = frozenset({LifeStatus.DEAD, LifeStatus.RENOUNCED, LifeStatus.DELETED})
PARENTS_UNDER = 14
PARENT_ROLES = ("father", "mother")
NATIONALITIES = {Nationality.VIETNAMESE: "Việt Nam"}
TOLD_ONE_BY_ONE = 1000  # dossiers; of a longer batch the audit tells how many, and the cards which


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a batch of dossiers: the print batches, how many cards, and the dossiers refused by place."""

    batches: Sequence[UUID]
    cards: int
    refused: Sequence[RowRefusal] = ()


@dataclass(frozen=True, slots=True)
class _Draft:
    id: UUID
    dossier: DossierState
    data: CardData


@transaction.atomic
def make_batches(
    *, dossiers: Sequence[UUID], grants: Grants | None, by: Actor, at: datetime, size: int = BATCH_SIZE
) -> Made:
    """Make cards of accepted dossiers, in batches of one kind of card for one unit that hands them over.

    Rows are refused with `UnknownDossier`, `OutsideUnit`, `NotAllowed`, `NotAccepted`, `NoNumber`, `HolderGone`,
    `DataErased`, `NoLawInForce` and `NotForTheZone`. A dossier that has a card is passed over, so a batch may be sent
    again.

    :param at: the campaign's time; its day is the day of issue that stands on the cards
    :param size: cards in a batch at the most
    """
    held = dossiers_now.states(set(dossiers), lock=True)
    done = queries.with_card(list(held))
    desk = _Desk([one for one in held.values() if one.id not in done], local(at).date())
    refused: dict[int, Refusal] = {}
    drafts: dict[UUID, _Draft] = {}
    for place, dossier in enumerate(dossiers):
        if dossier in done or dossier in drafts:
            continue
        try:
            drafts[dossier] = _Draft(new_id(), *desk.judged(dossier, held.get(dossier), grants, by))
        except Refusal as refusal:
            refused[place] = refusal
    batches = _write(list(drafts.values()), desk.units, size, by, at)
    return Made(batches, len(drafts), [RowRefusal(place, refusal) for place, refusal in refused.items()])


class _Desk:
    """What must be known before cards are made: holders, what is sealed of them, traits, names of units."""

    def __init__(self, dossiers: Sequence[DossierState], today: date) -> None:
        self.today = today
        self.holders = register.printable({one.person for one in dossiers})
        self.sealed = self._opened()
        self.units = queries.delivery_units({one.unit_done for one in dossiers})
        self.traits = queries.traits([one.id for one in dossiers if self._shows(one, Item.TRAITS)])
        self.above = queries.names_above({unit for row in self.holders.values() for unit in _units(row)}, today)
        self.place = cache(self._place)

    def _opened(self) -> dict[UUID, Sensitive | None]:
        texts = key_queries.open_sealed([(PERSON, row.id, row.sealed) for row in self.holders.values()])
        return {
            person: Sensitive.from_bytes(text) if text is not None else None
            for person, text in zip(self.holders, texts, strict=True)
        }

    def _shows(self, dossier: DossierState, item: Item) -> bool:
        try:
            return self._layout(dossier).shows(item)
        except Refusal:
            return False

    def _layout(self, dossier: DossierState) -> CardLayout:
        return layout_for(self.today, _age(dossier), certificate=dossier.kind is Kind.IDENTITY_CERTIFICATE)

    def judged(
        self, dossier: UUID, held: DossierState | None, grants: Grants | None, by: Actor
    ) -> tuple[DossierState, CardData]:
        """Return a dossier with what is printed on its card, or refuse it."""
        if held is None:
            raise capture.UnknownDossier(dossier=dossier)
        if by.unit not in held.near:
            raise OutsideUnit(dossier=dossier)
        rights.require_own(grants, PRINT, held.near, by)
        if held.state is not DossierWord.ACCEPTED:
            raise NotAccepted(state=held.state)
        holder = self.holders[held.person]
        if not holder.number:
            raise NoNumber
        if holder.life in GONE:
            raise HolderGone(life=holder.life)
        sealed = self.sealed[holder.id]
        if sealed is None:
            raise DataErased
        data = self._data(held, holder, sealed)
        if data.layout.shows(Item.MRZ):
            zone(data)  # what cannot be written is refused now, not by the printer
        qr_text(data)
        return held, data

    def _data(self, held: DossierState, holder: Printable, sealed: Sensitive) -> CardData:
        age, kind = _age(held), self._layout(held).type
        by_age = kind is not CardType.IDENTITY_CERTIFICATE
        expires_on = next_exchange(holder.birth.latest, self.today) if by_age else None
        data = CardData(
            type=kind, number=holder.number, name=holder.name, birth=holder.birth,
            sex=holder.sex, issued_on=self.today, expires_on=expires_on, age=age,
            nationality=NATIONALITIES.get(holder.nationality, ""),
            residence=", ".join(filter(None, (sealed.address, self.place(holder.unit)))),
            old_number=holder.old_number, cancelled=holder.cancelled,
        )  # fmt: skip
        layout = data.layout
        places: dict[str, Any] = {
            "native_place": self.place(holder.native_unit) or sealed.native_place,
            "birth_place": self.place(holder.registered_unit) or sealed.birth_place,
            "traits": self.traits.get(held.id, ""),
            "parents": _parents(holder, sealed),
        }
        return replace(data, **{name: value for name, value in places.items() if _stands(name, data.age, layout)})

    def _place(self, unit: int | None) -> str:
        """Return a unit as cards name it: hamlets and numbered units with their type, the rest by the name alone."""
        return ", ".join(
            f"{kind} {name}" if level == "hamlet" or name.isdigit() else name
            for level, kind, name in (self.above.get(unit, ()) if unit else ())
        )


def _stands(name: str, age: int, layout: CardLayout) -> bool:
    return age < PARENTS_UNDER and Item.PARENTS in layout.qr if name == "parents" else layout.shows(Item(name))


def _age(dossier: DossierState) -> int:
    """Return the age that decides the layout; of who is vague, what the desk took them for: the oldest they can be."""
    return max(0, age_on(dossier.birth, dossier.law_day).high)


def _units(row: Printable) -> Iterator[int]:
    yield from (unit for unit in (row.unit, row.native_unit, row.registered_unit) if unit is not None)


def _parents(holder: Printable, sealed: Sensitive) -> tuple[str, ...]:
    """Return the parents whom the register ties to a child, or else those the papers name."""
    told = tuple(one.name for role in PARENT_ROLES for one in sealed.relatives if one.role == role and one.name)
    return holder.parents or told


CARD = {
    "id": "uuid", "dossier_id": "uuid", "person_id": "uuid", "batch_id": "uuid", "place": "int2", "unit_id": "int4",
    "type": "varchar", "number": "varchar", "issued_on": "date", "expires_on": "date", "state": "varchar",
    "state_since": "timestamptz", "reason": "varchar", "sealed": "bytea",
}  # fmt: skip
BATCH_COLUMNS = {
    "id": "uuid", "no": "int4", "unit_id": "int4", "type": "varchar", "size": "int2", "made_at": "timestamptz",
    "made_by": "uuid",
}  # fmt: skip


def _write(
    drafts: Sequence[_Draft], units: Mapping[int, int], size: int, by: Actor, at: datetime
) -> list[UUID]:  # fmt: skip
    """Write the cards in their batches, then the batches' events and the audit."""
    if not drafts:
        return []
    sealed = keys.seal([(PERSON, one.dossier.person, one.data.to_bytes()) for one in drafts])
    parcels = list(_parcels(list(zip(drafts, sealed, strict=True)), units, size))
    first = queries.next_batch_no()
    ids = [new_id() for _ in parcels]
    batches = (
        (batch, first + place, unit, rows[0][0].data.type.value, len(rows), at, by.officer)
        for place, (batch, (unit, rows)) in enumerate(zip(ids, parcels, strict=True))
    )
    cards = (
        (
            one.id, one.dossier.id, one.dossier.person, batch, place, unit, one.data.type.value, one.data.number,
            one.data.issued_on, one.data.expires_on, State.PRINTING.value, at, "", text,
        )
        for batch, (unit, rows) in zip(ids, parcels, strict=True)
        for place, (one, text) in enumerate(rows, 1)
    )  # fmt: skip
    with connection.cursor() as cursor:
        copy_rows(cursor, "card_batch", BATCH_COLUMNS, batches)
        copy_rows(cursor, "card_card", CARD, cards)
    moves = [
        Move(thing=batch, kind=BATCH, move="made", unit_done=by.unit, unit_residence=unit, occurred_at=at)
        for batch, (unit, _) in zip(ids, parcels, strict=True)
    ]
    recorded = journal.record(moves=moves, by=by, at=at)
    told = [audit.Subject(DOSSIER, one.dossier.id) for one in drafts] if len(drafts) <= TOLD_ONE_BY_ONE else []
    audit.record(by=by, at=at, action="card.make_batches", subjects=told, events=recorded, detail=f"{len(drafts)}")
    return ids


_Row = tuple[_Draft, bytes]


def _parcels(rows: Sequence[_Row], units: Mapping[int, int], size: int) -> Iterator[tuple[int, list[_Row]]]:
    """Yield the unit and the cards of each batch, in the order the dossiers came."""
    groups: dict[tuple[int, str], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[units[row[0].dossier.unit_done], row[0].data.type.value].append(row)
    for (unit, _), some in groups.items():
        for start in range(0, len(some), size):
            yield unit, some[start : start + size]
