"""Requests of two people: what waits for one's decision, what one has asked, and the break-glass."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.people import operations, queries, rights
from muster.people.operations import ApprovalRequest, Decision
from muster.people.queries import Approval
from muster.people.words import ApprovalKind
from muster.processing.queries import pair_of_approval
from muster.ui.parts import Badge, Cell, Column, Error, Field, Row, Table
from muster.units.queries import by_code
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day

DECIDED: dict[str, str] = {"granted": "good", "refused": "bad", "": "warn"}


@require_GET
def index(request: Visit) -> HttpResponse:
    """Show what waits for one's decision, and what one has asked for."""
    return _index(request)


def _index(request: Visit, error: Error | None = None) -> HttpResponse:
    grants = request.officer_grants
    waiting = queries.inbox(grants, request.at) if grants else []
    glass = grants is not None and rights.may_anywhere(grants, "break_glass.ask", Purpose.BREAK_GLASS)
    say = words.saying(request)
    values = {
        "waiting": _waiting(request, waiting),
        "asked": _asked(request),
        "glass": glass,
        "unit": Field("unit", say("people.unit_code"), hint=say("people.unit_code_hint"), required=True),
        "reason": Field(
            "reason", say("people.reason"), kind="area", hint=say("people.glass.reason_hint"), required=True
        ),
        "minutes": int(rights.TERMS[ApprovalKind.BREAK_GLASS].to_use.total_seconds() // 60),
        "error": error,
    }
    return render(request, "people/approvals.html", values, status=422 if error else 200)


def _waiting(request: Visit, rows: list[Approval]) -> Table:
    say = words.saying(request)
    columns = [
        Column("act", say("people.approvals.act")),
        Column("by", say("people.approvals.asked_by")),
        Column("unit", say("people.unit")),
        Column("at", say("people.approvals.asked_at")),
        Column("until", say("people.approvals.decide_by")),
    ]
    units = words.units(request, (row.unit for row in rows))
    told: list[Row] = [
        {
            "act": Cell(words.act(say, row.kind), href=reverse("accounts:approval", args=[row.id])),
            "by": row.asked_by.full_name,
            "unit": units[row.unit_id],
            "at": formats.moment(row.asked_at),
            "until": formats.moment(row.expires_at),
        }
        for row in rows
    ]
    return Table(say("people.approvals.waiting"), columns, told, say("people.approvals.none_waiting"))


def _asked(request: Visit) -> Table:
    say = words.saying(request)
    columns = [
        Column("act", say("people.approvals.act")),
        Column("unit", say("people.unit")),
        Column("at", say("people.approvals.asked_at")),
        Column("state", say("people.state")),
    ]
    own = queries.requests_of(request.user.id)
    units = words.units(request, (row.unit for row in own))
    rows: list[Row] = [
        {
            "act": Cell(words.act(say, row.kind), note=row.reason),
            "unit": units[row.unit_id],
            "at": formats.moment(row.asked_at),
            "state": _state(say, row, request),
        }
        for row in own
    ]
    return Table(say("people.approvals.asked"), columns, rows, say("people.approvals.none_asked"))


def _state(say: words.Say, row: Approval, request: Visit) -> Cell:
    if row.used_at:
        return Cell("", badge=Badge(say("people.approvals.used"), "plain"))
    if row.decision != "refused" and row.expires_at <= request.at:
        return Cell("", badge=Badge(say("people.approvals.expired"), "plain"))
    if row.decision == "granted":
        note = say("people.approvals.until", moment=formats.moment(row.expires_at))
        return Cell("", badge=Badge(say("people.approvals.granted"), "good"), note=note)
    if row.decision == "refused":
        return Cell("", badge=Badge(say("people.approvals.refused"), "bad"), note=row.note)
    return Cell("", badge=Badge(say("people.approvals.open"), "warn"))


@require_POST
def ask_glass(request: Visit) -> HttpResponse:
    """Ask to look where one has no right, in an emergency."""
    try:
        unit = by_code(request.POST.get("unit", "").strip(), campaign_day(request))
        row = ApprovalRequest(
            new_id(), ApprovalKind.BREAK_GLASS, "unit", unit.thing, unit.id, request.POST.get("reason", "")
        )
        operations.request_approvals(requests=[row], by=acting(request, Purpose.BREAK_GLASS), at=request.at).whole()
    except rights.NotAllowed:
        raise
    except Refusal as refusal:
        return _index(request, words.error(request, refusal))
    return HttpResponseRedirect(reverse("accounts:approvals"))


@require_http_methods(["GET", "POST"])
def show(request: Visit, approval: UUID) -> HttpResponse:
    """Show one request to who may decide it, and take the decision."""
    row = _to_decide(request, approval)
    error = None
    if request.method == "POST":
        try:
            _decide(request, row)
        except Refusal as refusal:
            error = words.error(request, refusal)
        else:
            return HttpResponseRedirect(reverse("accounts:approvals"))
    say = words.saying(request)
    values = {
        "act": words.act(say, row.kind),
        "means": say(f"people.act.{row.kind}_means"),
        "pairs": [
            (say("people.approvals.asked_by"), f"{row.asked_by.full_name} ({row.asked_by.username})"),
            (say("people.unit"), words.unit(request, row.unit)),
            (say("people.approvals.asked_at"), formats.moment(row.asked_at)),
            (say("people.approvals.decide_by"), formats.moment(row.expires_at)),
            (say("people.approvals.subject"), f"{row.subject_kind} {row.subject}"),
            (say("people.reason"), row.reason),
        ],
        "record": _record(row),
        "note": Field("note", say("people.approvals.note"), request.POST.get("note", ""), kind="area", error=error),
        "faults": [("note", error)] if error else [],
    }
    return render(request, "people/approval.html", values, status=422 if error else 200)


def _record(row: Approval) -> str:
    """Return where one sees what is asked about; nothing where there is no page of it."""
    if row.subject_kind == "person":
        return reverse("register:person", args=[row.subject])
    pair = pair_of_approval(row.id) if row.kind == ApprovalKind.MERGE else None
    return reverse("checking:pair", args=[pair.id]) if pair else ""


def _to_decide(request: Visit, approval: UUID) -> Approval:
    """Return a request that one may decide; of any other nothing is told."""
    waiting = queries.inbox(request.officer_grants, request.at) if request.officer_grants else []
    row = next((one for one in waiting if one.id == approval), None)
    if row is None:
        raise Http404
    return row


def _decide(request: Visit, row: Approval) -> None:
    purpose = _purpose(request, row)
    answer = Decision(row.id, granted=request.POST.get("answer") == "grant", note=request.POST.get("note", ""))
    operations.decide_approvals(decisions=[answer], by=acting(request, purpose), at=request.at).whole()


def _purpose(request: Visit, row: Approval) -> Purpose:
    """Return the purpose for which one may decide a request."""
    grants = request.officer_grants
    found = rights.purposes(grants, f"{row.kind}.decide", row.unit.ancestors) if grants else frozenset()
    return min(found, default=Purpose.COMMAND)
