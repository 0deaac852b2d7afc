"""Who answers for units: on a day, ever, and where nobody does."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from muster.people.models import Officer
from muster.people.words import Kind
from muster.plan.models import Command
from muster.plan.words import Seat


@dataclass(frozen=True, slots=True)
class CommandLine:
    """An officer in a seat of a unit; whoever has left the service since answers for nothing any more."""

    id: UUID
    unit: int
    officer: UUID
    name: str
    seat: str
    since: date
    until: date | None
    paper: str
    reason: str
    serves: bool

    def holds(self, day: date) -> bool:
        """Say whether the officer answers for the unit on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who answers for a unit on a day; an empty name is nobody."""

    officer: UUID | None = None
    name: str = ""
    deputy: str = ""


_LINE = (
    "id", "unit_id", "officer_id", "officer__full_name", "seat", "since", "until", "paper", "reason",
    "officer__is_active",
)  # fmt: skip


def _lines(rows: "QuerySet[Command]") -> list[CommandLine]:
    return [CommandLine(*row) for row in rows.order_by("seat", "-since", "id").values_list(*_LINE)]


def commands_of(units: Collection[int], *, lock: bool = False) -> Mapping[int, Sequence[CommandLine]]:
    """Return who ever answered for units or is to, by unit, the last first; held against others if asked."""
    if lock:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(7311, unit) FROM unnest(%s::int[]) AS unit", [sorted(set(units))]
            )
    found: dict[int, list[CommandLine]] = defaultdict(list)
    for line in _lines(Command.objects.filter(unit_id__in=units)):
        found[line.unit].append(line)
    return found


def commands_by_ids(commands: Collection[UUID]) -> dict[UUID, CommandLine]:
    """Return commands by id."""
    return {line.id: line for line in _lines(Command.objects.filter(id__in=commands))}


def in_charge(units: Collection[int], on: date) -> dict[int, InCharge]:
    """Return who answers for units on a day, by unit; one for which nobody does is left out."""
    holds = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on)) & Q(officer__is_active=True)
    found: dict[int, InCharge] = {}
    for line in _lines(Command.objects.filter(holds, unit_id__in=units)):
        held = found.get(line.unit, InCharge())
        if line.seat == Seat.COMMANDER:
            found[line.unit] = InCharge(line.officer, line.name, held.deputy)
        else:
            found[line.unit] = InCharge(held.officer, held.name, line.name)
    return found


def commanded_by(officer: UUID, on: date) -> list[int]:
    """Return the units that an officer answers for on a day, as commander or deputy, by number."""
    holds = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on)) & Q(officer__is_active=True)
    found = Command.objects.filter(holds, officer_id=officer).values_list("unit_id", flat=True)
    return sorted(set(found))


def without_commander(unit: int, on: date) -> list[int]:
    """Return the communes of a unit, or itself if it is one, for which nobody in service answers on a day, by code."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT, {"unit": unit, "on": on})
        return [number for (number,) in cursor.fetchall()]


_WITHOUT = """
SELECT unit.id FROM units_unit AS unit
WHERE unit.level = 'commune' AND unit.ancestors @> ARRAY[%(unit)s]
    AND daterange(unit.valid_from, unit.valid_to) @> %(on)s
    AND NOT EXISTS (
        SELECT 1 FROM plan_command AS command JOIN people_officer AS officer ON officer.id = command.officer_id
        WHERE command.unit_id = unit.id AND command.seat = 'commander' AND officer.is_active
            AND daterange(command.since, command.until) @> %(on)s)
ORDER BY unit.code COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Nameable:
    """An officer who may be named: who, and where they work."""

    officer: UUID
    name: str
    username: str
    unit: int
    unit_name: str


def nameable(path: Sequence[int], *, limit: int = 300) -> list[Nameable]:
    """Return the officers who work at a unit or at one above it, the nearest first, in the order of a list.

    :param path: the ids from the root down to the unit
    """
    rows = Officer.objects.filter(unit_id__in=path, is_active=True, kind=Kind.OFFICER.value)
    nearest = rows.annotate(depth=F("unit__ancestors__len")).order_by("-depth", "name_sort", "id")[:limit]
    return [
        Nameable(row.id, row.full_name, row.username, row.unit_id, str(row.unit))
        for row in nearest.select_related("unit")
    ]


def officers_in_service(officers: Collection[UUID]) -> dict[UUID, Sequence[int]]:
    """Return the path of the unit of each of the officers who works here; volunteers are none."""
    rows = Officer.objects.filter(id__in=officers, is_active=True, kind=Kind.OFFICER.value)
    return dict(rows.values_list("id", "unit__ancestors"))
