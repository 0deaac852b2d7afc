"""What waits: requests to decide, whom to reach because they were told and did nothing, accounts that are locked."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.account import operations, queries
from muster.account.operations.looking import READ
from muster.account.queries import AccountState
from muster.account.words import State
from muster.kernel import formats
from muster.people import rights
from muster.ui.parts import Cell, Column, Link, Row, Table
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, saying
from muster.web.eid import who as workers
from muster.web.eid import words
from muster.web.language import language_of
from muster.web.paging import PAGE, pages, start_of
from muster.web.register import purpose
from muster.web.register.places import Places
from muster.web.register.words import phone

OUTREACH = "outreach"
KINDS: Mapping[str, State | None] = {
    "decide": State.REQUESTED,
    OUTREACH: None,
    "notify": State.APPROVED,
    "told": State.NOTIFIED,
    "active": State.ACTIVATED,
    "locked": State.LOCKED,
}


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show what waits of one kind in one's area; who is on the page is written into the audit."""
    who, say, on = workers.reader(request), saying(request), campaign_day(request)
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else "decide"
    scope = rights.scope(who.grants, READ, who.purpose)
    many = _many(request, scope)
    start = start_of(request)
    told = {"grants": who.grants, "by": who.by, "at": campaign_time(request), "limit": PAGE, "skip": start}
    table = _outreach(say, on, told) if kind == OUTREACH else _waiting(say, on, kind, told)
    late = queries.how_many_overdue(scope, on)
    values: dict[str, Any] = {
        "tabs": [_tab(request, say, name, many[name], here=name == kind) for name in KINDS],
        "table": table,
        "pages": pages(say, start, many[kind], partial(_address, kind)),
        "late": say("eid.late", count=late) if late and kind == "decide" else "",
        "alarms": rights.may_anywhere(who.grants, workers.ALARMS, who.purpose),
        "purpose": purpose.field(request, who),
    }
    return render(request, "eid/queue.html", values)


def _many(request: Visit, scope: frozenset[int]) -> dict[str, int]:
    states = queries.how_many(scope)
    many = {kind: sum(states.get((level, state), 0) for level in (1, 2)) for kind, state in KINDS.items() if state}
    return many | {OUTREACH: queries.how_many_not_activated(scope, campaign_day(request))}


def _tab(request: Visit, say: Say, kind: str, count: int, *, here: bool) -> Link:
    return Link(_address(kind), say(f"eid.kind.{kind}"), formats.count(count, language_of(request)), here=here)


def _address(kind: str, start: int = 0) -> str:
    return f"{reverse('eid:queue')}?kind={kind}" + (f"&from={start}" if start else "")


def _waiting(say: Say, on: Any, kind: str, told: dict[str, Any]) -> Table:
    state = KINDS[kind]
    found = operations.open_waiting(states={state} if state else set(), **told)
    places = Places([one.unit_done for one in found], on)
    columns = ["name", "birth", "number", "level", "unit", "since", "by"]
    rows: list[Row] = [_line(say, one, places.short(one.unit_done), on) for one in found]
    return Table(say(f"eid.kind.{kind}"), _columns(say, columns), rows, say("eid.nothing"), say(f"eid.means.{kind}"))


def _outreach(say: Say, on: Any, told: dict[str, Any]) -> Table:
    found = operations.open_outreach(**told)
    places = Places([one.unit_residence for one in found.accounts], on)
    columns = ["name", "birth", "phone", "level", "home", "told", "by"]
    rows: list[Row] = [_silent(say, one, places, found.phones, on) for one in found.accounts]
    return Table(
        say(f"eid.kind.{OUTREACH}"), _columns(say, columns), rows, say("eid.nobody_silent"), say("eid.means.outreach")
    )


def _columns(say: Say, names: Sequence[str]) -> list[Column]:
    return [Column(one, say(f"eid.column.{one}")) for one in names]


def _line(say: Say, one: AccountState, unit: str, on: Any) -> Row:
    late = list(words.badges(say, one, on))[1:]
    return {
        "name": Cell(one.name, href=reverse("eid:account", args=[one.id])),
        "birth": formats.day(one.birth),
        "number": one.number or formats.NOTHING,
        "level": Cell(say("desk.account", level=one.level), note=say(f"eid.channel.{one.channel}")),
        "unit": unit,
        "since": formats.moment(one.state_since),
        "by": Cell(words.last_day(one), badge=late[0] if late else None),
    }


def _silent(say: Say, one: AccountState, places: Places, phones: Mapping[UUID, str], on: Any) -> Row:
    days = (on - one.activate_by).days if one.activate_by else 0
    return {
        "name": Cell(one.name, href=reverse("eid:account", args=[one.id])),
        "birth": formats.day(one.birth),
        "phone": phone(phones[one.person]) if one.person in phones else formats.NOTHING,
        "level": say("desk.account", level=one.level),
        "home": places.short(one.unit_residence),
        "told": formats.moment(one.notified_at) if one.notified_at else formats.NOTHING,
        "by": Cell(formats.day(one.activate_by), note=say("eid.days_ago", days=days)),
    }
