"""Who is away when, and who stands in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from muster.kernel.clock import work_day_bounds
from muster.plan.models import Absence, Duty
from muster.plan.words import AbsenceState


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An officer away from one moment to another."""

    id: UUID
    officer: UUID
    name: str
    unit: int
    kind: str
    starts_at: datetime
    ends_at: datetime
    stand_in: UUID | None
    stand_in_name: str | None
    note: str
    state: str
    version: int

    def meets(self, starts: datetime, ends: datetime) -> bool:
        """Say whether the officer is away at any moment between two."""
        return self.state != AbsenceState.WITHDRAWN and self.starts_at < ends and starts < self.ends_at


@dataclass(frozen=True, slots=True)
class DutyHeld:
    """A duty that meets an absence: the session, its work day, and where it stands."""

    session: UUID
    work_day: date
    state: str


_LINE = (
    "id", "officer_id", "officer__full_name", "officer__unit_id", "kind", "starts_at", "ends_at", "stand_in_id",
    "stand_in__full_name", "note", "state", "version",
)  # fmt: skip
_STANDS = ~Q(state=AbsenceState.WITHDRAWN.value)


def _lines(rows: "QuerySet[Absence]") -> list[AbsenceLine]:
    return [AbsenceLine(*row) for row in rows.order_by("starts_at", "id").values_list(*_LINE)]


def absences_by_ids(absences: Collection[UUID]) -> dict[UUID, AbsenceLine]:
    """Return absences by id, those that were withdrawn too."""
    return {line.id: line for line in _lines(Absence.objects.filter(id__in=absences))}


def absences(officers: Collection[UUID], first: date, last: date) -> Mapping[UUID, Sequence[AbsenceLine]]:
    """Return when officers are away on work days from the first to the last, by officer, in the order of time."""
    found: dict[UUID, list[AbsenceLine]] = defaultdict(list)
    starts, ends = work_day_bounds(first)[0], work_day_bounds(last)[1]
    rows = Absence.objects.filter(_STANDS, officer_id__in=officers, starts_at__lt=ends, ends_at__gt=starts)
    for line in _lines(rows):
        found[line.officer].append(line)
    return found


def hold_officers(officers: Collection[UUID]) -> None:
    """Let nobody else write duties or absences of these officers until the transaction is over."""
    if not officers:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(7310, hashtext(officer::text)) FROM unnest(%s::uuid[]) AS officer",
            [sorted(set(officers))],
        )


def stands_in_for(officers: Collection[UUID], first: date, last: date) -> Mapping[UUID, int]:
    """Return for how many absences of work days from the first to the last officers stand in; none is left out."""
    found: dict[UUID, int] = defaultdict(int)
    starts, ends = work_day_bounds(first)[0], work_day_bounds(last)[1]
    rows = Absence.objects.filter(_STANDS, stand_in_id__in=officers, starts_at__lt=ends, ends_at__gt=starts)
    for officer in rows.values_list("stand_in_id", flat=True):
        if officer is not None:
            found[officer] += 1
    return found


def absences_of(unit: int, first: date, last: date) -> list[AbsenceLine]:
    """Return who of a unit and all below it is away on work days from the first to the last, in the order of time."""
    starts, ends = work_day_bounds(first)[0], work_day_bounds(last)[1]
    rows = Absence.objects.filter(_STANDS, officer__unit__ancestors__contains=[unit])
    return _lines(rows.filter(starts_at__lt=ends, ends_at__gt=starts))


def duties_within(officer: UUID, starts: datetime, ends: datetime) -> list[DutyHeld]:
    """Return the duties of an officer that meet the time from one moment to another, the first first."""
    rows = Duty.objects.filter(officer_id=officer, live=True, starts_at__lt=ends, ends_at__gt=starts)
    told = rows.order_by("starts_at").values_list("session_id", "work_day", "session__state")
    return [DutyHeld(*row) for row in told]


def at_work_with(officers: Collection[UUID], starts: datetime, ends: datetime) -> set[UUID]:
    """Return officers, and whoever has a duty in a session that one of them has between two moments."""
    mine = Duty.objects.filter(officer_id__in=officers, live=True, starts_at__lt=ends, ends_at__gt=starts)
    theirs = Duty.objects.filter(session_id__in=mine.values("session_id"), live=True)
    return {*officers, *theirs.values_list("officer_id", flat=True)}


_TURNS = """
SELECT above, count(*) FROM plan_duty AS duty JOIN plan_session AS session ON session.id = duty.session_id
    JOIN units_unit AS unit ON unit.id = session.unit_id CROSS JOIN LATERAL unnest(unit.ancestors) AS above
WHERE duty.live AND duty.work_day BETWEEN %s AND %s AND above = ANY(%s::int[]) GROUP BY above
"""


def person_turns(units: Sequence[int], first: date, last: date) -> dict[int, int]:
    """Return how many turns of duty officers have at units and below each on work days; a unit without is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_TURNS, [first, last, list(units)])
        return dict(cursor.fetchall())
