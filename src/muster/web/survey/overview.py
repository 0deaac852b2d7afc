"""The survey of any unit: due people by unit below and group, hard cases by reason, who is none and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.law.grounds import ORDER, Ground
from muster.people.rights import may_anywhere
from muster.survey import queries
from muster.survey.queries import Axis, CampaignLine
from muster.survey.words import Contact, Group, Hard, State
from muster.ui.parts import Badge, Cell, Column, Field, Link, Row, Table, Tile
from muster.units import queries as units
from muster.units.queries import Level, Unit
from muster.web.accounts import words as people
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.language import language_of
from muster.web.survey import where, words

NARROW = (Level.COMMUNE, Level.HAMLET)
AXES = (Axis.CHILD, Axis.GROUP, Axis.STATE, Axis.OBLIGATION, Axis.GROUND, Axis.CONTACT, Axis.HARD)
CHILD, GROUP, STATE, OBLIGATION, GROUND, CONTACT, HARD = range(7)
ORGANISATIONS = 40


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the survey of a unit in a campaign; for who sees no counts the ways to the lists alone."""
    unit = where.unit_asked(request)
    campaign, known = where.campaign_asked(request, unit)
    say, on = people.saying(request), campaign_day(request)
    counts = where.allowed(request, where.COUNTS, unit, Purpose.COMMAND)
    children = list(units.children(unit.id, on))
    titles = units.titles([*unit.ancestors, *(one.id for one in children)], on)
    values: dict[str, Any] = {
        "unit": str(titles[unit.id]),
        "number": unit.id,
        "trail": _trail(request, unit, campaign, titles),
        "campaign": campaign,
        "days": say("survey.days", first=words.days(campaign)[0], last=words.days(campaign)[1]) if campaign else "",
        "choose": _choose(say, campaign, known),
        "closed": Badge(say("survey.closed"), "plain") if campaign and campaign.closed_at else None,
        "may_open": _may_open(request),
        "may_run": bool(campaign) and _may_run(request, unit) and campaign is not None and campaign.closed_at is None,
        "list": _list(request, campaign, unit),
    }
    if campaign and counts:
        values |= _figures(request, campaign, unit, children, titles)
    elif campaign:
        values["links"] = [
            Link(reverse("survey:list", args=[campaign.id, one.id]), str(titles[one.id]))
            for one in children
            if one.level in NARROW
        ]
    return render(request, "survey/overview.html", values)


def address(unit: int, campaign: CampaignLine | None) -> str:
    """Return the address of the survey of a unit."""
    named = {"campaign": campaign.id} if campaign else {}
    return f"{reverse('survey:overview')}?{urlencode({'unit': unit, **named})}"


def _trail(
    request: Visit, unit: Unit, campaign: CampaignLine | None, titles: Mapping[int, Any]
) -> list[Link]:  # fmt: skip
    shown = [above for above in units.ancestors(unit) if where.sees(request, above)]
    return [Link(address(one.id, campaign), str(titles[one.id]), here=one.id == unit.id) for one in shown]


def _choose(say: people.Say, campaign: CampaignLine | None, known: Sequence[CampaignLine]) -> Field | None:
    if len(known) < 2:  # noqa: PLR2004 - one answer is no question
        return None
    options = [(str(one.id), one.name) for one in known]
    return Field("campaign", say("survey.campaign"), str(campaign.id) if campaign else "", "select", options=options)


def _may_open(request: Visit) -> bool:
    grants = request.officer_grants
    return grants is not None and may_anywhere(grants, "survey.open", Purpose.COMMAND)


def _may_run(request: Visit, unit: Unit) -> bool:
    ways = ((Purpose.COMMAND, "survey.run"), (Purpose.SURVEY, "survey.run"))
    return unit.level in NARROW and any(where.allowed(request, action, unit, purpose) for purpose, action in ways)


def _list(request: Visit, campaign: CampaignLine | None, unit: Unit) -> str:
    if campaign is None or unit.level not in NARROW or not where.allowed(request, where.LISTS, unit, Purpose.SURVEY):
        return ""
    return reverse("survey:list", args=[campaign.id, unit.id])


def _figures(
    request: Visit, campaign: CampaignLine, unit: Unit, children: Sequence[Unit], titles: Mapping[int, Any]
) -> dict[str, Any]:
    counted = queries.count(campaign=campaign.id, unit=unit.id, by=AXES)
    outside = queries.excluded(campaign=campaign.id, unit=unit.id)
    return {
        "tiles": _tiles(request, counted, sum(outside.values())),
        "table": _by_child(request, campaign, unit, children, titles, counted),
        "hard": _hard(request, campaign, unit, counted),
        "grounds": _grounds(request, counted),
        "contacts": _contacts(request, counted),
        "outside": _outside(request, outside),
        "organisations": _organisations(request, campaign, unit) if unit.level in NARROW else None,
    }


def _sum(counted: queries.Counts, place: int) -> "Counter[Any]":
    """Return the cases by one axis alone."""
    found: Counter[Any] = Counter()
    for key, n in counted.items():
        found[key[place]] += n
    return found


def _open(counted: queries.Counts) -> queries.Counts:
    return {key: n for key, n in counted.items() if key[STATE] == State.OPEN}


def _tiles(request: Visit, counted: queries.Counts, outside: int) -> list[Tile]:
    say, language = people.saying(request), language_of(request)
    opened, due = _open(counted), sum(counted.values())
    registered = due + outside
    must = _sum(counted, OBLIGATION)["mandatory"]
    left, done = sum(opened.values()), _sum(counted, STATE)[State.DONE]
    reached = left - _sum(opened, CONTACT)[Contact.NOT_REACHED]
    hard = left - _sum(opened, HARD)[""]

    def tile(name: str, part: int, base: int) -> Tile:
        share = formats.percent(part, base, 1, language)
        told = say(f"survey.tile.{name}_base", base=formats.count(base, language), share=share)
        return Tile(say(f"survey.tile.{name}"), formats.count(part, language), told)

    return [
        tile("due", due, registered),
        tile("must", must, due),
        tile("done", done, due),
        tile("reached", reached, left),
        tile("hard", hard, left),
    ]


def _by_child(
    request: Visit,
    campaign: CampaignLine,
    unit: Unit,
    children: Sequence[Unit],
    titles: Mapping[int, Any],
    counted: queries.Counts,
) -> Table:
    """Return due people by unit below and group; those registered in the unit itself stand in a row of their own."""
    say, language = people.saying(request), language_of(request)
    cells: Counter[tuple[int, str]] = Counter()
    for key, n in counted.items():
        cells[key[CHILD], key[GROUP]] += n
        cells[key[CHILD], "all"] += n
        cells[key[CHILD], "hard"] += n if key[HARD] and key[STATE] == State.OPEN else 0
        cells[key[CHILD], "not_reached"] += n if (key[STATE], key[CONTACT]) == ("open", "not_reached") else 0
        cells[key[CHILD], "done"] += n if key[STATE] == State.DONE else 0
    groups = [group for group in Group if any(code == group for _, code in cells)]
    figures = [*(group.value for group in groups), "all", "not_reached", "hard", "done"]
    columns = [
        Column("unit", say("survey.unit")),
        *(Column(code, say(f"survey.column.{code}"), numeric=True) for code in figures),
    ]

    def row(label: Cell | str, of: Sequence[int]) -> Row:
        told = {code: formats.count(sum(cells[one, code] for one in of), language) for code in figures}
        return {"unit": label, **told}

    rows = [row(_child(request, campaign, one, titles), [one.id]) for one in children]
    if any(one == unit.id for one, _ in cells):
        label = Cell(say("survey.itself")) if children else Cell(str(titles[unit.id]))
        rows.append(row(label, [unit.id]))
    total = row(say("survey.total"), sorted({one for one, _ in cells}))
    caption = say("survey.table", unit=str(titles[unit.id]))
    return Table(caption, columns, rows, say("survey.none_due"), total=total if len(rows) > 1 else None)


def _child(request: Visit, campaign: CampaignLine, child: Unit, titles: Mapping[int, Any]) -> Cell:
    """Return a unit below, with the way to its list or its survey."""
    title = str(titles[child.id])
    if child.level == Level.HAMLET and where.allowed(request, where.LISTS, child, Purpose.SURVEY):
        return Cell(title, href=reverse("survey:list", args=[campaign.id, child.id]))
    return Cell(title, href=address(child.id, campaign))


def _pairs(request: Visit, key: str, rows: Sequence[tuple[Cell | str, int]], base: int, empty: str = "") -> Table:
    say, language = people.saying(request), language_of(request)
    columns = [
        Column("what", say(f"survey.{key}.what")),
        Column("n", say("survey.people"), numeric=True),
        Column("share", say("survey.share"), numeric=True),
    ]
    told: list[Row] = [
        {"what": what, "n": formats.count(n, language), "share": formats.percent(n, base, 1, language)}
        for what, n in rows
    ]
    return Table(say(f"survey.{key}.caption", count=formats.count(base, language)), columns, told, empty)


def _hard(request: Visit, campaign: CampaignLine, unit: Unit, counted: queries.Counts) -> Table:
    say, opened = people.saying(request), _open(counted)
    n, page = _sum(opened, HARD), _list(request, campaign, unit)
    rows = [
        (Cell(say(f"survey.hard.{code}"), href=f"{page}?{urlencode({'hard': code.value})}" if page else ""), n[code])
        for code in Hard
        if n[code]
    ]
    rows.sort(key=lambda one: -one[1])
    return _pairs(request, "hard_table", rows, sum(opened.values()), say("survey.none_hard"))


def _grounds(request: Visit, counted: queries.Counts) -> Table:
    say = people.saying(request)
    found: Counter[tuple[str, str]] = Counter()
    for key, n in counted.items():
        found[key[GROUND], key[OBLIGATION]] += n
    ordered = sorted(found, key=lambda one: (one[1], ORDER[Ground(one[0])]))
    rows = [
        (Cell(say(f"register.ground.{ground}"), note=say(f"survey.obligation.{duty}")), found[ground, duty])
        for ground, duty in ordered
    ]
    return _pairs(request, "grounds", rows, sum(counted.values()))


def _contacts(request: Visit, counted: queries.Counts) -> Table:
    say, opened = people.saying(request), _open(counted)
    n = _sum(opened, CONTACT)
    rows = [(Cell("", badge=words.contact(say, code)), n[code]) for code in Contact]
    return _pairs(request, "contacts", rows, sum(opened.values()))


def _outside(request: Visit, outside: Mapping[tuple[int, str], int]) -> Table:
    say, found = people.saying(request), Counter[str]()
    for (_, reason), n in outside.items():
        found[reason] += n
    rows = [(words.reason(say, reason), n) for reason, n in found.most_common()]
    return _pairs(request, "outside_table", rows, sum(outside.values()))


def _organisations(request: Visit, campaign: CampaignLine, unit: Unit) -> Table:
    say, language = people.saying(request), language_of(request)
    found = queries.organisations(campaign=campaign.id, unit=unit.id, limit=ORGANISATIONS)
    columns = [
        Column("name", say("survey.organisation")),
        Column("group", say("survey.group")),
        Column("n", say("survey.people"), numeric=True),
    ]
    rows: list[Row] = [
        {"name": one.organisation, "group": say(f"survey.column.{one.group}"), "n": formats.count(one.n, language)}
        for one in found
    ]
    return Table(say("survey.organisations"), columns, rows, say("survey.none_organised"))
