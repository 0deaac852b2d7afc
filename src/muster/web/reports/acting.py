"""What is done on the page of a slot: sign, correct, certify, or say why not; one call each."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.kernel.actor import Actor, Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.errors import BatchResult, Refusal
from muster.people.rights import Grants, NotAllowed
from muster.reporting import operations
from muster.reporting.operations.refusals import BadTimetable, NotTheirFigure
from muster.reporting.rows import CorrectionRow, Signing, TimetableRow, VerdictRow
from muster.reporting.words import Cause, Figure
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.desk.form import Damaged
from muster.web.reports.pages import page

_APART = re.compile(r"[\s,;]+")
Act = Callable[[Visit, Grants, Actor], BatchResult[UUID]]


@require_POST
def sign(request: Visit) -> HttpResponse:
    """Sign the unit's report, with its note."""
    return _done(request, _sign)


@require_POST
def correct(request: Visit) -> HttpResponse:
    """Put a correction beside a figure."""
    return _done(request, _correct)


@require_POST
def certify(request: Visit) -> HttpResponse:
    """Certify the reports below."""
    return _done(request, _certify)


@require_POST
def dispute(request: Visit) -> HttpResponse:
    """Say why one report is not certified."""
    return _done(request, _dispute)


@require_POST
def set_times(request: Visit) -> HttpResponse:
    """Set from which day on the campaign reports at which hours."""
    return _done(request, _set_times)


def _done(request: Visit, act: Act) -> HttpResponse:
    """Do it once and lead back to the page; with what was refused, show it there.

    :raises NotAllowed: nobody is signed in
    """
    if request.officer_grants is None:
        raise NotAllowed(action="report.sign")
    try:
        result = act(request, request.officer_grants, acting(request, Purpose.COMMAND))
    except Refusal as refusal:
        return page(request, [refusal])
    if result.refused:
        return page(request, list({type(row.refusal): row.refusal for row in result.refused}.values()))
    return HttpResponseRedirect(_back(request))


def _back(request: Visit) -> str:
    kept = {name: request.POST[name] for name in ("unit", "slot") if name in request.POST}
    return f"{reverse('reports:show')}?{urlencode(kept)}"


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Damaged from None


def _sign(request: Visit, grants: Grants, by: Actor) -> BatchResult[UUID]:
    rows = [Signing(report=_id(request.POST.get("report", "")), note=request.POST.get("note", ""))]
    return operations.sign_reports(signings=rows, grants=grants, by=by, at=campaign_time(request))


def _correct(request: Visit, grants: Grants, by: Actor) -> BatchResult[UUID]:
    typed = request.POST.get("value", "").replace(".", "").replace(" ", "").strip()
    if not typed.isdecimal() or len(typed) > len("1000000000"):
        raise NotTheirFigure(value=typed[:20])
    try:
        row = CorrectionRow(
            report=_id(request.POST.get("report", "")), figure=Figure(request.POST.get("figure", "")),
            side=Side(request.POST.get("side", "")), band=AgeBand(int(request.POST.get("band", "3"))),
            value=int(typed), cause=Cause(request.POST.get("cause", "")), why=request.POST.get("why", ""),
        )  # fmt: skip
    except ValueError:
        raise Damaged from None
    return operations.correct_reports(corrections=[row], grants=grants, by=by, at=campaign_time(request))


def _set_times(request: Visit, grants: Grants, by: Actor) -> BatchResult[UUID]:
    try:
        times = tuple(time.fromisoformat(one) for one in _APART.split(request.POST.get("times", "").strip()) if one)
        terms = [timedelta(minutes=int(request.POST.get(name, ""))) for name in ("sign_within", "chase_every")]
    except (ValueError, OverflowError):
        raise BadTimetable from None
    since = PartialDate.parse(request.POST.get("since", ""))
    row = TimetableRow(
        campaign=_id(request.POST.get("campaign", "")), since=since.latest, times=times, sign_within=terms[0],
        chase_every=terms[1],
    )  # fmt: skip
    return operations.set_timetables(timetables=[row], grants=grants, by=by, at=campaign_time(request))


def _certify(request: Visit, grants: Grants, by: Actor) -> BatchResult[UUID]:
    rows = [VerdictRow(report=_id(typed), certified=True) for typed in request.POST.getlist("report")]
    return operations.judge_reports(verdicts=rows, grants=grants, by=by, at=campaign_time(request))


def _dispute(request: Visit, grants: Grants, by: Actor) -> BatchResult[UUID]:
    try:
        cause = Cause(request.POST.get("cause", ""))
    except ValueError:
        raise Damaged from None
    row = VerdictRow(
        report=_id(request.POST.get("report", "")), certified=False, cause=cause, why=request.POST.get("why", "")
    )
    return operations.judge_reports(verdicts=[row], grants=grants, by=by, at=campaign_time(request))
