"""What worked in the demonstration: two notes of communes high in the ranking, passed on and taken up by others."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.people.words import Role
from muster.plan import queries as plan
from muster.reporting import operations, queries
from muster.reporting.explaining import Cause
from muster.reporting.practising import Step
from muster.reporting.rows import PracticeAct, PracticeRow
from muster.survey import queries as survey
from muster.units.queries import Unit

WRITTEN = date(2021, 4, 29)
NOTES: tuple[tuple[str, str, frozenset[Cause], int], ...] = (
    (
        "Hẹn theo ca của công ty",
        "Lấy lịch ca của hai công ty, hẹn từng tổ 40 người vào 18:00, 19:30 và 21:00; máy đặt ngay tại nhà ăn.",
        frozenset({Cause.TURNOUT, Cause.WILL}),
        3,
    ),
    (
        "Rà danh sách theo thôn trước hôm lấy",
        "Cảnh sát khu vực cùng trưởng thôn rà danh sách trước hai ngày; hôm lấy chỉ gọi đúng người, ca khó đến nhà.",
        frozenset({Cause.DATA, Cause.TURNOUT}),
        2,
    ),
)  # title, text, causes, and how many units take it up


def practise(*, campaign: UUID, district: Unit, officers: Mapping[Role, UUID]) -> None:
    """Let two communes write what worked, the district pass it on and others take it up; again it does no harm."""
    line = survey.campaign(campaign)
    ranked = queries.ranking(campaign=line, unit=district.id, level="commune", day=WRITTEN) if line else []
    commander = Actor(officer=officers[Role.COMMANDER], unit=district.id, purpose=Purpose.COMMAND)
    held = plan.in_charge([one.it.unit for one in ranked], WRITTEN)
    units = [one.it.unit for one in ranked if one.it.unit in held and held[one.it.unit].officer]
    taken = len(NOTES)
    for number, (title, text, causes, takers) in enumerate(NOTES[: len(units)]):
        at = datetime.combine(WRITTEN, time(20 + number), ZONE)
        unit = units[number]
        row = PracticeRow(
            id=uuid5(campaign, title), campaign=campaign, unit=unit, title=title, text=text, causes=causes
        )  # fmt: skip
        by = Actor(officer=held[unit].officer, unit=unit, purpose=Purpose.COMMAND)
        operations.write_practices(practices=[row], grants=None, by=by, at=at).whole()
        _act(row.id, Step.SHARE, commander, at + timedelta(hours=12))
        for taker in units[taken : taken + takers]:
            _act(
                row.id, Step.TAKE_UP, Actor(officer=held[taker].officer, unit=taker, purpose=Purpose.COMMAND),
                at + timedelta(days=1),
            )  # fmt: skip
        taken += takers


def _act(note: UUID, step: Step, by: Actor, at: datetime) -> None:
    row = PracticeAct(id=uuid5(note, f"{step} {by.unit}"), practice=note, step=step, unit=by.unit)
    operations.move_practices(acts=[row], grants=None, by=by, at=at).whole()
