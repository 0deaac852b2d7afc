"""What stands around every page of the incident desk, and the words of tickets."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from muster.incidents.moves import MOVES, Step
from muster.incidents.queries import TicketLine
from muster.incidents.words import ENDED, Severity, State
from muster.kernel import formats
from muster.people.rights import NotAllowed
from muster.ui.parts import Badge, Cell, Column, Link, Row, Table, Tone
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.accounts.words import Say
from muster.web.plan import where
from muster.web.plan.asking import NOTHING, Fault

READ = "incident.read"
PAGES = ("queue", "team")
TONES: dict[State, Tone] = {
    State.OPEN: "bad", State.ESCALATED: "bad", State.TAKEN: "warn", State.OUT: "warn", State.SWAPPED: "info",
    State.MENDED: "good", State.DISMISSED: "plain",
}  # fmt: skip
HOUR = 60  # minutes


def unit_asked(request: Visit) -> Unit:
    """Return the unit asked for, one's own without.

    :raises NotAllowed: it is not there, or not in one's area
    """
    asked = request.GET.get("unit") or request.POST.get("unit") or ""
    own = request.officer.unit if request.officer else None
    return within(request, units.by_number(asked) if asked.isdecimal() else own)


def within(request: Visit, unit: Unit | None) -> Unit:
    """Return a unit whose incidents somebody may read.

    :raises NotAllowed: it is none
    """
    if unit is None or not where.allowed(request, READ, unit):
        raise NotAllowed(action=READ)
    return unit


def address(page: str, unit: Unit) -> str:
    """Return the address of a page about a unit."""
    return f"{reverse(f'incidents:{page}')}?{urlencode({'unit': unit.id})}"


def around(request: Visit, page: str, unit: Unit) -> dict[str, object]:
    """Return what a page shows around its own: the unit, those above and below, the other page."""
    say, on = words.saying(request), campaign_day(request)
    above = [one for one in units.ancestors(unit) if where.allowed(request, READ, one)]
    children = list(units.children(unit.id, on)) if unit.level != "commune" else []
    titles = units.titles([one.id for one in (*above, *children, unit)], on)
    return {
        "unit": str(titles[unit.id]),
        "own": unit.id,
        "trail": [Link(address(page, one), str(titles[one.id]), here=one.id == unit.id) for one in above],
        "tabs": [Link(address(one, unit), say(f"incidents.page.{one}"), here=one == page) for one in PAGES],
        "below": [Link(address(page, one), str(titles[one.id])) for one in children],
    }


def shown(request: Visit, values: dict[str, Any], fault: Fault | None) -> HttpResponse:
    """Return a page of the desk: tiles, lists, forms."""
    told: dict[str, Any] = {**NOTHING, "tiles": (), "life": (), "error": None, **values}
    if fault and fault.act not in {one.act for one in told["forms_of"]}:  # what was asked for is offered no more
        told["error"] = words.error(request, fault.refusal)
    return render(request, "incidents/page.html", told, status=422 if fault else 200)


def badge(say: Say, one: TicketLine) -> Badge:
    """Return the state of a ticket."""
    return Badge(say(f"incidents.state.{one.state}"), TONES[State(one.state)])


def what(say: Say, one: TicketLine) -> str:
    """Return what a ticket is about in a few words."""
    kind = say(f"incidents.kind.{one.kind}")
    return f"{kind} {one.kit_code}" if one.kit_code else kind


def lasts(say: Say, one: TicketLine, at: datetime) -> str:
    """Return for how long the work has stood still; that it goes on, where it does."""
    if one.stopped_at is None:
        return say("incidents.goes_on") if one.state not in ENDED else formats.NOTHING
    return say("incidents.stands", time=span(say, at - one.stopped_at))


def span(say: Say, time: timedelta) -> str:
    """Return a time in hours and minutes."""
    minutes = max(int(time.total_seconds()) // 60, 0)
    if minutes < HOUR:
        return say("incidents.minutes", count=minutes)
    return say("incidents.hours", hours=minutes // HOUR, minutes=minutes % HOUR)


def table(say: Say, caption: str, found: Iterable[TicketLine], at: datetime) -> Table:
    """Return tickets as a list; each opens its page."""
    columns = [Column(one, say(f"incidents.column.{one}")) for one in ("what", "state", "where", "stands", "who")]
    rows: list[Row] = [
        {
            "what": Cell(what(say, one), href=reverse("incidents:ticket", args=[one.id]), note=one.told),
            "state": Cell("", badge=badge(say, one)),
            "where": Cell(one.unit_name, note=one.venue_name),
            "stands": Cell(lasts(say, one, at), note=say("incidents.opened", at=formats.moment(one.opened_at))),
            "who": Cell(one.technician_name or formats.NOTHING, note=_promised(say, one)),
        }
        for one in found
    ]
    return Table(caption, columns, rows, say("incidents.none"))


def _promised(say: Say, one: TicketLine) -> str:
    return say("incidents.promised", at=formats.hour(one.due_at), place=one.place) if one.due_at else ""


def severity(say: Say, one: TicketLine) -> str:
    """Return what a ticket does to the work."""
    return say(f"incidents.severity.{Severity(one.severity)}")


def steps(one: TicketLine) -> list[Step]:
    """Return the moves that start where a ticket is."""
    return [step for step, way in MOVES.items() if one.state in way.start]
