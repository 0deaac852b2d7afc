"""Dossiers that have passed every check, and how a batch of them is written: rows, packets, events, audit."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from psycopg.types.json import Jsonb

from muster.audit import operations as audit
from muster.capture import sealing
from muster.capture.moves import MOVES, Step
from muster.capture.queries import Comer, DossierState, PacketLine
from muster.capture.rows import POSITIONS, Announcement, CaptureRecord, Filing, Intake
from muster.capture.words import KIND, POOR_PRINT, Place
from muster.events import operations as journal
from muster.events.journal import Move, age_band
from muster.kernel.actor import Actor
from muster.kernel.copying import copy_rows
from muster.kernel.dates import PartialDate
from muster.keys import operations as keys
from muster.law.cards import CardType
from muster.law.duty import Channel
from muster.law.facts import Due
from muster.law.fees import Exemption, Fee, exemptions_of_age, fee
from muster.law.forms import FormUse, Signer, form_for
from muster.law.tables import NoLawInForce

TOLD_ONE_BY_ONE = 1000  # dossiers; a longer batch is told in the audit by its events, which name each already


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One dossier about to be written; ``held`` is what stands there now."""

    id: UUID
    step: Step
    person: UUID
    birth: PartialDate
    unit: int
    unit_residence: int
    due: Due
    channel: Channel
    place: Place
    on: date
    taken_at: datetime
    held: DossierState | None = None
    attempt: int = 1
    taken_by: UUID | None = None
    kit: UUID | None = None
    session: UUID | None = None
    ready_by: date | None = None
    fee: Fee | None = None
    form: str = ""
    old_card_taken: bool = False
    account_level: int = 0
    packet: UUID | None = None
    signed: frozenset[Signer] = frozenset()
    captures: tuple[CaptureRecord, ...] = ()
    sealed: bytes = b""
    corrected: bool = False  # the citizen says that the register is wrong

    @classmethod
    def taken(
        cls,
        row: Intake,
        step: Step,
        due: Due,
        person: Comer,
        *,
        unit: int,
        card: CardType | None,
        held: DossierState | None,
        on: date,
        ready_by: date,
    ) -> Self:
        """Return what is written of a person taken in."""
        told = sealing.to_bytes(
            traits=row.traits, representative=row.representative, corrections=row.corrections
        )  # fmt: skip
        return cls(
            **_common(row.id, step, due, person, on), unit=unit, channel=Channel.IN_PERSON, place=row.place,
            taken_at=row.taken_at, taken_by=row.taken_by, held=held, attempt=row.attempt, kit=row.kit,
            session=row.session, ready_by=held.due_on if held and held.due_on else ready_by,
            fee=_fee(due, on, person.birth, card, row.exemptions), form=_form(FormUse.INTAKE, on),
            old_card_taken=row.old_card_taken, account_level=row.account_level, packet=row.packet, signed=row.signed,
            captures=row.captures, sealed=told, corrected=bool(row.corrections),
        )  # fmt: skip

    @classmethod
    def filed(
        cls, row: Filing, due: Due, person: Comer, *, unit: int, card: CardType | None, on: date, ready_by: date
    ) -> Self:
        """Return what is written of a dossier filed online."""
        return cls(
            **_common(row.id, Step.FILED, due, person, on), unit=unit, channel=Channel.ONLINE, place=Place.ONLINE,
            taken_at=row.filed_at, ready_by=ready_by, fee=_fee(due, on, person.birth, card, frozenset()),
            form=_form(FormUse.INTAKE, on), account_level=row.account_level, packet=row.packet,
            signed=frozenset({Signer.REPRESENTATIVE}),
            sealed=sealing.to_bytes(representative=row.representative, corrections={}),
        )  # fmt: skip

    @classmethod
    def announced(cls, row: Announcement, due: Due, person: Comer, *, unit: int, on: date) -> Self:
        """Return what is written of a dossier whose images are on their way."""
        return cls(
            **_common(row.id, Step.ANNOUNCED, due, person, on), unit=unit, channel=Channel.IN_PERSON, place=row.place,
            taken_at=row.taken_at, kit=row.kit,
        )  # fmt: skip

    @property
    def missing(self) -> bool:
        """Whether a finger or an iris is not there."""
        return any(one.missing for one in self.captures)

    @property
    def poor(self) -> bool:
        """Whether a print is of poor quality."""
        return any(
            one.quality is not None and one.quality < POOR_PRINT for one in self.captures if one.code in POSITIONS
        )


def _common(dossier: UUID, step: Step, due: Due, person: Comer, on: date) -> dict[str, Any]:
    return {
        "id": dossier, "step": step, "due": due, "person": person.id, "birth": person.birth,
        "unit_residence": person.unit, "on": on,
    }  # fmt: skip


def _fee(due: Due, on: date, birth: PartialDate, card: CardType | None, stated: frozenset[Exemption]) -> Fee:
    assert due.kind is not None  # noqa: S101 - who is entitled has a kind
    exempt = stated | exemptions_of_age(max(0, on.year - birth.year - 1), on)
    return fee(due.kind, on, ground=due.ground, card=card, exemptions=exempt)


def _form(use: FormUse, on: date) -> str:
    try:
        form = form_for(use, on)
    except NoLawInForce:
        return ""
    return f"{form.code} {form.circular}"


def write(drafts: Sequence[Draft], cursor: Any, *, by: Actor, at: datetime) -> None:
    """Write a batch of good dossiers: rows and packets, then events and audit."""
    new = [draft for draft in drafts if draft.held is None]
    copy_rows(cursor, "capture_dossier", COLUMNS, (_row(draft, by, at) for draft in new))
    _rewrite(cursor, [draft for draft in drafts if draft.held is not None], by, at)
    _packets(cursor, [draft for draft in drafts if draft.packet], by, at)
    recorded = journal.record(moves=[_move(draft) for draft in drafts], by=by, at=at)
    if recorded.events:
        told = [audit.Subject("person", draft.person) for draft in drafts] if len(drafts) <= TOLD_ONE_BY_ONE else []
        action = f"capture.{drafts[0].step.value}"
        audit.record(by=by, at=at, action=action, subjects=told, events=recorded, detail=f"{len(drafts)}")


COLUMNS = {
    "id": "uuid", "person_id": "uuid", "kind": "varchar", "ground": "varchar", "channel": "varchar",
    "place": "varchar", "state": "varchar", "attempt": "int2", "law_day": "date", "unit_done_id": "int4",
    "unit_residence_id": "int4", "kit": "uuid", "session": "uuid", "taken_at": "timestamptz", "taken_by": "uuid",
    "recorded_at": "timestamptz", "state_since": "timestamptz", "due_on": "date", "reason": "varchar",
    "form": "varchar", "fee_vnd": "int4", "exemption": "varchar", "old_card_taken": "bool", "account_level": "int2",
    "missing_biometrics": "bool", "poor_biometrics": "bool", "suspect_duplicate": "bool",
    "differs_from_register": "bool", "version": "int4",
}  # fmt: skip


def _row(draft: Draft, by: Actor, at: datetime) -> tuple[Any, ...]:
    due, fee_ = draft.due, draft.fee
    assert due.kind is not None and due.ground is not None  # noqa: S101, PT018 - who is entitled has both
    return (
        draft.id, draft.person, due.kind.value, due.ground.value, draft.channel.value, draft.place.value,
        MOVES[draft.step].end.value, draft.attempt, draft.on, draft.unit, draft.unit_residence, draft.kit,
        draft.session, draft.taken_at, draft.taken_by or by.officer, at, draft.taken_at, draft.ready_by, "", draft.form,
        fee_.vnd if fee_ else 0, fee_.exemption.value if fee_ and fee_.exemption else "", draft.old_card_taken,
        draft.account_level, draft.missing, draft.poor, False, draft.corrected,
        draft.held.version + 1 if draft.held else 1,
    )  # fmt: skip


_KEPT = frozenset({"id", "person_id", "suspect_duplicate"})  # what a later packet does not change


def _rewrite(cursor: Any, drafts: Iterable[Draft], by: Actor, at: datetime) -> None:
    """Complete announced dossiers and mend returned ones, each held since it was read."""
    names = [name for name in COLUMNS if name not in _KEPT]
    told = ", ".join(f"{name} = %({name})s" for name in names)
    rows = [dict(zip(COLUMNS, _row(draft, by, at), strict=True)) for draft in drafts]
    if rows:
        cursor.executemany(
            f"UPDATE capture_dossier SET {told}, owner_id = NULL, answer_by = NULL WHERE id = %(id)s", rows
        )


PACKET = {
    "id": "uuid", "dossier_id": "uuid", "attempt": "int2", "kit": "uuid", "taken_at": "timestamptz",
    "taken_by": "uuid", "recorded_at": "timestamptz", "signed": "varchar[]", "captures": "jsonb", "sealed": "bytea",
}  # fmt: skip


def _packets(cursor: Any, drafts: Sequence[Draft], by: Actor, at: datetime) -> None:
    sealed: dict[UUID, bytes] = {}
    for fresh in (True, False):  # a first packet's record has no key yet
        some = [draft for draft in drafts if draft.sealed and (draft.attempt == 1) is fresh]
        texts = keys.seal([(KIND, draft.id, draft.sealed) for draft in some], fresh=fresh)
        sealed |= {draft.id: text for draft, text in zip(some, texts, strict=True)}
    rows = (
        (
            draft.packet, draft.id, draft.attempt, draft.kit, draft.taken_at, draft.taken_by or by.officer, at,
            sorted(who.value for who in draft.signed), _captures(draft.captures), sealed.get(draft.id),
        )
        for draft in drafts
    )  # fmt: skip
    copy_rows(cursor, "capture_packet", PACKET, rows)


def _captures(captures: Sequence[CaptureRecord]) -> Jsonb:
    return Jsonb(captures, dumps=lambda all_: f"[{','.join([_capture(one) for one in all_])}]")


@lru_cache(1 << 14)  # fourteen for each dossier, and few that differ
def _capture(one: CaptureRecord) -> str:
    return json.dumps(
        {
            "code": one.code, "quality": one.quality, "tries": one.tries,
            "missing": one.missing.value if one.missing else None,
        }
    )  # fmt: skip


def is_same(row: Intake, packet: PacketLine) -> bool:
    """Say whether an intake that is sent again is what its packet brought; who took it is not compared.

    Where what was sealed cannot be opened any more (its key is destroyed), it is not compared either.
    """
    sealed = sealing.to_bytes(traits=row.traits, representative=row.representative, corrections=row.corrections)
    return (
        (row.packet, row.kit, row.taken_at) == (packet.id, packet.kit, packet.taken_at)
        and sorted(who.value for who in row.signed) == packet.signed
        and [json.loads(_capture(one)) for one in row.captures] == packet.captures
        and packet.told in (None, sealing.from_bytes(sealed))
    )


def _move(draft: Draft) -> Move:
    return Move(
        thing=draft.id, kind=KIND, move=draft.step.value, unit_done=draft.unit, unit_residence=draft.unit_residence,
        occurred_at=draft.taken_at, age_band=age_band(draft.birth, draft.on), kit=draft.kit,
    )  # fmt: skip
