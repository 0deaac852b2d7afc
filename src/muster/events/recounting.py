"""Prove that every counter is what the journal says: leaves and hours against events, tiles against leaves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from muster.events.operations import CLOSING

Progress = Callable[[int, int], None]

LEAF_KEY = "unit_done, metric, work_day, known_day, age_band, unit_residence"
TILE_KEY = "unit, residence, metric, work_day, known_day, age_band"
HOUR_KEY = "unit, residence, metric, known_day, known_hour, work_day, age_band"

STORED_LEAVES = f"""
    SELECT {LEAF_KEY}, sum(n) AS n FROM (
        SELECT {LEAF_KEY}, n FROM events_leaf WHERE metric = %(metric)s
        UNION ALL SELECT {LEAF_KEY}, n FROM events_open WHERE metric = %(metric)s
    ) AS both_kinds GROUP BY {LEAF_KEY}
"""
COUNTED_LEAVES = f"""
    SELECT {LEAF_KEY}, count(*) AS n FROM (
        SELECT unit_done, metric_id::smallint AS metric, work_day, events_known_day(recorded_at) AS known_day,
               age_band, coalesce(unit_residence, 0) AS unit_residence
        FROM events_event WHERE metric_id = %(metric)s
    ) AS moved GROUP BY {LEAF_KEY}
"""
STORED_TILES = f"SELECT {TILE_KEY}, n FROM events_tile WHERE metric = %(metric)s"
COUNTED_TILES = f"""
    SELECT {TILE_KEY}, sum(n) AS n FROM (
        SELECT above AS unit, residence, metric, work_day, known_day, age_band, n FROM events_leaf
        CROSS JOIN LATERAL (VALUES (false, unit_done), (true, unit_residence)) AS side (residence, unit)
        JOIN events_unit ON events_unit.id = side.unit
        CROSS JOIN LATERAL unnest(trim_array(events_unit.ancestors, 1)) AS above
        WHERE metric = %(metric)s
    ) AS moved GROUP BY {TILE_KEY}
"""
_UPPER = """
    CROSS JOIN LATERAL (VALUES (false, unit_done), (true, unit_residence)) AS side (residence, unit)
    JOIN events_unit ON events_unit.id = side.unit
    CROSS JOIN LATERAL unnest(events_unit.ancestors[:2]) AS above
"""
_OPEN_HOURS = f"""
    SELECT above AS unit, residence, metric, known_day, known_hour, work_day, age_band, n FROM events_open {_UPPER}
    WHERE metric = %(metric)s
"""
STORED_HOURS = f"""
    SELECT {HOUR_KEY}, sum(n) AS n FROM (
        SELECT {HOUR_KEY}, n FROM events_hour WHERE metric = %(metric)s UNION ALL {_OPEN_HOURS}
    ) AS both_kinds GROUP BY {HOUR_KEY}
"""
COUNTED_HOURS = f"""
    SELECT above AS unit, residence, metric, known_day, known_hour, work_day, age_band, sum(n) AS n FROM (
        SELECT metric_id AS metric, events_known_day(recorded_at) AS known_day,
               events_known_hour(recorded_at) AS known_hour, work_day, age_band, unit_done, unit_residence,
               count(*) AS n
        FROM events_event WHERE metric_id = %(metric)s GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) AS moved {_UPPER} GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
TABLES = {  # table: (key, its unit, what it says, what it should say)
    "leaf": (LEAF_KEY, "unit_done", STORED_LEAVES, COUNTED_LEAVES),
    "tile": (TILE_KEY, "unit", STORED_TILES, COUNTED_TILES),
    "hour": (HOUR_KEY, "unit", STORED_HOURS, COUNTED_HOURS),
}

_DIFFERS = "({key}) IN (SELECT {key} FROM events_differing)"
MEND = {  # what differs stands in events_differing (key, stored, counted)
    "leaf": (
        f"DELETE FROM events_open WHERE {_DIFFERS.format(key=LEAF_KEY)}",
        f"DELETE FROM events_leaf WHERE {_DIFFERS.format(key=LEAF_KEY)}",
        f"INSERT INTO events_leaf ({LEAF_KEY}, n) SELECT {LEAF_KEY}, counted FROM events_differing WHERE counted > 0",
    ),
    "tile": (
        f"DELETE FROM events_tile WHERE {_DIFFERS.format(key=TILE_KEY)}",
        f"INSERT INTO events_tile ({TILE_KEY}, n) SELECT {TILE_KEY}, counted FROM events_differing WHERE counted > 0",
    ),
    "hour": (
        f"DELETE FROM events_hour WHERE {_DIFFERS.format(key=HOUR_KEY)}",
        f"""
        INSERT INTO events_hour ({HOUR_KEY}, n)
        SELECT {HOUR_KEY}, counted - coalesce(open.n, 0) FROM events_differing
        LEFT JOIN (SELECT {HOUR_KEY}, sum(n) AS n FROM ({_OPEN_HOURS}) AS each GROUP BY {HOUR_KEY}) AS open
            USING ({HOUR_KEY})
        WHERE counted > coalesce(open.n, 0)
        """,
    ),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that is not what the journal says: a leaf or an hour, with what is open of it, or a tile."""

    table: str  # leaf, tile, hour
    unit: int
    work_day: date
    known_day: date
    metric: str
    age_band: int
    stored: int
    counted: int


def differences(*, progress: Progress | None = None) -> Iterator[Difference]:
    """Yield every counter that differs from a count of the journal; none means that all are right.

    Leaves and hours are held against the events, tiles against the leaves, so that an error is named where it arose.
    Work may go on meanwhile: a metric is compared in one statement, which sees events and counters of one moment.

    :param progress: is told after each comparison how many of how many are done
    """
    steps = [(table, metric) for table in TABLES for metric in _metrics()]
    for done, (table, metric) in enumerate(steps, 1):
        yield from _differences(table, metric)
        if progress:
            progress(done, len(steps))


@transaction.atomic
def repair(*, progress: Progress | None = None) -> list[Difference]:
    """Write the counted figures where they differ, and return what differed; writers wait meanwhile."""
    steps = [(table, metric) for table in TABLES for metric in _metrics()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", CLOSING)
        cursor.execute("LOCK TABLE events_event IN SHARE ROW EXCLUSIVE MODE")
    found = [one for table, metric in steps for one in _differences(table, metric)]  # mending leaves changes tiles
    for done, (table, metric) in enumerate(steps, 1):
        _mend(table, metric)
        if progress:
            progress(done, len(steps))
    return found


def _metrics() -> list[int]:
    """Return the numbers of all metrics; with those that only a counter claims."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM events_metric UNION SELECT metric FROM events_open ORDER BY 1")
        return [number for (number,) in cursor.fetchall()]


def _compared(table: str) -> str:
    """Return the SQL of all keys at which the stored and the counted number differ."""
    key, _, stored, counted = TABLES[table]
    return f"""
        SELECT {key}, coalesce(stored.n, 0)::bigint AS stored, coalesce(counted.n, 0)::bigint AS counted
        FROM ({stored}) AS stored FULL JOIN ({counted}) AS counted USING ({key})
        WHERE stored.n IS DISTINCT FROM counted.n
    """


def _differences(table: str, metric: int) -> list[Difference]:
    key, unit, *_ = TABLES[table]
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind || '.' || move FROM events_metric WHERE id = %s", [metric])
        name = (cursor.fetchone() or (f"unknown {metric}",))[0]
        cursor.execute(
            f"SELECT {unit}, work_day, known_day, %(name)s, age_band, stored, counted FROM ({_compared(table)}) AS all_"
            f" ORDER BY {key}",
            {"metric": metric, "name": name},
        )
        return [Difference(table, *row) for row in cursor.fetchall()]


def _mend(table: str, metric: int) -> None:
    """Replace what is stored at keys that differ; what was open there is summed up."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE events_differing ON COMMIT DROP AS {_compared(table)}", {"metric": metric}
        )
        for statement in MEND[table]:
            cursor.execute(statement, {"metric": metric})
        cursor.execute("DROP TABLE events_differing")
