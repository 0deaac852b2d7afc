"""One ticket: what stands still since when, who has it, its life, and the moves that whoever looks may make."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.events import queries as journal
from muster.incidents import operations, queries
from muster.incidents.moves import COMMAND, MOVES, Step, rights
from muster.incidents.queries import TicketLine
from muster.incidents.rows import Act
from muster.incidents.words import HELD, Cause, Remedy
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import ZONE, local
from muster.people import queries as people
from muster.ui.parts import Field, Happening, Link
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.accounts.words import Say, saying
from muster.web.incidents import frame
from muster.web.plan import where
from muster.web.plan.asking import Asked, Fault, Form, answer, done

FIELDS = {"incomplete_act": "due", "no_spare": "spare"}
DANGEROUS = frozenset({Step.DISMISS})
FOLDED = frozenset({Step.HAND_BACK, Step.ESCALATE, Step.DISMISS})


@require_http_methods(["GET", "POST"])
def show(request: Visit, ticket: UUID) -> HttpResponse:
    """Show a ticket; move it when asked to."""
    line = queries.ticket(ticket)
    if line is None:
        raise Http404
    unit, at = frame.within(request, units.by_number(str(line.unit))), campaign_time(request)

    def move(step: Step, asked: Asked) -> str:
        act = _act(asked, step, line, at)
        grants = request.officer_grants
        done(operations.move_tickets(acts=[act], grants=grants, by=acting(request, Purpose.COMMAND), at=at))
        return reverse("incidents:ticket", args=[ticket])

    doings = {step.value: lambda asked, step=step: move(step, asked) for step in MOVES}
    went, fault = answer(request, doings, FIELDS)
    if went:
        return went
    say = saying(request)
    values = frame.around(request, "queue", unit) | {
        "title": frame.what(say, line),
        "notice": line.told,
        "badges": [frame.badge(say, line)],
        "pairs": _pairs(say, line, at),
        "links": [Link(where.of_thing("kit", line.kit), say("incidents.to_kit"))] if line.kit else [],
        "life": list(_life(say, line)),
        "forms_of": [
            _form(request, line, step, fault) for step in frame.steps(line) if _may(request, unit, line, step)
        ],
    }
    return frame.shown(request, values, fault)


def _may(request: Visit, unit: Unit, line: TicketLine, step: Step) -> bool:
    """Say whether to offer a move: by the rights it asks for, and of a ticket that somebody has to them alone."""
    own = request.officer.id if request.officer else None
    if line.state in HELD and line.technician != own and not where.allowed(request, COMMAND, unit):
        return False
    return any(where.allowed(request, right, unit) for right in rights(step))


def _act(asked: Asked, step: Step, line: TicketLine, at: datetime) -> Act:
    """Return the move that was typed; an hour that has passed today is tomorrow's."""
    due = None
    if step is Step.SET_OUT:
        due = datetime.combine(local(at).date(), asked.time("due"), ZONE)
        due += timedelta(days=1) if due < at else timedelta()
    ends = step in {Step.MEND, Step.DISMISS}
    return Act(
        id=asked.id("id"), ticket=line.id, version=asked.count("version"), step=step, note=asked.text("note"),
        place=asked.text("place"), due_at=due, cause=asked.chosen("cause", Cause) if ends else None,
        remedy=asked.chosen("remedy", Remedy) if step is Step.MEND else None,
        spare=asked.id("spare") if step is Step.SWAP else None,
    )  # fmt: skip


def _form(request: Visit, line: TicketLine, step: Step, fault: Fault | None) -> Form:
    ask = Asked(request, step.value, fault)
    say, title = ask.say, ask.say(f"incidents.step.{step}")
    return ask.form(
        title, _questions(request, ask, line, step), title, kind="danger" if step in DANGEROUS else "main",
        folded=step in FOLDED, hidden={f"{step}.version": ask.text("version") or str(line.version)},
        note=say("incidents.take_means") if step is Step.TAKE else "",
    )  # fmt: skip


def _questions(request: Visit, ask: Asked, line: TicketLine, step: Step) -> list[Field]:
    say = ask.say
    causes = [(one.value, say(f"incidents.cause.{one}")) for one in Cause]
    remedies = [(one.value, say(f"incidents.remedy.{one}")) for one in Remedy]
    cause = ask.field("cause", say("incidents.cause_label"), causes[0][0], kind="select", options=causes)
    match step:
        case Step.SET_OUT:
            place = line.venue_name or line.unit_name
            return [
                ask.field("place", say("incidents.place"), place, required=True),
                ask.field("due", say("incidents.due"), hint=say("incidents.due_hint"), required=True),
            ]
        case Step.SWAP:
            spares = [(str(one.kit), f"{one.code}, {one.place}") for one in _spares(request, line)]
            hint = "" if spares else say("incidents.no_spares")
            return [ask.field("spare", say("incidents.spare"), kind="select", options=spares, hint=hint)]
        case Step.MEND:
            return [
                cause,
                ask.field("remedy", say("incidents.remedy_label"), remedies[0][0], kind="select", options=remedies),
            ]
        case Step.DISMISS:
            return [cause, ask.field("note", say("incidents.note"))]
        case Step.ESCALATE | Step.HAND_BACK | Step.REOPEN:
            return [ask.field("note", say("incidents.note"))]
        case _:
            return []


def _spares(request: Visit, line: TicketLine) -> list[queries.SpareLine]:
    """Return the spares that wait within the reader's area, those nearest to the ticket's unit first."""
    own = request.officer.unit_id if request.officer else line.unit
    near = set(line.path)
    return sorted(queries.spares(own), key=lambda one: (-len(near & set(one.path)), one.code))


def _pairs(say: Say, line: TicketLine, at: datetime) -> list[tuple[str, str]]:
    told = [
        (say("incidents.severity_label"), frame.severity(say, line)),
        (say("incidents.column.stands"), frame.lasts(say, line, at)),
        (say("incidents.column.where"), ", ".join(filter(None, (line.venue_name, line.unit_name)))),
        (say("incidents.opened_label"), formats.moment(line.opened_at)),
        (say("incidents.column.who"), line.technician_name),
        (say("incidents.place"), line.place),
        (say("incidents.due"), formats.moment(line.due_at) if line.due_at else ""),
        (say("incidents.spare"), line.spare_code),
        (say("incidents.cause_label"), say(f"incidents.cause.{line.cause}") if line.cause else ""),
        (say("incidents.remedy_label"), say(f"incidents.remedy.{line.remedy}") if line.remedy else ""),
        (say("incidents.ended"), formats.moment(line.ended_at) if line.ended_at else ""),
    ]
    return [(name, value) for name, value in told if value]


def _life(say: Say, line: TicketLine) -> list[Happening]:
    events = journal.life(line.id)
    names = people.names_of(event.by_officer for event in events if event.by_officer)
    told = []
    for event in reversed(events):
        by = names.get(event.by_officer, "") if event.by_officer else ""
        detail = " · ".join(filter(None, (_reason(say, event.reason), by)))
        told.append(Happening(formats.moment(event.occurred_at), say(f"incidents.step.{event.move}"), detail))
    return told


def _reason(say: Say, reason: str) -> str:
    """Return a note as it was typed; the words of a code."""
    if reason in set(Cause):
        return say(f"incidents.cause.{reason}")
    return "" if reason in {"kit", "software", "line", "people"} else reason
