"""What is written into the journal and what stands there: moves before, events after, and their exact bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from muster.kernel.dates import PartialDate, age_on
from muster.kernel.ids import new_id

UNDER_6, UNDER_14 = 6, 14


class AgeBand(IntEnum):
    """The bands the counts are reported in (field notes 5): 0-5, 6-13, 14 and over."""

    UNKNOWN = 0  # no person, or a birth date too vague to say
    UNDER_6 = 1
    FROM_6_TO_13 = 2
    FROM_14 = 3


@lru_cache(1 << 16)
def age_band(birth: PartialDate | None, on: date) -> AgeBand:
    """Return the band of a person on a day; ``UNKNOWN`` where a vague birth date straddles two bands."""
    if birth is None:
        return AgeBand.UNKNOWN
    age = age_on(birth, on)
    low, high = _band(age.low), _band(age.high)
    return low if low is high else AgeBand.UNKNOWN


def _band(age: int) -> AgeBand:
    if age < UNDER_6:
        return AgeBand.UNDER_6
    return AgeBand.FROM_6_TO_13 if age < UNDER_14 else AgeBand.FROM_14


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move of one thing, to be recorded. Its id makes it safe to send again.

    ``unit_done`` did it; ``unit_residence`` is where the citizen resides (``None``: no citizen). ``work_day`` is the
    shift's day; without it the day follows from ``occurred_at``.
    """

    thing: UUID
    kind: str
    move: str
    unit_done: int
    occurred_at: datetime
    unit_residence: int | None = None
    age_band: AgeBand = AgeBand.UNKNOWN
    kit: UUID | None = None
    reason: str = ""
    work_day: date | None = None
    id: UUID = field(default_factory=new_id)


class StoredEvent(NamedTuple):
    """One row of the journal."""

    id: UUID
    kind: str
    move: str
    thing: UUID
    occurred_at: datetime
    recorded_at: datetime
    work_day: date
    by_officer: UUID | None
    unit_done: int
    unit_residence: int | None
    kit: UUID | None
    age_band: int
    reason: str
    batch: UUID
    position: int

    def canonical(self) -> bytes:
        """Return the row's exact bytes, the same whenever and wherever they are made: what the audit hashes."""
        residence = "" if self.unit_residence is None else self.unit_residence
        return (
            f"{self.id}\x1f{self.kind}\x1f{self.move}\x1f{self.thing}\x1f{_moment(self.occurred_at)}"
            f"\x1f{_moment(self.recorded_at)}\x1f{self.work_day}\x1f{_shared(self.by_officer)}\x1f{self.unit_done}"
            f"\x1f{residence}\x1f{_shared(self.kit)}\x1f{self.age_band}\x1f{_shared(self.batch)}\x1f{self.position}"
            f"\x1f{self.reason}"
        ).encode()


@lru_cache(1 << 12)  # a batch has one officer, one id, and few kits
def _shared(id_: UUID | None) -> str:
    return "" if id_ is None else str(id_)


@lru_cache(1 << 12)  # a batch is recorded at one moment, and a desk or a crew tells whole minutes
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one operation wrote: its batch, and the events that were new, in their order."""

    batch: UUID
    events: Sequence[StoredEvent]
