"""What is asked of the plan's operations, one row for each thing."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from muster.plan.words import AbsenceKind, Aim, Post, Seat, VenueKind
from muster.survey.words import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order of a unit: so many of what, by when; targets below it say who answers for which part."""

    id: UUID
    campaign: UUID
    unit: int
    number: str  # of the paper
    aim: Aim
    given_on: date
    deadline: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """A part of an order for one holder: a unit, a crew or an officer; exactly one of the three.

    ``version`` is that of the target as it was read; none says it is new. Without ``parent`` it is a first one.
    """

    id: UUID
    order: UUID
    owner: UUID  # the officer who answers for it in person
    base: int  # how many are due there
    quantity: int
    deadline: date
    parent: UUID | None = None
    unit: int | None = None
    crew: UUID | None = None
    officer: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDecision:
    """A figure the plan is bound by is another from a day on; as it was read at its number."""

    id: UUID
    name: str
    number: int
    value: int
    valid_from: date
    source: str  # the paper
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """An officer is to answer for a unit from a day on; ``replaces`` is the command, as it was read, that ends then."""

    id: UUID
    unit: int
    officer: UUID
    seat: Seat
    since: date
    paper: str
    until: date | None = None
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """A command ends with the day before ``until``, and why; on its first day or before, it never was."""

    command: UUID
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KitRow:
    """A kit: its code, the unit that holds it, dossiers it takes in a shift of six hours, and by whose word."""

    id: UUID
    code: str
    unit: int
    rate: int
    source: str
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KitTransfer:
    """A kit goes to another unit at a moment."""

    id: UUID
    kit: UUID
    unit: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KitMove:
    """A kit breaks, is mended, or is retired (`plan.moves.KIT_MOVES`)."""

    id: UUID  # of the event
    kit: UUID
    move: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """An officer was trained for a post."""

    officer: UUID
    post: Post
    on: date
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewRow:
    """A crew of a unit from a day on: officers at their posts; every post is held by somebody trained for it."""

    id: UUID
    unit: int
    name: str
    since: date
    members: tuple[tuple[UUID, Post], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewChange:
    """A crew has these people at these posts from a day on, and this name; as it was read at a version."""

    crew: UUID
    version: int
    name: str
    since: date
    members: tuple[tuple[UUID, Post], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRow:
    """An officer is away from one moment to another; who stands in takes what the officer was to do meanwhile."""

    id: UUID
    officer: UUID
    kind: AbsenceKind
    starts_at: datetime
    ends_at: datetime
    stand_in: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceMove:
    """An officer is back at a moment before the absence ends (``end``), or was never to be away (``withdraw``)."""

    absence: UUID
    version: int
    move: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueRow:
    """A place to take dossiers, and how many kits find room and current there."""

    id: UUID
    unit: int
    name: str
    kind: VenueKind
    kits: int
    seats: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueChange:
    """A venue has another name, kind or room, or is closed for good from a day on; as it was read at a version."""

    venue: UUID
    version: int
    name: str
    kind: VenueKind
    kits: int
    seats: int
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days on which nothing is taken at a unit and everything below it, such as an epidemic or a festival."""

    id: UUID
    unit: int
    first: date
    last: date
    reason: str


@dataclass(frozen=True, slots=True)
class Stand:
    """A kit at a session, with the crew that works it if it is known."""

    kit: UUID
    crew: UUID | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Places in each slot of 15 minutes for a group, or with none for any that may come; the whole session unless said.

    ``starts`` and ``ends`` are on the clock of the wall.
    """

    group: Group | None
    places: int
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A shift at a venue. An end at or before the start is past midnight and belongs to the same work day.

    Without offers the places follow from the rates of the kits, for whoever may come.
    """

    id: UUID
    campaign: UUID
    venue: UUID
    work_day: date
    shift: int
    starts: time
    ends: time
    stands: tuple[Stand, ...]
    offers: tuple[Offer, ...] = ()
    scenario: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rearm:
    """A session has these kits and crews instead of those it had."""

    session: UUID
    stands: tuple[Stand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """A session that will not be held, and why."""

    session: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A slot for a citizen. A booking changes by the same id with ``attempt`` one higher."""

    id: UUID
    person: UUID
    session: UUID
    slot: datetime
    group: Group
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMove:
    """An appointment was kept or missed, or the citizen cancelled it (`plan.moves.APPOINTMENT_MOVES`)."""

    id: UUID  # of the event
    appointment: UUID
    move: str
    reason: str = ""
