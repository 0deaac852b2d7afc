"""Ask the journal: counts at any level and as known at any moment, the life of a thing, the campaign's time."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection

from muster.events.journal import AgeBand, StoredEvent
from muster.kernel import arrays
from muster.kernel.clock import PlayedClock, local
from muster.kernel.errors import Refusal
from muster.kernel.periods import Period

Name = tuple[str, str]  # kind and move, such as ("dossier", "receive")
_EVENT_COLUMNS = """
    event.id, coalesce(kind, '#' || metric_id), coalesce(move, ''), thing, occurred_at, recorded_at, work_day,
    by_officer, unit_done, unit_residence, kit, age_band, reason, batch, position
"""
HOURLY = 2  # the levels that have sums by the hour: the country and the provinces


class Side(Enum):
    """Whose count it is: the unit that did it, or the unit where the citizen resides."""

    DONE = "unit_done"
    RESIDENCE = "unit_residence"


class NoSuchUnit(Refusal):
    """The unit asked for is not in the journal's tree."""

    code = "no_such_unit"
    vi = "Không có đơn vị số {unit}."
    en = "There is no unit number {unit}."


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


@dataclass(frozen=True, slots=True)
class WrongClock:
    """A kit whose clock ran ahead: how many of its events came from the future, and by how much at most."""

    kit: UUID | None
    events: int
    ahead: timedelta


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
    rows = _counted("", [unit], metrics, side, days, bands, known_at)
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
    return [DayCount(*row) for row in _counted("work_day", [unit], metrics, side, days, bands, known_at)]


def series_by_day_and_band(
    unit: int,
    metrics: Collection[Name],
    side: Side = Side.DONE,
    days: Period | None = None,
    bands: Collection[AgeBand] | None = None,
    known_at: datetime | None = None,
) -> dict[tuple[Any, int], int]:
    """Return counts by work day and age band, days without any left out; parameters as for `count`."""
    rows = _counted("work_day, age_band", [unit], metrics, side, days, bands, known_at)
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
    for unit, metric, n in _counted("unit, metric", units, metrics, side, days, bands, known_at):
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
    rows = _counted("unit, metric, age_band", units, metrics, side, days, None, known_at)
    return {(unit, names[metric], band): n for unit, metric, band, n in rows}


def _counted(
    by: str,
    units: Sequence[int],
    metrics: Collection[Name],
    side: Side,
    days: Period | None,
    bands: Collection[AgeBand] | None,
    known_at: datetime | None,
) -> list[tuple[Any, ...]]:
    """Return the sum for each value of the columns ``by``, in their order; the sum stands last."""
    depths = _check_units(units)
    asked: dict[str, Any] = {
        "units": list(dict.fromkeys(units)),
        "metrics": sorted(metric_numbers(metrics).values()),
        "residence": side is Side.RESIDENCE,
        "bands": None if bands is None else [int(band) for band in bands],
        "first": days and days.start,
        "end": days and days.end,
    }
    if not asked["metrics"] or not units:
        return []
    if known_at:
        since = local(known_at).replace(minute=0, second=0, microsecond=0)
        if max(depths) > HOURLY:
            since = since.replace(hour=0)
        asked |= {"known_at": known_at, "known_day": since.date(), "known_hour": since.hour, "since": since}
    way = _way(depths, len(asked["units"]))
    where = " AND ".join(_conditions(asked))
    grouped = f"GROUP BY {by} ORDER BY {by}" if by else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{way.reach} SELECT {by + ',' if by else ''} sum(n)::bigint"
            f" FROM ({_sources(side, asked, way)}) AS source WHERE {where} {grouped}",
            asked,
        )
        return list(cursor.fetchall())


def _conditions(asked: Mapping[str, Any]) -> Iterator[str]:
    yield "metric = ANY(%(metrics)s::smallint[])"
    if asked["first"]:
        yield "work_day >= %(first)s"
    if asked["end"]:
        yield "work_day < %(end)s"
    if asked["bands"] is not None:
        yield "age_band = ANY(%(bands)s::smallint[])"


# How a row finds the units asked for that stand above its own, or are it: all stand below the country; few units list
# all that they reach, beforehand; for many units it is quicker to look up what stands above each of the newest rows.
FEW, MANY = 8, 400
REACH = """
    WITH reach AS MATERIALIZED (
        SELECT id, unit FROM unnest(%(units)s::int[]) AS unit JOIN events_unit ON ancestors @> ARRAY[unit]
    )"""
_BELOW_ALL = "JOIN (SELECT (%(units)s::int[])[1] AS unit) AS country ON {own} <> 0"
_BELOW_FEW = "JOIN reach ON reach.id = {own}"
_BELOW_MANY = """
    JOIN events_unit ON events_unit.id = {own}
    JOIN LATERAL unnest(ancestors) AS unit ON unit = ANY(%(units)s::int[])"""
# The journal's part of a day: by the moment, from an index that covers it; or each unit that is reached by itself.
_BY_MOMENT = """
    SELECT unit, metric_id, work_day, age_band, 1 FROM events_event {below}
    WHERE recorded_at >= %(since)s AND recorded_at <= %(known_at)s"""
_BY_UNIT = """
    SELECT unit, metric_id, work_day, age_band, 1 FROM reach CROSS JOIN LATERAL (
        SELECT metric_id, work_day, age_band FROM events_event
        WHERE {own} = reach.id AND recorded_at >= %(since)s AND recorded_at <= %(known_at)s OFFSET 0
    ) AS event"""


@dataclass(frozen=True, slots=True)
class _Way:
    """How the newest counters and the journal's rows find the units asked for."""

    reach: str
    below: str
    journal: str


def _way(depths: Collection[int], units: int) -> _Way:
    """Choose by the levels of the units and by how many they are."""
    upper = not depths or max(depths) <= HOURLY
    if depths == {1}:
        return _Way("", _BELOW_ALL, _BY_MOMENT)
    by_unit = not upper and 1 not in depths and units <= MANY
    below = _BELOW_FEW if units <= FEW else _BELOW_MANY
    return _Way(REACH if by_unit or units <= FEW else "", below, _BY_UNIT if by_unit else _BY_MOMENT)


def _sources(side: Side, asked: Mapping[str, Any], way: _Way) -> str:
    """Return the SQL of everything that counts, each event in exactly one of the sources.

    What is summed up comes from the tiles (what was done below a unit) and from the unit's own leaves, the newest from
    the open counters of all units below. With ``known_at`` on day D these serve for all that was known before D;
    for D itself the full hours of the country and the provinces, and the journal's own rows for what is left.
    """
    own = side.value
    below = way.below.format(own=own)
    before = "AND known_day < %(known_day)s" if "known_day" in asked else ""
    earlier = "AND (known_day, known_hour) < (%(known_day)s, %(known_hour)s)" if "known_day" in asked else ""
    parts = [
        f"""
        SELECT unit, metric, work_day, age_band, n FROM events_tile
        WHERE unit = ANY(%(units)s::int[]) AND residence = %(residence)s {before}""",
        f"""
        SELECT {own}, metric, work_day, age_band, n FROM events_leaf
        WHERE {own} = ANY(%(units)s::int[]) AND {own} <> 0 {before}""",
        f"""
        SELECT unit, metric, work_day, age_band, n FROM events_open {below} WHERE true {earlier}""",
    ]
    if "known_day" in asked:
        parts += [
            """
            SELECT unit, metric, work_day, age_band, n FROM events_hour
            WHERE unit = ANY(%(units)s::int[]) AND residence = %(residence)s
                AND known_day = %(known_day)s AND known_hour < %(known_hour)s""",
            way.journal.format(own=own, below=below),
        ]
    return " UNION ALL ".join(parts)


def _check_units(units: Sequence[int]) -> set[int]:
    """Refuse units that the journal does not know; return on which levels the others stand, the country on 1."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, cardinality(ancestors) FROM events_unit WHERE id = ANY(%s)", [list(units)])
        depths = dict(cursor.fetchall())
    for unit in units:
        if unit not in depths:
            raise NoSuchUnit(unit=unit)
    return set(depths.values())


def open_since() -> date | None:
    """Return the first day whose counters are not summed up: of the last ten minutes, while the jobs run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(known_day) FROM events_open")
        first: date | None = cursor.fetchone()[0]
    return first


def wrong_clocks(*, since: datetime, ahead: timedelta = timedelta(minutes=10)) -> list[WrongClock]:
    """Return the kits whose events, recorded since then, claim to have happened later than they were recorded."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kit, count(*), max(occurred_at - recorded_at) FROM events_metric AS metric
            JOIN events_event ON metric_id = metric.id
            WHERE recorded_at >= %s AND occurred_at > recorded_at + make_interval(secs => %s)
            GROUP BY kit ORDER BY 3 DESC, 1
            """,
            [since, ahead.total_seconds()],
        )
        return [WrongClock(*row) for row in cursor.fetchall()]


def metrics() -> list[Name]:
    """Return every kind and move that ever happened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, move FROM events_metric ORDER BY kind, move")
        return [(kind, move) for kind, move in cursor.fetchall()]


def metric_numbers(names: Iterable[Name]) -> dict[Name, int]:
    """Return the number of each of these kinds and moves that ever happened."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    kinds, moves = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind, move, id FROM events_metric
            JOIN unnest(%s::text[], %s::text[]) AS asked(kind, move) USING (kind, move)
            """,
            [list(kinds), list(moves)],
        )
        return {(kind, move): number for kind, move, number in cursor.fetchall()}


def life(thing: UUID) -> list[StoredEvent]:
    """Return every move of one thing, in the order in which they happened."""
    return _events("WHERE thing = %s ORDER BY occurred_at, recorded_at, batch, position", [thing])


def events(ids: Collection[UUID]) -> list[StoredEvent]:
    """Return the events with these ids, those that there are."""
    return _events("WHERE event.id = ANY(%s::uuid[])", [arrays.ids(ids)])


def of_batches(batches: Collection[UUID]) -> list[StoredEvent]:
    """Return the events that operations wrote, batch by batch, each in its order."""
    return _events("WHERE batch = ANY(%s) ORDER BY batch, position", [list(batches)])


def samples(name: Name, count: int = 10) -> list[StoredEvent]:
    """Return the first and the last events of a kind and move, or of a number that has lost its name (``#7``, "")."""
    kind, move = name
    ends = " UNION ".join(
        f"(SELECT id FROM events_event WHERE metric_id = (SELECT id FROM named) ORDER BY recorded_at {order} LIMIT %s)"
        for order in ("ASC", "DESC")
    )
    return _events(
        f"""
        WHERE event.id IN (
            WITH named AS MATERIALIZED (
                SELECT coalesce((SELECT id FROM events_metric WHERE kind = %s AND move = %s), %s) AS id
            )
            {ends}
        ) ORDER BY recorded_at, batch, position
        """,
        [kind, move, int(kind[1:]) if kind.startswith("#") else None, count, count],
    )


def _events(where: str, values: list[Any]) -> list[StoredEvent]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {_EVENT_COLUMNS} FROM events_event AS event
            LEFT JOIN events_metric AS metric ON metric.id = metric_id
            {where}
            """,
            values,
        )
        return [StoredEvent._make(row) for row in cursor.fetchall()]


def last_recorded() -> datetime | None:
    """Return the campaign's time of the newest event."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT max(last) FROM events_metric AS metric
            CROSS JOIN LATERAL (SELECT max(recorded_at) AS last FROM events_event WHERE metric_id = metric.id) AS own
            """
        )
        last: datetime | None = cursor.fetchone()[0]
    return last


def clock() -> PlayedClock | None:
    """Return the campaign's clock; ``None`` while it shows real time."""
    with connection.cursor() as cursor:  # every page asks this
        cursor.execute("SELECT real_anchor, campaign_anchor, speed, paused FROM events_clock")
        row = cursor.fetchone()
    return PlayedClock(*row) if row else None


def now(real: datetime) -> datetime:
    """Return the campaign's time at a real moment."""
    played = clock()
    return played.at(real) if played else local(real)
