"""Keep what was forecast, and score it when what was forecast has happened."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from math import ceil
from uuid import UUID

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.engines import forecast as engine
from muster.engines.forecast import Curve, Family, Verdict
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import aware, work_day
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.reporting import queries
from muster.reporting.models import Forecast, Score
from muster.reporting.operations.common import ended_day
from muster.reporting.rows import ForecastRow
from muster.reporting.words import Figure
from muster.survey import queries as survey
from muster.survey.queries import CampaignLine

KIND, FORECASTING, METHOD = "forecast", (7310, 4), 1  # advisory lock: one forecasts at a time
NAIVE_DAYS = (7, 28)


@transaction.atomic
def forecast_units(*, forecasts: Sequence[ForecastRow], by: Actor, at: datetime) -> BatchResult[ForecastRow]:
    """Forecast when units reach the goal of each stage, and keep it; what is kept of a day is passed over.

    A stage whose goal is reached, or of which nothing is done yet, is not forecast.
    Rows are refused with `UnknownCampaign` and `DayNotOver`.
    """
    _alone()
    refused: dict[int, Refusal] = {}
    asked: dict[tuple[UUID, date], tuple[CampaignLine, set[int]]] = {}
    for index, row in enumerate(forecasts):
        key = row.campaign, row.day
        try:
            if key not in asked:
                asked[key] = ended_day(*key, at), set()
        except Refusal as refusal:
            refused[index] = refusal
        else:
            asked[key][1].add(row.unit)
    new: list[Forecast] = []
    for (_, day), (campaign, units) in asked.items():
        there = Forecast.objects.filter(campaign_id=campaign.id, day=day, unit_id__in=units)
        new += _told(campaign, day, sorted(units - set(there.values_list("unit_id", flat=True))), at)
    Forecast.objects.bulk_create(new)
    _tell([(one.id, one.unit_id) for one in new], "told", by, at)
    done = [row for index, row in enumerate(forecasts) if index not in refused]
    return BatchResult(done, [RowRefusal(index, refused[index]) for index in sorted(refused)])


def _told(campaign: CampaignLine, day: date, units: Sequence[int], at: datetime) -> Iterator[Forecast]:
    curves = queries.stage_curves(campaign, units, queries.STAGES, day)
    for (unit, figure), (goal, base) in queries.stages(campaign, units).items():
        reports = curves.get((unit, figure))
        if reports is None or not 0 < (done := reports[-1][1]) < goal:
            continue
        (told,) = engine.forecast(Curve.of(reports), [goal], base=base, family=Family.CALLED)
        tail, rate = told.like_others, told.rate_stays
        yield Forecast(
            id=new_id(), campaign_id=campaign.id, unit_id=unit, stage=figure.value, day=day, told_at=at, method=METHOD,
            goal=goal, done=done, inputs=sha256(repr((reports, goal, base)).encode()).digest(),
            rate_verdict=rate.verdict.value, rate_on=rate.on, verdict=tail.verdict.value, finish=tail.on,
            low=tail.low if tail.verdict is Verdict.DATE else None, high=tail.high,
        )  # fmt: skip


@transaction.atomic
def score_forecasts(*, forecasts: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Score forecasts whose goal has been reached since; the others wait, a score that is there stays.

    :returns: the forecasts that were scored now
    """
    _alone()
    open_ones = Forecast.objects.filter(id__in=forecasts, finish__isnull=False, score_of__isnull=True).order_by("id")
    campaigns = {key: survey.campaign(key) for key in {one.campaign_id for one in open_ones}}
    curves = {key: _curves(line, open_ones, work_day(aware(at))) for key, line in campaigns.items() if line}
    new: list[Score] = []
    units: dict[UUID, int] = {}
    for one in open_ones:
        campaign = campaigns[one.campaign_id]
        if campaign is None or one.finish is None or one.low is None:
            continue
        curve = curves[one.campaign_id].get((one.unit_id, Figure(one.stage)), [])
        reached = next((day for day, done in curve if done >= one.goal and day > one.day), None)
        if reached is not None:
            held = one.low <= reached and (one.high is None or reached <= one.high)
            took, off = (reached - one.day).days, (one.finish - reached).days
            planned, seven, month = _naive(one, dict(curve), campaign)
            new.append(
                Score(
                    forecast=one, reached_on=reached, off=off, took=took, held=held, planned=planned, seven=seven,
                    month=month, scored_at=at,
                )
            )  # fmt: skip
            units[one.id] = one.unit_id
    Score.objects.bulk_create(new)
    _tell(list(units.items()), "scored", by, at)
    return BatchResult(list(units), [])


def _curves(
    campaign: CampaignLine, forecasts: Iterable[Forecast], day: date
) -> dict[tuple[int, Figure], list[tuple[date, int]]]:
    """Return the curves that forecasts of a campaign are judged by."""
    own = [one for one in forecasts if one.campaign_id == campaign.id]
    units, stages = sorted({one.unit_id for one in own}), {Figure(one.stage) for one in own}
    return queries.stage_curves(campaign, units, stages, day)


def _naive(one: Forecast, done: dict[date, int], campaign: CampaignLine) -> tuple[int | None, ...]:
    """Return the days that the naive rules would have said: the even plan, the pace of the last 7 and 28 days.

    A campaign younger than that is taken by all its days.
    """
    left, whole = one.goal - one.done, max((campaign.last - campaign.starts).days + 1, 1)
    paces = [one.goal / whole]
    for days in NAIVE_DAYS:
        first = max(one.day - timedelta(days=days), campaign.starts - timedelta(days=1))
        paces.append((one.done - done[first]) / max((one.day - first).days, 1))
    return tuple(ceil(left / pace) if pace else None for pace in paces)


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", FORECASTING)


def _tell(told: Sequence[tuple[UUID, int]], move: str, by: Actor, at: datetime) -> None:
    """Tell the journal and the audit, as one batch; nothing of an empty one."""
    if told:
        moves = [Move(thing=id_, kind=KIND, move=move, unit_done=unit, occurred_at=at) for id_, unit in told]
        recorded = journal.record(moves=moves, by=by, at=at)
        audit.record(by=by, at=at, action=f"reporting.forecast_{move}", events=recorded, detail=f"{len(told)}")
