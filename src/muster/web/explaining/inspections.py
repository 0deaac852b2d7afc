"""Inspections unannounced to the unit: planned from above, known to nobody of its line until what was found is told."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.people.rights import Grants, NotAllowed, may, scope
from muster.plan import queries as plan
from muster.reporting import operations, queries
from muster.reporting.explaining import Cause
from muster.reporting.inspecting import Person, State, Step
from muster.reporting.queries import InspectionLine
from muster.reporting.rows import FaultFound, InspectionEnd, InspectionRow
from muster.survey.queries import CampaignLine
from muster.ui.parts import Badge, Cell, Column, Field, Row, Table, Tone
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.explaining.frame import shown
from muster.web.plan.asking import Asked, AtField, Doing, Fault, Form, NotChosen, answer, done
from muster.web.reports import sheet as sheets

READ, PLAN = "explanation.read", "inspection.plan"
FAULTS = 3  # fields of a form; more is told in the result
TONES: Mapping[State, Tone] = {State.PLANNED: "warn", State.DONE: "good", State.CANCELLED: "plain"}
FIELDS = {
    "unit_unknown": "code", "unknown_officer": "lead", "inspection_of_the_line": "lead", "bad_inspection": "day",
    "report_note": "what", "inspection_not_above": "code",
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the inspections an officer may know of; plan one."""
    person, grants, own = _reader(request)
    campaign = sheets.campaign_of(own)
    plans = campaign is not None and may(grants, PLAN, own.ancestors, Purpose.COMMAND)
    doings = {"plan": _planning(request, own, campaign)} if campaign and plans else {}
    there, fault = answer(request, doings, FIELDS)
    if there:
        return there
    found = {one.id: one for one in (*queries.inspections(person, own.id), *queries.inspections_led(person))}
    _looked(request, list(found.values()))
    say = words.saying(request)
    values = {
        "title": say("inspections.title"),
        "what": say("inspections.what"),
        "own": own.id,
        "tables_of": [_table(request, list(found.values()))],
        "forms_of": [_form(request, own, fault)] if plans and own.level != "commune" else [],
    }
    return shown(request, values, fault)


def _reader(request: Visit) -> tuple[Person, Grants, Unit]:
    """Return who asks.

    :raises NotAllowed: they may read neither what units explain, nor lead any inspection
    """
    grants, officer = request.officer_grants, request.officer
    if grants is None or officer is None:
        raise NotAllowed(action=READ)
    places = queries.places_of([officer.id], work_day(campaign_time(request))).get(officer.id, [])
    held = plan.unit_paths({unit for _, unit in grants.held})
    plans, reads = (scope(grants, action, Purpose.COMMAND) for action in (PLAN, READ))
    person = Person(officer.id, [*places, *held.values()], plans, reads)
    if not reads and not queries.inspections_led(person):
        raise NotAllowed(action=READ)
    return person, grants, officer.unit


def _looked(request: Visit, lines: Sequence[InspectionLine]) -> None:
    """Tell the audit who saw what the units do not know of."""
    hidden = [one.id for one in lines if one.state is not State.DONE]
    by, at = acting(request, Purpose.COMMAND), campaign_time(request)
    operations.look_at_inspections(inspections=hidden, by=by, at=at)


def address(inspection: UUID) -> str:
    """Return the address of an inspection."""
    return reverse("explaining:inspection", args=[inspection])


def _table(request: Visit, lines: Sequence[InspectionLine]) -> Table:
    say = words.saying(request)
    names = units.titles({one.unit for one in lines}, campaign_day(request)) if lines else {}
    columns = [Column(one, say(f"inspections.column.{one}")) for one in ("unit", "day", "state", "found")]
    rows: list[Row] = [
        {
            "unit": Cell(str(names[one.unit]), href=address(one.id)),
            "day": Cell(formats.day(one.day), note=one.lead_name),
            "state": Cell("", badge=_badge(request, one)),
            "found": Cell(one.told, note="; ".join(_fault(request, fault) for fault in one.faults)),
        }
        for one in lines
    ]
    return Table(say("inspections.known"), columns, rows, say("inspections.none"))


def _badge(request: Visit, one: InspectionLine) -> Badge:
    return Badge(words.saying(request)(f"inspections.state.{one.state.value}"), TONES[one.state])


def _fault(request: Visit, fault: queries.Fault) -> str:
    return f"{words.saying(request)(f'explaining.cause.{fault.cause.value}')}: {fault.text}"


def _form(request: Visit, own: Unit, fault: Fault | None) -> Form:
    ask, day = Asked(request, "plan", fault), campaign_day(request)
    below = [(one.code, str(one)) for one in units.children(own.id, day)]
    leads = [(str(one.officer), f"{one.name} · {one.unit_name}") for one in plan.nameable(own.ancestors)]
    fields = [
        ask.field("code", ask.say("inspections.unit"), kind="select", options=below),
        ask.field("other", ask.say("inspections.other"), hint=ask.say("inspections.other_hint")),
        ask.field("day", ask.say("inspections.day"), formats.day(day), inputmode="numeric"),
        ask.field("lead", ask.say("inspections.lead"), kind="select", options=leads),
        ask.field("what", ask.say("inspections.looks_at"), kind="area", required=True),
    ]
    return ask.form(
        ask.say("inspections.plan"), fields, ask.say("inspections.plan_go"), note=ask.say("inspections.plan_note"),
        folded=True,
    )  # fmt: skip


def _planning(request: Visit, own: Unit, campaign: CampaignLine) -> Doing:
    def put(asked: Asked) -> str:
        name = "other" if asked.text("other") else "code"
        unit = units.by_codes([asked.text(name)], campaign_day(request)).get(asked.text(name))
        if unit is None or own.id not in unit.ancestors:
            raise AtField(name, NotChosen())
        row = InspectionRow(
            id=asked.id("id"), campaign=campaign.id, unit=unit.id, lead=asked.id("lead"), day=asked.day("day"),
            what=asked.text("what"),
        )  # fmt: skip
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.plan_inspections(inspections=[row], grants=request.officer_grants, by=by, at=at))
        return address(row.id)

    return put


@require_http_methods(["GET", "POST"])
def one(request: Visit, id: UUID) -> HttpResponse:  # noqa: A002
    """Show one inspection; tell what was found, or cancel it.

    :raises NotAllowed: it is not there, or not to be known by this officer
    """
    person, grants, own = _reader(request)
    line = queries.inspection(person, id)
    if line is None:
        raise NotAllowed(action=READ)
    doings = {step.value: _ending(request, line, step) for step in (Step.FINISH, Step.CANCEL)}
    there, fault = answer(request, doings, {"report_note": "told"})
    if there:
        return there
    _looked(request, [line])
    above = line.path[: line.path.index(line.planned_from) + 1]
    plans = not scope(grants, PLAN, Purpose.COMMAND).isdisjoint(above)
    forms = []
    if line.state is State.PLANNED and (plans or line.lead == person.officer):
        forms.append(_finish(request, fault))
    if line.state is State.PLANNED and plans:
        forms.append(_cancel(request, fault))
    return shown(request, _values(request, line, own) | {"forms_of": forms}, fault)


def _values(request: Visit, line: InspectionLine, own: Unit) -> dict[str, Any]:
    say, day = words.saying(request), campaign_day(request)
    names = units.titles([line.unit, line.planned_from], day)
    rows: list[Row] = [
        {"cause": say(f"explaining.cause.{fault.cause.value}"), "text": fault.text} for fault in line.faults
    ]
    columns = [Column("cause", say("explaining.column.answer")), Column("text", say("inspections.fault"))]
    hidden = line.state is not State.DONE
    return {
        "title": say("inspections.of", unit=str(names[line.unit])),
        "what": say("inspections.hidden", unit=str(names[line.unit])) if hidden else "",
        "own": own.id,
        "badges": [_badge(request, line)],
        "pairs": [
            (say("inspections.day"), formats.day(line.day)),
            (say("inspections.lead"), line.lead_name),
            (say("inspections.looks_at"), line.what),
            (say("inspections.planned"), f"{names[line.planned_from]}: {line.planned_by_name}"),
            *([(say("inspections.told"), line.told)] if line.told else []),
        ],
        "tables_of": [] if hidden else [Table(say("inspections.faults"), columns, rows, say("inspections.no_faults"))],
    }


def _finish(request: Visit, fault: Fault | None) -> Form:
    ask = Asked(request, Step.FINISH.value, fault)
    causes = [(one.value, ask.say(f"explaining.cause.{one.value}")) for one in Cause]
    named, fields = ask.say("explaining.column.answer").lower(), list[Field]()
    for number in range(1, FAULTS + 1):
        label = ask.say("inspections.fault_no", number=number)
        fields += [
            ask.field(f"text.{number}", label),
            ask.field(f"cause.{number}", f"{label}: {named}", kind="select", options=causes),
        ]
    fields.append(ask.field("told", ask.say("inspections.told"), kind="area", required=True))
    return ask.form(
        ask.say("inspections.finish"), fields, ask.say("inspections.finish_go"), note=ask.say("inspections.finish_note")
    )


def _cancel(request: Visit, fault: Fault | None) -> Form:
    ask = Asked(request, Step.CANCEL.value, fault)
    fields = [ask.field("told", ask.say("inspections.why"), required=True)]
    return ask.form(
        ask.say("inspections.cancel"), fields, ask.say("inspections.cancel_go"), kind="danger", folded=True
    )  # fmt: skip


def _ending(request: Visit, line: InspectionLine, step: Step) -> Doing:
    def end(asked: Asked) -> str:
        told = [(number, asked.text(f"text.{number}")) for number in range(1, FAULTS + 1)]
        faults = tuple(FaultFound(asked.chosen(f"cause.{number}", Cause), text) for number, text in told if text)
        row = InspectionEnd(inspection=line.id, step=step, told=asked.text("told"), faults=faults)
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.end_inspections(ends=[row], grants=request.officer_grants, by=by, at=at))
        return address(line.id)

    return end
