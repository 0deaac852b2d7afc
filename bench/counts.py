"""Counts over a national journal: 10,600 communes with 106,000 hamlets, 135 days, up to 50 million events.

The days before today are made as a whole (`national`), today is written through the trigger that counts and summed up
by the journal's own `sum_up`: what stands there in the end is what production would have, and the recount proves it. Of
today the last ten minutes are open, as at any moment of a campaign.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice, pairwise
from typing import Any

from django.db import connection

from bench import country, frame, national
from bench.national import MOVES, TODAY, at
from muster.events import operations, queries, recounting
from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.kernel.periods import Period

DAYS = 135
TODAYS = (0.0, 0.25, 0.5, 0.75, 1 - 1 / 96, 1.0)  # of today's sixteen hours: summed up at their ends, but the last
RECEIVED = [("dossier", "receive")]
ALL = [("dossier", move) for move in MOVES]
WEEK = Period.through(TODAY - timedelta(days=6), TODAY)
SUBTREE, NATION = 0.020, 0.060  # seconds at the 99th percentile


def main(argv: Sequence[str]) -> int:
    """Load the journal, ask all questions, recount."""
    asked = frame.arguments(
        "counts", argv, events=(1_000_000, "events in the journal"), seconds=(8, "for one question"),
        days=(DAYS, "days up to today; fewer show days as full as those of a larger journal"),
    )  # fmt: skip
    with frame.database(keep=asked.keep) as told:
        if not queries.metrics():
            load(told, asked.events, asked.days)
        for what, limit, works in _questions(asked.days):
            told.time(what, frame.times_of(islice(works, 400), within=asked.seconds), most=limit)
        _night(told)
        wrong: list[object] = []
        seconds = frame.timed(lambda: wrong.extend(recounting.differences()))
        told.fact("recount of all counters", f"{seconds:,.1f} s")
        told.fact("counters that differ from it", f"{len(wrong):,}", limit="none", held=not wrong)
    return len(told.missed)


def load(told: frame.Told, events: int, days: int) -> None:
    """Make all days but today at once, today as it happens; tell how long it took."""
    national.prepare(days)
    with frame.workers(2) as pool:
        told.fact("all days but today, made as a whole", f"{frame.timed(partial(_before, events, days, pool)):,.0f} s")
    told.fact("cleaned up, as the server does by itself at night", f"{frame.timed(_vacuum):,.0f} s")
    writing = closing = 0.0
    for part in pairwise(TODAYS):
        closing += frame.timed(operations.sum_up)
        writing += frame.timed(partial(national.write_part, days, events / days, part))
    told.fact("events in the journal", f"{_rows('events_event'):,}")
    told.fact("today's, written through the trigger", f"{writing:,.0f} s")
    told.fact("today's, summed up", f"{closing:,.0f} s")
    for table in ("open", "leaf", "tile", "hour"):
        told.fact(f"rows of events_{table}", f"{_rows(f'events_{table}'):,}")


def _before(events: int, days: int, pool: Any) -> None:
    national.write_before(events, days, pool.imap_unordered)


def _vacuum() -> None:
    with connection.cursor() as cursor:
        for table in ("event", "leaf", "tile", "hour", "open"):
            cursor.execute(f"VACUUM (ANALYZE) events_{table}")


def _rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


CHANCE = random.Random(150)
LEVELS = {"a province": country.PROVINCES, "a district": country.DISTRICTS, "a commune": country.COMMUNES}


def _questions(days: int) -> Iterator[tuple[str, float | None, Iterator[Callable[[], object]]]]:
    """Yield what is asked, its limit in seconds, and endless askings with drawn units and days."""
    ask = partial(_asking, last=days)
    for side in Side:
        whose = "done by" if side is Side.DONE else "residents of"
        for level, units in LEVELS.items():
            yield f"count, {whose} {level}", SUBTREE, ask(queries.count, units, side=side)
        yield f"count, {whose} the nation", NATION, ask(queries.count, [country.ROOT], side=side)
    for level, units in {**LEVELS, "the nation": [country.ROOT]}.items():
        limit = NATION if len(units) == 1 else SUBTREE
        yield f"series of all days, {level}", limit, ask(queries.series, units, days=None)
        yield f"count as known at a moment long ago, {level}", limit, ask(queries.count, units, known=(1, days - 1))
        yield f"count as known at a moment today, {level}", limit, ask(queries.count, units, known=(0, 1))
    yield "table of a province's districts, four moves", None, _tables(ALL, WEEK, _districts)
    yield "table of all provinces, four moves", None, _tables(ALL, None, lambda: list(country.PROVINCES))
    yield "ranking of all communes, a week", None, _tables(RECEIVED, WEEK, lambda: list(country.COMMUNES))
    yield "ranking of all communes, all days", None, _tables(RECEIVED, None, lambda: list(country.COMMUNES))


def _asking(
    query: Callable[..., object],
    units: Sequence[int],
    *,
    last: int,
    known: tuple[int, int] | None = None,
    **fixed: object,
) -> Iterator[Callable[[], object]]:
    """Yield askings about drawn units, days and bands; as known at a drawn minute, so many days ago."""
    while True:
        day = TODAY - timedelta(days=CHANCE.randrange(last))
        drawn: dict[str, object] = {
            "unit": CHANCE.choice(units),
            "metrics": CHANCE.choice([RECEIVED, RECEIVED, ALL]),
            "days": CHANCE.choice([None, WEEK, Period.through(day, day)]),
            "bands": CHANCE.choice([None, None, [AgeBand.FROM_14], [AgeBand.UNDER_6, AgeBand.FROM_6_TO_13]]),
        }
        if known:
            moment = at(TODAY - timedelta(days=CHANCE.randrange(*known)), CHANCE.randrange(8, 22))
            drawn["known_at"] = moment + timedelta(minutes=CHANCE.randrange(60))
        yield partial(query, **drawn | fixed)


def _tables(
    metrics: Sequence[queries.Name], days: Period | None, units: Callable[[], list[int]]
) -> Iterator[Callable[[], object]]:
    while True:
        yield partial(queries.table, units=units(), metrics=metrics, days=days, side=CHANCE.choice(list(Side)))


def _districts() -> list[int]:
    province = CHANCE.choice(country.PROVINCES)
    return [district for district in country.DISTRICTS if country.province_of(district) == province]


def _night(told: frame.Told) -> None:
    """Measure summing up what is open, which happens every ten minutes beside the writers."""
    told.fact("summing up ten minutes", f"{frame.timed(operations.sum_up):,.2f} s")
