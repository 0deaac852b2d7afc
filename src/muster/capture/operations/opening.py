"""Open dossiers: filed online, announced by a kit, or taken in; each judged by the law of its own day."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

from muster.capture import queries
from muster.capture.moves import Step, after
from muster.capture.operations import checks
from muster.capture.operations.drafts import Draft, is_same, write
from muster.capture.operations.refusals import (
    AlreadyOnItsWay,
    DossierDiffers,
    FiledOnline,
    NotFiledOnline,
    OutsideUnit,
    TakenInFuture,
)
from muster.capture.queries import Comer
from muster.capture.rows import Announcement, Filing, Intake
from muster.capture.words import State
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.law.cards import CardType
from muster.law.deadlines import deadline
from muster.law.due import who_is_due
from muster.law.duty import Channel
from muster.law.facts import Due, PersonFacts
from muster.register.facts import facts_of_many
from muster.register.operations.numbers import UnknownPerson
from muster.register.operations.taking_in import UnitUnknown
from muster.survey import operations as survey

Row = TypeVar("Row", Intake, Filing, Announcement)
A_DAY = timedelta(days=1)


class Desk:
    """What must be known before a batch is judged: persons, facts, dossiers, places; all held until the end."""

    def __init__(self, rows: Sequence[Any], by: Actor, at: datetime) -> None:
        persons = {row.person for row in rows}
        self.by, self.at, self.today = by, at, local(at).date()
        self.persons = queries.hold_comers(persons)
        self.facts: dict[UUID, PersonFacts] = facts_of_many(persons)
        self.held = queries.states([row.id for row in rows], lock=True)
        self.open: dict[UUID, UUID] = queries.open_of(persons)
        self.places = queries.places({by.unit, *(row.unit for row in rows if isinstance(row, Intake) and row.unit)})
        self.brought = queries.brought([row.id for row in rows if isinstance(row, Intake) and self.is_in(row)])

    def is_in(self, row: Intake) -> bool:
        """Say whether an attempt of a dossier of this person has been taken in before."""
        held = self.held.get(row.id)
        if held is None or held.person != row.person:
            return False
        return held.attempt >= row.attempt and held.state is not State.ANNOUNCED

    def person(self, row: Row) -> Comer:
        """Return the person of a row.

        :raises UnknownPerson: nobody has this id
        :raises AlreadyOnItsWay: another dossier of the person has not ended
        :raises DossierDiffers: the id is that of another dossier
        """
        person = self.persons.get(row.person)
        if person is None:
            raise UnknownPerson(person=row.person)
        if (held := self.held.get(row.id)) is not None and held.person != row.person:
            raise DossierDiffers(dossier=row.id)
        if self.open.get(row.person, row.id) != row.id:
            raise AlreadyOnItsWay(dossier=self.open[row.person])
        return person

    def day(self, moment: datetime) -> date:
        """Return the calendar day of a moment: past midnight the law of the new day holds, whatever shift it is.

        :raises TakenInFuture: it is more than a day ahead
        """
        if moment > self.at + A_DAY:
            raise TakenInFuture(at=moment.isoformat(timespec="minutes"))
        return local(moment).date()

    def due(self, row: Row, on: date) -> Due:
        """Return what the person of a row gets on a day.

        :raises NotDueNow: nothing
        """
        facts = self.facts[row.person]
        if isinstance(row, Intake) and (row.stated or row.lost_capacity):
            facts = replace(facts, reasons=facts.reasons | row.stated, lost_capacity=row.lost_capacity)
        return checks.entitled(who_is_due(facts, on), on)

    def card(self, row: Row) -> CardType | None:
        """Return the kind of card the person of a row holds: it decides the fee."""
        card = self.facts[row.person].card
        return card.type if card else None

    def unit(self, row: Row) -> int:
        """Return the unit that took a row.

        :raises UnitUnknown: there is none with that number
        :raises OutsideUnit: it does not stand below the unit of who brings the batch
        """
        unit = (row.unit if isinstance(row, Intake) else None) or self.by.unit
        if unit not in self.places:
            raise UnitUnknown(unit=unit)
        if self.by.unit not in self.places[unit][1]:
            raise OutsideUnit(dossier=row.id)
        return unit

    def ready_by(self, due: Due, unit: int) -> date:
        """Return the last day on which the result of what a unit receives today is in time."""
        assert due.kind is not None  # noqa: S101 - who is entitled has a kind
        return deadline(self.today, self.places[unit][0], due.kind)


def receive(*, intakes: Sequence[Intake], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Take in persons, one at a desk or ten thousand from kits; bad rows are refused one by one, the good are kept.

    A dossier that is there with the same attempt is passed over, so a batch may be sent again; with another content it
    is refused. One that was announced
    is completed; one that was returned is mended by its next attempt, judged by the law of the day it was first taken.

    :param at: the campaign's time of recording; the work day follows from when each was taken
    :returns: the ids of the dossiers that are in now; refusals by the place in ``intakes``
    """
    return _each(intakes, by, at, _received)


def file_online(*, filings: Sequence[Filing], by: Actor, at: datetime) -> BatchResult[UUID]:
    """File dossiers of children under six for their representatives; sent again, they are the same dossiers."""
    return _each(filings, by, at, _filed)


def announce(*, announcements: Sequence[Announcement], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Write down which dossiers kits hold whose images are still on their way."""
    return _each(announcements, by, at, _announced)


@transaction.atomic
def _each(
    rows: Sequence[Row], by: Actor, at: datetime, judge: Callable[[Row, Desk], Draft | None]
) -> BatchResult[UUID]:
    desk = Desk(rows, by, at)
    refused: dict[int, Refusal] = {}
    drafts: dict[UUID, Draft] = {}
    seen: dict[UUID, Row] = {}
    for place, row in enumerate(rows):
        try:
            first = seen.setdefault(row.id, row)
            if first is not row and first != row:
                raise DossierDiffers(dossier=row.id)
            draft = judge(row, desk) if row.id not in drafts else None
        except Refusal as refusal:
            refused[place] = refusal
        else:
            desk.open[row.person] = row.id
            if draft:
                drafts[row.id] = draft
    with connection.cursor() as cursor:
        write(list(drafts.values()), cursor, by=by, at=at)
    survey.close_cases(persons=[draft.person for draft in drafts.values()], by=by, at=at)
    done = [row.id for place, row in enumerate(rows) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _received(row: Intake, desk: Desk) -> Draft | None:
    if desk.is_in(row):
        if (packet := desk.brought.get((row.id, row.attempt))) and not is_same(row, packet):
            raise DossierDiffers(dossier=row.id)
        return None
    held = desk.held.get(row.id)
    person = desk.person(row)
    step = Step.RECEIVED if row.attempt == 1 else Step.RECEIVED_AGAIN
    after(held.state if held else None, step)
    taken_on = desk.day(row.taken_at)
    on = held.law_day if held and row.attempt > 1 else taken_on
    checks.open_on(taken_on)
    due = desk.due(row, on)
    if due.channel is Channel.ONLINE:
        raise FiledOnline
    checks.captures(row, person.birth, on)
    checks.level(row.account_level, person.birth, on)
    unit = desk.unit(row)
    return Draft.taken(
        row, step, due, person, unit=unit, card=desk.card(row), held=held, on=on, ready_by=desk.ready_by(due, unit)
    )


def _filed(row: Filing, desk: Desk) -> Draft | None:
    if (held := desk.held.get(row.id)) and held.person == row.person:
        return None
    person = desk.person(row)
    on = desk.day(row.filed_at)
    checks.open_on(on)
    due = desk.due(row, on)
    if due.channel is not Channel.ONLINE:
        raise NotFiledOnline
    checks.filing(row, person.birth, on)
    checks.level(row.account_level, person.birth, on)
    unit = desk.unit(row)
    return Draft.filed(row, due, person, unit=unit, card=desk.card(row), on=on, ready_by=desk.ready_by(due, unit))


def _announced(row: Announcement, desk: Desk) -> Draft | None:
    if (held := desk.held.get(row.id)) and held.person == row.person:
        return None
    person = desk.person(row)
    on = desk.day(row.taken_at)
    return Draft.announced(row, desk.due(row, on), person, unit=desk.unit(row), on=on)
