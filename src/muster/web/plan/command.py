"""Who answers for a unit and for those below it: name officers, replace and relieve them; communes without anybody."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.people import queries as people
from muster.people.rights import may
from muster.plan import operations, queries
from muster.plan.queries import CommandLine, InCharge
from muster.plan.rows import Naming, Relief
from muster.plan.words import Seat
from muster.ui.parts import Badge, Cell, Column, Link, Row, RowTold, Table, Tile
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import where
from muster.web.plan.asking import Asked, AtField, Doing, Fault, Form, NotChosen, answer, done

NAME = "plan.command"
FIELDS = {
    "no_paper": "paper", "in_the_past": "since", "ends_before_it_begins": "until", "unknown_officer": "officer",
    "out_of_line": "officer", "two_seats": "officer", "has_commander": "seat", "command_ended": "until",
}  # fmt: skip
_APART = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a list of names: how many were taken, which lines were not and why, and those lines."""

    done: int
    refused: Sequence[RowTold]
    lines: str


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show who answers for a unit and those below it; name and relieve when asked to."""
    unit = where.unit_asked(request)
    kept: list[Kept] = []
    doings: dict[str, Doing] = {"name": _naming(request, unit), "many": _naming_many(request, unit, kept)}
    doings |= {f"relieve.{seat}": _relieving(request, unit) for seat in Seat}
    went, fault = answer(request, doings, FIELDS)
    if went and not kept:
        return went
    values = _values(request, unit, fault, kept[0] if kept else None)
    return render(request, "plan/command.html", values, status=422 if fault or kept else 200)


def _may_name(request: Visit, path: Sequence[int]) -> bool:
    """Say whether somebody names who answers for a unit: by a right held above it."""
    grants = request.officer_grants
    return grants is not None and may(grants, NAME, path[:-1] or path, Purpose.COMMAND)


def _naming(request: Visit, unit: Unit) -> Doing:
    def name(asked: Asked) -> str:
        seat = asked.chosen("seat", Seat)
        typed = people.by_username(asked.text("username"))
        if typed is None and asked.text("username"):
            raise AtField("username", NotChosen())
        replaces, until = asked.text(f"replaces.{seat}"), asked.text("until")
        row = Naming(
            id=asked.id("id"), unit=unit.id, officer=typed.id if typed else asked.id("officer"), seat=seat,
            since=asked.day("since"), until=asked.day("until") if until else None, paper=asked.text("paper"),
            replaces=UUID(replaces) if replaces else None,
        )  # fmt: skip
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.name_commanders(namings=[row], grants=request.officer_grants, by=by, at=at))
        return where.address("command", unit)

    return name


def _naming_many(request: Visit, unit: Unit, kept: list[Kept]) -> Doing:
    """Return how a list is taken, a unit's code and a user name a line: good lines are kept, the others told."""

    def name(asked: Asked) -> str:
        below = {one.code: one.id for one in units.children(unit.id, campaign_day(request))}
        seat, since, paper, list_ = asked.chosen("seat", Seat), asked.day("since"), asked.text("paper"), asked.id("id")
        typed = list(_typed(asked.text("lines")))
        rows = [
            Naming(
                id=uuid5(list_, one.code), unit=below.get(one.code, 0), officer=_officer_of(one.username), seat=seat,
                since=since, paper=paper,
            )
            for one in typed
        ]  # fmt: skip
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        result = operations.name_commanders(namings=rows, grants=request.officer_grants, by=by, at=at)
        if result.refused:
            told = [RowTold(typed[one.index].number, words.error(request, one.refusal)) for one in result.refused]
            left = "\n".join(typed[one.index].line for one in result.refused)
            kept.append(Kept(len(result.done), told, left))
        return where.address("command", unit)

    return name


class _Line(NamedTuple):
    """A line of a list: its number from 1, as it was typed, and the code and the user name in it."""

    number: int
    line: str
    code: str
    username: str


def _typed(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            code, *rest = _APART.split(line.strip(), maxsplit=1)
            yield _Line(number, line.strip(), code, rest[0] if rest else "")


def _officer_of(username: str) -> UUID:
    found = people.by_username(username) if username else None
    return found.id if found else UUID(int=0)  # nobody has it: the operation says so


def _relieving(request: Visit, unit: Unit) -> Doing:
    def relieve(asked: Asked) -> str:
        row = Relief(command=asked.id("command"), until=asked.day("until"), reason=asked.text("paper"))
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.relieve_commanders(reliefs=[row], grants=request.officer_grants, by=by, at=at))
        return where.address("command", unit)

    return relieve


def _values(request: Visit, unit: Unit, fault: Fault | None, kept: Kept | None) -> dict[str, object]:
    day, say = campaign_day(request), words.saying(request)
    children = list(units.children(unit.id, day)) if unit.level != "commune" else []
    titles = {one: str(title) for one, title in units.titles([one.id for one in (unit, *children)], day).items()}
    lines = queries.commands_of([unit.id]).get(unit.id, [])
    held = queries.in_charge([unit.id, *(one.id for one in children)], day)
    lacking = queries.without_commander(unit.id, day)
    tables = [_below(request, children, titles, held)] if children else []
    if lacking and unit.level != "commune":
        tables.append(_lacking(request, lacking, day))
    if lines:
        tables.append(_history(request, lines, day))
    may_name = _may_name(request, unit.ancestors)
    forms = _forms(request, unit, [line for line in lines if line.until is None or line.until > day], fault)
    below = _may_name(request, [*unit.ancestors, 0]) and bool(children)
    return where.frame(request, "command", unit) | {
        "tiles": _tiles(request, unit, held.get(unit.id, InCharge()), len(lacking)),
        "tables_of": tables,
        "forms_of": [*(forms if may_name else []), *([_form_of_many(request, fault, kept)] if below else [])],
        "kept": kept,
        "note": say("command.means"),
    }


def _tiles(request: Visit, unit: Unit, held: InCharge, lacking: int) -> list[Tile]:
    say, language = words.saying(request), language_of(request)
    commander = Tile(
        say("command.seat.commander"), held.name or say("command.nobody"), say("command.base"),
        "plain" if held.name else "bad",
    )  # fmt: skip
    deputy = Tile(say("command.seat.deputy"), held.deputy or formats.NOTHING, say("command.deputy_base"))
    if unit.level == "commune":
        return [commander, deputy]
    told = say("command.lacking_base")
    return [
        commander,
        deputy,
        Tile(say("command.lacking"), formats.count(lacking, language), told, "bad" if lacking else "good"),
    ]


def _below(request: Visit, children: Sequence[Unit], titles: Mapping[int, str], held: Mapping[int, InCharge]) -> Table:
    say = words.saying(request)
    columns = [
        Column("unit", say("plan.unit")),
        Column("commander", say("command.seat.commander")),
        Column("deputy", say("command.seat.deputy")),
    ]
    nobody = Cell("", badge=Badge(say("command.nobody"), "bad"))
    rows: list[Row] = []
    for one in children:
        told = held.get(one.id, InCharge())
        page = where.address("command", one)
        rows.append(
            {
                "unit": Cell(titles[one.id], href=page, note=one.code),
                "commander": Cell(told.name) if told.name else nobody,
                "deputy": told.deputy or formats.NOTHING,
            }
        )
    return Table(say("command.below"), columns, rows, say("command.none_below"))


def _lacking(request: Visit, lacking: Sequence[int], day: date) -> Table:
    say, language = words.saying(request), language_of(request)
    titles = units.titles(lacking, day)
    pages = {one.id: one for one in units.as_of(day).filter(id__in=lacking)}
    rows: list[Row] = [
        {"unit": Cell(str(titles[one]), href=where.address("command", pages[one]), note=pages[one].code)}
        for one in lacking
    ]
    title = say("command.lacking_of", count=formats.count(len(lacking), language))
    return Table(title, [Column("unit", say("plan.unit"))], rows)


def _history(request: Visit, lines: Sequence[CommandLine], day: date) -> Table:
    """Return who ever answered for a unit, or is to."""
    say = words.saying(request)
    columns = [
        Column("who", say("plan.officer")),
        Column("seat", say("command.seat_label")),
        Column("since", say("plan.since")),
        Column("until", say("command.until")),
        Column("paper", say("rules.paper")),
    ]
    rows: list[Row] = [
        {
            "who": Cell(line.name, badge=_mark(request, line, day)),
            "seat": say(f"command.seat.{line.seat}"),
            "since": formats.day(line.since),
            "until": formats.day(line.until) if line.until else formats.NOTHING,
            "paper": Cell(line.paper, note=line.reason),
        }
        for line in sorted(lines, key=lambda one: (-one.since.toordinal(), one.seat))
    ]
    return Table(say("command.history"), columns, rows)


def _mark(request: Visit, line: CommandLine, day: date) -> Badge | None:
    say = words.saying(request)
    if line.holds(day):
        return Badge(say("command.now"), "good") if line.serves else Badge(say("command.left"), "bad")
    return Badge(say("rules.to_come"), "info") if line.since > day and line.since != line.until else None


def _forms(request: Visit, unit: Unit, open_: Sequence[CommandLine], fault: Fault | None) -> list[Form]:
    ask, day = Asked(request, "name", fault), campaign_day(request)
    options = [("", ask.say("plan.choose"))] + [
        (str(one.officer), f"{one.name} ({one.username}) · {one.unit_name}") for one in queries.nameable(unit.ancestors)
    ]
    latest = {line.seat: line for line in sorted(open_, key=lambda one: one.since)}
    fields = [
        ask.field("seat", ask.say("command.seat_label"), Seat.COMMANDER, kind="select", options=_seats(ask)),
        ask.field("officer", ask.say("plan.officer"), kind="select", options=options),
        ask.field("username", ask.say("command.username"), hint=ask.say("command.username_hint")),
        ask.field("since", ask.say("plan.since"), formats.day(day), inputmode="numeric"),
        ask.field("until", ask.say("command.until"), inputmode="numeric", hint=ask.say("command.until_hint")),
        ask.field("paper", ask.say("rules.paper"), hint=ask.say("rules.paper_hint"), required=True),
    ]
    hidden = {
        f"name.replaces.{seat}": ask.text(f"replaces.{seat}") or (str(latest[seat].id) if seat in latest else "")
        for seat in Seat
    }
    title = ask.say("command.name_of", unit=str(units.title(unit.id, day)))
    forms = [ask.form(title, fields, ask.say("command.name"), note=ask.say("command.name_means"), hidden=hidden)]
    forms += [_form_of_end(request, line, fault) for line in latest.values() if line.until is None]
    return forms


def _seats(ask: Asked) -> list[tuple[str, str]]:
    return [(seat.value, ask.say(f"command.seat.{seat}")) for seat in Seat]


def _form_of_end(request: Visit, line: CommandLine, fault: Fault | None) -> Form:
    ask = Asked(request, f"relieve.{line.seat}", fault)
    day = formats.day(max(campaign_day(request), line.since))
    fields = [
        ask.field("until", ask.say("command.until"), day, inputmode="numeric"),
        ask.field("paper", ask.say("plan.reason"), required=True),
    ]
    title = ask.say("command.relieve_of", name=line.name, seat=ask.say(f"command.seat.{line.seat}"))
    return ask.form(
        title, fields, ask.say("command.relieve"), kind="danger", folded=True,
        hidden={f"{ask.act}.command": str(line.id)},
    )  # fmt: skip


def _form_of_many(request: Visit, fault: Fault | None, kept: Kept | None) -> Form:
    ask = Asked(request, "many", fault)
    lines = ask.field("lines", ask.say("command.lines"), kind="area", hint=ask.say("command.lines_hint"))
    if kept:
        lines = replace(lines, value=kept.lines)
    fields = [
        lines,
        ask.field("seat", ask.say("command.seat_label"), Seat.COMMANDER, kind="select", options=_seats(ask)),
        ask.field("since", ask.say("plan.since"), formats.day(campaign_day(request)), inputmode="numeric"),
        ask.field("paper", ask.say("rules.paper"), hint=ask.say("rules.paper_hint"), required=True),
    ]
    return ask.form(
        ask.say("command.many"), fields, ask.say("command.name"), note=ask.say("command.many_means"), folded=not kept
    )


def told(request: Visit, unit: Unit, held: InCharge | None) -> Link:
    """Return who answers for a unit in one line; it leads to the page of that, for who may read it."""
    say = words.saying(request)
    name = held.name if held and held.name else say("command.nobody")
    deputy = say("command.deputy_told", name=held.deputy) if held and held.deputy else ""
    page = where.address("command", unit) if where.allowed(request, where.READ, unit) else ""
    return Link(page, say("command.told", name=name), deputy)
