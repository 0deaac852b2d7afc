"""An account as operations and pages see it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.account.words import OVER, Channel, How, State
from muster.kernel.arrays import ids as array
from muster.kernel.dates import PartialDate, read_stored
from muster.kernel.reading import reader, word, word_or_none


class AccountState(NamedTuple):
    """An account with its holder's name, number and birth; nothing sensitive."""

    id: UUID
    person: UUID
    level: int
    state: State
    channel: Channel
    dossier: UUID | None
    has_card: bool
    consent: bool
    unit_done: int
    unit_residence: int
    requested_at: datetime
    decide_by: date
    decided_by: UUID | None
    state_since: datetime
    notified_at: datetime | None
    activate_by: date | None
    activated_at: datetime | None
    activated_how: How | None
    activated_by: UUID | None
    device: bytes | None  # keyed hash of the one in use
    reason: str
    version: int
    name: str
    number: str
    birth: PartialDate
    path: tuple[int, ...]  # the units above the one that took the request, itself last
    near: frozenset[int]  # every unit from which an officer may act on it

    def overdue(self, on: date) -> bool:
        """Say whether the day by which it should have been decided is past."""
        return self.state is State.REQUESTED and self.decide_by < on

    def needs_hotline(self, on: date) -> bool:
        """Say whether the holder was told and can no longer activate alone."""
        return self.state is State.NOTIFIED and self.activate_by is not None and self.activate_by < on


_COLUMNS = {
    "person": "person_id", "dossier": "dossier_id", "unit_done": "unit_done_id", "unit_residence": "unit_residence_id",
    "name": "person.name", "number": "coalesce(person.number, '')", "birth": "person.birth", "path": "done.ancestors",
    "near": "done.ancestors || home.ancestors",
}  # fmt: skip


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "state": word(State), "channel": word(Channel), "activated_how": word_or_none(How), "device": _bytes,
    "birth": read_stored, "path": tuple, "near": frozenset,
}  # fmt: skip
_account = reader(AccountState, _READ)
SELECT = f"""
    SELECT {", ".join(_COLUMNS.get(name, f"account.{name}") for name in AccountState._fields)}
    FROM account_account AS account
    JOIN register_person AS person ON person.id = person_id
    JOIN units_unit AS done ON done.id = unit_done_id
    JOIN units_unit AS home ON home.id = unit_residence_id
"""

_OVER = [state.value for state in OVER]


def accounts(where: str, values: Sequence[Any]) -> list[AccountState]:
    """Return the accounts of a condition."""
    with connection.cursor() as cursor:
        cursor.execute(f"{SELECT} {where}", values)
        return [_account(row) for row in cursor.fetchall()]


def states(ids: Collection[UUID]) -> dict[UUID, AccountState]:
    """Return accounts by id."""
    return {one.id: one for one in accounts("WHERE account.id = ANY(%s::uuid[])", [array(ids)])}


def of_person(person: UUID) -> list[AccountState]:
    """Return all accounts of a person, the newest first."""
    return accounts("WHERE person_id = %s ORDER BY requested_at DESC, account.id DESC", [person])


def of_dossier(dossier: UUID) -> AccountState | None:
    """Return the account that was asked for with a dossier, if it has been."""
    return next(iter(accounts("WHERE dossier_id = %s", [dossier])), None)


def open_levels(persons: Collection[UUID]) -> dict[UUID, set[int]]:
    """Return for each person the levels of the accounts that are not over."""
    found: dict[UUID, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, level FROM account_account WHERE person_id = ANY(%s::uuid[]) AND state <> ALL(%s)",
            [array(persons), _OVER],
        )
        for person, level in cursor.fetchall():
            found.setdefault(person, set()).add(level)
    return found
