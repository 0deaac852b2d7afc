"""What is asked of the survey: campaigns to open, marks on cases."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from muster.events.journal import AgeBand
from muster.kernel.ids import new_id
from muster.survey.words import Contact, Hard

ALL_BANDS = frozenset({AgeBand.UNDER_6, AgeBand.FROM_6_TO_13, AgeBand.FROM_14})


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """A campaign: for the people of ``unit`` and below, on the days [``starts``, ``ends``), of these age bands."""

    id: UUID
    name: str
    unit: int
    starts: date
    ends: date
    bands: frozenset[AgeBand] = ALL_BANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMark:
    """How somebody was reached; its event's id makes it safe to send again."""

    case: UUID
    contact: Contact
    event: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HardMark:
    """Why somebody is hard to bring in; ``None`` clears the reason."""

    case: UUID
    hard: Hard | None
    event: UUID = field(default_factory=new_id)
