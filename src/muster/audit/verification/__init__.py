"""Walk every chain and every seal, and name each row that was edited, dropped, added or moved.

A row is found by hashes alone: the leaves of a batch name its entries and events, the root binds the leaves, the
hash binds the batch to its chain, and a signed seal binds the chains. One damaged row is named itself, and nothing that
only suffers from it is; somebody who rewrites a whole chain is found by the seals that stood before, best those kept
elsewhere. Memory stays bounded by the largest batch and by what is damaged.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from muster.audit.chain import HASH_BYTES
from muster.audit.models import Batch
from muster.audit.queries import heads
from muster.audit.verification.chains import Chains
from muster.audit.verification.finding import Finding
from muster.audit.verification.rows import Rows
from muster.audit.verification.seals import Seals, check_handed_out

__all__ = ["Finding", "verify"]

FETCHED = 20  # batches read from the database at once: one can hold a megabyte of leaves
BATCHES, LEAVES = 500, 20_000  # how much is compared at once; a larger batch is compared alone
Progress = Callable[[int], None]


def verify(*, against: Iterable[Mapping[str, Any]] = (), progress: Progress | None = None) -> Iterator[Finding]:
    """Yield every damage found; none means that everything is as it was written.

    :param against: seals handed out earlier (`queries.export_seal`), kept where this machine cannot reach
    :param progress: is told the number of batches walked, now and then
    """
    with _one_view():
        yield from _findings(list(against), progress)


@contextmanager
def _one_view() -> Iterator[None]:
    """See the database as it is at one moment, so that work going on meanwhile looks like no damage."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _findings(handed_out: Sequence[Mapping[str, Any]], progress: Progress | None) -> Iterator[Finding]:
    ends = {int(shard): (no, bytes.fromhex(digest)) for shard, (no, digest) in heads().items()}
    chains, rows, seals = Chains(ends), Rows(), Seals()
    walked = 0
    for chunk in _chunks(Batch.objects.order_by("shard", "no").iterator(FETCHED)):
        sound = {row.id: chains.step(row) for row in chunk}
        yield from rows.compare(chunk, sound)
        seals.told_by(row for row in chunk if sound[row.id])
        walked += len(chunk)
        if progress:
            progress(walked)
    yield from chains.close()
    yield from rows.resolve(chains.missing)
    yield from seals.check(chains.fit)
    yield from check_handed_out(handed_out, chains.fit)


def _chunks(rows: Iterator[Batch]) -> Iterator[list[Batch]]:
    """Yield the rows in pieces that are neither too many batches nor too many leaves."""
    chunk: list[Batch] = []
    leaves = 0
    for row in rows:
        size = len(row.leaves) // HASH_BYTES
        if chunk and (len(chunk) == BATCHES or leaves + size > LEAVES):
            yield chunk
            chunk, leaves = [], 0
        chunk.append(row)
        leaves += size
    if chunk:
        yield chunk
