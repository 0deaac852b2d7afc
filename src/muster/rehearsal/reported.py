"""The reports of the demonstration: the slots of a week, mostly signed and certified, some late, one denied.

With them the rankings of two weeks and a forecast a week, as the clock would have made them.

Who signs when is drawn by the slot and the unit, so that every demonstration has the same reports.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, work_day
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.queries import ReportLine
from muster.reporting.rows import CorrectionRow, ForecastRow, RankingRow, Signing, SlotRow, VerdictRow
from muster.reporting.words import Cause, Figure, State, place
from muster.survey import queries as survey
from muster.survey.queries import CampaignLine
from muster.units import queries as units
from muster.units.queries import Unit

REPORTED, DAYS, WEEKS, WEEK = 8, 14, 7, 7  # days of slots, of rankings; weeks of forecasts, and their days
RANKED = time(4, 40)  # when the day before is over and ranked
WAVES = (20, 45, 95)  # minutes after the slot; the last is late, and chased before
SHARES = (50, 42, 6, 2)  # of reports signed in each wave; the last is never signed (assumed)
DENIED_EVERY = 9  # slots
NOTES = (
    "", "", "", "", "Mất điện từ 14 giờ, máy phát chạy thay.", "Một bộ máy hỏng đầu đọc vân tay, đã báo đội kỹ thuật.",
    "Mạng chậm, hồ sơ gửi bù trong đêm.", "Công nhân tan ca mới đến được, kéo dài đến 23 giờ.",
    "Mưa lớn, bà con đến ít.",
)  # fmt: skip


def report(*, campaign: UUID, district: Unit, officers: Mapping[Role, UUID], at: datetime) -> None:
    """Make the reports of the past days and let the district's officers sign them; again it does no harm."""
    line = survey.campaign(campaign)
    if line is None:
        return
    machine = Actor(officer=None, unit=district.id, purpose=Purpose.COMMAND, device="freeze_reports")
    lead = Actor(officer=officers[Role.DESK_LEAD], unit=district.id, purpose=Purpose.COMMAND)
    commander = Actor(officer=officers[Role.COMMANDER], unit=district.id, purpose=Purpose.COMMAND)
    for number, moment in enumerate(_moments(line, at)):
        row = SlotRow(campaign=campaign, at=moment)
        slot = operations.freeze_slots(slots=[row], by=machine, at=moment + queries.SETTLE).whole()[0]
        waves = _waves(slot, moment, line.unit, number)
        _sign(slot, waves, moment, until=at, machine=machine, lead=lead, commander=commander)
        denied = number % DENIED_EVERY == 1
        _judge(slot, line.unit, moment, denied=denied, until=at, lead=lead, commander=commander)


def rank(*, campaign: UUID, district: Unit, at: datetime) -> None:
    """Rank units at the end of each past day; forecast their finish once a week, last from yesterday, and score that.

    Again it does no harm.
    """
    by = Actor(officer=None, unit=district.id, purpose=Purpose.COMMAND, device="rank_units")
    below = [district.id, *(one.id for one in units.children(district.id, work_day(at)))]
    for back in range(WEEKS * WEEK, 0, -1):
        day = work_day(at) - timedelta(days=back)
        morning = datetime.combine(day + timedelta(days=1), RANKED, ZONE)
        if back <= DAYS:
            operations.rank_units(rankings=[RankingRow(campaign=campaign, day=day)], by=by, at=morning).whole()
        if back % WEEK == 1:
            rows = [ForecastRow(campaign=campaign, unit=unit, day=day) for unit in below]
            operations.forecast_units(forecasts=rows, by=by, at=morning).whole()
    operations.score_forecasts(forecasts=queries.unscored(campaign), by=by, at=morning)


def _moments(campaign: CampaignLine, at: datetime) -> list[datetime]:
    days = [work_day(at) - timedelta(days=back) for back in range(REPORTED - 1, -1, -1)]
    found = [one for day in days for one in queries.moments(queries.hours(campaign.id, day), day)]
    return [one for one in found if one + queries.SETTLE <= at and campaign.starts <= work_day(one) < campaign.ends]


def _waves(slot: UUID, moment: datetime, unit: int, number: int) -> dict[int, list[ReportLine]]:
    """Return the reports by the wave in which they are signed; the district itself always signs in time."""
    waves: dict[int, list[ReportLine]] = defaultdict(list)
    drawn = Random(f"reports {moment:%Y%m%d%H} {number}")
    for line in queries.owing(slot, unit):
        wave = drawn.choices(range(len(SHARES)), SHARES)[0]
        waves[1 if line.unit == unit else wave].append(line)
    return waves


def _sign(
    slot: UUID, waves: Mapping[int, Sequence[ReportLine]], moment: datetime, *, until: datetime, machine: Actor,
    lead: Actor, commander: Actor,
) -> None:  # fmt: skip
    drawn = Random(f"notes {moment:%Y%m%d%H}")
    for wave, minutes in enumerate(WAVES):
        now = moment + timedelta(minutes=minutes)
        if now > until:
            return
        if now > moment + timedelta(minutes=61):
            operations.chase_slots(slots=[slot], by=machine, at=now - timedelta(minutes=30))
        for by, own in ((lead, False), (commander, True)):
            rows = [
                Signing(report=one.id, note=drawn.choice(NOTES))
                for one in waves[wave]
                if (one.unit == by.unit) == own
            ]  # fmt: skip
            if rows:
                operations.sign_reports(signings=rows, grants=None, by=by, at=now).whole()


def _judge(
    slot: UUID, unit: int, moment: datetime, *, denied: bool, until: datetime, lead: Actor, commander: Actor
) -> None:  # fmt: skip
    """Let the district certify what its communes signed; of some slots one is denied first, and corrected."""
    now = moment + timedelta(minutes=WAVES[-1] + 25)
    if now > until:
        return
    lines = [line for line in queries.reports_below(slot, unit) if line.unit != unit and line.state is State.SIGNED]
    if denied and lines:
        _deny(lines[0], now, lead, commander)
        lines = lines[1:]
    verdicts = [VerdictRow(report=line.id, certified=True) for line in lines]
    operations.judge_reports(verdicts=verdicts, grants=None, by=commander, at=now).whole()


def _deny(line: ReportLine, now: datetime, lead: Actor, commander: Actor) -> None:
    """Let one report be denied, and its unit correct it."""
    why = "Số thu nhận chưa có hồ sơ còn nằm trên máy lưu động; đề nghị kiểm lại."
    verdict = VerdictRow(report=line.id, certified=False, cause=Cause.NOT_SENT, why=why)
    operations.judge_reports(verdicts=[verdict], grants=None, by=commander, at=now).whole()
    was = line.counts[place(Figure.CAPTURED, Side.RESIDENCE, AgeBand.FROM_14)]
    row = CorrectionRow(
        report=line.id, figure=Figure.CAPTURED, value=was + 12, cause=Cause.NOT_SENT,
        why="12 hồ sơ của điểm lưu động, gửi lên sau khi có mạng.", side=Side.RESIDENCE,
    )  # fmt: skip
    operations.correct_reports(corrections=[row], grants=None, by=lead, at=now + timedelta(minutes=20)).whole()
