"""The tree of targets: who holds which part, who answers for it, and whether the parts make up the whole."""

from collections.abc import Sequence
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
from muster.plan.queries import OrderLine, TargetLine
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
            _set(request, order)
        except Refusal as refusal:
            error = words.error(request, refusal)
        else:
            return HttpResponseRedirect(where.address("targets", unit, order=order.id))
    values = where.frame(request, "targets", unit) | _values(request, unit, order, orders, error)
    return render(request, "plan/targets.html", values, status=422 if error else 200)


def _set(request: Visit, order: OrderLine) -> None:
    """Set the target that was typed.

    :raises Refusal: it cannot be read, or is refused
    """
    told = request.POST
    held = queries.target_states([UUID(told["target"])]) if told.get("target") else {}
    before = next(iter(held.values()), None)
    holder = units.by_number(told.get("holder", ""))
    row = TargetRow(
        id=before.id if before else new_id(),
        order=order.id,
        parent=before.parent if before else (UUID(told["parent"]) if told.get("parent") else None),
        unit=before.unit if before else (holder.id if holder else None),
        crew=before.crew if before else None,
        officer=before.officer if before else None,
        owner=_owner(told.get("owner", "")),
        base=_count(told.get("base", "")),
        quantity=_count(told.get("quantity", "")),
        deadline=PartialDate.parse(told.get("deadline", "")).latest,
        version=int(told["version"]) if told.get("version", "").isdecimal() else None,
    )
    by, at = acting(request, Purpose.COMMAND), campaign_time(request)
    for refused in operations.set_targets(targets=[row], by=by, at=at).refused:
        raise refused.refusal


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
        "form": _form(request, order, lines, chosen) if where.allowed(request, ORDER, unit) else None,
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
    rows: list[Row] = [
        {
            "holder": Cell(
                "› " * line.depth + (line.unit_name or line.crew_name or line.officer_name),
                href=where.address("targets", unit, order=order.id, target=line.state.id) if may_set else "",
            ),
            "owner": line.owner_name,
            "base": formats.count(line.state.base, language),
            "quantity": formats.count(line.state.quantity, language),
            "parts": formats.count(line.parts_sum, language) if line.parts else formats.NOTHING,
            "check": _check(request, line),
            "deadline": formats.day(line.state.deadline),
        }
        for line in lines
    ]
    return Table(say("plan.targets_of"), columns, rows, say("plan.no_targets"))


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
    request: Visit, order: OrderLine, lines: Sequence[TargetLine], chosen: TargetLine | None
) -> dict[str, object]:
    say, typed = words.saying(request), request.POST
    state = chosen.state if chosen else None
    owner = people.officer(state.owner) if state else None
    held_by = owner.username if owner else ""
    name = (chosen.unit_name or chosen.crew_name or chosen.officer_name) if chosen else ""
    parents = [("", say("plan.none_above"))] + [
        (str(line.state.id), line.unit_name or line.crew_name or line.officer_name) for line in lines
    ]
    below = {unit.id: str(unit) for unit in units.children(_top(order, lines), campaign_day(request))}
    holders = [(str(number), called) for number, called in below.items()]
    new = [
        Field("holder", say("plan.holder"), typed.get("holder", ""), kind="select", options=holders),
        Field("parent", say("plan.part_of"), typed.get("parent", ""), kind="select", options=parents),
    ]
    fields = [
        Field("owner", say("plan.owner_username"), typed.get("owner") or held_by, required=True),
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
