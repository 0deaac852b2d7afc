"""Who looked at a person and why: for the citizen who asks at the desk, and for the auditor."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.audit.queries import Look
from muster.kernel import formats
from muster.people import queries as people
from muster.register import operations
from muster.register.operations import Looks
from muster.register.operations.looking import NobodyFound
from muster.ui.parts import Cell, Column, Link, Pages, Row, Table
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.register import purpose
from muster.web.register.places import Places
from muster.web.register.words import birth

DEVICE_LETTERS = 6


@require_GET
def show(request: Visit, person: UUID) -> HttpResponse:
    """List who looked at a person or changed them, the newest first; the list itself is a look.

    :raises NotAllowed: the officer may see this of nobody
    """
    who, say = purpose.reader(request, "register.looks"), words.saying(request)
    at, before = campaign_time(request), page_start(request)
    try:
        found = operations.looks_at(person=person, grants=who.grants, by=who.by, at=at, before=before)
    except NobodyFound:
        raise Http404 from None
    own, named = reverse("register:looks", args=[person]), _named(request, found, person)
    onward = [Link(reverse("register:person", args=[person]), found.line.name)] if found.line else []
    values = {
        "trail": [*onward, Link("", say("register.looks.title"), here=True)],
        "subject": named,
        "purpose": say(f"people.purpose.{who.purpose}"),
        "table": table(request, say("register.looks.title"), found.looks),
        "pages": Pages(
            say("register.looks.shown", count=formats.count(len(found.looks), language_of(request))),
            own if request.GET.get("before") else "",
            f"{own}?before={found.older}" if found.older else "",
        ),
    }
    return render(request, "register/looks.html", values)


def page_start(request: HttpRequest) -> UUID | None:
    """Return the look before which a page begins; the newest page for anything that is no id."""
    try:
        return UUID(request.GET["before"])
    except (KeyError, ValueError):
        return None


def _named(request: Visit, found: Looks, person: UUID) -> str:
    say, on = words.saying(request), campaign_day(request)
    place = Places([found.unit], on).short(found.unit)
    if found.line is None:
        return f"{say('register.looks.unnamed', id=str(person)[-8:])} · {place}"
    born = birth(say, found.line.birth, on)
    return f"{found.line.name} · {born} · {place}"


def table(request: Visit, caption: str, looks: Iterable[Look]) -> Table:
    """Return looks as a table: when, who, for what purpose, what."""
    say, rows = words.saying(request), list(looks)
    officers = people.by_ids(look.officer for look in rows if look.officer)
    units = words.units(request, (officer.unit for officer in officers.values()))
    columns = ["at", "what", "purpose", "who", "unit", "device"]
    told: list[Row] = [_row(say, look, officers.get(look.officer) if look.officer else None, units) for look in rows]
    return Table(
        caption, [Column(name, say(f"register.looks.{name}")) for name in columns], told, say("register.looks.none")
    )


def _row(say: words.Say, look: Look, officer: people.Officer | None, units: Mapping[int, str]) -> Row:
    return {
        "at": formats.moment(look.at),
        "what": Cell(words.deed(say, look.action)),
        "purpose": say(f"people.purpose.{look.purpose}"),
        "who": officer.full_name if officer else say("register.by_system"),
        "unit": units[officer.unit_id] if officer else formats.NOTHING,
        "device": look.device[-DEVICE_LETTERS:] or formats.NOTHING,
    }
