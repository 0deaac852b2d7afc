"""Cancel a number by two and establish another: one checker asks, another grants, the first carries it out."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.law.numbers import WrongPart
from muster.people import operations as people
from muster.people import rights
from muster.people.operations import ApprovalRequest
from muster.people.words import ApprovalKind
from muster.register import operations
from muster.register.facts import wrong_parts
from muster.register.operations import NumberReplacement
from muster.register.queries import PersonPage, person_page
from muster.register.sensitive import KIND
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.register import person as pages
from muster.web.register import purpose
from muster.web.register.number import ASK
from muster.web.register.purpose import Reader


@require_POST
def change(request: Visit, person: UUID) -> HttpResponse:
    """Ask for the cancelling of a person's number, or carry out what has been granted.

    :raises NotAllowed: the officer may not ask for it, here and for this purpose
    """
    who, page = purpose.reader(request), person_page(person, allowed=frozenset())
    if page is None:
        raise Http404
    rights.require(who.grants, ASK, page.line.path, who.purpose)
    wrong = wrong_parts(page)
    if not wrong:
        raise Http404
    try:
        if request.POST.get("what") == "replace":
            _replace(request, who, person, next(iter(wrong)))
        else:
            _ask(request, who, page)
    except Refusal as refusal:
        return pages.show_again(request, who, person, refusal)
    return HttpResponseRedirect(reverse("register:person", args=[person]))


def _ask(request: Visit, who: Reader, page: PersonPage) -> None:
    row = ApprovalRequest(
        new_id(),
        ApprovalKind.CANCEL_NUMBER,
        KIND,
        page.line.id,
        page.line.unit,
        request.POST.get("reason", ""),
    )
    people.request_approvals(requests=[row], by=who.by, at=request.at).whole()


def _replace(request: Visit, who: Reader, person: UUID, wrong: WrongPart) -> None:
    try:
        approval = UUID(request.POST.get("approval", ""))
    except ValueError:
        raise Http404 from None
    result = operations.replace_numbers(
        requests=[NumberReplacement(person=person, wrong=wrong, approval=approval)],
        by=who.by,
        at=campaign_time(request),
        real=request.at,
    )
    result.whole()
