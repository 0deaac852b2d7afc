"""Kits marked by hand, where a ticket may say otherwise; and who opens or puts on duty alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.incidents import queries
from muster.incidents.operations.refusals import MendedOnTicket
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, RowRefusal
from muster.plan import operations as plan
from muster.plan import queries as planned
from muster.plan.operations.common import Sieve
from muster.plan.rows import KitMove

OPENING, ROSTERING = (7310, 7), (7310, 8)  # advisory locks: one opens tickets at a time, one puts on duty


def alone(lock: tuple[int, int]) -> None:
    """Let nobody else do the same until this transaction ends: whoever comes second sees what was done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)


@transaction.atomic
def mark_kits(*, moves: Sequence[KitMove], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Say that kits broke, were mended or are retired (`plan.mark_kits`); one with a ticket is mended on the ticket.

    Rows are refused with `MendedOnTicket` and what `plan.mark_kits` refuses.
    """
    kits = {row.kit for row in moves}
    planned.kit_states(kits, lock=True)
    live = queries.live_of_kits(kits)

    def check(row: KitMove) -> None:
        if row.move == "mend" and row.kit in live:
            raise MendedOnTicket

    sieve = Sieve(moves)
    kept = list(sieve.keep(check))
    marked = plan.mark_kits(moves=kept, by=by, at=at)
    places = [place for place, row in enumerate(moves) if row in kept]
    refused = [RowRefusal(places[one.index], one.refusal) for one in marked.refused]
    refused += sieve.result(lambda row: row.kit).refused
    return BatchResult(marked.done, sorted(refused, key=lambda one: one.index))
