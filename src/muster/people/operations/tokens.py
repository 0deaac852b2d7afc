"""Tokens for kits and partners: made once, shown once, kept as a hash, ended at any time."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.people.models import Token
from muster.people.operations.common import Guard, Sieve, active, audit, lock

LONGEST = timedelta(days=366)


class BadToken(Refusal):
    """A token is for a named device, and ends within a year."""

    code = "bad_token"
    vi = "Mã truy cập phải có tên thiết bị và kết thúc trong vòng một năm."
    en = "A token has the name of a device, and ends within a year."


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be made: for whom, on which device, until when."""

    id: UUID
    officer: UUID
    device: str
    ends_at: datetime


@transaction.atomic
def make_tokens(*, tokens: Sequence[NewToken], by: Actor, at: datetime) -> BatchResult[tuple[UUID, str]]:
    """Make tokens; each text is returned here and nowhere else, and is told anew with another hash if sent again.

    Rows are refused with `UnknownOfficer`, `Inactive`, `NotAllowed` and `BadToken`.

    :returns: id and text of each token
    """
    known = lock(row.officer for row in tokens)
    guard = Guard(by, at, {officer.unit_id for officer in known.values()})

    def check(row: NewToken) -> None:
        guard.check(active(known, row.officer).unit_id, at)
        if not row.device.strip() or len(row.device) > 40 or not at < row.ends_at <= at + LONGEST:  # noqa: PLR2004
            raise BadToken

    sieve = Sieve(tokens)
    made: dict[UUID, str] = {}
    for row in sieve.keep(check):
        made[row.id] = secrets.token_urlsafe(32)
        told = {"officer_id": row.officer, "device": row.device.strip(), "hash": hash_of(made[row.id])}
        told |= {"made_at": at, "made_by": by.officer, "ends_at": row.ends_at}
        Token.objects.update_or_create(id=row.id, defaults=told)
    holders = sorted({row.officer for row in sieve.good})
    audit(by, at, "people.make_token", ("token", sorted(made)), ("officer", holders))
    result = sieve.result(lambda row: row.id)
    return BatchResult([(token, made[token]) for token in result.done], result.refused)


@transaction.atomic
def end_tokens(*, officers: Sequence[UUID], by: Actor, at: datetime) -> int:
    """End every token of officers at this moment; return how many were open.

    :raises NotAllowed: the actor administers no such officer
    """
    known = lock(officers)
    guard = Guard(by, at, {officer.unit_id for officer in known.values()})
    for officer in known.values():
        guard.check(officer.unit_id, at)
    held = Token.objects.filter(officer__in=list(known), ends_at__gt=at)
    ended = sorted(held.values_list("id", flat=True))
    held.update(ends_at=at)
    if ended:
        audit(by, at, "people.end_token", ("token", ended))
    return len(ended)


def hash_of(text: str) -> bytes:
    """Return what is kept of a token: it has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(text.encode()).digest()
