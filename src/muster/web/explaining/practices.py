"""What worked: the notes an officer may read, one note with the units that took it up and how their pace moved."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.people.rights import Grants, NotAllowed, may, scope
from muster.plan import queries as plan
from muster.reporting import operations, queries
from muster.reporting.explaining import Cause
from muster.reporting.practising import Moved, State, Step, reads
from muster.reporting.queries import PracticeLine
from muster.reporting.rows import PracticeAct, PracticeRow
from muster.survey.queries import CampaignLine
from muster.ui.parts import Badge, Cell, Column, Field, Row, Table
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.accounts.words import Say
from muster.web.explaining.frame import shown
from muster.web.language import language_of
from muster.web.plan.asking import Asked, Doing, Fault, Form, answer, done
from muster.web.reports import sheet as sheets

READ, WRITE, SHARE = "practice.read", "practice.write", "practice.share"


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the notes that reach an officer, all or those against one cause; write one."""
    grants, own = _reader(request)
    campaign = sheets.campaign_of(own)
    doings = {"write": _writing(request, own, campaign)} if campaign else {}
    there, fault = answer(request, doings, {"bad_practice": "text"})
    if there:
        return there
    say, cause = words.saying(request), _cause(request)
    held = scope(grants, READ, Purpose.COMMAND)
    found = queries.practices(held, campaign=campaign.id, cause=cause) if campaign else []
    writes = campaign is not None and may(grants, WRITE, own.ancestors, Purpose.COMMAND)
    values = {
        "title": say("practices.title"),
        "what": say("practices.what"),
        "own": own.id,
        "asked": [_cause_field(say, cause)],
        "tables_of": [_table(request, found)],
        "forms_of": [_form(request, own, fault)] if writes else [],
    }
    return shown(request, values, fault)


def _reader(request: Visit) -> tuple[Grants, Unit]:
    """Return what an officer holds, and where they work.

    :raises NotAllowed: they may read no notes
    """
    grants, officer = request.officer_grants, request.officer
    if grants is None or officer is None or not scope(grants, READ, Purpose.COMMAND):
        raise NotAllowed(action=READ)
    return grants, officer.unit


def _cause(request: Visit) -> Cause | None:
    typed = request.GET.get("cause", "")
    return Cause(typed) if typed in set(Cause) else None


def _causes(say: Say) -> list[tuple[str, str]]:
    return [(one.value, say(f"explaining.cause.{one.value}")) for one in Cause]


def _cause_field(say: Say, cause: Cause | None) -> Field:
    options = [("", say("practices.all")), *_causes(say)]
    return Field("cause", say("practices.against"), cause or "", kind="select", options=options)


def address(note: UUID) -> str:
    """Return the address of a note."""
    return reverse("explaining:practice", args=[note])


def against(cause: Cause) -> str:
    """Return the address of the notes against a cause."""
    return f"{reverse('explaining:practices')}?{urlencode({'cause': cause.value})}"


def _table(request: Visit, found: Sequence[PracticeLine]) -> Table:
    say, language = words.saying(request), language_of(request)
    names = units.titles({one.unit for one in found}, campaign_day(request)) if found else {}
    keys = ("note", "unit", "against", "taken_up")
    columns = [Column(one, say(f"practices.column.{one}"), numeric=one == "taken_up") for one in keys]
    rows: list[Row] = [
        {
            "note": Cell(one.title, href=address(one.id)),
            "unit": Cell(str(names[one.unit]), note=formats.moment(one.at)),
            "against": ", ".join(say(f"explaining.cause.{cause.value}") for cause in one.causes),
            "taken_up": formats.count(one.taken_up, language),
        }
        for one in found
    ]
    return Table(say("practices.notes"), columns, rows, say("practices.none"))


def _form(request: Visit, own: Unit, fault: Fault | None) -> Form:
    ask = Asked(request, "write", fault)
    fields = [
        ask.field("title", ask.say("practices.name"), hint=ask.say("practices.name_hint"), required=True),
        ask.field("text", ask.say("practices.text"), kind="area", hint=ask.say("practices.text_hint"), required=True),
        *(ask.field(f"cause.{code}", label, kind="check") for code, label in _causes(ask.say)),
    ]
    unit = str(units.title(own.id, campaign_day(request)))
    return ask.form(
        ask.say("practices.write", unit=unit), fields, ask.say("practices.write_go"),
        note=ask.say("practices.write_note"), folded=True,
    )  # fmt: skip


def _writing(request: Visit, own: Unit, campaign: CampaignLine) -> Doing:
    def write(asked: Asked) -> str:
        causes = frozenset(one for one in Cause if asked.text(f"cause.{one.value}"))
        row = PracticeRow(
            id=asked.id("id"), campaign=campaign.id, unit=own.id, title=asked.text("title"), text=asked.text("text"),
            causes=causes,
        )  # fmt: skip
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.write_practices(practices=[row], grants=request.officer_grants, by=by, at=at))
        return address(row.id)

    return write


@require_http_methods(["GET", "POST"])
def one(request: Visit, id: UUID) -> HttpResponse:  # noqa: A002
    """Show one note; take it up, pass it on, withdraw it.

    :raises NotAllowed: it is not there, or does not reach this officer
    """
    grants, own = _reader(request)
    line = queries.practices_by_ids([id]).get(id)
    held = plan.unit_paths(scope(grants, READ, Purpose.COMMAND))
    if line is None or not reads(line.reach, line.path, held):
        raise NotAllowed(action=READ)
    steps = {step: _doing(request, line, step, own) for step in (Step.TAKE_UP, Step.SHARE, Step.WITHDRAW)}
    there, fault = answer(request, {step.value: do for step, do in steps.items()}, {"report_note": "why"})
    if there:
        return there
    values = _values(request, line, own) | {"forms_of": _acts(request, line, grants, own, fault)}
    return shown(request, values, fault)


def _doing(request: Visit, line: PracticeLine, step: Step, own: Unit) -> Doing:
    def do(asked: Asked) -> str:
        row = PracticeAct(id=asked.id("id"), practice=line.id, step=step, unit=own.id, why=asked.text("why"))
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.move_practices(acts=[row], grants=request.officer_grants, by=by, at=at))
        return address(line.id)

    return do


def _values(request: Visit, line: PracticeLine, own: Unit) -> dict[str, Any]:
    say, day = words.saying(request), campaign_day(request)
    used = queries.taken_up(line.id)
    numbers = {line.unit, line.reach, *(one.unit for one in used)}
    names = {number: str(title) for number, title in units.titles(numbers, day).items()}
    withdrawn = Badge(say("practices.withdrawn", why=line.why), "warn") if line.state is State.WITHDRAWN else None
    return {
        "title": line.title,
        "own": own.id,
        "badges": [withdrawn] if withdrawn else [],
        "text": line.text,
        "pairs": [
            (say("practices.column.unit"), names[line.unit]),
            (say("practices.written"), f"{line.officer_name}, {formats.moment(line.at)}"),
            (say("practices.against"), ", ".join(say(f"explaining.cause.{one.value}") for one in line.causes)),
            (say("practices.reach"), say("practices.reach_told", unit=names[line.reach])),
        ],
        "tables_of": [_used(request, used, names)],
    }


def _used(request: Visit, used: Sequence[queries.TakenUp], names: Mapping[int, str]) -> Table:
    say, language = words.saying(request), language_of(request)
    keys = ("unit", "day", "before", "since", "change")
    columns = [Column(one, say(f"practices.used.{one}"), numeric=one not in ("unit", "day")) for one in keys]

    def pace(told: float | None, count: int, days: int) -> Cell:
        if told is None:
            return Cell(formats.NOTHING)
        note = say("practices.used.of", count=formats.count(count, language), days=days)
        return Cell(formats.decimal(told, 1, language), note=note)

    rows: list[Row] = [
        {
            "unit": Cell(names[one.unit], note=one.officer_name),
            "day": formats.day(one.day),
            "before": pace(one.moved.pace_before, one.moved.before, one.moved.days_before),
            "since": pace(one.moved.pace_since, one.moved.since, one.moved.days_since),
            "change": Cell("", badge=_change(request, one.moved)),
        }
        for one in used
    ]
    return Table(say("practices.used.title"), columns, rows, say("practices.used.none"), say("practices.used.note"))


def _change(request: Visit, moved: Moved) -> Badge:
    say, language = words.saying(request), language_of(request)
    before, since = moved.pace_before, moved.pace_since
    if before is None or since is None:
        return Badge(say("practices.used.waits"))
    change, nothing = (formats.decimal(pace, 1, language) for pace in (abs(since - before), 0))
    if change == nothing:
        return Badge(say("practices.used.same"))
    faster = since > before
    return Badge(say(f"practices.used.{'faster' if faster else 'slower'}", change=change), "good" if faster else "warn")


def _acts(request: Visit, line: PracticeLine, grants: Grants, own: Unit, fault: Fault | None) -> list[Form]:
    """Return what this officer may do with a note, in the name of where they work."""
    if line.state is State.WITHDRAWN:
        return []
    writes = may(grants, WRITE, own.ancestors, Purpose.COMMAND)
    shares = may(grants, SHARE, own.ancestors, Purpose.COMMAND)
    has = own.id in {one.unit for one in queries.taken_up(line.id)}
    open_ = {
        Step.TAKE_UP: writes and own.id != line.unit and not has,
        Step.SHARE: shares and own.id in line.path[: line.path.index(line.reach)],
        Step.WITHDRAW: writes and own.id == line.unit,
    }
    return [_act(request, step, own, fault) for step, may_do in open_.items() if may_do]


def _act(request: Visit, step: Step, own: Unit, fault: Fault | None) -> Form:
    ask = Asked(request, step.value, fault)
    unit = str(units.title(own.id, campaign_day(request)))
    why = [ask.field("why", ask.say("practices.why"), required=True)] if step is Step.WITHDRAW else []
    return ask.form(
        ask.say(f"practices.do.{step.value}"), why, ask.say(f"practices.go.{step.value}"),
        note=ask.say(f"practices.means.{step.value}", unit=unit), folded=step is Step.WITHDRAW,
        kind="danger" if step is Step.WITHDRAW else "main",
    )  # fmt: skip
