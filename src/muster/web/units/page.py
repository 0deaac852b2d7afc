"""A unit as of a day: what it is called, what is above and below it, what it was made of and what became of it."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.people.rights import may
from muster.ui.parts import Badge, Cell, Column, Error, Field, Link, Row, RowTold, Table
from muster.units import queries
from muster.units.queries import Holder, Level, Move, Title, Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.language import language_of

EDIT = "units.edit"


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show a unit, or where a typed name leads."""
    on, wrong = asked_day(request)
    text = request.GET.get("text", "").strip()
    values = {
        "search": _search(request, text, on, wrong),
        "faults": [("on", wrong)] if wrong else [],
        "table": _found(request, text, on) if text else None,
    }
    if not text:
        values |= unit_values(request, _unit(request), on)
    return render(request, "units/unit.html", values)


def asked_day(request: Visit) -> tuple[dt.date, Error | None]:
    """Return the day asked for, the campaign's without one; and what is wrong with what was typed."""
    typed = request.GET.get("on", "").strip()
    if not typed:
        return campaign_day(request), None
    try:
        return PartialDate.parse(typed).latest, None
    except Refusal as refusal:
        return campaign_day(request), words.error(request, refusal)


def address(unit: int, on: dt.date) -> str:
    """Return the address of a unit as of a day."""
    return f"{reverse('units:show')}?{urlencode({'unit': unit, 'on': formats.day(on)})}"


def _unit(request: HttpRequest) -> Unit:
    asked = request.GET.get("unit", "")
    unit = queries.by_number(asked if asked.isdecimal() else str(queries.ROOT))
    if unit is None:
        raise Http404
    return unit


def _search(request: Visit, text: str, on: dt.date, wrong: Error | None) -> list[Field]:
    say = words.saying(request)
    day = request.GET.get("on", "") if wrong else formats.day(on)
    return [
        Field("text", say("units.search"), text, hint=say("units.search_hint"), lookup=True),
        Field("on", say("units.on"), day, error=wrong, inputmode="numeric"),
    ]


def _found(request: Visit, text: str, on: dt.date) -> Table:
    say = words.saying(request)
    rows: list[Row] = [
        {
            "unit": Cell(str(one.title), href=address(one.unit.id, on), note=_former(say, one.former)),
            "code": one.unit.code,
            "level": say(f"units.level.{one.unit.level}"),
            "above": ", ".join(str(title) for title in reversed(one.above)),
        }
        for one in queries.find(text, on)
    ]
    columns = [
        Column("unit", say("units.unit")),
        Column("code", say("units.code")),
        Column("level", say("units.level_label")),
        Column("above", say("units.above")),
    ]
    return Table(say("units.found", text=text, on=formats.day(on)), columns, rows, say("units.found_none"))


def _former(say: words.Say, name: str) -> str:
    return say("units.was", name=name) if name else ""


def unit_values(
    request: Visit, unit: Unit, on: dt.date, *, names: str = "", refused: Sequence[RowTold] = (), done: int = 0
) -> dict[str, object]:
    """Return what the page of one unit shows; the last three are what became of hamlets that were just typed."""
    say = words.saying(request)
    above = queries.ancestors(unit)
    called = queries.titles([one.id for one in above], on)
    holds = unit.valid_on(on)
    return {
        "unit": called[unit.id],
        "number": unit.id,  # another day keeps the unit
        "trail": [Link(address(one.id, on), str(called[one.id]), here=one.id == unit.id) for one in above],
        "state": _state(say, on, holds=holds),
        "pairs": _pairs(request, unit),
        "holders": [] if holds else _holders(request, queries.at(unit, on), on),
        "came_from": _moves(request, queries.came_from(unit)),
        "went_to": _moves(request, queries.went_to(unit)),
        "below": _below(request, unit, on),
        "hamlets": _hamlets(request, unit, on, names),
        "refused": list(refused),
        "done": done,
    }


def _state(say: words.Say, on: dt.date, *, holds: bool) -> Badge:
    if holds:
        return Badge(say("units.holds", on=formats.day(on)), "good")
    return Badge(say("units.holds_not", on=formats.day(on)), "warn")


def _pairs(request: Visit, unit: Unit) -> list[tuple[str, str]]:
    say, language = words.saying(request), language_of(request)
    told = [
        (say("units.code"), unit.code),
        (say("units.level_label"), say(f"units.level.{unit.level}")),
        (say("units.valid_from"), formats.day(unit.valid_from)),
        (say("units.valid_to"), _last_day(unit) or say("units.today")),
    ]
    if unit.lat is not None and unit.lon is not None:
        places = (formats.decimal(unit.lat, 4, language), formats.decimal(unit.lon, 4, language))
        told.append((say("units.position"), say("units.degrees", lat=places[0], lon=places[1])))
    names = queries.history(unit)
    if len(names) > 1:
        told.append((say("units.names"), "; ".join(_since(say, name) for name in names)))
    return told


def _last_day(unit: Unit) -> str:
    return formats.day(unit.valid_to - dt.timedelta(days=1)) if unit.valid_to else ""


def _since(say: words.Say, name: Title) -> str:
    return say("units.name_since", name=str(name), day=formats.day(name.since))


def _holders(request: Visit, holders: Sequence[Holder], on: dt.date) -> list[Link]:
    say = words.saying(request)
    called = queries.titles([one.unit.id for one in holders], on)
    return [
        Link(
            address(one.unit.id, on),
            str(called[one.unit.id]),
            say("units.shares", land=say(f"units.held.{one.land}"), people=say(f"units.held.{one.people}")),
        )
        for one in holders
    ]


def _moves(request: Visit, moves: Sequence[Move]) -> list[Link]:
    say = words.saying(request)
    return [
        Link(
            address(one.unit.id, one.unit.valid_from),
            f"{one.unit} ({one.unit.code})",
            " · ".join(
                (
                    formats.day(one.on),
                    say("units.shares", land=say(f"units.held.{one.land}"), people=say(f"units.held.{one.people}")),
                )
            ),
        )
        for one in moves
    ]


def _below(request: Visit, unit: Unit, on: dt.date) -> Table:
    say, language = words.saying(request), language_of(request)
    children = list(queries.children(unit.id, on))
    called = queries.titles([one.id for one in children], on)
    further = queries.below([one.id for one in children], on)
    columns = [
        Column("unit", say("units.unit")),
        Column("code", say("units.code")),
        Column("since", say("units.valid_from")),
        Column("below", say("units.below"), numeric=True),
    ]
    rows: list[Row] = [
        {
            "unit": Cell(str(called[one.id]), href=address(one.id, on)),
            "code": one.code,
            "since": formats.day(one.valid_from),
            "below": formats.count(further.get(one.id, 0), language),
        }
        for one in children
    ]
    caption = say("units.below_caption", count=formats.count(len(rows), language), on=formats.day(on))
    return Table(caption, columns, rows, say("units.none_below"))


def may_edit(request: Visit, unit: Unit) -> bool:
    """Say whether somebody may change what is below a unit."""
    grants = request.officer_grants
    return grants is not None and may(grants, EDIT, unit.ancestors, Purpose.ADMINISTER)


def _hamlets(request: Visit, unit: Unit, on: dt.date, names: str) -> dict[str, object] | None:
    """Return the form by which hamlets are added below a commune that holds; none for who may not."""
    if unit.level != Level.COMMUNE or not unit.valid_on(on) or not may_edit(request, unit):
        return None
    say = words.saying(request)
    field = Field("names", say("units.hamlet_names"), names, kind="area", hint=say("units.hamlet_hint"), required=True)
    return {"unit": unit.id, "on": formats.day(on), "field": field}
