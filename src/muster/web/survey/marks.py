"""Mark one line of a list, in place: how somebody was reached, why somebody is hard to bring in."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from muster.kernel.actor import Purpose
from muster.kernel.errors import Refusal
from muster.people.rights import require
from muster.survey.operations import OpenedList, mark_contacts, mark_hard_cases, open_list
from muster.survey.queries import Filter
from muster.survey.rows import ContactMark, HardMark
from muster.survey.words import Contact, Hard
from muster.ui.parts import Error
from muster.units import queries as units
from muster.units.queries import Level
from muster.web.accounts import words as people
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time, safe_next
from muster.web.survey import lists, where, words


class NoSuchMark(Refusal):
    """The form names a contact state or a reason that there is not."""

    code = "no_such_mark"
    vi = "Không có mục “{mark}”."
    en = "There is no “{mark}”."


@require_POST
def mark(request: Visit, campaign: UUID, unit: int, case: UUID) -> HttpResponse:
    """Mark a case as the line's form says; return the line anew, or the list for a browser without our script."""
    place = where.unit_of(unit)
    grants = lists.grants_of(request)
    require(grants, lists.MARK, place.ancestors, Purpose.SURVEY)
    error = None
    try:
        _write(request, case)
    except Refusal as refusal:
        error = people.error(request, refusal)
    page = safe_next(request, request.POST.get("next", "")) or reverse("survey:list", args=[campaign, unit])
    if "HX-Request" not in request.headers and error is None:
        return HttpResponseRedirect(page)
    found = open_list(
        campaign=campaign, unit=place, asked=Filter(state=None), grants=grants, by=acting(request, Purpose.SURVEY),
        at=campaign_time(request), only=case, limit=1,
    )  # fmt: skip
    if not found.lines:
        raise Http404
    typed = request.POST.get("number", "")
    line = _line(request, found, int(typed) if typed.isdecimal() else 1, error)
    say = people.saying(request)
    values = {
        "line": line,
        "columns": lists.columns(say, register=found.register, hamlet=place.level != Level.HAMLET),
        "may_mark": True,
        "contacts": words.contacts(say),
        "hards": words.hards(say),
        "next": page,
        "saved": error is None,
    }
    return render(request, "survey/line.html", values, status=422 if error else 200)


def _line(request: Visit, found: OpenedList, number: int, error: Error | None) -> lists.LineTold:
    (line,) = found.lines
    title = units.titles([line.unit], campaign_day(request))[line.unit]
    return lists.told(request, found, line, number, error, hamlet=str(title))


def _write(request: Visit, case: UUID) -> None:
    """Write what the form says of the case; what stands there already is passed over.

    :raises Refusal: the first of the two marks that was refused
    """
    by, at = acting(request, Purpose.SURVEY), campaign_time(request)
    contact, hard = request.POST.get("contact"), request.POST.get("hard")
    if contact is not None:
        if contact not in {one.value for one in Contact}:
            raise NoSuchMark(mark=contact[:20])
        marked = mark_contacts(marks=[ContactMark(case=case, contact=Contact(contact))], by=by, at=at)
        marked.whole()
    if hard is not None:
        if hard and hard not in {one.value for one in Hard}:
            raise NoSuchMark(mark=hard[:20])
        mark_hard_cases(marks=[HardMark(case=case, hard=Hard(hard) if hard else None)], by=by, at=at).whole()
