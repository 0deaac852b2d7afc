"""Move a household whole: everybody who lives in it, under the same head, to another permanent residence."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from muster.register import operations
from muster.register.operations import HouseholdMove
from muster.register.operations.changes import DayCannotBe
from muster.register.operations.moving import MovedLater
from muster.register.queries import PersonPage, states
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.accounts.words import saying
from muster.web.register import changing, moving, purpose, search, words
from muster.web.register.changing import Asked, AtField, Wrong, typed
from muster.web.register.correcting import changeable
from muster.web.register.purpose import Reader

READ = "read."  # and the id of a member: at which version


@require_http_methods(["GET", "POST"])
def move(request: Visit, person: UUID) -> HttpResponse:
    """Ask where a person's household moves, when and on which paper; take it."""
    who = purpose.reader(request)
    if changeable(who, person) is None:
        return search.nobody(request, who)
    if request.method == "GET":
        return changing.form(request, who, person, _asked)
    try:
        _move(request, who, person)
    except AtField as fault:
        return changing.form(request, who, person, _asked, fault)
    return HttpResponseRedirect(moving.after(who, person))


def _move(request: Visit, who: Reader, person: UUID) -> None:
    row = HouseholdMove(
        household=states([person])[person].household,
        unit=moving.unit(request),
        since=moving.since(request),
        address=typed(request, "address"),
        paper=changing.paper(request),
        versions=_read(request),
    )
    result = operations.move_households(moves=[row], grants=who.grants, by=who.by, at=campaign_time(request))
    changing.require(result, {DayCannotBe: "since", MovedLater: "since"})


def _read(request: Visit) -> dict[UUID, int]:
    """Return who was shown to live in the household, each at the version that was read."""
    try:
        return {
            UUID(name.removeprefix(READ)): int(typed(request, name)) for name in request.POST if name.startswith(READ)
        }
    except ValueError:
        return {}  # fits no household


def _asked(request: Visit, page: PersonPage, wrong: Wrong) -> Asked:
    say = saying(request)
    read = states([one.person for one in page.members])
    told = [f"{one.name} · {words.told(say, 'relation', one.relation)}" for one in page.members]
    return Asked(
        "household",
        [
            changing.text(request, wrong, "unit", "register.move.unit", "register.household.unit_hint"),
            changing.text(request, wrong, "address", "register.field.address", "register.move.address", required=False),
            changing.text(request, wrong, "since", "register.move.since", "register.move.since_hint"),
            changing.text(request, wrong, "paper", "register.correct.paper", "register.move.paper_hint"),
        ],
        {f"{READ}{person}": str(state.version) for person, state in read.items()},
        told=told,
    )
