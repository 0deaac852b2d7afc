"""Take a list away: on paper (A4, ready to sign) or as a workbook; a long one by two people."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.ids import new_id
from muster.people import queries as people_queries
from muster.people.operations import ApprovalRequest, request_approvals
from muster.people.operations.approvals import NeedsSecondPerson
from muster.people.queries import Approval
from muster.people.words import ApprovalKind
from muster.survey.operations import ALONE, How, OpenedList, open_list
from muster.ui.parts import Error, Field
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web import files
from muster.web.accounts import words as people
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.survey import lists, where, words
from muster.web.survey.sheets import HamletTold, workbook


@require_GET
def on_paper(request: Visit, campaign: UUID, unit: int) -> HttpResponse:
    """Show the whole list as it is printed: a header, hamlet by hamlet, a line to sign."""
    place = where.unit_of(unit)
    try:
        found = _taken(request, campaign, place, How.PRINT)
    except NeedsSecondPerson as refusal:
        return _asking(request, campaign, place, "survey:print", people.error(request, refusal))
    return render(request, "survey/print.html", _head(request, found) | {"hamlets": _hamlets(request, found)})


@require_GET
def in_a_workbook(request: Visit, campaign: UUID, unit: int) -> HttpResponse:
    """Give the whole list as a workbook, one sheet a hamlet."""
    place = where.unit_of(unit)
    try:
        found = _taken(request, campaign, place, How.EXPORT)
    except NeedsSecondPerson as refusal:
        return _asking(request, campaign, place, "survey:export", people.error(request, refusal))
    written = workbook(people.saying(request), _head(request, found), _hamlets(request, found))
    return files.attached(written, files.XLSX, f"survey-{place.code}.xlsx")


def _taken(request: Visit, campaign: UUID, unit: Unit, how: How) -> OpenedList:
    return open_list(
        campaign=campaign, unit=unit, asked=lists.asked_of(request), grants=lists.grants_of(request),
        by=acting(request, Purpose.SURVEY), at=campaign_time(request), how=how, real=request.at,
        approval=_uuid(request.GET.get("approval", "")),
    )  # fmt: skip


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _head(request: Visit, found: OpenedList) -> dict[str, object]:
    say, on = people.saying(request), campaign_day(request)
    first, last = words.days(found.campaign)
    above = units.titles(found.unit.ancestors, on)
    officer = request.officer
    return {
        "authority": str(above[found.unit.ancestors[-2]]) if len(found.unit.ancestors) > 2 else "",  # noqa: PLR2004
        "unit": str(above[found.unit.id]),
        "campaign": found.campaign.name,
        "days": say("survey.days", first=first, last=last),
        "size": say("survey.size", size=formats.count(found.size, language_of(request))),
        "printed": say(
            "survey.printed", at=formats.moment(campaign_time(request)), officer=officer.full_name if officer else ""
        ),
        "columns": lists.columns(say, register=found.register),
    }  # fmt: skip


def _hamlets(request: Visit, found: OpenedList) -> list[HamletTold]:
    """Return the lines hamlet by hamlet, each numbered from 1."""
    titles = units.titles({line.unit for line in found.lines}, campaign_day(request))
    by_unit: dict[int, list[lists.LineTold]] = {line.unit: [] for line in found.lines}
    for line in found.lines:
        rows = by_unit[line.unit]
        rows.append(lists.told(request, found, line, len(rows) + 1))
    return [HamletTold(str(titles[unit]), rows) for unit, rows in by_unit.items()]


def _asking(request: Visit, campaign: UUID, unit: Unit, page: str, error: Error) -> HttpResponse:
    """Say that a second person is needed, and ask for one; a granted request leads on."""
    say, requests = people.saying(request), _requests(request, unit)
    usable = [one for one in requests if one.decision == "granted" and one.used_at is None]
    values = {
        "unit": str(unit),
        "error": error,
        "most": formats.count(ALONE, language_of(request)),
        "reason": Field("reason", say("survey.ask_reason"), kind="area", required=True),
        "ask": reverse("survey:ask", args=[campaign, unit.id]),
        "waiting": any(not one.decision for one in requests),
        "go": lists.way(page, request, campaign, unit.id, approval=str(usable[0].id)) if usable else "",
        "back": reverse("survey:list", args=[campaign, unit.id]),
        "here": request.get_full_path(),
    }
    return render(request, "survey/ask.html", values, status=403)


def _requests(request: Visit, unit: Unit) -> list[Approval]:
    """Return one's own requests to take this unit's list away that still run."""
    found = people_queries.requests_of(request.user.id)
    return [
        one
        for one in found
        if (one.kind, one.subject) == (ApprovalKind.BULK_EXPORT.value, unit.thing) and one.expires_at > request.at
    ]


@require_POST
def ask(request: Visit, campaign: UUID, unit: int) -> HttpResponse:
    """Ask a second person to allow that a list is taken away.

    :raises Refusal: as `request_approvals` says
    """
    place = where.unit_of(unit)
    row = ApprovalRequest(
        new_id(), ApprovalKind.BULK_EXPORT, "unit", place.thing, place.id, request.POST.get("reason", "")
    )
    result = request_approvals(requests=[row], by=acting(request, Purpose.SURVEY), at=request.at)
    for one in result.refused:
        raise one.refusal
    back = request.POST.get("next", "")
    page = back if back.startswith("/survey/") else reverse("survey:list", args=[campaign, unit])
    return HttpResponseRedirect(page)
