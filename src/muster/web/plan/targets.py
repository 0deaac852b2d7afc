"""The tree of targets: who holds which part, who answers for it, and whether the parts make up the whole."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.people import queries as people
from muster.plan import operations, queries
from muster.plan.queries import InCharge, OrderLine, TargetLine
from muster.plan.rows import TargetRow
from muster.ui.parts import Badge, Cell, Column, Error, Field, Row, Table
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import where
from muster.web.plan.asking import NotACount

ORDER = "plan.order"
CREW = "crew"  # how a crew stands among the holders
DEEP = 2


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the targets of an order; set one when asked to."""
    unit = where.unit_asked(request)
    orders = queries.orders_for(unit.id, unit.ancestors)
    asked = request.GET.get("order") or request.POST.get("order") or ""
    order = next((one for one in orders if str(one.id) == asked), orders[0] if orders else None)
    error: Error | None = None
    if request.method == "POST" and order:
        where.require(request, ORDER, unit)
        try:
            _set(request, order, unit)
        except Refusal as refusal:
            error = words.error(request, refusal)
        else:
            return HttpResponseRedirect(where.address("targets", unit, order=order.id))
    values = where.frame(request, "targets", unit) | _values(request, unit, order, orders, error)
    return render(request, "plan/targets.html", values, status=422 if error else 200)


def _set(request: Visit, order: OrderLine, unit: Unit) -> None:
    """Set the target that was typed.

    :raises Refusal: it cannot be read, or is refused
    """
    told = request.POST
    held = queries.target_states([UUID(told["target"])]) if told.get("target") else {}
    before = next(iter(held.values()), None)
    at_unit, crew, officer = before.holder if before else _holder(told.get("holder", ""), told.get("officer", ""))
    within = before.within if before else at_unit or (unit.id if crew else None)
    row = TargetRow(
        id=before.id if before else new_id(),
        order=order.id,
        parent=before.parent if before else (UUID(told["parent"]) if told.get("parent") else None),
        unit=at_unit,
        crew=crew,
        officer=officer,
        owner=_owner(told.get("owner", "")) if told.get("owner", "").strip() else _head(request, within, officer),
        base=_count(told.get("base", "")),
        quantity=_count(told.get("quantity", "")),
        deadline=PartialDate.parse(told.get("deadline", "")).latest,
        version=int(told["version"]) if told.get("version", "").isdecimal() else None,
    )
    by, at = acting(request, Purpose.COMMAND), campaign_time(request)
    for refused in operations.set_targets(targets=[row], by=by, at=at).refused:
        raise refused.refusal


def _holder(chosen: str, username: str) -> tuple[int | None, UUID | None, UUID | None]:
    """Return who is to hold a new target: an officer where one is typed, else the unit or crew that was chosen."""
    if username.strip():
        return None, None, _owner(username)
    kind, _, crew = chosen.partition(":")
    if kind == CREW:
        return None, UUID(crew), None
    unit = units.by_number(chosen)
    return unit.id if unit else None, None, None


def _head(request: Visit, unit: int | None, officer: UUID | None) -> UUID:
    """Return who answers for a target where nobody is typed: the officer who holds it, or who commands the unit."""
    held = queries.in_charge([unit], campaign_day(request)).get(unit) if unit else None
    return officer or (held.officer if held else None) or new_id()  # nobody has it: the operation says so


def _owner(username: str) -> UUID:
    officer = people.by_username(username)
    return officer.id if officer else new_id()  # nobody has it: the operation says so


def _count(typed: str) -> int:
    plain = typed.strip().replace(".", "").replace(",", "").replace(" ", "")
    if not plain.isdecimal():
        raise NotACount(typed=typed[:20])
    return int(plain)


def _values(
    request: Visit, unit: Unit, order: OrderLine | None, orders: Sequence[OrderLine], error: Error | None
) -> dict[str, object]:
    say, language = words.saying(request), language_of(request)
    if order is None:
        return {"order": None}
    within = [] if order.unit == unit.id or order.unit not in unit.ancestors else [unit.id]
    lines = queries.targets(order.id, within=within, depth=DEEP)
    told = say(
        "plan.order_told", number=order.number, aim=say(f"plan.aim.{order.aim}"), day=formats.day(order.deadline)
    )
    chosen = next((one for one in lines if str(one.state.id) == request.GET.get("target", "")), None)
    return {
        "order": order.id,
        "order_told": told,
        "orders": [(str(one.id), one.number) for one in orders],
        "table": _table(request, unit, order, lines),
        "form": _form(request, unit, order, lines, chosen) if where.allowed(request, ORDER, unit) else None,
        "error": error,
        "language": language,
    }


def _table(request: Visit, unit: Unit, order: OrderLine, lines: Sequence[TargetLine]) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [
        Column("holder", say("plan.holder")),
        Column("owner", say("plan.owner")),
        Column("base", say("plan.base"), numeric=True),
        Column("quantity", say("plan.quantity"), numeric=True),
        Column("parts", say("plan.parts_sum"), numeric=True),
        Column("check", say("plan.sum_check")),
        Column("deadline", say("plan.deadline")),
    ]
    may_set = where.allowed(request, ORDER, unit)
    held = queries.in_charge([line.state.unit for line in lines if line.state.unit], campaign_day(request))
    rows: list[Row] = [
        {
            "holder": Cell(
                "› " * line.depth + (line.unit_name or line.crew_name or line.officer_name),
                href=where.address("targets", unit, order=order.id, target=line.state.id) if may_set else "",
            ),
            "owner": Cell(line.owner_name, note=_not_in_charge(request, line, held)),
            "base": formats.count(line.state.base, language),
            "quantity": formats.count(line.state.quantity, language),
            "parts": formats.count(line.parts_sum, language) if line.parts else formats.NOTHING,
            "check": _check(request, line),
            "deadline": formats.day(line.state.deadline),
        }
        for line in lines
    ]
    return Table(say("plan.targets_of"), columns, rows, say("plan.no_targets"))


def _not_in_charge(request: Visit, line: TargetLine, held: Mapping[int, InCharge]) -> str:
    """Return who commands a unit, where somebody else answers for its target."""
    told = held.get(line.state.unit) if line.state.unit else None
    if told is None or told.officer in {None, line.state.owner}:
        return ""
    return words.saying(request)("command.told", name=told.name)


def _check(request: Visit, line: TargetLine) -> Cell:
    """Return whether the parts make up the whole: nothing is cut, what is missing or over is said."""
    say, language = words.saying(request), language_of(request)
    if not line.parts:
        return Cell(formats.NOTHING)
    if line.missing == 0:
        return Cell("", badge=Badge(say("plan.sum_right"), "good"))
    word = "plan.sum_missing" if line.missing > 0 else "plan.sum_over"
    return Cell("", badge=Badge(say(word, count=formats.count(abs(line.missing), language)), "warn"))


def _form(
    request: Visit, unit: Unit, order: OrderLine, lines: Sequence[TargetLine], chosen: TargetLine | None
) -> dict[str, object]:
    say, typed = words.saying(request), request.POST
    state = chosen.state if chosen else None
    owner = people.officer(state.owner) if state else None
    held_by = owner.username if owner else ""
    name = (chosen.unit_name or chosen.crew_name or chosen.officer_name) if chosen else ""
    parents = [("", say("plan.none_above"))] + [
        (str(line.state.id), line.unit_name or line.crew_name or line.officer_name) for line in lines
    ]
    day = campaign_day(request)
    holders = [(str(one.id), str(one)) for one in units.children(_top(order, lines), day)]
    holders += [(f"{CREW}:{one.id}", one.name) for one in queries.crews(unit.id, day) if one.unit == unit.id]
    new = [
        Field("holder", say("plan.holder"), typed.get("holder", ""), kind="select", options=holders),
        Field("officer", say("plan.holder_officer"), typed.get("officer", ""), hint=say("plan.holder_officer_hint")),
        Field("parent", say("plan.part_of"), typed.get("parent", ""), kind="select", options=parents),
    ]
    fields = [
        Field("owner", say("plan.owner_username"), typed.get("owner") or held_by, hint=say("plan.owner_hint")),
        Field("base", say("plan.base"), typed.get("base") or (str(state.base) if state else ""), inputmode="numeric"),
        Field(
            "quantity", say("plan.quantity"), typed.get("quantity") or (str(state.quantity) if state else ""),
            inputmode="numeric", required=True,
        ),
        Field(
            "deadline", say("plan.deadline"),
            typed.get("deadline") or formats.day(state.deadline if state else order.deadline), inputmode="numeric",
        ),
    ]  # fmt: skip
    return {
        "title": say("plan.change_target", holder=name) if chosen else say("plan.set_target"),
        "target": str(state.id) if state else "",
        "version": str(state.version) if state else "",
        "fields": fields if chosen else [*new, *fields],
    }


def _top(order: OrderLine, lines: Sequence[TargetLine]) -> int:
    return lines[0].state.within if lines else order.unit
