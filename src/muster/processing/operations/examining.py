"""Examine received dossiers, a batch at a time: differences, suspected duplicates, flags. It moves nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from muster.audit import operations as audit
from muster.capture import operations as capture
from muster.capture import queries as dossiers_now
from muster.capture.words import KIND as DOSSIER
from muster.capture.words import State
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.arrays import ids
from muster.kernel.ids import new_id
from muster.processing import likeness, queries
from muster.processing.operations.findings import find
from muster.processing.queries.candidates import Candidate
from muster.processing.queries.subjects import Subject, hold
from muster.processing.words import KIND, NO_DIFFERENCE, Code, Pair

TOLD = 1000  # subjects of one audit entry


@dataclass(frozen=True, slots=True)
class Exam:
    """Dossiers as they are, held to the end of the transaction, and what stands against those received."""

    known: Mapping[UUID, Subject]
    received: Sequence[Subject]
    found: Mapping[UUID, Collection[Code]]
    suspected: Collection[UUID]  # persons


def examine(dossiers: Sequence[UUID], by: Actor, at: datetime) -> Exam:
    """Hold dossiers and their persons, and write what is found about those that are received.

    Pairs are looked for before anything is held, so that the dossiers of the other side are held with one's own, in one
    order: two batches with namesakes among them wait for each other, and never both. If a person was changed before
    all was held, pairs are looked for again.
    """
    before = queries.subjects(dossiers)
    pairs = _pairs(_received(before))
    other_side = {side.id for one, other, _ in pairs for side in (one, other)} - {row.person for row in before.values()}
    hold(dossiers, dossiers_now.open_of(other_side).values() if other_side else ())
    known = queries.subjects(dossiers)
    received = _received(known)
    versions = {row.person: row.person_version for row in before.values()}
    if any(versions.get(row.person) != row.person_version for row in received):
        pairs = _pairs(received)
    found = find(received, at)
    _suspect(received, queries.never_asked(pairs) if pairs else (), by, at)
    suspected = queries.suspected([row.person for row in received])
    _flag(received, found, suspected, by, at)
    return Exam(known, received, found, suspected)


def _received(known: Mapping[UUID, Subject]) -> list[Subject]:
    return [row for row in known.values() if row.state == State.RECEIVED.value]


def _pairs(received: Sequence[Subject]) -> Sequence[Candidate]:
    return queries.candidates([(row.person, row.birth, row.given) for row in received]) if received else ()


def _suspect(received: Sequence[Subject], pairs: Sequence[Candidate], by: Actor, at: datetime) -> None:
    """Write the pairs that a person must look at, and flag the dossiers of the other side."""
    units = {row.person: row.unit for row in received}
    rows = []
    for one, other, shared in pairs:
        if not units.keys() & {one.id, other.id}:
            continue  # the dossier is received no more
        signs = likeness.signs(one, other, old_number=shared)
        if likeness.asked(signs):
            unit = units.get(one.id) or units[other.id]
            rows.append((new_id(), one.id, other.id, unit, [sign.value for sign in signs], likeness.score(signs)))
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            f"""
            INSERT INTO processing_suspicion (id, one_id, other_id, unit_id, signs, score, state, found_at, why)
            VALUES (%s, %s, %s, %s, %s, %s, '{Pair.OPEN.value}', %s, '')
            """,
            [(*row, at) for row in rows],
        )
    moves = [Move(thing=row[0], kind=KIND, move="suspected", unit_done=row[3], occurred_at=at) for row in rows]
    recorded = journal.record(moves=moves, by=by, at=at)
    audit.record(by=by, at=at, action="processing.suspect", events=recorded, detail=f"{len(rows)}")
    other_side = {person for _, one, other, *_ in rows for person in (one, other)} - units.keys()
    flags = [(dossier, "suspect_duplicate", True) for dossier in dossiers_now.open_of(other_side).values()]
    capture.set_flags(flags=flags, by=by, at=at)


def _flag(
    received: Sequence[Subject], found: Mapping[UUID, Collection[Code]], suspected: set[UUID], by: Actor, at: datetime
) -> None:
    """Set and clear the flags that are not as they must be."""
    flags: list[tuple[UUID, str, bool]] = []
    for row in received:
        differs = bool(set(found.get(row.dossier, ())) - NO_DIFFERENCE)
        if differs != row.differs:
            flags.append((row.dossier, "differs_from_register", differs))
        if (row.person in suspected) != row.suspect:
            flags.append((row.dossier, "suspect_duplicate", row.person in suspected))
    capture.set_flags(flags=flags, by=by, at=at)


def remember(waiting: Sequence[Subject], by: Actor, at: datetime) -> None:
    """Write down in which state of dossier and person the waiting were checked, so that a round passes them over."""
    if not waiting:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO processing_check (dossier_id, attempt, person_version, checked_at)
            SELECT dossier.id, dossier.attempt, person.version, %s
            FROM capture_dossier AS dossier JOIN register_person AS person ON person.id = person_id
            WHERE dossier.id = ANY(%s::uuid[])
            ON CONFLICT (dossier_id) DO UPDATE SET attempt = excluded.attempt,
                person_version = excluded.person_version, checked_at = excluded.checked_at
            """,
            [at, ids(row.dossier for row in waiting)],
        )
    subjects = [audit.Subject(DOSSIER, row.dossier) for row in waiting[:TOLD]]
    audit.record(by=by, at=at, action="processing.check", subjects=subjects, detail=f"{len(waiting)} wait")


def forget(persons: Collection[UUID], by: Actor, at: datetime) -> None:
    """Have the open dossiers of persons checked anew: what was asked about them has been decided."""
    dossiers = dossiers_now.open_of(persons)
    suspected = queries.suspected(dossiers)
    flags = [(dossier, "suspect_duplicate", False) for person, dossier in dossiers.items() if person not in suspected]
    capture.set_flags(flags=flags, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM processing_check WHERE dossier_id = ANY(%s::uuid[])", [ids(dossiers.values())])
