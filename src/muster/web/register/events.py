"""Record what else happens in a life: a marriage, a divorce, a bereavement, somebody missing or found again."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel.errors import Refusal
from muster.law.duty import LifeStatus
from muster.register import operations
from muster.register.operations import LifeChange
from muster.register.operations.changes import DayCannotBe
from muster.register.queries import PersonPage
from muster.register.words import LifeEventKind
from muster.ui.parts import Field
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.accounts.words import saying
from muster.web.register import changing, purpose, search, words
from muster.web.register.changing import Asked, AtField, Wrong, typed
from muster.web.register.correcting import changeable
from muster.web.register.purpose import Reader

LIFE = (LifeEventKind.WENT_MISSING, LifeEventKind.FOUND)
CIVIL = (LifeEventKind.MARRIED, LifeEventKind.DIVORCED, LifeEventKind.WIDOWED)


class EventUnchosen(Refusal):
    """The form says what has happened."""

    code = "event_unchosen"
    vi = "Hãy chọn việc đã xảy ra."
    en = "Choose what has happened."


@require_http_methods(["GET", "POST"])
def record(request: Visit, person: UUID) -> HttpResponse:
    """Ask what has happened, on which day and paper, and take it."""
    who = purpose.reader(request)
    if changeable(who, person) is None:
        return search.nobody(request, who)
    if request.method == "GET":
        return changing.form(request, who, person, _asked)
    try:
        _record(request, who, person)
    except AtField as fault:
        return changing.form(request, who, person, _asked, fault)
    return HttpResponseRedirect(reverse("register:person", args=[person]))


def _record(request: Visit, who: Reader, person: UUID) -> None:
    kind = next((one for one in (*CIVIL, *LIFE) if one == typed(request, "kind")), None)
    if kind is None:
        raise AtField("kind", EventUnchosen())
    on, paper = changing.day(request, "on"), changing.paper(request)
    row = LifeChange(person=person, kind=kind, on=on, paper=paper, version=changing.version(request))
    result = operations.record_life_events(events=[row], grants=who.grants, by=who.by, at=campaign_time(request))
    changing.require(result, {DayCannotBe: "on"})


def _asked(request: Visit, page: PersonPage, wrong: Wrong) -> Asked:
    say = saying(request)
    kinds = [LifeEventKind.FOUND] if page.line.life is LifeStatus.MISSING else [*CIVIL, LifeEventKind.WENT_MISSING]
    told = [(one.value, words.told(say, "event", one)) for one in kinds]
    chosen = typed(request, "kind") or (told[0][0] if len(told) == 1 else "")
    kind = Field(
        "kind",
        say("register.happened.kind"),
        chosen,
        kind="choices",
        options=told,
        error=wrong.get("kind"),
        required=True,
    )
    fields = [
        kind,
        changing.text(request, wrong, "on", "register.happened.on", "register.birth_hint"),
        changing.text(request, wrong, "paper", "register.correct.paper", "register.happened.paper_hint"),
    ]
    return Asked("happened", fields)
