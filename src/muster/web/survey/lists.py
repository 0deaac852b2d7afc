"""The list of a hamlet on the screen: page by page in Vietnamese order, each line with its marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.people.rights import Grants, NotAllowed, may_anywhere
from muster.survey.operations import OpenedList, open_list
from muster.survey.queries import Filter, ListLine
from muster.survey.words import Contact, Group, Hard, State
from muster.ui.parts import Badge, Error, Field, Link, Pages
from muster.units import queries as units
from muster.units.queries import Level, Unit
from muster.web.accounts import words as people
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.survey import where, words
from muster.web.survey.overview import address

PAGE = 50
MARK = "survey.mark"
E_ = TypeVar("E_", Group, Contact, Hard, State)


@dataclass(frozen=True, slots=True)
class LineTold:
    """A line as the screen shows it."""

    number: str
    case: UUID
    action: str  # where a mark is sent
    name: str
    href: str
    hamlet: str
    birth: str
    sex: str
    house: str
    group: str
    organisation: str
    why: str
    old_numbers: str
    contact: str
    contact_badge: Badge
    hard: str
    hard_told: str
    state: Badge | None
    error: Error | None = None


def grants_of(request: Visit) -> Grants:
    """Return what the reader holds.

    :raises NotAllowed: nobody has signed in
    """
    if request.officer_grants is None:
        raise NotAllowed(action=where.LISTS)
    return request.officer_grants


def asked_of(request: Visit) -> Filter:
    """Return which cases are asked for; what cannot be read asks for nothing."""
    values = request.GET
    return Filter(
        group=_word(Group, values.get("group", "")),
        contact=_word(Contact, values.get("contact", "")),
        hard=_word(Hard, values.get("hard", "")),
        state=None if values.get("state") == "all" else _word(State, values.get("state", "")) or State.OPEN,
    )


def _word(kind: type[E_], typed: str) -> E_ | None:
    return kind(typed) if typed in {one.value for one in kind} else None


def query_of(request: Visit) -> dict[str, str]:
    """Return the filters as the addresses of neighbouring pages carry them."""
    return {name: request.GET[name] for name in ("group", "contact", "hard", "state") if request.GET.get(name)}


@require_GET
def show(request: Visit, campaign: UUID, unit: int) -> HttpResponse:
    """Show a page of a list."""
    place, asked = where.unit_of(unit), asked_of(request)
    found = open_list(
        campaign=campaign, unit=place, asked=asked, grants=grants_of(request), by=acting(request, Purpose.SURVEY),
        at=campaign_time(request), after=_after(request), limit=PAGE + 1,
    )  # fmt: skip
    on, say = campaign_day(request), people.saying(request)
    titles = units.titles({*place.ancestors, *(line.unit for line in found.lines)}, on)
    first = int(request.GET["no"]) if request.GET.get("no", "").isdecimal() else 1
    lines = found.lines[:PAGE]
    values = {
        "campaign": found.campaign,
        "unit": str(titles[unit]),
        "trail": [
            Link(address(one.id, found.campaign), str(titles[one.id]), here=one.id == unit)
            for one in units.ancestors(place)
            if where.sees(request, one)
        ],
        "filters": _filters(say, request),
        "columns": columns(say, register=found.register, hamlet=place.level != Level.HAMLET),
        "lines": [
            told(request, found, line, no, hamlet=str(titles[line.unit])) for no, line in enumerate(lines, first)
        ],
        "size": formats.count(found.size, language_of(request)),
        "pages": _pages(request, found, lines, first),
        "may_mark": may_mark(request, place) and found.campaign.closed_at is None,
        "contacts": words.contacts(say),
        "hards": words.hards(say),
        "print": way("survey:print", request, campaign, unit),
        "export": way("survey:export", request, campaign, unit),
    }
    return render(request, "survey/list.html", values)


def _after(request: Visit) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def way(name: str, request: Visit, campaign: UUID, unit: int, **more: str) -> str:
    """Return the address of a page of this list that keeps the filters."""
    query = urlencode({**query_of(request), **more})
    return reverse(name, args=[campaign, unit]) + (f"?{query}" if query else "")


def may_mark(request: Visit, unit: Unit) -> bool:
    """Say whether somebody may mark the cases of a unit."""
    return where.allowed(request, MARK, unit, Purpose.SURVEY)


def _filters(say: people.Say, request: Visit) -> list[Field]:
    anything = ("", say("survey.any"))
    groups = [anything, *((one.value, say(f"survey.column.{one}")) for one in Group)]
    states = [(one.value, say(f"survey.state.{one}")) for one in State]
    hards = [anything, *words.hards(say)[1:]]
    return [
        Field("group", say("survey.group"), request.GET.get("group", ""), "select", options=groups),
        Field(
            "contact", say("survey.contact_label"), request.GET.get("contact", ""), "select",
            options=[anything, *words.contacts(say)],
        ),
        Field("hard", say("survey.hard_label"), request.GET.get("hard", ""), "select", options=hards),
        Field("state", say("survey.state_label"), request.GET.get("state", ""), "select", options=states),
    ]  # fmt: skip


def _pages(request: Visit, found: OpenedList, lines: Sequence[ListLine], first: int) -> Pages:
    say, language = people.saying(request), language_of(request)
    shown = say(
        "survey.shown", first=formats.count(first if lines else 0, language),
        last=formats.count(first + len(lines) - 1 if lines else 0, language), size=formats.count(found.size, language),
    )  # fmt: skip
    more = {"after": str(lines[-1].case), "no": str(first + PAGE)} if len(found.lines) > PAGE else {}
    older = way("survey:list", request, found.campaign.id, found.unit.id, **more) if more else ""
    back = way("survey:list", request, found.campaign.id, found.unit.id) if first > 1 else ""
    return Pages(shown, newer=back, older=older)


def columns(say: people.Say, *, register: bool, hamlet: bool = False) -> list[tuple[str, str]]:
    """Return the columns of a list: all, or those without the register's data; of several hamlets each is named."""
    names = [
        "number",
        *(["hamlet"] if hamlet else []),
        "name",
        "birth",
        "sex",
        "house",
        "group",
        "why",
        "old_numbers",
        "contact",
        "hard",
    ]
    plain = {"number", "hamlet", "name", "house", "group", "contact", "hard"}
    return [(name, say(f"survey.list.{name}")) for name in names if register or name in plain]


def told(
    request: Visit, found: OpenedList, line: ListLine, number: int, error: Error | None = None, hamlet: str = ""
) -> LineTold:  # fmt: skip
    """Return a line in words; without the register's data where the reader may not see it."""
    say, register = people.saying(request), found.register
    opens = may_anywhere(grants_of(request), "register.look_up", Purpose.SURVEY)
    return LineTold(
        number=formats.count(number, language_of(request)),
        case=line.case,
        action=reverse("survey:mark", args=[found.campaign.id, found.unit.id, line.case]),
        name=line.name,
        href=reverse("register:person", args=[line.person]) if register and opens else "",
        hamlet=hamlet,
        birth=formats.day(line.birth) if register else "",
        sex=say(f"register.sex.{line.sex}") if register else "",
        house=house(say, line, found.addresses.get(line.case, "")),
        group=say(f"survey.column.{line.group}"),
        organisation=line.organisation if register else "",
        why=why(say, line) if register else "",
        old_numbers=line.old_numbers if register else "",
        contact=line.contact.value,
        contact_badge=words.contact(say, line.contact),
        hard=line.hard.value if line.hard else "",
        hard_told=say(f"survey.hard.{line.hard}") if line.hard else "",
        state=None if line.state is State.OPEN else Badge(say(f"survey.state.{line.state}"), "plain"),
        error=error,
    )


def house(say: people.Say, line: ListLine, lane: str) -> str:
    """Return how a house is found: its head, its file, and the lane for who may see it."""
    head = say("survey.is_head") if line.is_head else line.head
    return ", ".join(part for part in (head, line.file_no, lane) if part)


def why(say: people.Say, line: ListLine) -> str:
    """Return why somebody is due, and whether that is a duty and sure."""
    parts = [say(f"register.ground.{line.ground}")]
    if line.obligation == "on_request":
        parts.append(say("survey.obligation.on_request"))
    if line.certainty == "possible":
        parts.append(say("survey.possible"))
    return ", ".join(parts)
