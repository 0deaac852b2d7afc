"""What waits at units: requests for a decision, and the outreach list of those who were told and did nothing.

A scope is the units below which somebody works. Requests lie where they were taken, the outreach list where its people
live: who goes to see them is there.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from muster.account.queries.states import AccountState, accounts
from muster.account.words import State

_BELOW = "IN (SELECT id FROM units_unit WHERE ancestors && %s::int[])"
_ASKED = f"account.state = ANY(%s) AND unit_done_id {_BELOW}"
_SILENT = f"account.state = 'notified' AND activate_by < %s AND unit_residence_id {_BELOW}"


def waiting(scope: Collection[int], states: Collection[State], *, limit: int, skip: int = 0) -> list[AccountState]:
    """Return the accounts in given states that were asked for in a scope, the first to be decided first."""
    where = f"WHERE {_ASKED} ORDER BY decide_by, account.id LIMIT %s OFFSET %s"
    return accounts(where, [[state.value for state in states], list(scope), limit, skip])


def how_many(scope: Collection[int]) -> dict[tuple[int, State], int]:
    """Return how many accounts asked for in a scope are in each state, by level; where there are none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT level, state, count(*) FROM account_account WHERE unit_done_id {_BELOW} GROUP BY level, state",
            [list(scope)],
        )
        return {(level, State(state)): count for level, state, count in cursor.fetchall()}


def how_many_overdue(scope: Collection[int], on: date) -> int:
    """Return how many requests of a scope should have been decided before a day."""
    return _count(f"{_ASKED} AND decide_by < %s", [[State.REQUESTED.value], list(scope), on])


def not_activated(scope: Collection[int], on: date, *, limit: int, skip: int = 0) -> list[AccountState]:
    """Return who lives in a scope, was told and can no longer activate alone, the longest silent first."""
    where = f"WHERE {_SILENT} ORDER BY activate_by, person.name_key, account.id LIMIT %s OFFSET %s"
    return accounts(where, [on, list(scope), limit, skip])


def how_many_not_activated(scope: Collection[int], on: date) -> int:
    """Return how many there are."""
    return _count(_SILENT, [on, list(scope)])


def _count(where: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM account_account AS account WHERE {where}", values)
        return int(cursor.fetchone()[0])
