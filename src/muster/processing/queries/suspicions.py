"""Pairs of persons who may be one: which wait, and what was decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from muster.kernel.arrays import ids
from muster.processing.models import Suspicion
from muster.processing.words import UNDECIDED, Pair, Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """The question whether two persons are one; ``path`` is that of the unit where it is asked."""

    id: UUID
    one: UUID
    other: UUID
    unit: int
    path: tuple[int, ...]
    signs: tuple[Sign, ...]
    score: int
    state: Pair
    found_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    why: str
    gone: UUID | None
    approval: UUID | None


def pair(suspicion: UUID, *, lock: bool = False) -> PairLine | None:
    """Return one pair; with ``lock`` it is held to the transaction's end."""
    return next(iter(pairs([suspicion], lock=lock).values()), None)


def pairs(suspicions: Collection[UUID], *, lock: bool = False) -> dict[UUID, PairLine]:
    """Return pairs by id; with ``lock`` they are held, in the order of their ids, to the transaction's end."""
    rows = Suspicion.objects.filter(id__in=suspicions).select_related("unit").order_by("id")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    return {row.id: _line(row) for row in rows}


def pairs_of(persons: Collection[UUID]) -> list[PairLine]:
    """Return every pair that somebody is in, the undecided first, then those with most signs."""
    rows = Suspicion.objects.filter(Q(one__in=persons) | Q(other__in=persons)).select_related("unit")
    return sorted(map(_line, rows), key=lambda line: (line.state not in UNDECIDED, -line.score, line.id))


def pair_of_approval(approval: UUID) -> PairLine | None:
    """Return the pair that a second person is asked to allow the merge of."""
    row = Suspicion.objects.filter(approval=approval).select_related("unit").first()
    return _line(row) if row else None


def pairs_waiting(scope: Collection[int], *, limit: int, skip: int = 0) -> list[PairLine]:
    """Return the undecided pairs below any of these units, the longest waiting first."""
    rows = Suspicion.objects.filter(
        state__in=[state.value for state in UNDECIDED], unit__ancestors__overlap=sorted(scope)
    ).select_related("unit")
    return [_line(row) for row in rows.order_by("found_at", "id")[skip : skip + limit]]


def pairs_count(scope: Collection[int]) -> int:
    """Return how many pairs below any of these units are undecided."""
    return Suspicion.objects.filter(
        state__in=[state.value for state in UNDECIDED], unit__ancestors__overlap=sorted(scope)
    ).count()


def suspected(persons: Collection[UUID]) -> set[UUID]:
    """Return those of the persons about whom a pair is undecided."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH undecided AS (
                SELECT one_id, other_id FROM processing_suspicion
                WHERE state = ANY(%(states)s)
                  AND (one_id = ANY(%(persons)s::uuid[]) OR other_id = ANY(%(persons)s::uuid[])))
            SELECT person FROM (SELECT one_id FROM undecided UNION SELECT other_id FROM undecided) AS either (person)
            WHERE person = ANY(%(persons)s::uuid[])
            """,
            {"states": [state.value for state in UNDECIDED], "persons": ids(persons)},
        )
        return {person for (person,) in cursor.fetchall()}


def _line(row: Suspicion) -> PairLine:
    return PairLine(
        id=row.id, one=row.one_id, other=row.other_id, unit=row.unit_id, path=tuple(row.unit.ancestors),
        signs=tuple(map(Sign, row.signs)), score=row.score, state=Pair(row.state), found_at=row.found_at,
        decided_by=row.decided_by, decided_at=row.decided_at, why=row.why, gone=row.gone, approval=row.approval,
    )  # fmt: skip
