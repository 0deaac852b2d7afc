"""The venues of a unit and its closed days: open a venue, change it, close it for good, close days."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.plan import operations, queries
from muster.plan.queries import VenueLine
from muster.plan.rows import Closure, VenueChange, VenueRow
from muster.plan.words import VenueKind
from muster.ui.parts import Cell, Column, Field, Row, Table
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import where
from muster.web.plan.asking import Asked, Doing, Fault, Form, answer, done, shown

SESSIONS = "plan.sessions"
FIELDS = {"venue_named": "name", "bad_venue": "name", "bad_closure": "reason", "unit_unknown": "to"}


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show venues and closed days; open a venue or close days when asked to."""
    unit = where.unit_asked(request)
    went, fault = answer(request, {"open": _opening(request, unit), "days": _closing_days(request, unit)}, FIELDS)
    if went:
        return went
    values = where.frame(request, "venues", unit) | {"tables_of": [_venues(request, unit), _closures(request, unit)]}
    if where.allowed(request, SESSIONS, unit):
        values["forms_of"] = [_form_of_new(request, unit, fault), _form_of_days(request, unit, fault)]
    return shown(request, values, fault)


def _opening(request: Visit, unit: Unit) -> Doing:
    def open_one(asked: Asked) -> str:
        at = where.require_at(request, SESSIONS, int(asked.chosen("to", int)))
        row = VenueRow(
            id=asked.id("id"), unit=at, name=asked.text("name"), kind=asked.chosen("kind", VenueKind),
            kits=asked.count("kits"), seats=asked.count("seats"),
        )  # fmt: skip
        done(operations.open_venues(venues=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
        return where.address("venues", unit)

    return open_one


def _closing_days(request: Visit, unit: Unit) -> Doing:
    def close(asked: Asked) -> str:
        at = where.require_at(request, SESSIONS, int(asked.chosen("to", int)))
        row = Closure(
            id=asked.id("id"), unit=at, first=asked.day("first"), last=asked.day("last"), reason=asked.text("reason")
        )
        done(operations.close_days(closures=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
        return where.address("venues", unit)

    return close


def _fields(ask: Asked, line: VenueLine | None) -> list[Field]:
    kinds = [(kind.value, ask.say(f"plan.venue_kind.{kind}")) for kind in VenueKind]
    return [
        ask.field("name", ask.say("plan.venue_name"), line.name if line else "", required=True),
        ask.field(
            "kind", ask.say("plan.venue_kind_label"), line.kind if line else "mobile", kind="select", options=kinds
        ),
        ask.field("kits", ask.say("plan.venue_kits"), str(line.kits) if line else "1", inputmode="numeric"),
        ask.field("seats", ask.say("plan.venue_seats"), str(line.seats) if line else "0", inputmode="numeric"),
    ]


def _form_of_new(request: Visit, unit: Unit, fault: Fault | None) -> Form:
    ask = Asked(request, "open", fault)
    to = ask.field(
        "to", ask.say("plan.unit"), str(unit.id), kind="select", options=where.choices(request, unit, SESSIONS)
    )
    return ask.form(ask.say("plan.open_venue"), [*_fields(ask, None), to], ask.say("plan.open_venue"), folded=True)


def _form_of_days(request: Visit, unit: Unit, fault: Fault | None) -> Form:
    ask, today = Asked(request, "days", fault), formats.day(campaign_day(request))
    options = where.choices(request, unit, SESSIONS)
    fields = [
        ask.field("to", ask.say("plan.unit"), str(unit.id), kind="select", options=options),
        ask.field("reason", ask.say("plan.reason"), required=True),
        ask.field("first", ask.say("plan.first_day"), today, inputmode="numeric"),
        ask.field("last", ask.say("plan.last_day"), today, inputmode="numeric"),
    ]
    note = ask.say("plan.close_days_means")
    return ask.form(ask.say("plan.close_days"), fields, ask.say("plan.close_days"), note=note, folded=True)


def _venues(request: Visit, unit: Unit) -> Table:
    say, language, on = words.saying(request), language_of(request), campaign_day(request)
    lines = queries.venues(unit.id)
    titles = units.titles({line.unit for line in lines}, on)
    columns = [
        Column("name", say("plan.venue")),
        Column("unit", say("plan.unit")),
        Column("kind", say("plan.venue_kind_label")),
        Column("kits", say("plan.venue_kits"), numeric=True),
        Column("seats", say("plan.venue_seats"), numeric=True),
        Column("until", say("plan.closed_from")),
    ]
    rows: list[Row] = [
        {
            "name": Cell(line.name, href=where.of_thing("venue", line.id)),
            "unit": str(titles[line.unit]),
            "kind": say(f"plan.venue_kind.{line.kind}"),
            "kits": formats.count(line.kits, language),
            "seats": formats.count(line.seats, language),
            "until": formats.day(line.until) if line.until else formats.NOTHING,
        }
        for line in lines
    ]
    caption = say("plan.venues_of", count=formats.count(len(rows), language))
    return Table(caption, columns, rows, say("plan.no_venues"))


def _closures(request: Visit, unit: Unit) -> Table:
    say, on = words.saying(request), campaign_day(request)
    lines = queries.closures_of(unit.id, on)
    titles = units.titles({line.unit for line in lines}, on)
    columns = [
        Column("unit", say("plan.unit")),
        Column("first", say("plan.first_day")),
        Column("last", say("plan.last_day")),
        Column("reason", say("plan.reason")),
    ]
    rows: list[Row] = [
        {
            "unit": str(titles[line.unit]),
            "first": formats.day(line.first),
            "last": formats.day(line.last),
            "reason": line.reason,
        }
        for line in lines
    ]
    return Table(say("plan.closures_of"), columns, rows, say("plan.no_closures"))


@require_http_methods(["GET", "POST"])
def venue(request: Visit, venue: UUID) -> HttpResponse:
    """Show one venue; change it or close it for good when asked to."""
    line = queries.venues_by_id([venue]).get(venue)
    if line is None:
        raise Http404
    unit = where.unit_of(request, line.unit)

    def change(asked: Asked) -> str:
        return _change(request, line, _changed(asked, line))

    def close(asked: Asked) -> str:
        until = asked.day("until")
        return _change(request, line, _as_it_is(line, asked.count("version"), until))

    def open_again(asked: Asked) -> str:
        return _change(request, line, _as_it_is(line, asked.count("version"), None))

    went, fault = answer(
        request, {"change": change, "close": close, "again": open_again}, FIELDS | {"still_planned": ""}
    )
    if went:
        return went
    values = where.frame(request, "venues", unit) | {
        "title": line.name,
        "pairs": _pairs(request, line),
        "forms_of": _forms(request, line, fault) if where.allowed(request, SESSIONS, unit) else [],
    }
    return shown(request, values, fault)


def _changed(asked: Asked, line: VenueLine) -> VenueChange:
    return VenueChange(
        venue=line.id, version=asked.count("version"), name=asked.text("name"), kind=asked.chosen("kind", VenueKind),
        kits=asked.count("kits"), seats=asked.count("seats"), until=line.until,
    )  # fmt: skip


def _as_it_is(line: VenueLine, version: int, until: date | None) -> VenueChange:
    return VenueChange(
        venue=line.id, version=version, name=line.name, kind=VenueKind(line.kind), kits=line.kits, seats=line.seats,
        until=until,
    )  # fmt: skip


def _change(request: Visit, line: VenueLine, row: VenueChange) -> str:
    where.require_at(request, SESSIONS, line.unit)
    done(operations.change_venues(changes=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
    return where.of_thing("venue", line.id)


def _pairs(request: Visit, line: VenueLine) -> list[tuple[str, str]]:
    say, language = words.saying(request), language_of(request)
    pairs = [
        (say("plan.venue_kind_label"), say(f"plan.venue_kind.{line.kind}")),
        (say("plan.venue_kits"), formats.count(line.kits, language)),
        (say("plan.venue_seats"), formats.count(line.seats, language)),
    ]
    return pairs + ([(say("plan.closed_from"), formats.day(line.until))] if line.until else [])


def _forms(request: Visit, line: VenueLine, fault: Fault | None) -> Sequence[Form]:
    change, close, again = (Asked(request, act, fault) for act in ("change", "close", "again"))
    say = change.say

    def version(ask: Asked) -> dict[str, str]:
        return {f"{ask.act}.version": ask.text("version") or str(line.version)}

    forms = [change.form(say("plan.change_venue"), _fields(change, line), say("plan.save"), hidden=version(change))]
    if line.until is None:
        until = close.field("until", say("plan.closed_from"), inputmode="numeric", required=True)
        forms.append(
            close.form(
                say("plan.close_venue"), [until], say("plan.close_venue"), note=say("plan.close_venue_means"),
                kind="danger", folded=True, hidden=version(close),
            )
        )  # fmt: skip
    else:
        forms.append(again.form(say("plan.open_again"), [], say("plan.open_again"), hidden=version(again)))
    return forms
