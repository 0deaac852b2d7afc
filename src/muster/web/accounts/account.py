"""One's own account: roles, sign-ins, one's last deeds in the audit; and what the frame of pages shows of it."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.audit import queries as audit
from muster.kernel import formats
from muster.people import queries
from muster.ui.parts import Badge, Cell, Column, Row, Table
from muster.units.queries import title
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_day

DEEDS = 20


@dataclass(frozen=True, slots=True)
class PersonTold:
    """Who has signed in, as the head of every page shows it."""

    name: str
    unit: str
    href: str
    sign_out: str


def person(request: HttpRequest) -> PersonTold | None:
    """Return who has signed in, for the frame of a page; nobody at the doors."""
    officer: queries.Officer | None = getattr(request, "officer", None)  # none where the doors failed
    if officer is None:
        return None
    return PersonTold(
        officer.full_name,
        str(title(officer.unit_id, campaign_day(cast("Visit", request)))),
        reverse("accounts:account"),
        reverse("accounts:sign_out"),
    )


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show one's own account."""
    values = {
        "pairs": _pairs(request, request.officer),
        "roles": _roles(request),
        "sessions": _sessions(request),
        "deeds": _deeds(request),
        "demo": bool(request.work_session and request.work_session.demo),
    }
    return render(request, "people/account.html", values)


def _pairs(request: Visit, officer: queries.Officer | None) -> list[tuple[str, str]]:
    say = words.saying(request)
    if officer is None:
        return []
    told = [
        (say("people.username"), officer.username),
        (say("people.full_name"), officer.full_name),
        (say("people.badge"), officer.badge or formats.NOTHING),
        (say("people.unit"), words.unit(request, officer.unit)),
        (say("people.kind_label"), words.kind(say, officer.kind)),
    ]
    if request.work_session:
        told.append((say("people.session_ends"), formats.moment(request.work_session.ends_at)))
    return told


def _roles(request: Visit) -> Table:
    say = words.saying(request)
    columns = [
        Column("role", say("people.role_label")),
        Column("unit", say("people.unit")),
        Column("from", say("people.from")),
        Column("to", say("people.to")),
    ]
    held_now = queries.roles_of(request.user.id, request.at)
    units = words.units(request, (held.unit for held in held_now))
    rows: list[Row] = [
        {
            "role": words.role(say, held.role),
            "unit": units[held.unit_id],
            "from": formats.moment(held.valid_from),
            "to": words.until(say, held.valid_to),
        }
        for held in held_now
    ]
    return Table(say("people.my_roles"), columns, rows, say("people.no_roles"))


def _sessions(request: Visit) -> Table:
    say = words.saying(request)
    columns = [
        Column("start", say("people.session_start")),
        Column("state", say("people.session_state")),
        Column("address", say("people.session_address")),
    ]
    rows: list[Row] = [
        {
            "start": formats.moment(one.started_at),
            "state": _state(say, one, request),
            "address": Cell(one.address or formats.NOTHING, note=_program(one.program)),
        }
        for one in queries.sessions_of(request.user.id, limit=10)
    ]
    return Table(say("people.my_sessions"), columns, rows)


def _state(say: words.Say, one: queries.WorkSession, request: Visit) -> Cell:
    if request.work_session and one.id == request.work_session.id:
        return Cell("", badge=Badge(say("people.session_here"), "good"))
    if one.ended_at is None:
        over = one.ends_at <= request.at
        return Cell(
            "", badge=Badge(say("people.session_over" if over else "people.session_open"), "plain" if over else "info")
        )
    return Cell(f"{say('people.session_ended')} {formats.moment(one.ended_at)}")


def _program(told: str) -> str:
    """Return the name of a browser out of what it calls itself."""
    known = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    return next((name for mark, name in known if mark in told), "")


def _deeds(request: Visit) -> Table:
    say = words.saying(request)
    columns = [
        Column("at", say("people.deed_at")),
        Column("what", say("people.deed_what")),
        Column("purpose", say("people.deed_purpose")),
        Column("things", say("people.deed_things"), numeric=True),
    ]
    rows: list[Row] = [
        {
            "at": formats.moment(look.at),
            "what": Cell(words.deed(say, look.action), note=look.detail),
            "purpose": say(f"people.purpose.{look.purpose}"),
            "things": formats.count(look.entries),
        }
        for look in audit.by_officer(request.user.id, limit=DEEDS)
    ]
    return Table(say("people.my_deeds"), columns, rows, say("people.no_deeds"))
