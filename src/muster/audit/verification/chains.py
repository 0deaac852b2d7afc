"""The chains: does every batch hold at its place, is none missing, and do the heads tell where the chains end?

A batch holds at its place when the formula of `chain.batch_hash` gives the hash that is stored with it. Those that do
not are kept until the walk is over: where a batch went is known only once it is known which places are empty.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from muster.audit.chain import HASH_BYTES, START, Header, batch_hash
from muster.audit.models import Batch
from muster.audit.verification.finding import Finding
from muster.engines import merkle

Place = tuple[int, int]  # shard and number
Head = tuple[int, bytes]
MOST_TRIED = 1_000  # damaged batches that are tried at each other's places


@dataclass(frozen=True, slots=True)
class _Link:
    """A batch as its chain sees it: ``hashes`` are the stored one, and the one its content gives where it stands."""

    id: UUID | None
    shard: int
    no: int
    previous: bytes
    body: bytes
    stored: bytes
    computed: bytes

    @property
    def hashes(self) -> Collection[bytes]:
        return self.stored, self.computed

    @property
    def place(self) -> Place:
        return self.shard, self.no

    @property
    def where(self) -> str:
        return f"{self.shard}/{self.no} {self.id}"

    def holds_at(self, place: Place) -> bool:
        return batch_hash(self.previous, *place, self.body) == self.stored


class Chains:
    """A walk along all chains, batch by batch in the order of shard and number."""

    def __init__(self, heads: Mapping[int, Head]) -> None:
        self._heads = heads
        self._hashes: dict[Place, Collection[bytes]] = {}  # of the batches that the heads point to
        self._last: dict[int, _Link] = {}  # the last batch of each chain that holds at its place
        self._beyond: dict[int, list[_Link]] = defaultdict(list)  # hold at a place that the head does not reach
        self._unsound: dict[int, dict[int, _Link]] = defaultdict(dict)  # by shard and number
        self._edited: dict[Place, _Link] = {}  # hold at their place and are damaged all the same
        self._unknown: dict[Place, _Link] = {}  # have a hash that their successor does not know
        self._gaps: list[tuple[int, range]] = []
        self._wanted: dict[bytes, Place] = {}  # the hash that a successor or a head says a place has
        self.missing = 0

    def step(self, row: Batch) -> bool:
        """Look at the next batch; say whether nothing is wrong with it alone."""
        link = _link(row)
        end = self._heads.get(link.shard, (link.no, b""))[0]
        if link.no == end:
            self._hashes[link.place] = link.hashes
        if link.stored != link.computed or link.no < 1:
            self._unsound[link.shard][link.no] = link
            return False
        self._follow(link.shard, link.no, link.previous)
        self._last[link.shard] = link
        if link.no > end:
            self._beyond[link.shard].append(link)
        begins = link.no > 1 or link.previous == START
        if begins and merkle.root(split(bytes(row.leaves))) == bytes(row.root):
            return True
        self._edited[link.place] = link
        return False

    def _follow(self, shard: int, no: int, previous: bytes) -> None:
        """Hold what stands before a place against the hash that the place says it has."""
        last = self._last.get(shard) or _beginning(shard)
        before = last if no == last.no + 1 else self._unsound[shard].get(no - 1)
        if before is None or (before is not last and previous not in before.hashes):
            self._wanted[previous] = shard, no - 1
        elif last.no and previous not in before.hashes:
            self._unknown[last.place] = last
        if no > last.no + 1:
            self._gaps.append((shard, range(last.no + 1, no)))

    def close(self) -> Iterator[Finding]:
        """Hold the heads against the ends of the chains, and yield all damages of heads and batches."""
        ends = {digest: shard for shard, last in self._last.items() for digest in last.hashes}
        astray = {shard for shard, (_, digest) in self._heads.items() if ends.get(digest, shard) != shard}
        moved_to = {ends[self._heads[shard][1]] for shard in astray}
        for shard in sorted(set(self._heads) | set(self._last)):
            if shard in astray:
                yield Finding("head", str(shard), "moved")
            elif shard in self._heads:
                yield from self._end(shard, *self._heads[shard])
            elif shard not in moved_to:
                yield Finding("head", str(shard), "missing")
        yield from self._batches()

    def _end(self, shard: int, no: int, digest: bytes) -> Iterator[Finding]:
        """Compare one chain's end with its head."""
        last = self._last.get(shard) or _beginning(shard)
        if digest in last.hashes:
            if no != last.no:
                yield Finding("head", str(shard), "edited")
        elif no > last.no:
            self._follow(shard, no + 1, digest)
        elif digest in self._hashes.get((shard, no), ()):
            yield from self._added(shard, no)
        else:
            yield Finding("head", str(shard), "edited")

    def _added(self, shard: int, end: int) -> Iterator[Finding]:
        """Name the batches beyond the end of a chain; what they say of those before them is nothing to go by."""
        for link in self._beyond[shard]:
            self._edited.pop(link.place, None)
            yield Finding("batch", link.where, "added")
        for no in [link.no for link in self._beyond[shard]] + [end]:
            self._unknown.pop((shard, no), None)
        self._gaps = [(own, gap) for own, gap in self._gaps if own != shard or gap.start <= end]

    def _batches(self) -> Iterator[Finding]:
        """Name every damaged batch: at its place, at another, or gone."""
        for link in (self._unknown | self._edited).values():
            yield Finding("batch", link.where, "edited")
        unsound = [link for links in self._unsound.values() for link in links.values()]
        taken: dict[int, set[int]] = defaultdict(set)
        for link in unsound:
            shard, no = self._own_place(link, unsound)
            taken[shard].add(no)
            there = any(own == shard and no in gap for own, gap in self._gaps)
            damage = "moved" if (shard, no) != link.place else "edited" if there else "added"
            yield Finding("batch", link.where, damage)
        for shard, gap in self._gaps:
            for run in _runs(gap, taken[shard]):
                self.missing += len(run)
                last = f" to {run[-1]}" if len(run) > 1 else ""
                yield Finding("batch", f"{shard}/{run[0]}{last}", "missing")

    def _own_place(self, link: _Link, unsound: Sequence[_Link]) -> Place:
        """Return where a batch was written, as far as hashes tell; else where it stands."""
        if link.stored in self._wanted:
            return self._wanted[link.stored]
        if len(unsound) <= MOST_TRIED:
            others = [other.place for other in unsound if other is not link and link.holds_at(other.place)]
            return others[0] if others else link.place
        return link.place

    def fit(self, seals: Sequence[Mapping[str, Sequence[Any]]]) -> list[bool]:
        """Say of each seal's heads whether the chains are so; a batch that is named itself is no second damage."""
        told = [[(int(shard), int(no), str(digest)) for shard, (no, digest) in heads.items()] for heads in seals]
        places = {(shard, no) for heads in told for shard, no, _ in heads}
        stored = _stored_hashes(sorted(places))
        return [
            all(
                no == 0 or stored.get((shard, no)) == digest or self._is_named(shard, no) for shard, no, digest in heads
            )
            for heads in told
        ]

    def _is_named(self, shard: int, no: int) -> bool:
        unsound = no in self._unsound[shard] or (shard, no) in self._edited
        return unsound or any(own == shard and no in gap for own, gap in self._gaps)


def _stored_hashes(places: Sequence[Place]) -> dict[Place, str]:
    """Return the hashes of the batches at these places."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT shard, no, encode(hash, 'hex') FROM audit_batch
            JOIN unnest(%s::smallint[], %s::bigint[]) AS asked (shard, no) USING (shard, no)
            """,
            [[shard for shard, _ in places], [no for _, no in places]],
        )
        return {(shard, no): digest for shard, no, digest in cursor.fetchall()}


def _runs(gap: range, taken: Collection[int]) -> Iterator[range]:
    """Yield what is left of a gap, run by run, without the numbers that are taken."""
    first = gap.start
    for no in [*sorted(no for no in taken if no in gap), gap.stop]:
        if no > first:
            yield range(first, no)
        first = no + 1


def _beginning(shard: int) -> _Link:
    """Return what the first batch of a chain points back to."""
    return _Link(None, shard, 0, b"", b"", START, START)


def _link(row: Batch) -> _Link:
    body, previous = _header(row).body(), bytes(row.previous)
    computed = batch_hash(previous, row.shard, row.no, body)
    return _Link(row.id, row.shard, row.no, previous, body, bytes(row.hash), computed)


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


def split(leaves: bytes) -> list[bytes]:
    """Return the hashes that stand one after another in ``leaves``."""
    return [leaves[place : place + HASH_BYTES] for place in range(0, len(leaves), HASH_BYTES)]
