"""The rows below the batches: does every entry and event stand as its leaf says, and does none stand there besides?

A leaf that no row has and a row that no leaf tells of are kept until the walk is over. Where the two are one they
show a row that was moved, or a batch that lost its own because its header was edited; what is left was edited, added
or dropped.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from django.db import connection

from muster.audit.chain import Subject
from muster.audit.models import Batch
from muster.audit.verification.chains import split
from muster.audit.verification.finding import Finding
from muster.engines import merkle
from muster.events import queries as journal
from muster.events.journal import StoredEvent
from muster.events.queries import Name

ENOUGH_TO_TELL = 3  # events of one kind and move that all differ: not they, but its name was edited
MOST_TRIED = 500_000  # how often events that fit nowhere are tried in other batches and at other positions
PASSED_OVER = 50  # moves of a batch that had been sent before leave so many positions free before an event
STRAYS = 1_000  # events read at once that no batch covers


@dataclass(frozen=True, slots=True)
class _Told:
    """A leaf that a batch tells of and no row has: its batch, and its place among the entries or events."""

    what: str
    batch: UUID | None  # of the audit, for entries; of the journal, for events
    place: int
    sound: bool  # nothing is wrong with the batch itself

    @property
    def where(self) -> str:
        return f"{self.batch} #{self.place}"


@dataclass(frozen=True, slots=True)
class _Found:
    """A row that its batch does not tell of; without a batch, it is a stray."""

    what: str
    batch: UUID
    place: int
    leaf: bytes
    event: StoredEvent | None = None
    stray: bool = False

    @property
    def where(self) -> str:
        return str(self.event.id) if self.event else f"{self.batch} #{self.place}"


class Rows:
    """All entries and events, compared chunk by chunk with the leaves of their batches."""

    def __init__(self) -> None:
        self._told: dict[bytes, list[_Told]] = defaultdict(list)
        self._found: list[_Found] = []
        self._renamed: dict[Name, bool] = {}
        self._tried = 0

    def compare(self, batches: Sequence[Batch], sound: Mapping[UUID, bool]) -> Iterator[Finding]:
        """Compare the rows of some batches; yield the kinds and moves whose name was edited."""
        entries = _entries([row.id for row in batches])
        events = _events([row.events_batch for row in batches if row.events_batch])
        for row in batches:
            own, covered = entries.get(row.id, {}), events.get(row.events_batch, {})
            there = _in_order(own, list(covered))
            if there is not None and b"".join(there) == bytes(row.leaves):
                continue
            if there is None or merkle.root(there) != bytes(row.root):
                self._keep_entries(row, own, sound=sound[row.id])
                yield from self._keep_events(row, covered, sound=sound[row.id])
            elif sound[row.id]:  # other leaves can have the same root: those of the tree's inner nodes
                yield Finding("batch", f"{row.shard}/{row.no} {row.id}", "edited")

    def _keep_entries(self, row: Batch, there: Mapping[int, bytes], *, sound: bool) -> None:
        """Keep what differs among the entries of a batch until everything has been seen."""
        told = dict(enumerate(split(bytes(row.leaves))[: max(row.entries, 0)]))
        for place in told.keys() - {place for place, leaf in there.items() if told.get(place) == leaf}:
            self._told[told[place]].append(_Told("entry", row.id, place, sound))
        for place, leaf in sorted(there.items()):
            if told.get(place) != leaf:
                self._found.append(_Found("entry", row.id, place, leaf))

    def _keep_events(self, row: Batch, there: Mapping[bytes, StoredEvent], *, sound: bool) -> Iterator[Finding]:
        """Keep what differs among the events of a batch; of a move whose name was edited all differ, and none is."""
        told = split(bytes(row.leaves))[max(row.entries, 0) :]
        besides = [leaf for leaf in there if leaf not in set(told)]
        lacking = [place for place, leaf in enumerate(told) if leaf not in there]
        for leaf in besides:
            event = there[leaf]
            name = event.kind, event.move
            if name not in self._renamed:
                self._renamed[name] = _all_differ(name)
                if self._renamed[name]:
                    yield Finding("metric", ".".join(filter(None, name)), "missing" if not name[1] else "edited")
            if self._renamed[name]:
                lacking = lacking[1:]
            else:
                self._found.append(_Found("event", event.batch, event.position, leaf, event))
        for place in lacking:
            self._told[told[place]].append(_Told("event", row.events_batch, place, sound))

    def resolve(self, missing_batches: int) -> Iterator[Finding]:
        """Yield every damaged row, now that all batches have been seen.

        :param missing_batches: so many batches are named as missing; rows without a batch are theirs
        """
        if self._told or missing_batches:
            self._found += [*_stray_entries(), *_stray_events()]
        else:
            yield from _strays(_stray_entries(), _stray_events())
        yield from self._pair(self._same_leaf)
        yield from self._pair(self._same_elsewhere)
        yield from self._pair(self._same_place)
        own = [found for found in self._found if not found.stray]
        yield from (Finding(found.what, found.where, "added") for found in own)
        for what in ("entry", "event"):
            strays = [found for found in self._found if found.stray and found.what == what]
            if len({found.batch for found in strays}) > missing_batches:
                yield from _strays(strays)
        left = [told for told_of_a_leaf in self._told.values() for told in told_of_a_leaf]
        yield from (Finding(told.what, told.where, "missing") for told in left)

    def _pair(self, damage: Callable[[_Found], str | None]) -> Iterator[Finding]:
        """Yield those of the rows found for which a leaf is left that explains them; keep the others."""
        kept = []
        for found in self._found:
            told = damage(found)
            if told is None:
                kept.append(found)
            elif told:
                yield Finding(found.what, found.where, told)
        self._found = kept

    def _take(self, leaf: bytes) -> _Told:
        """Return what told of a leaf, once."""
        told = self._told[leaf].pop()
        if not self._told[leaf]:
            del self._told[leaf]
        return told

    def _same_leaf(self, found: _Found) -> str | None:
        """A row that another place tells of was moved; unless that place's batch changed its own name."""
        if found.leaf not in self._told:
            return None
        return "moved" if self._take(found.leaf).sound else ""

    def _same_elsewhere(self, found: _Found) -> str | None:
        """An event that fits once it is put into another batch or at another position was moved."""
        if found.event is None:
            return None
        tolds = [told for of_a_leaf in self._told.values() for told in of_a_leaf if told.what == "event"]
        for told in tolds:
            for position in (found.event.position, *range(told.place, told.place + PASSED_OVER)):
                leaf = _leaf(found.event._replace(batch=told.batch or found.batch, position=position))
                if leaf in self._told:
                    self._take(leaf)
                    return "moved"
            self._tried += PASSED_OVER
            if self._tried > MOST_TRIED:
                break
        return None

    def _same_place(self, found: _Found) -> str | None:
        """A row whose place tells of another was edited; an event's place is any in its batch that no row fits."""
        for leaf, tolds in self._told.items():
            for told in tolds:
                if (told.what, told.batch) == (found.what, found.batch) and (found.event or told.place == found.place):
                    self._take(leaf)
                    return "edited"
        return None


def _in_order(entries: Mapping[int, bytes], events: Sequence[bytes]) -> list[bytes] | None:
    """Return the leaves of the rows that stand there, as a batch tells of them; nothing if entries stand with gaps."""
    if sorted(entries) != list(range(len(entries))):
        return None
    return [entries[place] for place in range(len(entries))] + list(events)


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


def _events(batches: Sequence[UUID]) -> dict[UUID | None, dict[bytes, StoredEvent]]:
    """Return the events that stand in the journal, in their order, by batch and leaf."""
    found: dict[UUID | None, dict[bytes, StoredEvent]] = defaultdict(dict)
    for event in journal.of_batches(batches):
        found[event.batch][_leaf(event)] = event
    return found


def _leaf(event: StoredEvent) -> bytes:
    return merkle.leaf(event.canonical())


def _all_differ(name: Name) -> bool:
    """Say whether no event of a kind and move is as its batch tells: then it is the name that was edited."""
    events = journal.samples(name)
    leaves = {
        batch: set(split(bytes(told)))
        for batch, told in Batch.objects.filter(events_batch__in=[event.batch for event in events]).values_list(
            "events_batch", "leaves"
        )
    }
    return len(events) >= ENOUGH_TO_TELL and not any(_leaf(event) in leaves.get(event.batch, ()) for event in events)


def _stray_entries() -> Iterator[_Found]:
    """Yield the entries without a batch."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            """
            SELECT batch_id, position, subject_kind, subject FROM audit_entry AS entry
            WHERE NOT EXISTS (SELECT FROM audit_batch WHERE id = entry.batch_id)
            """
        )
        for batch, position, kind, subject in cursor:
            yield _Found("entry", batch, position, Subject(kind, subject).leaf(), stray=True)


def _stray_events() -> Iterator[_Found]:
    """Yield the events that no batch of the audit covers."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM events_event AS event
            WHERE NOT EXISTS (SELECT FROM audit_batch WHERE events_batch = event.batch)
            """
        )
        while ids := [event for (event,) in cursor.fetchmany(STRAYS)]:
            for event in journal.events(ids):
                yield _Found("event", event.batch, event.position, _leaf(event), event, stray=True)


def _strays(*found: Iterable[_Found]) -> Iterator[Finding]:
    """Name rows without a batch: entries by the batch they had, which there must have been, once; events each."""
    named: set[UUID] = set()
    for row in chain.from_iterable(found):
        if row.event:
            yield Finding("event", row.where, "added")
        elif row.batch not in named:
            named.add(row.batch)
            yield Finding("batch", str(row.batch), "missing")
