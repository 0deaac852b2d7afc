"""The inspections of the demonstration: one of the lowest commune that is done, and one of tomorrow that is not."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, work_day
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.explaining import Cause
from muster.reporting.inspecting import Step
from muster.reporting.rows import FaultFound, InspectionEnd, InspectionRow
from muster.survey import queries as survey
from muster.units.queries import Unit

BACK = 3  # days since the one that is done
LOOKS_AT = "Giờ mở máy ca sáng, sổ bàn giao máy, số người hẹn và số người đến."
TOLD = "Mở máy muộn 40 phút, hẹn 120 người nhưng chỉ gọi điện cho 45."
FAULTS = (
    FaultFound(Cause.WILL, "Ca sáng mở máy lúc 07:10, lịch là 06:30."),
    FaultFound(Cause.TURNOUT, "75 người có hẹn chưa được gọi hoặc nhắn tin."),
)


def inspect(*, campaign: UUID, district: Unit, officers: Mapping[Role, UUID], at: datetime) -> None:
    """Plan an inspection of the two lowest communes, one of them done; again it does no harm."""
    line, today = survey.campaign(campaign), work_day(at)
    days = queries.ranked_days(campaign, 1, until=today - timedelta(days=BACK + 1))
    if line is None or not days:
        return
    ranked = queries.ranking(campaign=line, unit=district.id, level="commune", day=days[0])
    by = Actor(officer=officers[Role.COMMANDER], unit=district.id, purpose=Purpose.COMMAND)
    for back, one in ((BACK, ranked[-1]), (-1, ranked[-2])):
        day = today - timedelta(days=back)
        row = InspectionRow(
            id=uuid5(campaign, f"inspection {day}"), campaign=campaign, unit=one.it.unit, day=day, what=LOOKS_AT,
            lead=officers[Role.DESK_LEAD],
        )  # fmt: skip
        planned_at = min(datetime.combine(day - timedelta(days=1), time(20), ZONE), at)
        operations.plan_inspections(inspections=[row], grants=None, by=by, at=planned_at).whole()
        if back == BACK:
            end = InspectionEnd(inspection=row.id, step=Step.FINISH, told=TOLD, faults=FAULTS)
            done_at = datetime.combine(day, time(9, 30), ZONE)
            operations.end_inspections(ends=[end], grants=None, by=by, at=done_at).whole()
