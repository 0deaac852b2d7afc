"""What the operations of the plan share: what rows name, hours on the wall, telling the journal and the audit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import DAY_STARTS, ZONE
from muster.kernel.copying import copy_rows
from muster.kernel.errors import Refusal
from muster.people.operations.common import IdTaken, Sieve
from muster.plan import queries

__all__ = [
    "IdTaken",
    "Sieve",
    "UnknownCampaign",
    "UnknownCrew",
    "UnknownKit",
    "UnknownOfficer",
    "UnknownUnit",
    "UnknownVenue",
    "moment",
    "once",
    "tell",
    "update",
    "write",
]

TOLD_ONE_BY_ONE = 1000  # things; a longer batch is told in the audit by its events, which name each already
Row = TypeVar("Row")


class UnknownUnit(Refusal):
    """The row names a unit that is not there."""

    code = "unit_unknown"
    vi = "Không có đơn vị số {unit}."
    en = "There is no unit number {unit}."


class UnknownCampaign(Refusal):
    """The row names a campaign that is not there, or is closed."""

    code = "unknown_campaign"
    vi = "Không có chiến dịch {campaign}, hoặc chiến dịch đã kết thúc."
    en = "There is no campaign {campaign}, or it is closed."


class UnknownOfficer(Refusal):
    """The row names an officer who does not work here."""

    code = "unknown_officer"
    vi = "Không có cán bộ {officer}, hoặc người này đã ngừng hoạt động."
    en = "There is no officer {officer}, or they no longer work here."


class UnknownKit(Refusal):
    """There is no such kit."""

    code = "unknown_kit"
    vi = "Không có bộ thiết bị {kit}."
    en = "There is no kit {kit}."


class UnknownCrew(Refusal):
    """There is no such crew on that day."""

    code = "unknown_crew"
    vi = "Không có tổ {crew} vào ngày đó."
    en = "There is no crew {crew} on that day."


class UnknownVenue(Refusal):
    """There is no such venue."""

    code = "unknown_venue"
    vi = "Không có điểm cấp {venue}."
    en = "There is no venue {venue}."


class Known:
    """What the rows of a batch name, looked up once: units, open campaigns, officers who work here."""

    def __init__(
        self,
        units: Iterable[int | None] = (),
        campaigns: Iterable[UUID] = (),
        officers: Iterable[UUID | None] = (),
    ) -> None:
        self.units = queries.unit_paths({one for one in units if one is not None})
        self.campaigns = queries.open_campaigns(set(campaigns))
        self.officers = queries.officer_units({one for one in officers if one is not None})

    def unit(self, unit: int) -> Sequence[int]:
        """Return the path of a unit, root first.

        :raises UnknownUnit: it is not there
        """
        if unit not in self.units:
            raise UnknownUnit(unit=unit)
        return self.units[unit]

    def campaign(self, campaign: UUID) -> None:
        """Go on only with a campaign that is open.

        :raises UnknownCampaign: it is not
        """
        if campaign not in self.campaigns:
            raise UnknownCampaign(campaign=campaign)

    def officer(self, officer: UUID) -> int:
        """Return the unit of an officer.

        :raises UnknownOfficer: nobody with this id works here
        """
        if officer not in self.officers:
            raise UnknownOfficer(officer=officer)
        return self.officers[officer]


def moment(work_day: date, clock: time) -> datetime:
    """Return a time on the wall as a moment of a work day: 01:00 is of the night after it."""
    day = work_day if clock >= DAY_STARTS else work_day + timedelta(days=1)
    return datetime.combine(day, clock, ZONE)


def once(rows: Iterable[Row], key: Any = lambda row: row.id) -> list[Row]:
    """Return the rows with each key once, the first of each."""
    first: dict[Any, Row] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return list(first.values())


def write(table: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows by COPY."""
    with connection.cursor() as cursor:
        copy_rows(cursor, table, columns, rows)


def update(sql: str, rows: Collection[tuple[Any, ...]], *more: Any) -> None:
    """Run a statement whose places are the columns of rows, as arrays."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*map(list, zip(*rows, strict=True)), *more])


def tell(moves: Sequence[Move], by: Actor, at: datetime, action: str, kind: str) -> None:
    """Record moves in the journal and one batch about them in the audit; nothing where nothing moved."""
    recorded = journal.record(moves=moves, by=by, at=at)
    if recorded.events:
        few = recorded.events if len(recorded.events) <= TOLD_ONE_BY_ONE else ()
        subjects = [audit.Subject(kind, thing) for thing in dict.fromkeys(event.thing for event in few)]
        audit.record(by=by, at=at, action=action, subjects=subjects, events=recorded, detail=f"{len(recorded.events)}")


def tell_quietly(things: Iterable[UUID], by: Actor, at: datetime, action: str, kind: str) -> None:
    """Write one batch into the audit about things whose making is counted nowhere; an empty batch is not written."""
    named = list(things)
    if named:
        few = named if len(named) <= TOLD_ONE_BY_ONE else []
        audit.record(
            by=by, at=at, action=action, subjects=[audit.Subject(kind, one) for one in few], detail=f"{len(named)}"
        )
