"""Who looked at a person and why: for the citizen who asks at the desk, and for the auditor."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
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
from muster.web.register.person import trail
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
    here = Link("", say("register.looks.title"), here=True)
    line = found.line
    way = trail(request, Link(reverse("register:person", args=[person]), line.name), here) if line else [here]
    values = {
        "trail": way,
        "subject": named,
        "purpose": say(f"people.purpose.{who.purpose}"),
        "table": table(request, say("register.looks.title"), found.looks, together=True),
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


def table(request: Visit, caption: str, looks: Iterable[Look], *, together: bool = False) -> Table:
    """Return looks as a table: when, who, for what purpose, what; alike ones on end in one row, if asked."""
    say, rows = words.saying(request), list(looks)
    officers = people.by_ids(look.officer for look in rows if look.officer)
    units = words.units(request, (officer.unit for officer in officers.values()))
    columns = ["at", "what", "purpose", "who", "unit", "device"]
    groups = [list(same) for _, same in groupby(rows, _alike)] if together else [[look] for look in rows]
    told: list[Row] = [
        _row(say, same, officers.get(same[0].officer) if same[0].officer else None, units) for same in groups
    ]
    return Table(
        caption, [Column(name, say(f"register.looks.{name}")) for name in columns], told, say("register.looks.none")
    )


def _alike(look: Look) -> tuple[object, ...]:
    return look.officer, look.action, look.purpose, look.device


def _row(say: words.Say, same: Sequence[Look], officer: people.Officer | None, units: Mapping[int, str]) -> Row:
    look, first = same[0], formats.moment(same[-1].at)
    times = say("register.looks.times", count=len(same), first=first) if len(same) > 1 else ""
    return {
        "at": formats.moment(look.at),
        "what": Cell(words.deed(say, look.action), note=times),
        "purpose": say(f"people.purpose.{look.purpose}"),
        "who": officer.full_name if officer else say("register.by_system"),
        "unit": units[officer.unit_id] if officer else formats.NOTHING,
        "device": _session(look.device),
    }


def _session(device: str) -> str:
    """Return the end of a sign-in's id, by which two of one officer are told apart; any other device as it is named."""
    return (device[-DEVICE_LETTERS:] if device.startswith("session:") else device) or formats.NOTHING
