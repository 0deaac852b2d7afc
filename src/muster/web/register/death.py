"""Record a death; of a head of household, after another head has been named."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.register import operations
from muster.register.operations import LifeChange
from muster.register.operations.changes import DayCannotBe, DiedAnotherDay
from muster.register.queries import PersonPage
from muster.register.words import LifeEventKind
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.register import changing, heads, purpose, search
from muster.web.register.changing import Asked, AtField, Wrong
from muster.web.register.correcting import changeable
from muster.web.register.purpose import Reader


@require_http_methods(["GET", "POST"])
def record(request: Visit, person: UUID) -> HttpResponse:
    """Ask for the day and the paper of a death, or for another head before it; take either."""
    who = purpose.reader(request)
    if changeable(who, person) is None:
        return search.nobody(request, who)
    if request.method == "GET":
        return changing.form(request, who, person, _asked)
    try:
        if "head" in request.POST:
            heads.take(request, who)
            return HttpResponseRedirect(reverse("register:death", args=[person]))
        _record(request, who, person)
    except AtField as fault:
        return changing.form(request, who, person, _asked, fault)
    return HttpResponseRedirect(reverse("register:person", args=[person]))


def _record(request: Visit, who: Reader, person: UUID) -> None:
    paper, on = changing.paper(request), changing.day(request, "on")
    row = LifeChange(person=person, kind=LifeEventKind.DIED, on=on, paper=paper, version=changing.version(request))
    result = operations.record_life_events(events=[row], grants=who.grants, by=who.by, at=campaign_time(request))
    changing.require(result, {DayCannotBe: "on", DiedAnotherDay: "on"})


def _asked(request: Visit, page: PersonPage, wrong: Wrong) -> Asked:
    if heads.must_change(page):
        return heads.before(request, page, wrong)
    fields = [
        changing.text(request, wrong, "on", "register.death.on", "register.birth_hint"),
        changing.text(request, wrong, "paper", "register.death.paper"),
    ]
    return Asked("death", fields, danger=True)
