"""What a move must know of accounts, held until it is done; and no more, for a batch has thousands."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.account.words import OVER, How, State
from muster.kernel.arrays import ids
from muster.kernel.dates import PartialDate, read_stored


class Held(NamedTuple):
    """An account as a move finds it, or leaves it; ``near`` is every unit from which an officer may act on it."""

    id: UUID
    person: UUID
    level: int
    state: State
    version: int
    unit_residence: int
    requested_at: datetime
    state_since: datetime
    decided_by: UUID | None
    notified_at: datetime | None
    activate_by: date | None
    activated_at: datetime | None
    activated_how: How | None
    activated_by: UUID | None
    device: bytes | None
    reason: str
    birth: PartialDate
    near: frozenset[int]


_SELECT = """
    SELECT id, person_id, level, state, version, unit_residence_id, requested_at, state_since, decided_by, notified_at,
           activate_by, activated_at, activated_how, activated_by, device, reason,
           (SELECT birth FROM register_person AS person WHERE person.id = person_id), unit_done_id
    FROM account_account
"""
_THESE = f"{_SELECT} WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE"
_WITH_LOWER = f"""
    {_SELECT} WHERE id IN (
        SELECT unnest(%(ids)s::uuid[])
        UNION
        SELECT lower.id FROM account_account AS asked JOIN account_account AS lower
            ON lower.person_id = asked.person_id AND lower.level = 1 AND lower.state <> ALL(%(over)s)
        WHERE asked.id = ANY(%(ids)s::uuid[]) AND asked.level = 2)
    ORDER BY id FOR UPDATE
"""


def hold(accounts: Collection[UUID], *, lower: bool = False) -> dict[UUID, Held]:
    """Hold accounts, in the order of their ids, to the transaction's end; return what a move must know of each.

    :param lower: with the accounts of level 1, not yet over, of those whose accounts of level 2 are asked for
    """
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"ids": ids(accounts), "over": [state.value for state in OVER]}
        cursor.execute(_WITH_LOWER if lower else _THESE, values)
        rows = cursor.fetchall()
    near = _near({(row[-1], row[5]) for row in rows})
    return {row[0]: _held(row, near[row[-1], row[5]]) for row in rows}


_STATES: Mapping[str, State] = {state.value: state for state in State}
_HOWS: Mapping[str, How | None] = {"": None, **{how.value: how for how in How}}


def _held(row: tuple[Any, ...], near: frozenset[int]) -> Held:
    account, person, level, state, *rest, how, by, device, reason, birth, _ = row
    kept = None if device is None else bytes(device)
    return Held._make(
        (account, person, level, _STATES[state], *rest, _HOWS[how], by, kept, reason, read_stored(birth), near)
    )


def _near(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], frozenset[int]]:
    """Return for each pair of units those above both, and themselves."""
    asked = list(pairs)
    with connection.cursor() as cursor:
        units = {unit for pair in asked for unit in pair}
        cursor.execute("SELECT id, ancestors FROM units_unit WHERE id = ANY(%s)", [list(units)])
        paths = dict(cursor.fetchall())
    return {(done, home): frozenset(paths[done]).union(paths[home]) for done, home in asked}
