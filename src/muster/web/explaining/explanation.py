"""One explanation: why it was asked, all that was said, and the form of whoever owes the next move."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.people.rights import NotAllowed
from muster.plan import queries as plan
from muster.plan.queries import InCharge
from muster.reporting import operations, queries
from muster.reporting.explaining import Cause, Step, steps_from
from muster.reporting.queries import ExplanationLine
from muster.reporting.queries.explanations import Said
from muster.reporting.rows import ExplanationAct
from muster.ui.parts import Happening, Link
from muster.units import queries as units
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.explaining import practices, told
from muster.web.explaining.reader import READ, Reader, reader_of
from muster.web.language import language_of
from muster.web.plan.asking import Asked, Doing, Fault, Form, answer, done

FIELDS = {
    "explanation_no_cause": "cause", "report_note": "text", "explanation_no_action": "due", "unknown_officer": "owner",
}  # fmt: skip
ACTS = (Step.ANSWER, Step.DECIDE, Step.FOLLOW_UP, Step.SEND_BACK, Step.WITHDRAW)
SOON = timedelta(days=3)


@require_http_methods(["GET", "POST"])
def show(request: Visit, id: UUID) -> HttpResponse:  # noqa: A002
    """Show one explanation; do what is asked for.

    :raises NotAllowed: it is not there, or not for this officer's eyes
    """
    reader, line = reader_of(request), queries.explanation(id)
    if line is None or not reader.sees(line):
        raise NotAllowed(action=READ)
    there, fault = answer(request, {step.value: _doing(request, line, step) for step in ACTS}, FIELDS)
    if there:
        return there
    values = _values(request, reader, line, fault)
    return render(request, "explaining/one.html", values, status=422 if fault else 200)


def _doing(request: Visit, line: ExplanationLine, step: Step) -> Doing:
    def do(asked: Asked) -> str:
        act = ExplanationAct(
            id=asked.id("id"), explanation=line.id, step=step, text=asked.text("text"),
            cause=asked.chosen("cause", Cause) if step is Step.ANSWER else None,
            owner=asked.id("owner") if step is Step.DECIDE else None,
            due=asked.day("due") if step is Step.DECIDE else None,
        )  # fmt: skip
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.move_explanations(acts=[act], grants=request.officer_grants, by=by, at=at))
        return told.address(line)

    return do


def _values(request: Visit, reader: Reader, line: ExplanationLine, fault: Fault | None) -> dict[str, Any]:
    say, at, language = words.saying(request), campaign_time(request), language_of(request)
    day = work_day(at)
    asked = {one.asked for one in line.said if one.asked is not None}
    names = {one: str(title) for one, title in units.titles({line.unit, line.above, *asked}, day).items()}
    held = plan.in_charge([line.unit, line.above], day)
    heads = {one: held.get(one, InCharge()).name or say("command.nobody") for one in (line.unit, line.above)}
    return {
        "unit": names[line.unit],
        "own": line.unit,
        "badge": told.state(say, line, at),
        "owed": told.owed(say, line),
        "pairs": [
            (say("explaining.asked_for"), told.why(request, line)),
            (say("explaining.figures"), formats.share(line.captured, line.target, 1, language)),
            (say("explaining.head"), heads[line.unit]),
            (say("explaining.decider"), f"{names[line.above]}: {heads[line.above]}"),
        ],
        "said": _history(request, line, names),
        "forms_of": [_form(request, line, step, fault) for step in ACTS if _open(reader, line, step)],
        "list": f"{reverse('explaining:show')}?unit={line.unit if reader.holds(READ, line.path) else reader.unit}",
        "ranking": f"{reverse('command:ranking')}?unit={line.above}&day={line.day.isoformat()}",
        "helps": _helps(request, line),
        "board": f"{reverse('command:board')}?unit={line.unit}",
    }


def _helps(request: Visit, line: ExplanationLine) -> Link | None:
    """Return the way to what worked elsewhere against the cause that was named."""
    if line.answer is None or line.answer.cause is None:
        return None
    cause, say = line.answer.cause, words.saying(request)
    return Link(practices.against(cause), say("practices.for_cause", cause=say(f"explaining.cause.{cause.value}")))


def _open(reader: Reader, line: ExplanationLine, step: Step) -> bool:
    return step in steps_from(line.state) and reader.may(step, line)


def _history(request: Visit, line: ExplanationLine, names: Mapping[int, str]) -> list[Happening]:
    say = words.saying(request)
    first = Happening(formats.moment(line.asked_at), say("explaining.did.ask"), told.why(request, line))
    return [first, *(_happening(request, one, names) for one in line.said)]


def _happening(request: Visit, one: Said, names: Mapping[int, str]) -> Happening:
    say, when = words.saying(request), formats.moment(one.at)
    if one.asked is not None:
        return Happening(when, say("explaining.did.chase", unit=names[one.asked]))
    cause = say(f"explaining.cause.{one.cause.value}") if one.cause else ""
    action = say("explaining.action_of", owner=one.owner_name, due=formats.day(one.due)) if one.due else ""
    detail = " · ".join(part for part in (cause, one.text, action, one.officer_name) if part)
    return Happening(when, say(f"explaining.did.{one.step.value}"), detail)


def _form(request: Visit, line: ExplanationLine, step: Step, fault: Fault | None) -> Form:
    ask = Asked(request, step.value, fault)
    hint = ask.say(f"explaining.hint.{step.value}")
    fields = [ask.field("text", ask.say(f"explaining.text.{step.value}"), kind="area", hint=hint, required=True)]
    if step is Step.ANSWER:
        causes = [(one.value, ask.say(f"explaining.cause.{one.value}")) for one in Cause]
        fields.insert(0, ask.field("cause", ask.say("explaining.cause_label"), kind="choices", options=causes))
    if step is Step.DECIDE:
        fields += _action(request, line, ask)
    main = step in (Step.ANSWER, Step.DECIDE, Step.FOLLOW_UP)
    return ask.form(
        ask.say(f"explaining.do.{step.value}"), fields, ask.say(f"explaining.go.{step.value}"),
        kind="main" if main else "danger" if step is Step.WITHDRAW else "plain", folded=not main,
    )  # fmt: skip


def _action(request: Visit, line: ExplanationLine, ask: Asked) -> list[Any]:
    day = campaign_day(request)
    held = plan.in_charge([line.unit], day).get(line.unit, InCharge())
    options = [(str(one.officer), f"{one.name} · {one.unit_name}") for one in plan.nameable(line.path)]
    if held.officer and str(held.officer) not in dict(options):
        options.insert(0, (str(held.officer), held.name))
    first = str(held.officer) if held.officer else (options[0][0] if options else "")
    return [
        ask.field("owner", ask.say("explaining.owner"), first, kind="select", options=options),
        ask.field("due", ask.say("explaining.due"), formats.day(day + SOON), inputmode="numeric"),
    ]
