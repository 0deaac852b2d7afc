"""The appointments of a day: each slot with its places and who comes, by group; and who waits to be booked again."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.kernel.clock import work_day
from muster.plan import queries
from muster.plan.queries import SessionLine
from muster.ui.parts import Cell, Column, Field, Row, Table, Tile, Tone
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.language import language_of
from muster.web.plan import booking, where

LISTED = 40  # sessions in full; more are asked for unit by unit


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the slots of a unit's sessions of a day."""
    unit = where.unit_asked(request)
    day, wrong = where.day_typed(request, "day", work_day(campaign_time(request)))
    say, language = words.saying(request), language_of(request)
    lines = queries.sessions(unit.id, day, day)
    waiting = queries.waiting_counts(unit.id)
    waits = sum(waiting.values())
    tone: Tone = "warn" if waits else "good"
    booked, places = sum(line.booked for line in lines), sum(line.places for line in lines)
    error = words.error(request, wrong) if wrong else None
    typed = request.GET.get("day") if wrong else None
    values = where.frame(request, "appointments", unit) | {
        "day": formats.day(day),
        "fields": [Field("day", say("plan.day"), typed or formats.day(day), error=error, inputmode="numeric")],
        "tiles": [
            Tile(say("plan.booked"), formats.share(booked, places, 0, language), say("plan.booked_base")),
            Tile(
                say("plan.waiting"),
                formats.count(waits, language),
                say("plan.waiting_base"),
                tone,
            ),
        ],
        "tables_of": _tables(request, [line for line in lines if line.booked][:LISTED]),
        "may_book": where.may_book(request, unit),
        "number": booking.search_field(request) if where.may_book(request, unit) else None,
        "unbooked": _unbooked(request, [line for line in lines if not line.booked]),
        "cut": sum(line.booked > 0 for line in lines) > LISTED,
    }
    return render(request, "plan/appointments.html", values)


def _unbooked(request: Visit, lines: list[SessionLine]) -> Table | None:
    """Return the sessions nobody is booked into yet, in one table."""
    say, language = words.saying(request), language_of(request)
    columns = [
        Column("venue", say("plan.venue")),
        Column("shift", say("plan.shift_label")),
        Column("room", say("plan.room"), numeric=True),
    ]
    rows: list[Row] = [
        {
            "venue": Cell(line.venue_name, href=where.of_thing("session", line.id)),
            "shift": Cell(say(f"plan.shift.{line.shift}"), note=_hours(line)),
            "room": formats.count(line.places, language),
        }
        for line in lines
    ]
    return Table(say("plan.unbooked"), columns, rows) if rows else None


def _hours(line: SessionLine) -> str:
    return f"{formats.hour(line.starts_at)}–{formats.hour(line.ends_at)}"


def _tables(request: Visit, lines: list[SessionLine]) -> list[tuple[Table, str, str]]:
    """Return of each session its slots, its own page, and its list on paper."""
    ids = [line.id for line in lines]
    groups = queries.booked_by_group(ids)
    slots: dict[object, list[tuple[datetime, int, int, dict[str, int]]]] = {}
    for slot in queries.slots_of(ids, None):
        slots.setdefault(slot.session, []).append(
            (slot.slot, slot.room, slot.free, groups.get((slot.session, slot.slot), {}))
        )
    return [
        (
            _table(request, line, slots.get(line.id, [])),
            where.of_thing("session", line.id),
            where.of_thing("list", line.id),
        )
        for line in lines
    ]


def _table(request: Visit, line: SessionLine, slots: list[tuple[datetime, int, int, dict[str, int]]]) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [
        Column("slot", say("plan.slot")),
        Column("room", say("plan.room"), numeric=True),
        Column("free", say("plan.free"), numeric=True),
        Column("who", say("plan.who_comes")),
    ]
    rows: list[Row] = [
        {
            "slot": formats.hour(at),
            "room": formats.count(room, language),
            "free": formats.count(free, language),
            "who": Cell(
                ", ".join(f"{say(f'survey.column.{group}')} {count}" for group, count in sorted(told.items()))
                or formats.NOTHING
            ),
        }
        for at, room, free, told in slots
        if told
    ]
    caption = f"{line.venue_name} · {say(f'plan.shift.{line.shift}')} {_hours(line)}"
    booked = say(
        "plan.booked_of", booked=formats.count(line.booked, language), places=formats.count(line.places, language)
    )
    return Table(caption, columns, rows, say("plan.nobody_booked"), note=booked)
