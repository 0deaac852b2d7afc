"""Find a person: a number typed or a card scanned leads straight there, a name and one thing more to a list.

What is asked is posted, never written into an address: addresses stand in histories and logs.
"""

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from muster.kernel import formats
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.people.rights import may_anywhere, scope
from muster.register import operations
from muster.register.operations.looking import NobodyFound
from muster.register.queries import PersonLine, SearchTooWide
from muster.register.queries.finding import LIMIT
from muster.ui.parts import Cell, Column, Error, Field, Row, Table
from muster.units import queries as units
from muster.web.accounts import words as people
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.register import purpose, question, words
from muster.web.register.places import NARROW, Places, resolve
from muster.web.register.purpose import Reader
from muster.web.register.question import Question

SEARCH = "register.search"
Own = Sequence[units.Unit]


class AtField(Exception):
    """A refusal, and the field whose answer it is about."""

    def __init__(self, field: str, refusal: Refusal) -> None:
        self.field, self.refusal = field, refusal
        super().__init__(field)


@require_http_methods(["GET", "POST"])
def index(request: Visit) -> HttpResponse:
    """Ask for somebody; exactly one found by a number is opened at once."""
    who = purpose.reader(request)
    if request.method == "GET":
        return _page(request, who, Question())
    asked = Question.posted(request.POST)
    if asked.by_name:
        question.keep(request, asked)
        return HttpResponseRedirect(reverse("register:found"))
    try:
        lines = _by_number(request, who, asked)
    except AtField as fault:
        return _page(request, who, asked, fault=fault)
    if len(lines) > 1:
        question.keep(request, asked)
        return HttpResponseRedirect(reverse("register:found"))
    question.forget(request)
    return HttpResponseRedirect(reverse("register:person", args=[lines[0].id]))


@require_GET
def found(request: Visit) -> HttpResponse:
    """Answer the question that was asked last; asking again counts as another look."""
    who, asked = purpose.reader(request), question.kept(request)
    if asked is None:
        return HttpResponseRedirect(reverse("register:search"))
    own = _own_communes(request, who)
    try:
        lines = _by_name(request, who, asked, own) if asked.by_name else _by_number(request, who, asked)
    except AtField as fault:
        return _page(request, who, asked, own, fault=fault)
    return _page(request, who, asked, own, lines=lines)


def nobody(request: Visit, who: Reader) -> HttpResponse:
    """Say that there is no such person here, on the page that finds another one."""
    return _page(request, who, Question(), fault=AtField("number", NobodyFound()))


def _by_number(request: Visit, who: Reader, asked: Question) -> Sequence[PersonLine]:
    try:
        lines = operations.look_up(text=asked.number, grants=who.grants, by=who.by, at=campaign_time(request))
        if not lines:
            raise NobodyFound
    except Refusal as refusal:
        raise AtField("number", refusal) from None
    return lines


def _by_name(request: Visit, who: Reader, asked: Question, own: Own) -> Sequence[PersonLine]:
    field = "birth"
    try:
        born = PartialDate.parse(asked.birth) if asked.birth else None
        field = "unit"
        unit = _unit(request, who, asked.unit, own)
        field = "name"
        lines = operations.search(
            name=asked.name, birth=born, unit=unit, grants=who.grants, by=who.by, at=campaign_time(request)
        )
        if not lines:
            raise NobodyFound
    except SearchTooWide as refusal:
        raise AtField("name" if born or unit else "birth", refusal) from None
    except Refusal as refusal:
        raise AtField(field, refusal) from None
    return lines


def _unit(request: Visit, who: Reader, typed: str, own: Own) -> int | None:
    """Return the unit to search: the one typed, else the officer's own commune, else none."""
    if typed:
        return resolve(typed, campaign_day(request), scope(who.grants, SEARCH, who.purpose))
    return own[0].id if own else None


def _own_communes(request: Visit, who: Reader) -> Own:
    """Return the one commune or hamlet that is somebody's whole area; none for any other area."""
    area = scope(who.grants, SEARCH, who.purpose)
    if len(area) != 1:
        return ()
    return list(units.as_of(campaign_day(request)).filter(id__in=area, level__in=NARROW)[:1])


def _page(
    request: Visit,
    who: Reader,
    asked: Question,
    own: Own | None = None,
    *,
    lines: Sequence[PersonLine] | None = None,
    fault: AtField | None = None,
) -> HttpResponse:
    error = people.error(request, fault.refusal) if fault else None
    at = fault.field if fault else ""
    say = people.saying(request)
    values = {
        "purpose": purpose.field(request, who),
        "here": request.path if request.method == "GET" else reverse("register:search"),
        "number": Field(
            "number",
            say("register.number_asked"),
            asked.number,
            hint=say("register.number_hint"),
            error=error if at == "number" else None,
            inputmode="numeric",
            lookup=True,
            focus=lines is None and at in {"", "number"},
        ),
        "fields": _fields(request, who, asked, _own_communes(request, who) if own is None else own, error, at),
        "table": None if lines is None else _table(request, lines, by_name=asked.by_name),
        "faults": [(at, error)] if error else [],
    }
    return render(request, "register/search.html", values, status=_status(fault))


def _status(fault: AtField | None) -> int:
    if fault is None:
        return 200
    return 404 if isinstance(fault.refusal, NobodyFound) else 422


def _fields(request: Visit, who: Reader, asked: Question, own: Own, error: Error | None, at: str) -> list[Field]:
    """Return the fields of a search by name; none for whom it is not open."""
    if not may_anywhere(who.grants, SEARCH, who.purpose):
        return []
    say = people.saying(request)
    where = say("register.unit_hint")
    if own:
        where = say("register.unit_left_empty", unit=str(units.title(own[0].id, campaign_day(request))))
    given = (("name", asked.name, ""), ("birth", asked.birth, say("register.birth_hint")), ("unit", asked.unit, where))
    return [
        Field(name, say(f"register.{name}_asked"), value, hint=hint, error=error if at == name else None)
        for name, value, hint in given
    ]


def _table(request: Visit, lines: Sequence[PersonLine], *, by_name: bool) -> Table:
    say, on, language = people.saying(request), campaign_day(request), language_of(request)
    places = Places((line.unit for line in lines), on)
    names = ["name", "number", "birth", "sex", "unit", "life", *(["likeness"] if by_name else [])]
    columns = [Column(name, say(f"register.column.{name}"), numeric=name == "likeness") for name in names]
    rows: list[Row] = [
        {
            "name": Cell(line.name, href=reverse("register:person", args=[line.id])),
            "number": line.number or formats.NOTHING,
            "birth": words.birth(say, line.birth, on),
            "sex": words.sex(say, line.sex),
            "unit": places.short(line.unit),
            "life": Cell("", badge=words.life(say, line.life)),
            "likeness": formats.percent(round(line.likeness * 1000), 1000, 0, language),
        }
        for line in lines
    ]
    note = say("register.found_most", count=LIMIT) if len(lines) == LIMIT else ""
    return Table(say("register.found", count=formats.count(len(lines), language)), columns, rows, note=note)
