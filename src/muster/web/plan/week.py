"""The week of a unit: for each day how many sessions, and of one day every venue with its three shifts."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.kernel.clock import work_day
from muster.plan import queries
from muster.plan.queries import SessionLine
from muster.plan.words import SHIFTS
from muster.ui.parts import Cell, Column, Link, Row, Table, Tile
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.language import language_of
from muster.web.plan import where

SESSIONS = "plan.sessions"


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the week in which a day lies."""
    unit = where.unit_asked(request)
    day, _ = where.day_typed(request, "day", work_day(campaign_time(request)))
    monday = day - timedelta(days=day.weekday())
    lines = queries.sessions(unit.id, monday, monday + timedelta(days=6))
    today = [line for line in lines if line.work_day == day]
    values = where.frame(request, "week", unit) | {
        "day": f"{formats.weekday(day, language_of(request))}, {formats.day(day)}",
        "days": _days(request, unit, monday, day, lines),
        "before": where.address("week", unit, day=day - timedelta(days=7)),
        "after": where.address("week", unit, day=day + timedelta(days=7)),
        "open": where.address("open", unit, day=day) if where.allowed(request, SESSIONS, unit) else "",
        "wall": where.address("week", unit, day=day, mode="wall"),
        "tiles": _tiles(request, today),
        "table": _table(request, unit, today),
    }
    return render(request, "plan/week.html", values)


def _days(request: Visit, unit: Unit, monday: date, day: date, lines: Sequence[SessionLine]) -> list[Link]:
    language, counts = language_of(request), Counter(line.work_day for line in lines)
    days = [monday + timedelta(days=place) for place in range(7)]
    return [
        Link(
            where.address("week", unit, day=one),
            f"{formats.weekday(one, language)} {one:%d/%m}",
            formats.count(counts[one], language),
            here=one == day,
        )
        for one in days
    ]


def _tiles(request: Visit, lines: Sequence[SessionLine]) -> list[Tile]:
    say, language = words.saying(request), language_of(request)
    kits = {kit for line in lines for kit in line.kits}
    places, booked = sum(line.places for line in lines), sum(line.booked for line in lines)
    lacking = sum(len(line.kits) - len(line.crews) for line in lines)
    return [
        Tile(say("plan.sessions"), formats.count(len(lines), language), say("plan.sessions_base")),
        Tile(say("plan.kits_at_work"), formats.count(len(kits), language), say("plan.kits_base")),
        Tile(say("plan.booked"), formats.share(booked, places, 0, language), say("plan.booked_base")),
        Tile(
            say("plan.no_crew_yet"),
            formats.count(lacking, language),
            say("plan.no_crew_base"),
            "warn" if lacking else "good",
        ),
    ]


def _table(request: Visit, unit: Unit, lines: Sequence[SessionLine]) -> Table:
    """Return venues by shift; where one has none, who may open one finds a way to."""
    say, may_open = words.saying(request), where.allowed(request, SESSIONS, unit)
    columns = [Column("venue", say("plan.venue"))]
    columns += [Column(str(shift), say(f"plan.shift.{shift}")) for shift in SHIFTS]
    cells: dict[object, dict[str, Cell]] = {}
    for line in lines:
        free = {str(shift): _free(say, unit, line, shift, may_open=may_open) for shift in SHIFTS}
        row = cells.setdefault(line.venue, {"venue": Cell(line.venue_name, note=line.unit_name), **free})
        row[str(line.shift)] = _cell(request, line)
    rows: list[Row] = list(cells.values())
    return Table(say("plan.sessions_of"), columns, rows, say("plan.no_sessions"))


def _free(say: words.Say, unit: Unit, line: SessionLine, shift: int, *, may_open: bool) -> Cell:
    if not may_open:
        return Cell(formats.NOTHING)
    address = where.address("open", unit, day=line.work_day, shift=shift, venue=line.venue)
    return Cell(say("plan.open_here"), href=address)


def _cell(request: Visit, line: SessionLine) -> Cell:
    say, language = words.saying(request), language_of(request)
    hours = f"{formats.hour(line.starts_at)}–{formats.hour(line.ends_at)}"
    crews = ", ".join(line.crews) or say("plan.crew_missing")
    booked = say(
        "plan.booked_of", booked=formats.count(line.booked, language), places=formats.count(line.places, language)
    )
    address = where.of_thing("session", line.id)
    return Cell(f"{hours} · {', '.join(line.kits)}", href=address, note=f"{crews} · {booked}")
