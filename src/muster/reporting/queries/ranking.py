"""The ranking of units by several measures side by side: read from the rows of a work day, measured anew for a test.

Units are ranked, never persons. Units with like difficulty are those in the same third by the share of hard cases and
in the same half by the share who can come only after hours, among the units that are ranked together.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from muster.capture.words import KIND as DOSSIER
from muster.engines.plausibility import ceiling
from muster.events import queries as journal
from muster.events.queries import Side
from muster.kernel.clock import DAY_STARTS, work_day_bounds
from muster.kernel.periods import Period
from muster.plan import queries as plan
from muster.plan.words import Aim
from muster.reporting.lowest import even_part
from muster.reporting.queries.figures import due_of
from muster.reporting.words import METRICS, Figure
from muster.survey.queries import CampaignLine
from muster.survey.queries.counting import CASES
from muster.survey.words import Group
from muster.units import queries as units_now

LEVELS = ("province", "district", "commune")
CAPTURED, RETURNED = METRICS[Figure.CAPTURED], (DOSSIER, "returned")
EVENING = (Group.WORKING, Group.WORKER, Group.PUPIL)  # the working and pupils come after hours (field notes 2 and 3)
WEEK = timedelta(days=7)
_NEVER = datetime.max.replace(tzinfo=UTC)
_AGES = 10**9  # hours: any hour less them is before any share
FEW = 4  # with fewer units of like difficulty there is no middle worth a comparison


class Measured(NamedTuple):
    """Where one unit stands at the end of a work day; the columns are those of `models.Standing`."""

    unit: int
    level: str
    target: int
    deadline: date
    due: int
    hard: int
    evening: int
    captured: int
    week: int
    finished_at: datetime | None
    taken: int
    returned: int
    forced: int
    missing: int
    night: int
    impossible: int


class Likeness(NamedTuple):
    """How hard it is: 0 to 2 by the share of hard cases, 0 or 1 by the share who come only after hours."""

    hard: int
    evening: int


class Ranked(NamedTuple):
    """One unit in the ranking; rates are left as their two counts."""

    it: Measured
    place: int  # those done by the hour they were, then the others by share of target; equal ones share a place
    before: int  # the same a week ago
    pace: float  # captured over what an even plan asks for by that day; 1 is on plan
    like: Likeness
    like_units: int  # of like difficulty, itself among them
    like_share: float | None  # the middle of their shares; none: too few
    above: int  # the unit right above

    @property
    def share(self) -> float:
        """The share of the target, over 1 allowed."""
        return _share(self.it.captured, self.it.target)

    @property
    def moved(self) -> int:
        """How many places it went up in a week."""
        return self.before - self.place

    @property
    def ahead(self) -> float | None:
        """How far its share is above that of units of like difficulty."""
        return None if self.like_share is None else self.share - self.like_share


# From the newest day to the one before it, and so on: a step of the index each, not a look at every unit's row.
_DAYS = """
    WITH RECURSIVE ranked AS (
        SELECT max(day) AS day FROM reporting_standing WHERE campaign_id = %(campaign)s AND day <= %(until)s
        UNION ALL
        SELECT (SELECT max(day) FROM reporting_standing WHERE campaign_id = %(campaign)s AND day < ranked.day)
        FROM ranked WHERE ranked.day IS NOT NULL
    )
    SELECT day FROM ranked WHERE day IS NOT NULL LIMIT %(limit)s
"""


def ranked_days(campaign: UUID, limit: int = 400, *, until: date = date.max) -> list[date]:
    """Return the work days a campaign has rankings of, the newest first, up to a day."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"campaign": campaign, "until": until, "limit": limit})
        return [day for (day,) in cursor.fetchall()]


def ranking(*, campaign: CampaignLine, unit: int, level: str, day: date) -> list[Ranked]:
    """Return the units of a level below a unit, the best first, as they stood at the end of a work day.

    One question of the database, then O(n log n): 10,600 communes of the country at once.
    """
    columns = ", ".join(f"row.{name}" for name in ("unit_id", *Measured._fields[1:]))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT place.ancestors[cardinality(place.ancestors) - 1], {columns} FROM reporting_standing AS row
            JOIN units_unit AS place ON place.id = row.unit_id
            WHERE row.campaign_id = %s AND row.day = %s AND row.level = %s AND place.ancestors @> ARRAY[%s]
            ORDER BY row.unit_id
            """,
            [campaign.id, day, level, unit],
        )
        rows = [(row[0], Measured(*row[1:])) for row in cursor.fetchall()]
    return _ranked(rows, campaign, day)


def _ranked(rows: Sequence[tuple[int, Measured]], campaign: CampaignLine, day: date) -> list[Ranked]:
    measured = [it for _, it in rows]
    now = _places([_order(it, it.captured) for it in measured])
    before = _places([_order(it, it.captured - it.week) for it in measured])
    likes = likeness(measured)
    shares: dict[Likeness, list[float]] = {}
    for it, like in zip(measured, likes, strict=True):
        shares.setdefault(like, []).append(_share(it.captured, it.target))
    middles = {like: median(some) if len(some) >= FEW else None for like, some in shares.items()}
    parts = {deadline: even_part(campaign.starts, deadline, day) for deadline in {it.deadline for it in measured}}
    found = [
        Ranked(it, now[n], before[n], _pace(it, parts[it.deadline]), likes[n], len(shares[likes[n]]),
               middles[likes[n]], above)
        for n, (above, it) in enumerate(rows)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.place, one.it.finished_at or _NEVER, one.it.unit))


def likeness(measured: Sequence[Measured]) -> list[Likeness]:
    """Return how hard each unit is among those measured: equal shares are always in the same part."""
    hard = [_share(it.hard, it.due) for it in measured]
    evening = [_share(it.evening, it.due) for it in measured]
    thirds, halves = _cuts(hard, 3), _cuts(evening, 2)
    kinds = {(one, other): Likeness(one, other) for one in range(3) for other in range(2)}
    return [
        kinds[bisect_left(thirds, one), bisect_left(halves, other)] for one, other in zip(hard, evening, strict=True)
    ]


def _cuts(values: Sequence[float], parts: int) -> list[float]:
    ordered = sorted(values)
    return [ordered[(len(ordered) * part - 1) // parts] for part in range(1, parts)] if ordered else []


def _order(it: Measured, captured: int) -> float:
    """Return what a unit with so many captured is ordered by, the least first: the hour it was done, then its share.

    Whoever has reached the target comes before everybody else, and gains nothing by what it takes past it.
    """
    if it.finished_at and captured >= it.target:
        return it.finished_at.timestamp() // 3600 - _AGES
    return -_share(captured, it.target)


def _places(orders: Sequence[float]) -> list[int]:
    """Return the place of each unit by what it is ordered by, from 1; equal ones share the best of their places."""
    order = sorted(range(len(orders)), key=lambda n: orders[n])
    places = [0] * len(orders)
    for number, n in enumerate(order, 1):
        tied = number > 1 and orders[order[number - 2]] == orders[n]
        places[n] = places[order[number - 2]] if tied else number
    return places


def _share(part: int, base: int) -> float:
    return part / base if base else 0.0


def _pace(it: Measured, part: tuple[int, int]) -> float:
    gone, whole = part
    return _share(it.captured * whole, it.target * gone)


def measure(
    *, campaign: CampaignLine, day: date, known: Mapping[int, tuple[int, datetime]] | None = None
) -> list[Measured]:
    """Return where every province, district and commune of a campaign stands at the end of a work day.

    :param known: by unit, a target that it reached and when, as far as that was written before
    """
    levels = dict(
        units_now.subtree(campaign.unit, day).filter(level__in=LEVELS).order_by("id").values_list("id", "level")
    )
    units = list(levels)
    if not units:
        return []
    end = day + timedelta(days=1)
    days, last = Period(campaign.starts, end), Period(max(campaign.starts, end - WEEK), end)
    captured = _counts(units, CAPTURED, Side.RESIDENCE, days)
    week = _counts(units, CAPTURED, Side.RESIDENCE, last)
    returned = _counts(units, RETURNED, Side.DONE, days)
    due, cases, taken = due_of(units, None), _cases(campaign, units), _taken(campaign, day)
    targets = plan.unit_targets(campaign.id, units)
    rows = []
    for unit in units:
        target = targets.get((unit, Aim.RECEIVED))
        hard, evening = cases.get(unit, (0, 0))
        rows.append(
            Measured(
                unit, levels[unit], target.quantity if target else sum(due[unit]),
                target.deadline if target else campaign.last, sum(due[unit]), hard, evening, captured[unit], week[unit],
                None, *_quality(taken.get(unit), returned[unit]),
            )
        )  # fmt: skip
    done = {it.unit: it.target for it in rows if 0 < it.target <= it.captured}
    stamps = {unit: at for unit, (target, at) in (known or {}).items() if done.get(unit) == target}
    stamps |= _finished(campaign, day, {unit: target for unit, target in done.items() if unit not in stamps})
    return [it._replace(finished_at=stamps.get(it.unit)) for it in rows]


def _quality(taken: tuple[int, int, int, int, int] | None, returned: int) -> tuple[int, int, int, int, int, int]:
    count, forced, missing, night, impossible = taken or (0, 0, 0, 0, 0)
    return count, returned, forced, missing, night, impossible


def _counts(units: Sequence[int], metric: tuple[str, str], side: Side, days: Period) -> dict[int, int]:
    return {row.unit: row.counts[metric] for row in journal.table(units=units, metrics=[metric], side=side, days=days)}


def _cases(campaign: CampaignLine, units: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many of those due are hard, and how many come only after hours, in units and all below them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT above, sum(hard)::bigint, sum(evening)::bigint FROM (
                SELECT unit_id, count(*) FILTER (WHERE hard <> '') AS hard,
                    count(*) FILTER (WHERE group_code = ANY(%s)) AS evening
                FROM survey_case WHERE campaign_id = %s AND state = ANY(%s) GROUP BY unit_id
            ) AS held JOIN units_unit AS place ON place.id = held.unit_id
            CROSS JOIN LATERAL unnest(place.ancestors) AS above WHERE above = ANY(%s) GROUP BY above
            """,
            [[one.value for one in EVENING], campaign.id, [one.value for one in CASES], list(units)],
        )
        return {unit: (int(hard), int(evening)) for unit, hard, evening in cursor.fetchall()}


def _taken(campaign: CampaignLine, day: date) -> dict[int, tuple[int, int, int, int, int]]:
    """Return of dossiers by who took them, and all above: how many, forced, incomplete, by night, days of too many.

    Too many is a day of a unit on which its kits took more than so many lines can in 18 hours.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH days AS (
                SELECT unit_done_id AS unit,
                    ((taken_at AT TIME ZONE 'Asia/Ho_Chi_Minh') - %(day_starts)s::interval)::date AS day,
                    count(*) AS n, count(*) FILTER (WHERE poor_biometrics) AS forced,
                    count(*) FILTER (WHERE missing_biometrics) AS missing,
                    count(*) FILTER (WHERE extract(hour FROM taken_at AT TIME ZONE 'Asia/Ho_Chi_Minh') BETWEEN 1 AND 3)
                        AS night, count(kit) AS by_kits, count(DISTINCT kit) AS kits
                FROM capture_dossier WHERE taken_at >= %(first)s AND taken_at < %(end)s GROUP BY 1, 2
            )
            SELECT above, sum(n)::bigint, sum(forced)::bigint, sum(missing)::bigint, sum(night)::bigint,
                count(*) FILTER (WHERE by_kits > kits * %(most)s)
            FROM days JOIN units_unit AS place ON place.id = days.unit
            CROSS JOIN LATERAL unnest(place.ancestors) AS above GROUP BY above
            """,
            {
                "day_starts": DAY_STARTS.isoformat(), "first": work_day_bounds(campaign.starts)[0],
                "end": work_day_bounds(day)[1], "most": ceiling(1),
            },
        )  # fmt: skip
        return {row[0]: (int(row[1]), int(row[2]), int(row[3]), int(row[4]), int(row[5])) for row in cursor.fetchall()}


def _finished(campaign: CampaignLine, day: date, targets: Mapping[int, int]) -> dict[int, datetime]:
    """Return when units took the dossier that filled their target, by the server's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH reach AS MATERIALIZED (
                SELECT asked.unit, asked.target, array_agg(place.id) AS below
                FROM events_unit AS place CROSS JOIN LATERAL unnest(place.ancestors) AS above
                    JOIN unnest(%(units)s::int[], %(targets)s::bigint[]) AS asked (unit, target) ON asked.unit = above
                GROUP BY asked.unit, asked.target
            )
            SELECT reach.unit, event.recorded_at FROM reach
            CROSS JOIN LATERAL (
                SELECT recorded_at FROM events_event
                WHERE unit_residence = ANY(reach.below) AND metric_id = ANY(%(metrics)s::smallint[])
                    AND work_day BETWEEN %(first)s AND %(day)s
                ORDER BY recorded_at, id OFFSET reach.target - 1 LIMIT 1
            ) AS event
            """,
            {
                "units": list(targets), "targets": list(targets.values()), "first": campaign.starts, "day": day,
                "metrics": list(journal.metric_numbers([CAPTURED]).values()),
            },
        )  # fmt: skip
        return dict(cursor.fetchall())
