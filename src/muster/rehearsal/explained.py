"""The explanations of the demonstration: two Saturdays on which low communes were asked, and what came of it.

Those of the first week are answered, decided and mostly followed up; of this week some are answered, one is decided and
one is late. Who commands a commune answers, the district decides. What is said is drawn by the day and the unit.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, work_day
from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.plan import queries as plan
from muster.reporting import operations, queries
from muster.reporting.explaining import Cause, Step
from muster.reporting.queries import ExplanationLine
from muster.reporting.rows import ExplanationAct, RankingRow
from muster.units.queries import Unit

ASKS = time(4, 40)
HOUR = timedelta(hours=1)
SAID: Mapping[Cause, tuple[str, str, str]] = {
    Cause.MACHINE: (
        "Một bộ máy hỏng đầu đọc vân tay ba ngày, chỉ còn một dây máy chạy.",
        "Chuyển một bộ máy dự phòng của huyện về xã trong hai ca tối.",
        "Máy dự phòng chạy từ chiều thứ Hai, nhịp ngày tăng gần gấp rưỡi.",
    ),
    Cause.PEOPLE: (
        "Hai đồng chí trong kíp đi tăng cường xã khác, ca tối không đủ người.",
        "Rút cán bộ tăng cường về, bố trí thêm một kíp ca tối.",
        "Đủ kíp ba ca từ Chủ nhật.",
    ),
    Cause.NETWORK: (
        "Đường truyền chập chờn buổi tối, hồ sơ phải gửi bù trong đêm.",
        "Tổ kỹ thuật đổi đường truyền dự phòng, gửi hết hồ sơ trước 06:00.",
        "Đã đổi đường truyền, không còn hồ sơ tồn trên máy.",
    ),
    Cause.TURNOUT: (
        "Công nhân đi ca, ban ngày máy chờ dân; người ở xa chưa về.",
        "Mở điểm lưu động tại công ty 18:00-23:00, đội đi từng ngõ mời người còn lại.",
        "Hai tối lưu động thu nhận thêm hơn một trăm người.",
    ),
    Cause.DATA: (
        "Danh sách thuộc diện còn người đã chuyển đi, người trùng; rà chưa xong.",
        "Cảnh sát khu vực rà lại danh sách theo thôn, đính chính trước thứ Tư.",
        "Đã rà xong ba thôn, số thuộc diện khớp với sổ.",
    ),
}


def explain(*, campaign: UUID, district: Unit, officers: Mapping[Role, UUID], at: datetime) -> None:
    """Ask after each ranked Friday and let communes and district do what they owe; again it does no harm."""
    machine = Actor(officer=None, unit=district.id, purpose=Purpose.COMMAND, device="rank_units")
    commander = Actor(officer=officers[Role.COMMANDER], unit=district.id, purpose=Purpose.COMMAND)
    ranked = queries.ranked_days(campaign, until=work_day(at))
    days = sorted(day for day in ranked if day.isoweekday() == queries.explain_rule(campaign, day).weekday)
    for day in days:
        asked_at = datetime.combine(day + timedelta(days=1), ASKS, ZONE)
        row = RankingRow(campaign=campaign, day=day)
        operations.ask_explanations(rankings=[row], by=machine, at=asked_at).whole()
        lines = [line for line in queries.explanations_of_day(campaign, district.id, day) if line.unit != district.id]
        _answer(lines, asked_at, commander, all_of_them=day != days[-1], until=at)
    operations.chase_explanations(explanations=queries.late_explanations(at), by=machine, at=at)


def _answer(
    lines: Sequence[ExplanationLine], asked_at: datetime, commander: Actor, *, all_of_them: bool, until: datetime
) -> None:
    """Let communes answer and the district decide: all of a week that is over, of the last one what fits until now."""
    held = plan.in_charge([line.unit for line in lines], work_day(asked_at))
    for number, line in enumerate(lines):
        head = held[line.unit].officer if line.unit in held else None
        if head is None or (not all_of_them and number == len(lines) - 1):
            continue  # nobody there to answer; or the one that is late
        cause = _cause(line)
        by = Actor(officer=head, unit=line.unit, purpose=Purpose.COMMAND)
        _move(line, Step.ANSWER, SAID[cause][0], by, asked_at + (4 + number) * HOUR, until, cause=cause)
        if not all_of_them and number:
            continue
        decided = asked_at + (10 + number) * HOUR
        due = work_day(decided) + timedelta(days=3)
        _move(line, Step.DECIDE, SAID[cause][1], commander, decided, until, owner=head, due=due)
        if all_of_them and number != 1:
            _move(line, Step.FOLLOW_UP, SAID[cause][2], by, decided + timedelta(days=2), until)


def _cause(line: ExplanationLine) -> Cause:
    return Random(f"explained {line.day:%Y%m%d} {line.unit}").choice(sorted(SAID))


def _move(
    line: ExplanationLine, step: Step, text: str, by: Actor, at: datetime, until: datetime, *,
    cause: Cause | None = None, owner: UUID | None = None, due: date | None = None,
) -> None:  # fmt: skip
    if at <= until:
        act = ExplanationAct(
            id=new_id(), explanation=line.id, step=step, text=text, cause=cause, owner=owner, due=due
        )  # fmt: skip
        operations.move_explanations(acts=[act], grants=None, by=by, at=at).whole()
