"""A national journal: 10,600 communes with 106,000 hamlets, day after day, made quickly.

Before today seven days are drawn, and every other day repeats the one a week before it: who does what, for whom and at
what second. The counters of the seven are built by statements of this module's own and repeated alike, with the
counting trigger off; the indexes come last. Whether they are what the trigger and `sum_up` would have made is what a
recount proves. Today is drawn anew and written as production writes it, through the trigger, in parts.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from bench import country, journal
from muster.events import operations, queries
from muster.kernel.clock import ZONE

TODAY = date(2021, 5, 24)
MOVES = ("accept", "announce", "produce", "receive")
TABLES = ("event", "leaf", "tile", "hour")

COMMUNES = """
    CREATE TABLE bench_commune AS
    SELECT id AS commune, ancestors[3] AS district, row_number() OVER (PARTITION BY ancestors[3] ORDER BY id) AS place,
           count(*) OVER (PARTITION BY ancestors[3]) AS beside,
           share / sum(share) OVER () AS share, random() AS luck
    FROM (SELECT id, ancestors, exp(0.7 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS share
          FROM events_unit WHERE cardinality(ancestors) = 4) AS drawn
"""
# What becomes known on one day: most of it done that day, three in a hundred on the days before; most of it for
# residents, fifteen in a hundred for people of a commune beside it.
DRAWN = """
    SELECT %(number)s::int AS number, commune, event, unit_of_commune,
           (%(metrics)s::smallint[])[1 + event %% 4] AS metric_id,
           (%(hamlets)s + 10 * ((CASE WHEN other < 0.15 THEN beside_it ELSE commune END) - %(communes)s)
               + event %% 10)::int AS unit_residence,
           (CASE WHEN band < 0.08 THEN 1 WHEN band < 0.2 THEN 2 WHEN band < 0.99 THEN 3 ELSE 0 END)::smallint
               AS age_band,
           late, second, (6 + floor(second / 3600))::smallint AS known_hour
    FROM (
        SELECT commune, event, lpad(to_hex(commune), 32, '0')::uuid AS unit_of_commune, random() AS other,
               random() AS band, CASE WHEN random() < 0.03 THEN 1 + floor(3 * random())::int ELSE 0 END AS late,
               57600 * (%(from)s + random() * (%(until)s - %(from)s)) AS second,
               commune - place::int + 1 + floor(random() * beside)::int AS beside_it
        FROM bench_commune
        CROSS JOIN LATERAL generate_series(
            ceil(share * %(events)s * %(from)s + luck)::int, ceil(share * %(events)s * %(until)s + luck)::int - 1
        ) AS event
    ) AS drawn
"""
# The events of a day; their ids rise as those of the programs do.
EVENTS = """
    INSERT INTO events_event (id, metric_id, thing, occurred_at, recorded_at, work_day, by_officer, unit_done,
                              unit_residence, kit, age_band, reason, batch, position)
    SELECT lpad(to_hex(%(day)s::bigint * 100000000 + commune * 1000 + event), 32, '0')::uuid, metric_id,
           lpad(to_hex((%(day)s - 2 * (event %% 4) + 9)::bigint * 100000000 + commune * 1000 + event / 4), 32,
                '0')::uuid,
           began + make_interval(days => -late, secs => second - 300), began + make_interval(secs => second),
           %(on)s::date - late, unit_of_commune, commune, unit_residence, unit_of_commune, age_band, '',
           lpad(to_hex(%(day)s::bigint * 10000000 + commune), 32, '0')::uuid, event
    FROM ({drawn}) AS drawn
    CROSS JOIN (SELECT %(on)s::date::timestamp AT TIME ZONE INTERVAL '7 hours' + interval '6 hours' AS began) AS morning
"""
# The counters of the seven days; `late` days lie between the work and the day on which it became known.
WEEK = (
    """
    CREATE UNLOGGED TABLE bench_leaf AS
    SELECT number, commune AS unit_done, metric_id, late, age_band, unit_residence, count(*)::int AS n
    FROM bench_drawn GROUP BY 1, 2, 3, 4, 5, 6
    """,
    """
    CREATE UNLOGGED TABLE bench_side AS
    SELECT number, residence, unit, metric_id, late, age_band, known_hour, sum(n) AS n FROM (
        SELECT number, commune, unit_residence, metric_id, late, age_band, known_hour, count(*) AS n
        FROM bench_drawn GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) AS counted
    CROSS JOIN LATERAL (VALUES (false, commune), (true, unit_residence)) AS side (residence, unit)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    """,
    """
    CREATE UNLOGGED TABLE bench_tile AS
    SELECT number, above AS unit, residence, metric_id, late, age_band, sum(n)::int AS n
    FROM bench_side JOIN events_unit ON id = unit
    JOIN LATERAL unnest(ancestors) AS above ON above <> unit
    GROUP BY 1, 2, 3, 4, 5, 6
    """,
    """
    CREATE UNLOGGED TABLE bench_hour AS
    SELECT number, above AS unit, residence, metric_id, late, age_band, known_hour, sum(n)::int AS n
    FROM bench_side JOIN events_unit ON id = unit
    CROSS JOIN LATERAL (VALUES (ancestors[1]), (ancestors[2])) AS upper (above)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    """,
)
COUNTERS = (
    """
    INSERT INTO events_leaf (unit_done, metric, work_day, known_day, age_band, unit_residence, n)
    SELECT unit_done, metric_id, %(on)s::date - late, %(on)s, age_band, unit_residence, n
    FROM bench_leaf WHERE number = %(number)s
    """,
    """
    INSERT INTO events_tile (unit, residence, metric, work_day, known_day, age_band, n)
    SELECT unit, residence, metric_id, %(on)s::date - late, %(on)s, age_band, n
    FROM bench_tile WHERE number = %(number)s
    """,
    """
    INSERT INTO events_hour (unit, residence, metric, known_day, known_hour, work_day, age_band, n)
    SELECT unit, residence, metric_id, %(on)s, known_hour, %(on)s::date - late, age_band, n
    FROM bench_hour WHERE number = %(number)s
    """,
)
SCRATCH = ("drawn", "leaf", "side", "tile", "hour")

Run = Callable[[Callable[[tuple[int, date]], None], Iterable[tuple[int, date]]], Iterable[None]]


def prepare(days: int) -> None:
    """Place the units, name the moves, draw how the communes share the work."""
    country.place()
    chance = random.Random(150)
    moves = [
        replace(one, move=move) for move, one in zip(MOVES, journal.moves(4, country.COMMUNES, chance), strict=True)
    ]
    operations.record(moves=moves, by=journal.BY, at=at(TODAY - timedelta(days=days), 6))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(COMMUNES)


def at(day: date, hour: int) -> datetime:
    """Return an hour of a day in Việt Nam."""
    return datetime.combine(day, time(hour), ZONE)


def write_before(events: int, days: int, run: Run) -> None:
    """Write all days before today; ``run`` does a work for each day, in this process or in others."""
    _draw_week(events / days)
    each = [(day + 1, TODAY - timedelta(days=days - 1 - day)) for day in range(days - 1)]
    with _bare():
        for done, _ in enumerate(run(write_day, each), 1):
            if done % 10 == 0:
                print(f"day {done} of {days}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {', '.join(f'bench_{table}' for table in SCRATCH)}")


def _draw_week(events: float) -> None:
    """Draw seven days and count them."""
    with connection.cursor() as cursor:
        for number in range(7):
            into = "INSERT INTO bench_drawn" if number else "CREATE UNLOGGED TABLE bench_drawn AS"
            cursor.execute(into + DRAWN, _drawn(number, events, (0.0, 1.0)))
        for table, statement in zip(("drawn", "leaf", "side", "tile"), WEEK, strict=True):
            cursor.execute(f"ANALYZE bench_{table}")
            cursor.execute(statement)


@transaction.atomic
def write_day(day: tuple[int, date]) -> None:
    """Write a day's events and counters; the trigger must be off."""
    number, on = day
    asked = {"day": number, "on": on, "number": number % 7}
    with connection.cursor() as cursor:
        cursor.execute(EVENTS.format(drawn="SELECT * FROM bench_drawn WHERE number = %(number)s"), asked)
        for statement in COUNTERS:
            cursor.execute(statement, asked)


def write_part(number: int, events: float, part: tuple[float, float]) -> None:
    """Write a part of today as production does, through the trigger that counts."""
    with connection.cursor() as cursor:
        cursor.execute(EVENTS.format(drawn=DRAWN), {"day": number, "on": TODAY, **_drawn(number, events, part)})


def _drawn(number: int, events: float, part: tuple[float, float]) -> dict[str, Any]:
    return {
        "number": number, "events": events, "from": part[0], "until": part[1],
        "communes": country.COMMUNES.start, "hamlets": country.HAMLETS.start,
        "metrics": sorted(queries.metric_numbers([("dossier", move) for move in MOVES]).values()),
    }  # fmt: skip


@contextmanager
def _bare() -> Iterator[None]:
    """Take the counting trigger, the indexes and the keys away, and put the same back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER events_event_count")
        taken = [one for table in TABLES for one in _taken(cursor, f"events_{table}")]
        for away, _ in taken:
            cursor.execute(away)
        yield
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _, back in taken:
            cursor.execute(back)
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("ALTER TABLE events_event ENABLE TRIGGER events_event_count")


def _taken(cursor: Any, table: str) -> list[tuple[str, str]]:
    """Return the statements that take away and put back each key, foreign key and index of a table."""
    cursor.execute(
        """
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype IN ('p', 'u', 'f')
        UNION ALL
        SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
        FROM pg_index WHERE indrelid = %(table)s::regclass
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
        """,
        {"table": table},
    )
    return list(cursor.fetchall())
