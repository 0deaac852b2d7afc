"""What operations of the incident desk are given, row by row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.incidents.moves import Step
from muster.incidents.words import Cause, Kind, Remedy, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """Something went wrong. In a session the ticket lies at the session's unit, whoever holds the kit."""

    id: UUID  # made by whoever sends it: the same message twice opens one ticket
    campaign: UUID
    unit: int
    kind: Kind
    severity: Severity
    told: str
    session: UUID | None = None
    kit: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A move of a ticket that was read at a version."""

    id: UUID  # of the event
    ticket: UUID
    version: int
    step: Step
    note: str = ""
    place: str = ""  # where the technician goes
    due_at: datetime | None = None  # and will be there by
    cause: Cause | None = None
    remedy: Remedy | None = None
    spare: UUID | None = None  # the kit that works instead


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRow:
    """A technician on duty for a unit and all below it, at a place, from when to when."""

    id: UUID
    officer: UUID
    unit: int
    place: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareRow:
    """A kit kept as a spare at a unit and a place."""

    id: UUID
    kit: UUID
    unit: int
    place: str
