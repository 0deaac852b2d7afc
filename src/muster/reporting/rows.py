"""What is asked of the reports: timetables to set, slots to freeze, signatures, corrections, verdicts."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.kernel.ids import new_id
from muster.reporting import explaining, inspecting, practising, reviewing
from muster.reporting.explaining import Step
from muster.reporting.lowest import ASSUMED as LOW
from muster.reporting.lowest import LowRule
from muster.reporting.words import ASSUMED, Cause, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableRow:
    """From ``since`` on a campaign reports at these times of the wall; times before 04:00 are of the night after."""

    id: UUID = field(default_factory=new_id)
    campaign: UUID
    since: date
    times: tuple[time, ...] = ASSUMED.times
    levels: frozenset[str] = ASSUMED.levels
    sign_within: timedelta = ASSUMED.sign_within
    chase_every: timedelta = ASSUMED.chase_every


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """The moment of a campaign's timetable at which it is counted."""

    campaign: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRow:
    """The work day of a campaign at whose end its units are ranked."""

    campaign: UUID
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRow:
    """A unit of a campaign whose finish is forecast from what was known at the end of a work day."""

    campaign: UUID
    unit: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A report to sign, with a note of at most 500 characters."""

    report: UUID
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """What a figure of a report should have been since the campaign began; its id makes it safe to send again."""

    id: UUID = field(default_factory=new_id)
    report: UUID
    figure: Figure
    value: int
    cause: Cause
    why: str
    side: Side = Side.DONE
    band: AgeBand = AgeBand.FROM_14


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRow:
    """That a report is certified; or not, for a cause, and why. Its id makes it safe to send again."""

    id: UUID = field(default_factory=new_id)
    report: UUID
    certified: bool
    cause: Cause | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRuleRow:
    """From ``since`` on units of a campaign that are low by this rule explain."""

    id: UUID = field(default_factory=new_id)
    campaign: UUID
    since: date
    rule: LowRule = LOW


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationAct:
    """A move of an explanation: an answer with its cause, a decision with who acts until when. Its id makes it safe."""

    id: UUID = field(default_factory=new_id)
    explanation: UUID
    step: Step
    text: str
    cause: explaining.Cause | None = None
    owner: UUID | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeRow:
    """What worked at a unit, in at most 1000 letters, and the causes it helps against."""

    id: UUID = field(default_factory=new_id)
    campaign: UUID
    unit: int
    title: str
    text: str
    causes: frozenset[explaining.Cause]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAct:
    """A move of a note in the name of a unit: passed on by one above, taken up by another, withdrawn by its own."""

    id: UUID = field(default_factory=new_id)
    practice: UUID
    step: practising.Step
    unit: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionRow:
    """An inspection of a unit that is not to know: who leads it, on which day, and what is looked at."""

    id: UUID = field(default_factory=new_id)
    campaign: UUID
    unit: int
    lead: UUID
    day: date
    what: str


@dataclass(frozen=True, slots=True)
class FaultFound:
    """One thing that an inspection found, by its cause."""

    cause: explaining.Cause
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionEnd:
    """That an inspection was finished, with what was found, or cancelled, and why."""

    inspection: UUID
    step: inspecting.Step
    told: str
    faults: tuple[FaultFound, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinforcementAsk:
    """A unit of a campaign for whose units right below reinforcement is looked for."""

    campaign: UUID
    unit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinforcementDecision:
    """The one decision on a reinforcement, with its reason. Its id makes it safe to send again."""

    id: UUID = field(default_factory=new_id)
    reinforcement: UUID
    accept: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """What a unit says of a work day in the evening."""

    id: UUID = field(default_factory=new_id)
    campaign: UUID
    unit: int
    day: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """An action given in the review of a day: what, who does it, by the end of which day."""

    id: UUID = field(default_factory=new_id)
    campaign: UUID
    unit: int
    day: date
    text: str
    owner: UUID
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEnd:
    """That an action is done, and what came of it; or dropped, and why."""

    task: UUID
    step: reviewing.Step
    told: str
