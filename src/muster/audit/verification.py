"""Walk every chain and every seal, and name each row that was edited, dropped, added or moved.

A row is found by hashes alone: the leaves of a batch name its entries and events, the root binds the leaves, the
hash binds the batch to its chain, and a signed seal binds the chains. One damaged row is always named itself;
somebody who rewrites a whole chain is found by the seals that stood before, best those kept elsewhere.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from muster.audit.chain import HASH_BYTES, START, Header, Subject, batch_hash, heads_root, seal_message
from muster.audit.models import Batch, Seal
from muster.audit.queries import heads, seal_hash
from muster.engines import merkle
from muster.events import queries as journal
from muster.keys import provider
from muster.keys.provider import Signature

CHUNK = 500
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One damaged row: which table, which row, and what happened to it."""

    what: str  # batch, entry, event, head, seal
    where: str  # the row: chain and number, batch and position, event id, seal number
    damage: str  # edited, missing, added, moved, forged


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
    seals = list(Seal.objects.order_by("no"))
    known = {(shard, no) for sealed in seals for shard, (no, _) in sealed.heads.items()}
    known |= {(shard, no) for sealed in handed_out for shard, (no, _) in sealed["heads"].items()}
    walk = _Walk(points=known, progress=progress)
    yield from walk.chains()
    yield from _heads(walk.last)
    yield from _strays()
    yield from _seals(seals, walk.hashes)
    yield from _told_seals({seal.no for seal in seals})
    yield from _against(handed_out, walk.hashes)


class _Walk:
    """A walk along all chains; keeps each chain's last hash and the hashes that seals speak of."""

    def __init__(self, points: set[tuple[str, int]], progress: Progress | None) -> None:
        self.hashes: dict[tuple[str, int], str] = {}
        self.last: dict[int, tuple[int, bytes]] = defaultdict(lambda: (0, START))
        self._points, self._progress, self._walked = points, progress, 0

    def chains(self) -> Iterator[Finding]:
        """Yield the damages of batches, entries and events."""
        rows = Batch.objects.order_by("shard", "no").iterator(CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            entries = _entries([row.id for row in chunk])
            events = _events([row.events_batch for row in chunk if row.events_batch])
            for row in chunk:
                yield from self._link(row)
                yield from _leaves(row, entries.get(row.id, {}), events.get(row.events_batch, {}))
            self._walked += len(chunk)
            if self._progress:
                self._progress(self._walked)

    def _link(self, row: Batch) -> Iterator[Finding]:
        no, previous = self.last[row.shard]
        for missing in range(no + 1, row.no):
            yield Finding("batch", f"{row.shard}/{missing}", "missing")
        stored = bytes(row.hash)
        computed = batch_hash(bytes(row.previous), row.shard, row.no, _header(row).body())
        root_holds = merkle.root(_split(bytes(row.leaves))) == bytes(row.root)
        follows = row.no > no + 1 or bytes(row.previous) == previous
        if computed != stored or not root_holds or not follows:
            yield Finding("batch", f"{row.shard}/{row.no} {row.id}", "edited")
        self.last[row.shard] = (row.no, stored)
        if (str(row.shard), row.no) in self._points:
            self.hashes[str(row.shard), row.no] = stored.hex()


def _header(row: Batch) -> Header:
    return Header(
        id=row.id,
        at=row.at,
        officer=row.officer,
        unit=row.unit,
        purpose=row.purpose,
        device=row.device,
        action=row.action,
        detail=row.detail,
        entries=row.entries,
        events_batch=row.events_batch,
        root=bytes(row.root),
    )


def _split(leaves: bytes) -> list[bytes]:
    return [leaves[place : place + HASH_BYTES] for place in range(0, len(leaves), HASH_BYTES)]


def _entries(batches: Sequence[UUID]) -> dict[UUID, dict[int, bytes]]:
    """Return the leaves of the entries that stand in the database, by batch and position."""
    found: dict[UUID, dict[int, bytes]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT batch_id, position, subject_kind, subject FROM audit_entry WHERE batch_id = ANY(%s)",
            [list(batches)],
        )
        for batch, position, kind, subject in cursor.fetchall():
            found[batch][position] = Subject(kind, subject).leaf()
    return found


def _events(batches: Sequence[UUID]) -> dict[UUID | None, dict[int, tuple[UUID, bytes]]]:
    """Return id and leaf of the events that stand in the journal, by batch, numbered in their order."""
    found: dict[UUID | None, dict[int, tuple[UUID, bytes]]] = defaultdict(dict)
    for event in journal.of_batches(batches):
        place = len(found[event.batch])
        found[event.batch][place] = (event.id, merkle.leaf(event.canonical()))
    return found


def _leaves(row: Batch, entries: dict[int, bytes], events: dict[int, tuple[UUID, bytes]]) -> Iterator[Finding]:
    """Compare the leaves of a batch with the rows that stand there."""
    told = _split(bytes(row.leaves))
    for position, damage in _differences(told[: row.entries], entries):
        yield Finding("entry", f"{row.id} #{position}", damage)
    for place, damage in _differences(told[row.entries :], {place: leaf for place, (_, leaf) in events.items()}):
        where = f"{row.events_batch} #{place}" if damage == "missing" else str(events[place][0])
        yield Finding("event", where, damage)


def _differences(told: Sequence[bytes], found: Mapping[int, bytes]) -> Iterator[tuple[int, str]]:
    """Yield the places whose row is not the one that was told."""
    for place in sorted(set(range(len(told))) | set(found)):
        if place >= len(told):
            yield place, "added"
        elif place not in found:
            yield place, "missing"
        elif found[place] != told[place]:
            yield place, "moved" if found[place] in told else "edited"


def _heads(last: Mapping[int, tuple[int, bytes]]) -> Iterator[Finding]:
    """Compare the heads with the last batch of each chain."""
    there = {int(shard): (no, bytes.fromhex(digest)) for shard, (no, digest) in heads().items()}
    for shard in sorted(set(there) | set(last)):
        no, digest = last.get(shard, (0, START))
        if shard not in there:
            yield Finding("head", str(shard), "missing")
        elif there[shard][0] > no:
            for missing in range(no + 1, there[shard][0] + 1):
                yield Finding("batch", f"{shard}/{missing}", "missing")
        elif there[shard] != (no, digest):
            yield Finding("head", str(shard), "edited")


def _strays() -> Iterator[Finding]:
    """Yield entries and events that no batch of the audit covers."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT batch_id FROM audit_entry AS entry
            WHERE NOT EXISTS (SELECT FROM audit_batch WHERE id = entry.batch_id)
            """
        )
        for (batch,) in cursor.fetchall():
            yield Finding("batch", str(batch), "missing")
        cursor.execute(
            """
            SELECT event.id FROM events_event AS event
            WHERE NOT EXISTS (SELECT FROM audit_batch WHERE events_batch = event.batch)
            """
        )
        for (event,) in cursor.fetchall():
            yield Finding("event", str(event), "added")


def _seals(seals: Sequence[Seal], hashes: Mapping[tuple[str, int], str]) -> Iterator[Finding]:
    """Check number, link, signature and content of every seal."""
    previous, expected = START, 1
    for seal in seals:
        for missing in range(expected, seal.no):
            yield Finding("seal", str(missing), "missing")
        follows = seal.no > expected or bytes(seal.previous) == previous
        if not follows or not _signed(seal) or heads_root(seal.heads) != bytes(seal.root):
            yield Finding("seal", str(seal.no), "edited")
        elif not _fits(seal.heads, hashes):
            yield Finding("seal", str(seal.no), "chains differ from what was sealed")
        previous, expected = seal_hash(seal), seal.no + 1


def _signed(seal: Seal) -> bool:
    message = seal_message(no=seal.no, at=seal.at, size=seal.size, root=bytes(seal.root), previous=bytes(seal.previous))
    return provider.current().verify(message, Signature(seal.key_id, bytes(seal.signature)))


def _fits(sealed: Mapping[str, Sequence[Any]], hashes: Mapping[tuple[str, int], str]) -> bool:
    return all(no == 0 or hashes.get((shard, no)) == digest for shard, (no, digest) in sealed.items())


def _told_seals(there: set[int]) -> Iterator[Finding]:
    """Yield the seals that the audit tells of and that are gone, a last one too."""
    for row in Batch.objects.filter(action="audit.seal").order_by("id").iterator(CHUNK):
        no = int(row.detail.split(" ", 1)[0])
        if no not in there and no > max(there, default=0):
            yield Finding("seal", str(no), "missing")


def _against(handed_out: Sequence[Mapping[str, Any]], hashes: Mapping[tuple[str, int], str]) -> Iterator[Finding]:
    """Check the seals that were handed out against today's chains."""
    for sealed in handed_out:
        message = seal_message(
            no=sealed["no"],
            at=datetime.fromisoformat(sealed["at"]),
            size=sealed["size"],
            root=bytes.fromhex(sealed["root"]),
            previous=bytes.fromhex(sealed["previous"]),
        )
        signature = bytes.fromhex(sealed["signature"])
        genuine = provider.verify(sealed["public_key"], message, signature) if sealed["public_key"] else False
        if not genuine or heads_root(sealed["heads"]).hex() != sealed["root"]:
            yield Finding("seal", f"handed out {sealed['no']}", "forged")
        elif not _fits(sealed["heads"], hashes):
            yield Finding("seal", f"handed out {sealed['no']}", "chains differ from what was sealed")
