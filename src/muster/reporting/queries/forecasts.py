"""What forecasts are told from, and how right those were whose finish is known."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from statistics import median
from uuid import UUID

from muster.plan import queries as plan
from muster.plan.words import Aim
from muster.reporting.models import Forecast, Score
from muster.reporting.queries.figures import all_grown, due_of, grown
from muster.reporting.words import Figure
from muster.survey.queries import CampaignLine

# Each stage of the work and the aim of the plan that is its goal; cards follow dossiers where the plan has no own aim.
STAGES: Mapping[Figure, tuple[Aim, ...]] = {
    Figure.CAPTURED: (Aim.RECEIVED,),
    Figure.ACCEPTED: (Aim.RECEIVED,),
    Figure.PRINTED: (Aim.HANDED_OVER, Aim.RECEIVED),
    Figure.HANDED_OVER: (Aim.HANDED_OVER, Aim.RECEIVED),
    Figure.ACTIVATED_2: (Aim.ACTIVATED,),
}


@dataclass(frozen=True, slots=True)
class HowRight:
    """Of forecasts whose finish is known: how many, the middle error over the time it took, how many ranges held."""

    scored: int
    error: float | None
    held: int


def stages(campaign: CampaignLine, units: Sequence[int]) -> dict[tuple[int, Figure], tuple[int, int]]:
    """Return the goal of each stage of units and how many are due there; without a goal it is left out.

    Where the plan has no target for dossiers, the goal is who is due.
    """
    targets, due = plan.unit_targets(campaign.id, units), due_of(units, None)
    found: dict[tuple[int, Figure], tuple[int, int]] = {}
    for unit in units:
        base = sum(due[unit])
        for figure, aims in STAGES.items():
            target = next((targets[unit, aim].quantity for aim in aims if (unit, aim) in targets), None)
            goal = base if target is None and Aim.RECEIVED in aims else target
            if goal:
                found[unit, figure] = (goal, base)
    return found


def stage_curve(campaign: CampaignLine, unit: int, figure: Figure, day: date) -> list[tuple[date, int]]:
    """Return what was done up to the end of each work day of the campaign so far; the day before it, nothing."""
    return [(campaign.starts - timedelta(days=1), 0), *grown(campaign, unit, figure, day)]


def stage_curves(
    campaign: CampaignLine, units: Sequence[int], figures: Collection[Figure], day: date
) -> dict[tuple[int, Figure], list[tuple[date, int]]]:
    """Return `stage_curve` of many units and stages, read at once; one of which nothing is done is left out."""
    before = (campaign.starts - timedelta(days=1), 0)
    return {key: [before, *curve] for key, curve in all_grown(campaign, units, figures, day).items()}


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one unit and stage at the end of a work day; dates are none where the verdict says why."""

    unit: int
    day: date
    goal: int
    done: int
    rate_on: date | None  # if the rate of the last days stays
    finish: date | None  # if the tail is like that of similar units
    low: date | None
    high: date | None  # none beside a finish: beyond the horizon


def told(campaign: UUID, units: Sequence[int], stage: Figure, until: date) -> list[Told]:
    """Return what was told last of each unit up to a work day, in the order of the units; others are left out."""
    rows = Forecast.objects.filter(campaign_id=campaign, unit_id__in=units, stage=stage.value, day__lte=until)
    latest = rows.order_by("unit_id", "-day").distinct("unit_id")
    columns = ("unit_id", "day", "goal", "done", "rate_on", "finish", "low", "high")
    found = {row[0]: Told(*row) for row in latest.values_list(*columns)}
    return [found[unit] for unit in units if unit in found]


def unscored(campaign: UUID, limit: int = 20_000) -> list[UUID]:
    """Return forecasts with a date and no score, the oldest first."""
    rows = Forecast.objects.filter(campaign_id=campaign, finish__isnull=False, score_of__isnull=True)
    return list(rows.order_by("day", "id").values_list("id", flat=True)[:limit])


def how_right(campaign: UUID, unit: int | None = None, stage: Figure | None = None) -> HowRight:
    """Return how right the forecasts of a campaign were, of a unit and all below it or of everybody."""
    rows = Score.objects.filter(forecast__campaign_id=campaign)
    if unit is not None:
        rows = rows.filter(forecast__unit__ancestors__contains=[unit])
    if stage is not None:
        rows = rows.filter(forecast__stage=stage.value)
    told = list(rows.values_list("off", "took", "held"))
    errors = [abs(off) / took for off, took, _ in told]
    return HowRight(len(told), median(errors) if errors else None, sum(held for _, _, held in told))


HORIZONS = (7, 14, 28, 56, None)  # days that it took; the last one has no end


@dataclass(frozen=True, slots=True)
class Horizon:
    """How right forecasts of about one distance were: middle relative errors, ours and the naive rules'.

    ``upto``: days that it took at the most; none: more than all before. An error that is infinite: the rule said never.
    """

    upto: int | None
    scored: int
    ours: float
    planned: float
    seven: float
    month: float
    held: int


def right_by_horizon(campaign: UUID, unit: int, stage: Figure) -> list[Horizon]:
    """Return how right the forecasts of a unit and all below it were, by how far away the finish was."""
    rows = Score.objects.filter(
        forecast__campaign_id=campaign, forecast__unit__ancestors__contains=[unit], forecast__stage=stage.value
    )
    told = list(rows.values_list("off", "took", "held", "planned", "seven", "month"))
    found, least = [], 0
    for upto in HORIZONS:
        some = [row for row in told if least < row[1] and (upto is None or row[1] <= upto)]
        least = upto or least
        if some:
            planned, seven, month = (median(_error(row[place], row[1]) for row in some) for place in (3, 4, 5))
            ours, held = median(abs(off) / took for off, took, *_ in some), sum(row[2] for row in some)
            found.append(Horizon(upto, len(some), ours, planned, seven, month, held))
    return found


def _error(days: int | None, took: int) -> float:
    return inf if days is None else abs(days / took - 1)


def told_days(campaign: UUID, unit: int) -> list[date]:
    """Return the work days at whose end a unit or one right below it was forecast, the newest first."""
    rows = Forecast.objects.filter(campaign_id=campaign, unit__ancestors__contains=[unit])
    return list(rows.order_by("-day").values_list("day", flat=True).distinct()[:60])


def deadlines(campaign: CampaignLine, units: Sequence[int], stage: Figure) -> dict[int, date]:
    """Return the last day of each unit for a stage: that of its target, else the campaign's."""
    targets = plan.unit_targets(campaign.id, units)
    found = {}
    for unit in units:
        held = next((targets[unit, aim] for aim in STAGES[stage] if (unit, aim) in targets), None)
        found[unit] = held.deadline if held else campaign.last
    return found
