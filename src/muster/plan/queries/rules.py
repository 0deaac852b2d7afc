"""The figures the plan is bound by: what holds on a day, who decided it, whether the database holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from muster.engines.rostering import Limits, LimitsByDay
from muster.law.rest import RestLimit
from muster.plan.models import Rule
from muster.plan.words import OVERBOOK

_OWN = ("plan_rule_grows", "plan_rule_never_changed")
_HOURS = ("plan_duty_hours_added", "plan_duty_hours_changed", *_OWN)
_REST = ("plan_duty_rest_added", "plan_duty_rest_changed", *_OWN)
# The triggers that hold each rule.
_GUARDS: Mapping[str, Sequence[str]] = {
    RestLimit.HOURS_A_DAY: _HOURS,
    RestLimit.REST_HOURS: _REST,
    RestLimit.PAUSE_MINUTES: _REST,
    RestLimit.DAYS_IN_A_ROW: _REST,
    OVERBOOK: ("plan_appointment_room_added", "plan_appointment_room_changed", *_OWN),
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A figure from a day on; without a decider it is the house's own."""

    id: UUID
    name: str
    number: int
    valid_from: date
    value: int
    measure: str
    source: str
    assumed: bool
    decided_by: UUID | None
    decided_by_name: str | None
    decided_at: datetime | None
    reason: str


_RULE = (
    "id", "name", "number", "valid_from", "value", "measure", "source", "assumed", "decided_by_id",
    "decided_by__full_name", "decided_at", "reason",
)  # fmt: skip


def rule_lines() -> list[RuleLine]:
    """Return every figure there ever was, the last decided of each name first."""
    return [RuleLine(*row) for row in Rule.objects.order_by("name", "-number").values_list(*_RULE)]


def rules(on: date) -> Mapping[str, RuleLine]:
    """Return the figures that hold on a day, by name."""
    held = Rule.objects.filter(valid_from__lte=on).order_by("name", "-number").distinct("name")
    return {row[1]: RuleLine(*row) for row in held.values_list(*_RULE)}


def latest_rules(*, lock: bool = False) -> Mapping[str, RuleLine]:
    """Return the figure decided last of each name, whether it holds already or not; no other can be added if asked."""
    if lock:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE plan_rule IN SHARE ROW EXCLUSIVE MODE")
    rows = Rule.objects.order_by("name", "-number").distinct("name")
    return {row[1]: RuleLine(*row) for row in rows.values_list(*_RULE)}


def limits() -> LimitsByDay:
    """Return what no officer works beyond, on any day."""
    lines = sorted((row for row in rule_lines() if row.name != OVERBOOK), key=lambda row: (row.valid_from, row.number))
    told: dict[str, int] = {}
    changes: dict[date, Limits] = {}
    for line in lines:
        told[line.name] = line.value
        if len(told) == len(RestLimit):
            changes[line.valid_from] = Limits(
                timedelta(hours=told[RestLimit.HOURS_A_DAY]), timedelta(hours=told[RestLimit.REST_HOURS]),
                timedelta(minutes=told[RestLimit.PAUSE_MINUTES]), told[RestLimit.DAYS_IN_A_ROW],
            )  # fmt: skip
    return LimitsByDay(list(changes.items()))


def guards() -> Mapping[str, bool]:
    """Return whether the database holds each rule now: every trigger that does so is there and on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'plan\\_%%' AND tgenabled IN ('O', 'A')", [])
        there = {name for (name,) in cursor.fetchall()}
    return {name: there.issuperset(triggers) for name, triggers in _GUARDS.items()}


@dataclass(frozen=True, slots=True)
class Broken:
    """Work planned before a limit was made stricter, which it now forbids; the breach as `engines.rostering` says."""

    officer: UUID
    name: str
    day: date
    breach: str


_BROKEN = """
WITH held AS (
    SELECT duty.officer_id, duty.work_day, duty.starts_at, duty.ends_at
    FROM plan_duty AS duty JOIN people_officer AS officer ON officer.id = duty.officer_id
        JOIN units_unit AS unit ON unit.id = officer.unit_id
    WHERE duty.live AND unit.ancestors @> ARRAY[%(unit)s] AND duty.work_day >= %(first)s - 14
), bounds AS MATERIALIZED (
    SELECT work_day, make_interval(hours => plan_limit('hours_a_day', work_day)) AS hours,
           make_interval(hours => plan_limit('rest_hours', work_day)) AS rest,
           make_interval(mins => plan_limit('pause_minutes', work_day)) AS pause,
           plan_limit('days_in_a_row', work_day) AS in_a_row
    FROM (SELECT DISTINCT work_day FROM held) AS days
), found AS (
    SELECT officer_id, work_day, 'hours' AS breach FROM held JOIN bounds USING (work_day)
    GROUP BY 1, 2, hours HAVING sum(ends_at - starts_at) > hours
    UNION ALL
    SELECT officer_id, work_day, 'rest' FROM (
        SELECT officer_id, work_day, starts_at - lag(ends_at) OVER spells AS gap,
               work_day = lag(work_day) OVER spells AS same
        FROM held WINDOW spells AS (PARTITION BY officer_id ORDER BY starts_at)
    ) AS spells JOIN bounds USING (work_day) WHERE gap < rest AND NOT (same AND gap <= pause)
    UNION ALL
    SELECT officer_id, last, 'day_off' FROM (
        SELECT officer_id, max(work_day) AS last, count(*) AS days FROM (
            SELECT officer_id, work_day, work_day - row_number() OVER (
                PARTITION BY officer_id ORDER BY work_day)::int AS run
            FROM (SELECT DISTINCT officer_id, work_day FROM held) AS days
        ) AS runs GROUP BY officer_id, run
    ) AS runs JOIN bounds ON bounds.work_day = last WHERE days > in_a_row
)
SELECT officer_id, full_name, work_day, breach FROM found JOIN people_officer AS officer ON officer.id = officer_id
WHERE work_day >= %(first)s ORDER BY work_day, name_sort, officer_id LIMIT %(limit)s
"""


def broken(unit: int, first: date, *, limit: int = 200) -> list[Broken]:
    """Return where officers of a unit and all below it are planned beyond the limits from a day on, the next first.

    Nothing new can be written so; what was planned before a limit was made stricter stays until somebody changes it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN, {"unit": unit, "first": first, "limit": limit})
        return [Broken(*row) for row in cursor.fetchall()]
