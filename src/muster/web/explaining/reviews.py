"""The evening review of a unit: today's look back, what is carried over, new actions with owner and day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.people.rights import NotAllowed
from muster.plan import queries as plan
from muster.plan.queries import InCharge
from muster.reporting import operations, queries
from muster.reporting.queries import TaskLine
from muster.reporting.reviewing import State, Step
from muster.reporting.rows import ReviewRow, TaskEnd, TaskRow
from muster.survey.queries import CampaignLine
from muster.ui.parts import Badge, Cell, Column, Link, Row, Table, Tile, Tone
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.explaining.frame import shown
from muster.web.language import language_of
from muster.web.plan.asking import Asked, AtField, Doing, Fault, Form, NotChosen, answer, done
from muster.web.reports import sheet as sheets

READ, WRITE = "review.read", "review.write"
TONES: dict[State, Tone] = {State.OPEN: "info", State.DONE: "good", State.DROPPED: "plain"}
ONE, DAYS = timedelta(days=1), 5
FIELDS = {"report_note": "text", "task_due_before": "due", "unknown_officer": "owner"}


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the evening of a unit and day; write it, give actions, end them."""
    unit, day = _asked(request)
    campaign, at = sheets.campaign_of(unit), work_day(campaign_time(request))
    tasks = queries.tasks_on(unit.id, day)
    mine = queries.tasks_owned(request.officer.id) if request.officer else []
    writes = campaign is not None and sheets.may_do(request, WRITE, unit.ancestors)
    ends = _to_end(tasks, mine, writes=writes)
    doings: dict[str, Doing] = {"end": _ending(request, unit, day, ends)} if ends else {}
    if campaign and writes:
        doings |= {"look": _looking(request, unit, day, campaign), "give": _giving(request, unit, day, campaign)}
    there, fault = answer(request, doings, FIELDS)
    if there:
        return there
    forms = _forms(request, unit, day, ends, fault, writes=writes) if day == at else []
    return shown(request, _values(request, unit, day, tasks, mine) | {"forms_of": forms}, fault)


def _to_end(tasks: Sequence[TaskLine], mine: Sequence[TaskLine], *, writes: bool) -> dict[UUID, TaskLine]:
    """Return the open actions that an officer may end: their own wherever given, and those of a unit they write for."""
    found = [*mine, *(one for one in tasks if writes and one.state is State.OPEN)]
    return {one.id: one for one in found}


def _asked(request: Visit) -> tuple[Unit, date]:
    """Return the unit and the day asked for: one's own, and today, without.

    :raises NotAllowed: the unit is not there, or not in one's area
    """
    typed = request.GET.get("unit") or request.POST.get("unit") or ""
    own = request.officer.unit if request.officer else None
    unit = units.by_number(typed) if typed.isdecimal() else own
    if unit is None or not sheets.may_do(request, READ, unit.ancestors):
        raise NotAllowed(action=READ)
    today = work_day(campaign_time(request))
    try:
        day = min(date.fromisoformat(request.GET.get("day", "")), today)
    except ValueError:
        day = today
    return unit, day


def address(unit: Unit | int, day: date) -> str:
    """Return the address of the evening of a unit and day."""
    number = unit if isinstance(unit, int) else unit.id
    return f"{reverse('explaining:reviews')}?{urlencode({'unit': number, 'day': day.isoformat()})}"


def _values(
    request: Visit, unit: Unit, day: date, tasks: Sequence[TaskLine], mine: Sequence[TaskLine]
) -> dict[str, Any]:
    say, today = words.saying(request), work_day(campaign_time(request))
    look = queries.review(unit.id, day)
    below = [one for one in queries.open_tasks(unit.id, day) if one.unit != unit.id]
    text = look.text if look else say("reviews.nothing_said")
    return {
        "title": say("reviews.of", unit=str(units.title(unit.id, day)), day=formats.day(day)),
        "what": say("reviews.by", name=look.officer_name, at=formats.moment(look.at)) if look else say("reviews.what"),
        "own": unit.id,
        "links": [Link(address(unit, today - back * ONE), formats.day(today - back * ONE)) for back in range(DAYS)],
        "tiles": _tiles(request, tasks, below, day),
        "text": text,
        "tables_of": [
            _table(request, say("reviews.tasks"), tasks, day),
            *([_table(request, say("reviews.mine"), mine, day, named=True)] if mine else []),
            *([_table(request, say("reviews.below"), below, day, named=True)] if below else []),
        ],
    }


def _tiles(request: Visit, tasks: Sequence[TaskLine], below: Sequence[TaskLine], day: date) -> list[Tile]:
    say, language = words.saying(request), language_of(request)
    open_ = [one for one in tasks if one.state is State.OPEN]
    counts = {
        "open": len(open_),
        "carried": sum(one.carried(day) > 0 for one in open_),
        "late": sum(one.is_late(day) for one in (*open_, *below)),
    }
    return [
        Tile(
            say(f"reviews.tile.{name}"), formats.count(count, language), say(f"reviews.base.{name}"),
            "bad" if name == "late" and count else "plain",
        )
        for name, count in counts.items()
    ]  # fmt: skip


def _table(
    request: Visit, caption: str, tasks: Sequence[TaskLine], day: date, *, named: bool = False
) -> Table:  # fmt: skip
    say = words.saying(request)
    names = units.titles({one.unit for one in tasks}, day) if named else {}
    keys = (*(("unit",) if named else ()), "text", "owner", "due", "state")
    columns = [Column(one, say(f"reviews.column.{one}")) for one in keys]
    rows: list[Row] = []
    for one in tasks:
        row: dict[str, Cell | str] = {
            "text": Cell(one.text, note=one.told),
            "owner": one.owner_name,
            "due": Cell(formats.day(one.due), note=_carried(request, one, day)),
            "state": Cell("", badge=_badge(request, one, day)),
        }
        if named:
            page = address(one.unit, day) if sheets.may_do(request, READ, one.path) else ""
            row["unit"] = Cell(str(names[one.unit]), href=page)
        rows.append(row)
    return Table(caption, columns, rows, say("reviews.none"))


def _carried(request: Visit, one: TaskLine, day: date) -> str:
    evenings = one.carried(day)
    return words.saying(request)("reviews.carried", count=evenings) if evenings else ""


def _badge(request: Visit, one: TaskLine, day: date) -> Badge:
    say = words.saying(request)
    if one.is_late(day):
        return Badge(say("reviews.late"), "bad")
    return Badge(say(f"reviews.state.{one.state.value}"), TONES[one.state])


def _forms(
    request: Visit, unit: Unit, day: date, ends: Mapping[UUID, TaskLine], fault: Fault | None, *, writes: bool
) -> list[Form]:
    forms = [_form_of_look(request, fault), _form_of_task(request, unit, day, fault)] if writes else []
    return [*forms, *([_form_of_end(request, list(ends.values()), fault, writes=writes)] if ends else [])]


def _form_of_look(request: Visit, fault: Fault | None) -> Form:
    ask = Asked(request, "look", fault)
    field = ask.field("text", ask.say("reviews.text"), kind="area", hint=ask.say("reviews.text_hint"), required=True)
    return ask.form(ask.say("reviews.write"), [field], ask.say("reviews.write_go"))


def _form_of_task(request: Visit, unit: Unit, day: date, fault: Fault | None) -> Form:
    ask = Asked(request, "give", fault)
    owners = [(str(one.officer), f"{one.name} · {one.unit_name}") for one in plan.nameable(unit.ancestors)]
    held = plan.in_charge([unit.id], day).get(unit.id, InCharge())
    if held.officer and str(held.officer) not in dict(owners):
        owners.insert(0, (str(held.officer), held.name))
    fields = [
        ask.field("text", ask.say("reviews.task"), required=True),
        ask.field("owner", ask.say("explaining.owner"), kind="select", options=owners),
        ask.field("due", ask.say("explaining.due"), formats.day(day + ONE), inputmode="numeric"),
    ]
    return ask.form(ask.say("reviews.give"), fields, ask.say("reviews.give_go"))


def _form_of_end(request: Visit, ends: Sequence[TaskLine], fault: Fault | None, *, writes: bool) -> Form:
    ask = Asked(request, "end", fault)
    tasks = [(str(one.id), f"{one.text} · {one.owner_name}") for one in ends]
    steps = [(one.value, ask.say(f"reviews.step.{one.value}")) for one in (Step.DO, *((Step.DROP,) if writes else ()))]
    fields = [
        ask.field("task", ask.say("reviews.which"), kind="select", options=tasks),
        ask.field("step", ask.say("reviews.how"), Step.DO.value, kind="select", options=steps),
        ask.field("text", ask.say("reviews.told"), required=True),
    ]
    return ask.form(ask.say("reviews.end"), fields, ask.say("reviews.end_go"))


def _looking(request: Visit, unit: Unit, day: date, campaign: CampaignLine) -> Doing:
    def look(asked: Asked) -> str:
        row = ReviewRow(id=asked.id("id"), campaign=campaign.id, unit=unit.id, day=day, text=asked.text("text"))
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.write_reviews(reviews=[row], grants=request.officer_grants, by=by, at=at))
        return address(unit, day)

    return look


def _giving(request: Visit, unit: Unit, day: date, campaign: CampaignLine) -> Doing:
    def give(asked: Asked) -> str:
        row = TaskRow(
            id=asked.id("id"), campaign=campaign.id, unit=unit.id, day=day, text=asked.text("text"),
            owner=asked.id("owner"), due=asked.day("due"),
        )  # fmt: skip
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.give_tasks(tasks=[row], grants=request.officer_grants, by=by, at=at))
        return address(unit, day)

    return give


def _ending(request: Visit, unit: Unit, day: date, ends: Mapping[UUID, TaskLine]) -> Doing:
    def end(asked: Asked) -> str:
        task, step = asked.id("task"), asked.chosen("step", Step)
        if task not in ends:
            raise AtField("task", NotChosen())
        row = TaskEnd(task=task, step=step, told=asked.text("text"))
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.end_tasks(ends=[row], grants=request.officer_grants, by=by, at=at))
        return address(unit, day)

    return end
