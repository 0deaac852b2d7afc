"""Counts at any level and as known at any moment, of one unit or of many at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from muster.events.journal import AgeBand
from muster.events.queries.metrics import Name, metric_numbers
from muster.events.queries.sources import Side, counted
from muster.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class DayCount:
    """How often on one work day."""

    work_day: date
    n: int


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """How often in one unit and all below it, for each kind and move that was asked for."""

    unit: int
    counts: Mapping[Name, int]


def count(
    *,
    unit: int,
    metrics: Collection[Name],
    side: Side = Side.DONE,
    days: Period | None = None,
    bands: Collection[AgeBand] | None = None,
    known_at: datetime | None = None,
) -> int:
    """Return how many moves of these kinds fell to a unit and all units below it.

    :param metrics: pairs of kind and move, such as ``("dossier", "receive")``
    :param days: the work days that count; all of them without
    :param known_at: count only what had been recorded by then (it included)
    :raises NoSuchUnit: the unit is not in the journal's tree
    """
    rows = counted("", [unit], metrics, side, days, bands, known_at)
    return rows[0][0] or 0 if rows else 0


def series(
    *,
    unit: int,
    metrics: Collection[Name],
    side: Side = Side.DONE,
    days: Period | None = None,
    bands: Collection[AgeBand] | None = None,
    known_at: datetime | None = None,
) -> list[DayCount]:
    """Return the count of every work day on which there was any, in order; parameters as for `count`."""
    return [DayCount(*row) for row in counted("work_day", [unit], metrics, side, days, bands, known_at)]


def series_by_day_and_band(
    unit: int,
    metrics: Collection[Name],
    side: Side = Side.DONE,
    days: Period | None = None,
    bands: Collection[AgeBand] | None = None,
    known_at: datetime | None = None,
) -> dict[tuple[Any, int], int]:
    """Return counts by work day and age band, days without any left out; parameters as for `count`."""
    rows = counted("work_day, age_band", [unit], metrics, side, days, bands, known_at)
    return {(day, band): n for day, band, n in rows}


def table(
    *,
    units: Sequence[int],
    metrics: Collection[Name],
    side: Side = Side.DONE,
    days: Period | None = None,
    bands: Collection[AgeBand] | None = None,
    known_at: datetime | None = None,
) -> list[UnitCounts]:
    """Return the counts of many units at once, in the order asked for; parameters as for `count`."""
    found: dict[int, dict[Name, int]] = {unit: dict.fromkeys(metrics, 0) for unit in units}
    names = {number: name for name, number in metric_numbers(metrics).items()}
    for unit, metric, n in counted("unit, metric", units, metrics, side, days, bands, known_at):
        found[unit][names[metric]] = n
    return [UnitCounts(unit, found[unit]) for unit in units]


def grid(
    *,
    units: Sequence[int],
    metrics: Collection[Name],
    side: Side = Side.DONE,
    days: Period | None = None,
    known_at: datetime | None = None,
) -> dict[tuple[int, Name, int], int]:
    """Return counts of many units by unit, kind and move, and age band, without any left out; as for `count`."""
    names = {number: name for name, number in metric_numbers(metrics).items()}
    rows = counted("unit, metric, age_band", units, metrics, side, days, None, known_at)
    return {(unit, names[metric], band): n for unit, metric, band, n in rows}


def daily(
    *,
    units: Sequence[int],
    metrics: Collection[Name],
    side: Side = Side.DONE,
    days: Period | None = None,
    known_at: datetime | None = None,
) -> dict[tuple[int, Name], dict[date, int]]:
    """Return the count of every work day on which there was any, by unit, kind and move, in one query; as for `count`.

    A unit and move of which there was nothing is left out.
    """
    names = {number: name for name, number in metric_numbers(metrics).items()}
    found: dict[tuple[int, Name], dict[date, int]] = {}
    for unit, metric, day, n in counted("unit, metric, work_day", units, metrics, side, days, None, known_at):
        found.setdefault((unit, names[metric]), {})[day] = n
    return found
