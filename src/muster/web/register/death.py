"""Record a death; of a head of household, after another head has been named."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.register import operations
from muster.register.operations import HeadChange, LifeChange
from muster.register.operations.changes import NotAMember
from muster.register.operations.looking import NobodyFound
from muster.register.queries import PersonPage
from muster.register.words import LifeEventKind, Relation
from muster.ui.parts import Error, Field, Link
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.register import person as pages
from muster.web.register import purpose, search, words
from muster.web.register.correcting import PaperMissing, changeable
from muster.web.register.purpose import Reader


@require_http_methods(["GET", "POST"])
def record(request: Visit, person: UUID) -> HttpResponse:
    """Ask for the day and the paper of a death, or for another head before it; take either."""
    who = purpose.reader(request)
    if changeable(who, person) is None:
        return search.nobody(request, who)
    own = reverse("register:person", args=[person])
    if request.method == "GET":
        return _form(request, who, person)
    if "head" in request.POST:
        try:
            _change_head(request, who)
        except Refusal as refusal:
            return _form(request, who, person, {"head": error(request, refusal)})
        return HttpResponseRedirect(reverse("register:death", args=[person]))
    faults = _record(request, who, person)
    return _form(request, who, person, faults) if faults else HttpResponseRedirect(own)


def _change_head(request: Visit, who: Reader) -> None:
    try:
        household, head = (UUID(request.POST.get(name, "")) for name in ("household", "head"))
    except ValueError:
        raise NotAMember from None
    if changeable(who, head) is None:
        raise NotAMember
    result = operations.change_heads(
        changes=[HeadChange(household=household, head=head)], by=who.by, at=campaign_time(request)
    )
    if result.refused:
        raise result.refused[0].refusal


def _record(request: Visit, who: Reader, person: UUID) -> dict[str, Error]:
    """Record the death; return what is wrong with the form by field, if anything is."""
    typed, paper = request.POST.get("on", "").strip(), request.POST.get("paper", "").strip()
    if not paper:
        return {"paper": error(request, PaperMissing())}
    try:
        day = PartialDate.parse(typed)
        row = LifeChange(person=person, kind=LifeEventKind.DIED, on=day, paper=paper)
        result = operations.record_life_events(events=[row], by=who.by, at=campaign_time(request))
        if result.refused:
            raise result.refused[0].refusal
    except Refusal as refusal:
        return {"on": error(request, refusal)}
    return {}


def _form(request: Visit, who: Reader, person: UUID, faults: dict[str, Error] | None = None) -> HttpResponse:
    try:
        page = operations.open_person(person=person, grants=who.grants, by=who.by, at=campaign_time(request))
    except NobodyFound:
        return search.nobody(request, who)
    say, wrong, own = saying(request), faults or {}, reverse("register:person", args=[person])
    on, paper = (
        Field(
            name,
            say(f"register.death.{name}"),
            request.POST.get(name, ""),
            hint=say("register.birth_hint") if name == "on" else "",
            error=wrong.get(name),
            required=True,
        )
        for name in ("on", "paper")
    )
    values = {
        "subject": page.line.name,
        "born": words.birth(say, page.line.birth, campaign_day(request)),
        "number": page.line.number or say("register.no_number"),
        "trail": pages.trail(request, Link(own, page.line.name), Link("", say("register.death.title"), here=True)),
        "on": on,
        "paper": paper,
        "head": _head(say, page, wrong.get("head")),
        "household": page.household,
        "back": own,
        "faults": list(wrong.items()),
    }
    return render(request, "register/death.html", values, status=422 if wrong else 200)


def _head(say: Say, page: PersonPage, fault: Error | None) -> Field | None:
    """Return the question who heads the household from now on, where it must be answered first."""
    others = [one for one in page.members if one.person != page.line.id]
    if page.relation is not Relation.HEAD or not others:
        return None
    told = [(str(one.person), f"{one.name} · {words.partial(one.birth)}") for one in others]
    return Field("head", say("register.death.new_head"), told[0][0], kind="select", options=told, error=fault)
