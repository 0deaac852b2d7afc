"""Counts over a national journal: 10,600 communes with 106,000 hamlets, 135 days, up to 50 million events.

The days are written one after another by one INSERT each, through the trigger that counts, and summed up by the
journal's own `sum_up`: what stands there in the end is what production would have, and the recount proves it. Of today
the last ten minutes are open, as at any moment of a campaign, and nothing but the server's own settings cleans up.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice, pairwise

from django.db import connection

from bench import country, frame, journal
from muster.events import operations, queries, recounting
from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.kernel.clock import ZONE
from muster.kernel.periods import Period

DAYS = 135
TODAY = date(2021, 5, 24)
TODAYS = (0.0, 0.25, 0.5, 0.75, 1 - 1 / 96, 1.0)  # of today's sixteen hours: summed up at their ends, but the last
MOVES = ("accept", "announce", "produce", "receive")  # numbered in this order
RECEIVED = [("dossier", "receive")]
ALL = [("dossier", move) for move in MOVES]
WEEK = Period.through(TODAY - timedelta(days=6), TODAY)
SUBTREE, NATION = 0.020, 0.060  # seconds at the 99th percentile

COMMUNES = """
    CREATE TABLE bench_commune AS
    SELECT id AS commune, ancestors[3] AS district, row_number() OVER (PARTITION BY ancestors[3] ORDER BY id) AS place,
           count(*) OVER (PARTITION BY ancestors[3]) AS beside,
           share / sum(share) OVER () AS share, random() AS luck
    FROM (SELECT id, ancestors, exp(0.7 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS share
          FROM events_unit WHERE cardinality(ancestors) = 4) AS drawn
"""
# What becomes known on one day: most of it done that day, three in a hundred on the days before; most of it for
# residents, fifteen in a hundred for people of a commune beside it. Ids rise as those of the programs do.
DAY = """
    INSERT INTO events_event (id, metric_id, thing, occurred_at, recorded_at, work_day, by_officer, unit_done,
                              unit_residence, kit, age_band, reason, batch, position)
    SELECT lpad(to_hex(%(day)s::bigint * 100000000 + commune * 1000 + event), 32, '0')::uuid,
           1 + event %% 4,
           lpad(to_hex((%(day)s - 2 * (event %% 4) + 9)::bigint * 100000000 + commune * 1000 + event / 4), 32,
                '0')::uuid,
           recorded_at - make_interval(days => late, mins => 5), recorded_at, %(on)s::date - late,
           lpad(to_hex(commune), 32, '0')::uuid, commune,
           %(hamlets)s + 10 * ((CASE WHEN other < 0.15 THEN beside_it ELSE commune END) - %(communes)s) + event %% 10,
           lpad(to_hex(commune), 32, '0')::uuid,
           CASE WHEN band < 0.08 THEN 1 WHEN band < 0.2 THEN 2 WHEN band < 0.99 THEN 3 ELSE 0 END, '',
           lpad(to_hex(%(day)s::bigint * 10000000 + commune), 32, '0')::uuid, event
    FROM (
        SELECT commune, event, random() AS other, random() AS band,
               CASE WHEN random() < 0.03 THEN 1 + floor(3 * random())::int ELSE 0 END AS late,
               %(on)s::date::timestamp AT TIME ZONE INTERVAL '7 hours' + interval '6 hours'
                   + (%(from)s + random() * (%(until)s - %(from)s)) * interval '16 hours' AS recorded_at,
               commune - place::int + 1 + floor(random() * beside)::int AS beside_it
        FROM bench_commune
        CROSS JOIN LATERAL generate_series(
            ceil(share * %(events)s * %(from)s + luck)::int, ceil(share * %(events)s * %(until)s + luck)::int - 1
        ) AS event
    ) AS drawn
"""


def main(argv: Sequence[str]) -> int:
    """Load the journal, ask all questions, recount."""
    asked = frame.arguments(
        "counts", argv, events=(1_000_000, "events in the journal"), seconds=(8, "for one question"),
        days=(DAYS, "days up to today; fewer show days as full as those of a larger journal"),
    )  # fmt: skip
    with frame.database(keep=asked.keep) as told:
        if not queries.metrics():
            _load(told, asked.events, asked.days)
        for what, limit, works in _questions(asked.days):
            told.time(what, frame.times_of(islice(works, 400), within=asked.seconds), most=limit)
        _night(told)
        wrong: list[object] = []
        seconds = frame.timed(lambda: wrong.extend(recounting.differences()))
        told.fact("recount of all counters", f"{seconds:,.1f} s")
        told.fact("counters that differ from it", f"{len(wrong):,}", limit="none", held=not wrong)
    return len(told.missed)


def at(day: date, hour: int) -> datetime:
    """Return an hour of a day in Việt Nam."""
    return datetime.combine(day, time(hour), ZONE)


def _load(told: frame.Told, events: int, days: int) -> None:
    """Write and close day after day; tell how long it took."""
    country.place()
    moves = [
        replace(one, move=move) for move, one in zip(MOVES, journal.moves(4, country.COMMUNES, CHANCE), strict=True)
    ]
    operations.record(moves=moves, by=journal.BY, at=at(TODAY - timedelta(days=days - 1), 6))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(COMMUNES)
    writing = closing = 0.0
    for day in range(days):
        on = TODAY - timedelta(days=days - 1 - day)
        if on == TODAY:
            closing += frame.timed(_vacuum)  # what the server does by itself at night
        parts = TODAYS if on == TODAY else (0.0, 1.0)
        for part in pairwise(parts):
            closing += frame.timed(operations.sum_up)
            writing += frame.timed(partial(_write, day + 1, on, events / days, part))
        if day % 10 == 0:
            print(f"day {day} of {days}: {writing:,.0f} s writing, {closing:,.0f} s summing up", flush=True)
    told.fact("events in the journal", f"{_rows('events_event'):,}")
    told.fact("written a day at a time, through the trigger", f"{writing:,.0f} s")
    told.fact("summed up and vacuumed", f"{closing:,.0f} s")
    for table in ("open", "leaf", "tile", "hour"):
        told.fact(f"rows of events_{table}", f"{_rows(f'events_{table}'):,}")


def _write(day: int, on: date, events: float, part: tuple[float, float]) -> None:
    asked = {
        "day": day, "on": on, "events": events, "from": part[0], "until": part[1],
        "communes": country.COMMUNES.start, "hamlets": country.HAMLETS.start,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DAY, asked)


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
