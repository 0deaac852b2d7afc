"""The technical team: who is on duty where and when, which spares wait; put on duty, keep a spare, give one back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from muster.incidents import operations, queries
from muster.incidents.queries import SpareLine, TurnLine
from muster.incidents.rows import SpareRow, TurnRow
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import ZONE
from muster.people import queries as people
from muster.people.words import Role
from muster.plan import queries as plan
from muster.ui.parts import Badge, Cell, Column, Row, Table
from muster.units.queries import Unit
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.accounts.words import Say, saying
from muster.web.incidents import frame
from muster.web.plan import where
from muster.web.plan.asking import Asked, Fault, Form, answer, done

TEAM, SPARE = "incident.team", "incident.spare"
FIELDS = {"not_a_turn": "until", "no_spare": "kit", "unknown_officer": "officer"}
AHEAD = timedelta(days=7)


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the team and the spares of a unit; change them when asked to."""
    unit, at = frame.unit_asked(request), campaign_time(request)

    def put(asked: Asked) -> str:
        first, last = (datetime.combine(asked.day("on"), asked.time(one), ZONE) for one in ("from", "until"))
        last += timedelta(days=1) if last <= first else timedelta()
        row = TurnRow(
            id=asked.id("id"), officer=asked.id("officer"), unit=unit.id, place=asked.text("place"), starts_at=first,
            ends_at=last,
        )  # fmt: skip
        grants, by = request.officer_grants, acting(request, Purpose.COMMAND)
        done(operations.put_on_duty(turns=[row], grants=grants, by=by, at=at, real=request.at))
        return frame.address("team", unit)

    def keep(asked: Asked) -> str:
        row = SpareRow(id=asked.id("id"), kit=asked.id("kit"), unit=unit.id, place=asked.text("place"))
        grants = request.officer_grants
        done(operations.keep_spares(spares=[row], grants=grants, by=acting(request, Purpose.COMMAND), at=at))
        return frame.address("team", unit)

    def give(asked: Asked) -> str:
        grants, by = request.officer_grants, acting(request, Purpose.COMMAND)
        done(operations.release_spares(spares=[asked.id("spare")], grants=grants, by=by, at=at))
        return frame.address("team", unit)

    went, fault = answer(request, {"put": put, "keep": keep, "give": give}, FIELDS)
    if went:
        return went
    say, spares = saying(request), queries.spares(unit.id)
    values = frame.around(request, "team", unit) | {
        "tables_of": [_turns(say, queries.turns(unit.ancestors, at, at + AHEAD), at), _spares(say, spares)],
        "forms_of": _forms(request, unit, spares, fault),
    }
    return frame.shown(request, values, fault)


def _turns(say: Say, found: list[TurnLine], at: datetime) -> Table:
    columns = [Column(one, say(f"incidents.turn.{one}")) for one in ("who", "place", "hours", "unit")]
    rows: list[Row] = [
        {
            "who": Cell(one.name, badge=Badge(say("incidents.turn.now"), "good") if one.starts_at <= at else None),
            "place": one.place,
            "hours": f"{formats.moment(one.starts_at)} – {formats.moment(one.ends_at)}",
            "unit": one.unit_name,
        }
        for one in found
    ]
    return Table(say("incidents.turn.title", count=len(found)), columns, rows, say("incidents.turn.none"))


def _spares(say: Say, found: list[SpareLine]) -> Table:
    columns = [Column(one, say(f"incidents.pool.{one}")) for one in ("kit", "state", "place")]
    rows: list[Row] = [
        {
            "kit": Cell(one.code, href=where.of_thing("kit", one.kit)),
            "state": say(f"plan.kit_state.{one.state}"),
            "place": one.place,
        }
        for one in found
    ]
    return Table(say("incidents.pool.title", count=len(found)), columns, rows, say("incidents.pool.none"))


def _forms(request: Visit, unit: Unit, spares: list[SpareLine], fault: Fault | None) -> list[Form]:
    forms, at = [], campaign_time(request)
    put, keep, give = (Asked(request, one, fault) for one in ("put", "keep", "give"))
    if where.allowed(request, TEAM, unit):
        who = [(str(id_), name) for name, id_ in _technicians(unit, request.at)]
        fields = [
            put.field("officer", put.say("incidents.turn.who"), kind="select", options=who),
            put.field("place", put.say("incidents.turn.place"), required=True),
            put.field("on", put.say("plan.day"), formats.day(campaign_day(request)), inputmode="numeric"),
            put.field("from", put.say("incidents.turn.from"), "18:00"),
            put.field("until", put.say("plan.until"), "23:00", hint=put.say("incidents.turn.night")),
        ]
        forms.append(put.form(put.say("incidents.turn.put"), fields, put.say("incidents.turn.put"), folded=True))
    if where.allowed(request, SPARE, unit):
        free = [one for one in plan.kits(unit.id, at) if one.plannable]
        options = [(str(one.id), f"{one.code}, {one.unit_name}") for one in free]
        fields = [
            keep.field("kit", keep.say("plan.kit"), kind="select", options=options),
            keep.field("place", keep.say("incidents.pool.place"), required=True),
        ]
        forms.append(keep.form(keep.say("incidents.pool.keep"), fields, keep.say("incidents.pool.keep"), folded=True))
        if spares:
            held = [(str(one.id), f"{one.code}, {one.place}") for one in spares]
            field = give.field("spare", give.say("plan.kit"), held[0][0], kind="select", options=held)
            forms.append(
                give.form(give.say("incidents.pool.give"), [field], give.say("incidents.pool.give"), folded=True)
            )
    return forms


def _technicians(unit: Unit, real: datetime) -> list[tuple[str, UUID]]:
    """Return the technicians of a unit, of those above it and of those below it, by name."""
    held, near = people.by_ids(people.holders(Role.TECHNICIAN, real)), set(unit.ancestors)
    return sorted(
        (one.full_name, id_) for id_, one in held.items() if one.unit_id in near or unit.id in one.unit.ancestors
    )
