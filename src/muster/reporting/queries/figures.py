"""The figures of many units as known at a moment: what a slot freezes, and what the board shows between slots."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

from muster.events import queries as journal
from muster.events.queries import Name, Side
from muster.kernel.periods import Period
from muster.plan import queries as plan
from muster.plan.words import Aim
from muster.reporting.words import BANDS, DUE, FIGURES, METRICS, PLACES, Figure, place
from muster.survey.queries import CampaignLine
from muster.units import queries as units_now

AIMS = tuple(Aim)


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a unit and all below it: laid out as `words.place` says, by age band, and targets by aim."""

    totals: Sequence[int]
    today: Sequence[int]
    due: Sequence[int]
    targets: Sequence[int | None]


def reporting_units(campaign: CampaignLine, day: date, levels: Collection[str]) -> list[int]:
    """Return the units of a campaign that report on a day, by number."""
    found = units_now.subtree(campaign.unit, day).filter(level__in=levels)
    return sorted(found.values_list("id", flat=True))


def counted(campaign: CampaignLine, units: Sequence[int], day: date, at: datetime | None) -> dict[int, Counted]:
    """Return what is counted of units: since the campaign began, on one work day, and of whom, as known at a moment.

    Whoever was found due before the campaign began counts too. Of two campaigns at one unit at the same time the
    journal does not tell dossiers apart.
    """
    if not units:
        return {}
    since, one_day = Period(campaign.starts), Period(day, day + timedelta(days=1))
    totals = _laid_out(units, since, at)
    today = _laid_out(units, one_day, at)
    due = due_of(units, at)
    targets = plan.unit_targets(campaign.id, units)
    return {
        unit: Counted(
            totals[unit], today[unit], due[unit],
            [targets[unit, aim].quantity if (unit, aim) in targets else None for aim in AIMS],
        )
        for unit in units
    }  # fmt: skip


def due_of(units: Sequence[int], at: datetime | None) -> dict[int, list[int]]:
    """Return how many people due reside in units and all below them, by age band: found, and not dropped since."""
    found = journal.grid(units=units, metrics=DUE, side=Side.RESIDENCE, known_at=at)
    counts = {unit: [0] * len(BANDS) for unit in units}
    for (unit, name, band), n in found.items():
        counts[unit][band] += n * DUE[name]
    return counts


def grown(
    campaign: CampaignLine, unit: int, figure: Figure, last: date, known_at: datetime | None = None
) -> list[tuple[date, int]]:
    """Return what was done up to the end of each work day of a campaign, its first to the last asked for."""
    if last < campaign.starts:
        return []
    days = Period.through(campaign.starts, last)
    rows = journal.series(unit=unit, metrics=[METRICS[figure]], side=Side.RESIDENCE, days=days, known_at=known_at)
    by_day = {row.work_day: row.n for row in rows}
    return list(zip(days, accumulate(by_day.get(day, 0) for day in days), strict=True))


def all_grown(
    campaign: CampaignLine, units: Sequence[int], figures: Collection[Figure], last: date
) -> dict[tuple[int, Figure], list[tuple[date, int]]]:
    """Return what `grown` tells of many units and figures, read at once; what has nothing is left out."""
    if last < campaign.starts or not units:
        return {}
    days = Period.through(campaign.starts, last)
    figure_of = {METRICS[figure]: figure for figure in figures}
    told = journal.daily(units=units, metrics=figure_of, side=Side.RESIDENCE, days=days)
    return {
        (unit, figure_of[name]): list(zip(days, accumulate(by_day.get(day, 0) for day in days), strict=True))
        for (unit, name), by_day in told.items()
    }


def _laid_out(units: Sequence[int], days: Period, at: datetime | None) -> dict[int, list[int]]:
    counts = {unit: [0] * PLACES for unit in units}
    figures: Mapping[Name, Figure] = {METRICS[figure]: figure for figure in FIGURES}
    for side in Side:
        found = journal.grid(units=units, metrics=figures, side=side, days=days, known_at=at)
        for (unit, name, band), n in found.items():
            counts[unit][place(figures[name], side, BANDS[band])] = n
    return counts


def names_of(units: Collection[int], day: date) -> dict[int, str]:
    """Return what units are called on a day."""
    return {unit: str(title) for unit, title in units_now.titles(units, day).items()}


__all__ = ["AIMS", "Counted", "all_grown", "counted", "due_of", "grown", "names_of", "reporting_units"]
