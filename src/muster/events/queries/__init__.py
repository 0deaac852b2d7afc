"""Ask the journal: counts at any level and as known at any moment, the life of a thing, the campaign's time."""

from muster.events.queries.clock import clock, now
from muster.events.queries.counts import (
    DayCount,
    UnitCounts,
    count,
    daily,
    grid,
    series,
    series_by_day_and_band,
    table,
)
from muster.events.queries.life import WrongClock, events, last_recorded, life, of_batches, samples, wrong_clocks
from muster.events.queries.metrics import Name, metric_numbers, metrics
from muster.events.queries.sources import HOURLY, NoSuchUnit, Side, open_since

__all__ = [
    "HOURLY",
    "DayCount",
    "Name",
    "NoSuchUnit",
    "Side",
    "UnitCounts",
    "WrongClock",
    "clock",
    "count",
    "daily",
    "events",
    "grid",
    "last_recorded",
    "life",
    "metric_numbers",
    "metrics",
    "now",
    "of_batches",
    "open_since",
    "samples",
    "series",
    "series_by_day_and_band",
    "table",
    "wrong_clocks",
]
