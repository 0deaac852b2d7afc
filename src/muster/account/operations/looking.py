"""Open accounts: one, the requests that wait, the outreach list. Each look is written into the audit, by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.account import queries
from muster.account.queries import AccountState
from muster.account.words import KIND, State
from muster.audit import operations as audit
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import Refusal
from muster.keys import queries as keys
from muster.people import rights
from muster.people.rights import Grants
from muster.people.words import Field
from muster.register import queries as register
from muster.register.sensitive import KIND as PERSON
from muster.register.sensitive import Sensitive

READ = "account.read"


class AccountNotHere(Refusal):
    """There is no such account in the officer's area; what is elsewhere is not told."""

    code = "account_not_here"
    vi = "Không tìm thấy tài khoản này trong địa bàn của bạn."
    en = "There is no such account in your area."


@dataclass(frozen=True, slots=True)
class Outreach:
    """A page of those who were told and did nothing, and their phones for who may see them."""

    accounts: Sequence[AccountState]
    phones: Mapping[UUID, str]  # by person


@transaction.atomic
def open_account(*, account: UUID, grants: Grants, by: Actor, at: datetime) -> AccountState:
    """Return an account of the officer's area.

    :raises AccountNotHere: there is none
    """
    held = queries.states([account]).get(account)
    if held is None or not rights.may(grants, READ, sorted(held.near), by.purpose):
        raise AccountNotHere
    subjects = [audit.Subject(KIND, account), audit.Subject(PERSON, held.person)]
    audit.record(by=by, at=at, action="account.open", subjects=subjects)
    return held


@transaction.atomic
def open_waiting(
    *, states: Collection[State], grants: Grants, by: Actor, at: datetime, limit: int, skip: int = 0
) -> list[AccountState]:
    """Return a page of the accounts in given states that were asked for in the officer's area.

    :raises NotAllowed: the officer reads no accounts for this purpose
    """
    found = queries.waiting(_scope(grants, by), states, limit=limit, skip=skip)
    _tell("account.list", found, by, at)
    return found


@transaction.atomic
def open_outreach(*, grants: Grants, by: Actor, at: datetime, limit: int, skip: int = 0) -> Outreach:
    """Return a page of who lives in the officer's area, was told and can no longer activate alone.

    :raises NotAllowed: the officer reads no accounts for this purpose
    """
    found = queries.not_activated(_scope(grants, by), local(at).date(), limit=limit, skip=skip)
    _tell("account.list_outreach", found, by, at)
    seen = [one.person for one in found if Field.PHONE in rights.fields(grants, sorted(one.near), by.purpose)]
    return Outreach(found, _phones(seen))


def _scope(grants: Grants, by: Actor) -> frozenset[int]:
    scope = rights.scope(grants, READ, by.purpose)
    if not scope:
        raise rights.NotAllowed(action=READ)
    return scope


def _tell(action: str, found: Sequence[AccountState], by: Actor, at: datetime) -> None:
    if found:
        subjects = [audit.Subject(PERSON, one.person) for one in found]
        audit.record(by=by, at=at, action=action, subjects=subjects, detail=f"{len(found)}")


def _phones(persons: Sequence[UUID]) -> dict[UUID, str]:
    """Return the phones that are known; nothing of whose key has been erased."""
    held = register.states(persons)
    texts = keys.open_sealed([(PERSON, one.id, one.sealed) for one in held.values()])
    told = {one: Sensitive.from_bytes(text).phone for one, text in zip(held, texts, strict=True) if text}
    return {person: phone for person, phone in told.items() if phone}
