"""Lock accounts and unlock them; close them for good."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.account import queries
from muster.account.moves import Step
from muster.account.operations.moving import Asker, Change, judge_each, moved, reasoned, write
from muster.account.queries import Held
from muster.account.rows import Act
from muster.account.words import Closing, Lock
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult
from muster.people.rights import Grants

LOCKS, CLOSINGS = frozenset(Lock), frozenset(Closing) - {Closing.RAISED}


@transaction.atomic
def lock(*, locks: Sequence[Act], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Lock activated accounts, each with a word of `Lock`; the device stays theirs."""
    held = queries.hold({row.account for row in locks})
    changes, result = judge_each(locks, held, Asker(grants, by, lambda _: "account.lock"), _locked)
    write(changes, "account.lock", by, at)
    return result


def _locked(row: Act, before: Held) -> Change:
    change = moved(row, Step.LOCKED, before)
    reasoned(row, Step.LOCKED, LOCKS)
    return change


@transaction.atomic
def unlock(*, unlocks: Sequence[Act], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Unlock accounts: they are used on as before."""
    held = queries.hold({row.account for row in unlocks})
    changes, result = judge_each(unlocks, held, Asker(grants, by, lambda _: "account.unlock"), _unlocked)
    write(changes, "account.unlock", by, at)
    return result


def _unlocked(row: Act, before: Held) -> Change:
    reasoned(row, Step.UNLOCKED)
    return moved(row, Step.UNLOCKED, before)


@transaction.atomic
def close(*, closings: Sequence[Act], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Close accounts for good, each with a word of `Closing`; a request that waits is withdrawn by it."""
    held = queries.hold({row.account for row in closings})
    changes, result = judge_each(closings, held, Asker(grants, by, lambda _: "account.close"), _closed)
    write(changes, "account.close", by, at)
    return result


def _closed(row: Act, before: Held) -> Change:
    reasoned(row, Step.CLOSED, CLOSINGS)
    return ended(row, before)


def ended(row: Act, before: Held) -> Change:
    """Return an account closed for a row's reason; its device is let go."""
    return moved(row, Step.CLOSED, before, device=None)
