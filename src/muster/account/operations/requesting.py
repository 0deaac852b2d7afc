"""Ask for accounts: each judged by the law of its own day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from muster.account import queries
from muster.account.moves import MOVES, Step
from muster.account.operations.refusals import (
    AccountDiffers,
    AccountThere,
    ConsentMissing,
    DossierNotIn,
    HolderNotAlive,
    InPersonOnly,
    LevelNotOffered,
    OutsideUnit,
)
from muster.account.queries.work import TAKEN_IN
from muster.account.rows import AccountRequest
from muster.account.words import KIND, Channel, kind
from muster.audit import operations as audit
from muster.capture import queries as dossiers_now
from muster.capture import sealing
from muster.capture.operations import UnknownDossier
from muster.events import operations as journal
from muster.events.journal import Move, age_band
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.copying import copy_rows
from muster.kernel.dates import PartialDate, age_on
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.keys import operations as keys
from muster.law import eid
from muster.law.duty import LifeStatus
from muster.law.eid import LevelRule
from muster.law.tables import NoLawInForce
from muster.people import rights
from muster.people.rights import Grants
from muster.register import queries as register
from muster.register.facts import facts_of_many
from muster.register.operations.numbers import UnknownPerson
from muster.register.operations.taking_in import UnitUnknown
from muster.register.queries import PersonState
from muster.register.sensitive import KIND as PERSON

TOLD_ONE_BY_ONE = 1000  # accounts; a longer batch is told in the audit by its events, which name each already


@dataclass(frozen=True, slots=True)
class _Draft:
    """A request that has passed every check."""

    row: AccountRequest
    person: PersonState
    unit: int
    on: date
    has_card: bool
    consent: bool
    decide_by: date


class _Room:
    """What must be known before requests are judged; the persons are held to the end."""

    def __init__(self, rows: Sequence[AccountRequest], grants: Grants | None, by: Actor) -> None:
        persons = {row.person for row in rows}
        self.grants, self.by = grants, by
        self.persons: dict[UUID, PersonState] = register.states(persons, lock=True)
        self.facts, self.ended = facts_of_many(persons), queries.card_ended(persons)
        self.held = queries.states([row.id for row in rows])
        self.levels = queries.open_levels(persons)
        homes = {person.unit for person in self.persons.values()}
        self.places = dossiers_now.places({by.unit, *homes, *(row.unit for row in rows if row.unit)})

    def judge(self, row: AccountRequest) -> _Draft | None:
        """Return what is written of a request; nothing for one that is there."""
        person = self.persons.get(row.person)
        if person is None:
            raise UnknownPerson(person=row.person)
        rights.require_own(self.grants, "account.request", self.places[person.unit][1], self.by)
        if held := self.held.get(row.id):
            if (held.person, held.level, held.channel) != (row.person, row.level, row.channel):
                raise AccountDiffers(account=row.id)
            return None
        if person.life is not LifeStatus.ALIVE:
            raise HolderNotAlive(life=person.life.value)
        if row.channel is Channel.ONLINE and row.level > 1:
            raise InPersonOnly
        if any(level >= row.level for level in self.levels.get(row.person, ())):
            raise AccountThere(level=row.level)
        on = local(row.at).date()
        consent = _consent(row, offered(row.level, person.birth, on))
        card = self.facts[row.person].card if row.person not in self.ended else None
        has_card = eid.card_counts(card, person.birth.earliest, on)
        last = eid.decide_by(on, row.level, has_card=has_card)
        return _Draft(row, person, self._unit(row), on, has_card, consent, last)

    def _unit(self, row: AccountRequest) -> int:
        unit = row.unit or self.by.unit
        if unit not in self.places:
            raise UnitUnknown(unit=unit)
        if self.by.unit not in self.places[unit][1]:
            raise OutsideUnit(account=row.id)
        return unit


@lru_cache(1 << 14)
def offered(level: int, birth: PartialDate, on: date) -> tuple[LevelRule, ...]:
    """Return the rules, of the ages somebody may have on a day, that offer a level.

    :raises LevelNotOffered: none does
    """
    age = age_on(birth, on)
    try:
        rules = tuple(rule for one in sorted({age.low, age.high}) if level in (rule := eid.levels_for(on, one)).levels)
    except NoLawInForce:
        rules = ()
    if not rules:
        raise LevelNotOffered(on=on.isoformat(), level=level)
    return rules


def may_ask_online(person: UUID, on: date) -> bool:
    """Say whether somebody may ask for level 1 online: offered at their age without consent, and none held or asked."""
    state = register.states([person])[person]
    try:
        rules = offered(1, state.birth, on)
    except LevelNotOffered:
        return False
    alone = state.life is LifeStatus.ALIVE and not any(rule.consent for rule in rules)
    return alone and not queries.open_levels([person]).get(person)


def _consent(row: AccountRequest, rules: Collection[LevelRule]) -> bool:
    given = row.consent or (row.representative is not None and not row.representative.missing)
    if not given and any(rule.consent for rule in rules):
        raise ConsentMissing
    return given


@transaction.atomic
def request_accounts(
    *, requests: Sequence[AccountRequest], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Ask for accounts; bad rows are refused one by one, the good are kept.

    A request that is there is passed over, so a batch may be sent again. The right is asked where each person lives.

    :returns: the ids of the accounts that are asked for now; refusals by the place in ``requests``
    """
    room = _Room(requests, grants, by)
    refused: dict[int, Refusal] = {}
    drafts: dict[UUID, _Draft] = {}
    seen: dict[UUID, AccountRequest] = {}
    for place, row in enumerate(requests):
        try:
            if seen.setdefault(row.id, row) != row:
                raise AccountDiffers(account=row.id)
            draft = room.judge(row) if row.id not in drafts else None
        except Refusal as refusal:
            refused[place] = refusal
        else:
            if draft:
                drafts[row.id] = draft
                room.levels.setdefault(row.person, set()).add(row.level)
    _write(list(drafts.values()), by, at)
    done = [row.id for place, row in enumerate(requests) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


@transaction.atomic
def request_with_dossiers(
    *, dossiers: Sequence[UUID], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Ask for the accounts that citizens wished together with their dossiers, by the day and unit of each dossier.

    A dossier that asks for none is passed over; one whose account is asked for already yields that account.

    :returns: the accounts, in the order of their dossiers; refusals by the place in ``dossiers``
    """
    asked = queries.asked_with(dossiers)
    register.states({one.person for one in asked.values()}, lock=True)  # two who ask at once find the same account
    there = queries.with_dossiers(dossiers)
    refused: dict[int, Refusal] = {}
    rows: dict[int, AccountRequest] = {}
    for place, dossier in enumerate(dossiers):
        told = asked.get(dossier)
        if told is None:
            refused[place] = UnknownDossier(dossier=dossier)
        elif told.level and dossier not in there:
            if told.state.value not in TAKEN_IN:
                refused[place] = DossierNotIn(dossier=dossier)
                continue
            account = there[dossier] = new_id()
            rows[place] = AccountRequest(
                id=account, person=told.person, level=told.level, at=told.taken_at, channel=Channel.DOSSIER,
                consent=told.consent, dossier=dossier, unit=told.unit,
            )  # fmt: skip
    result = request_accounts(requests=list(rows.values()), grants=grants, by=by, at=at)
    places = list(rows)
    refused |= {places[one.index]: one.refusal for one in result.refused}
    gone = {dossiers[place] for place in refused}
    done = [there[dossier] for dossier in dossiers if dossier in there and dossier not in gone]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


COLUMNS = {
    "id": "uuid", "person_id": "uuid", "level": "int2", "state": "varchar", "channel": "varchar", "dossier_id": "uuid",
    "has_card": "bool", "consent": "bool", "representative": "bytea", "unit_done_id": "int4",
    "unit_residence_id": "int4", "requested_at": "timestamptz", "recorded_at": "timestamptz", "decide_by": "date",
    "state_since": "timestamptz", "activated_how": "varchar", "reason": "varchar", "version": "int4",
}  # fmt: skip


def _write(drafts: Sequence[_Draft], by: Actor, at: datetime) -> None:
    if not drafts:
        return
    sealed = _sealed([draft.row for draft in drafts])
    with connection.cursor() as cursor:
        copy_rows(cursor, "account_account", COLUMNS, (_row(draft, sealed.get(draft.row.id), at) for draft in drafts))
    recorded = journal.record(moves=[_move(draft) for draft in drafts], by=by, at=at)
    subjects = [audit.Subject(PERSON, one.person.id) for one in drafts] if len(drafts) <= TOLD_ONE_BY_ONE else []
    audit.record(by=by, at=at, action="account.request", subjects=subjects, events=recorded, detail=f"{len(drafts)}")


def _sealed(rows: Sequence[AccountRequest]) -> dict[UUID, bytes]:
    """Seal the representatives, each under its account's own key."""
    texts = [
        (KIND, row.id, sealing.to_bytes(representative=row.representative, corrections={}))
        for row in rows
        if row.representative
    ]
    return {row[1]: text for row, text in zip(texts, keys.seal(texts, fresh=True), strict=True)}


def _row(draft: _Draft, sealed: bytes | None, at: datetime) -> tuple[Any, ...]:
    row = draft.row
    return (
        row.id, row.person, row.level, MOVES[Step.REQUESTED].end.value, row.channel.value, row.dossier, draft.has_card,
        draft.consent, sealed, draft.unit, draft.person.unit, row.at, at, draft.decide_by, row.at, "", "", 1,
    )  # fmt: skip


def _move(draft: _Draft) -> Move:
    return Move(
        thing=draft.row.id, kind=kind(draft.row.level), move=Step.REQUESTED.value, unit_done=draft.unit,
        unit_residence=draft.person.unit, occurred_at=draft.row.at, age_band=age_band(draft.person.birth, draft.on),
    )  # fmt: skip
