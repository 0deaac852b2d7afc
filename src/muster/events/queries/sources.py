"""Where counts come from: tiles, leaves, open counters, full hours and the journal's own rows, each event in one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import connection

from muster.events.journal import AgeBand
from muster.events.queries.metrics import Name, metric_numbers
from muster.kernel.clock import local
from muster.kernel.errors import Refusal
from muster.kernel.periods import Period

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


def counted(
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
