"""Move a person's permanent residence: into a household that is there, or as the head of a new one."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.people import rights
from muster.register import operations
from muster.register.operations import PermanentMove
from muster.register.operations.changes import DayCannotBe
from muster.register.operations.looking import NobodyFound
from muster.register.operations.moving import MovedLater
from muster.register.queries import PersonPage, PersonState, lines, states
from muster.register.words import Relation
from muster.ui.parts import Field, Link
from muster.units.queries import ROOT
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import saying
from muster.web.register import changing, heads, purpose, search, words
from muster.web.register.changing import Asked, AtField, Wrong, typed
from muster.web.register.correcting import changeable
from muster.web.register.places import resolve
from muster.web.register.purpose import Reader


class DayNeeded(Refusal):
    """A residence begins on a day."""

    code = "day_needed"
    vi = "Cần đủ ngày, tháng, năm."
    en = "Give the whole date: day, month and year."


class PlaceNeeded(Refusal):
    """Somebody moves to a unit or into a household."""

    code = "place_needed"
    vi = "Cần nơi thường trú mới, hoặc số của một người trong hộ sẽ nhập vào."
    en = "Give the new residence, or the number of somebody in the household that is joined."


class HouseholdElsewhere(Refusal):
    """The household that is joined lives elsewhere."""

    code = "household_elsewhere"
    vi = "Hộ của người này không ở nơi đã nhập; hãy để trống nơi thường trú mới hoặc sửa lại."
    en = "The household does not live in the unit given; leave the unit empty, or correct it."


class OwnHousehold(Refusal):
    """One does not move into the household one lives in."""

    code = "own_household"
    vi = "Đây chính là hộ hiện nay của người này."
    en = "This is the household the person lives in."


@require_http_methods(["GET", "POST"])
def move(request: Visit, person: UUID) -> HttpResponse:
    """Ask where the person moves, when and on which paper, or for another head before; take either."""
    who = purpose.reader(request)
    if changeable(who, person) is None:
        return search.nobody(request, who)
    if request.method == "GET":
        return changing.form(request, who, person, _asked)
    try:
        if "head" in request.POST:
            heads.take(request, who)
            return HttpResponseRedirect(reverse("register:move", args=[person]))
        _move(request, who, person)
    except AtField as fault:
        return changing.form(request, who, person, _asked, fault)
    return HttpResponseRedirect(after(who, person))


def after(who: Reader, person: UUID) -> str:
    """Return the page that follows a move: the person's, or the search for who has moved out of one's area."""
    seen = rights.may(who.grants, purpose.LOOK_UP, lines([person])[0].path, who.purpose)
    return reverse("register:person", args=[person]) if seen else reverse("register:search")


def _move(request: Visit, who: Reader, person: UUID) -> None:
    joined = _joined(request, who)
    if joined and joined.household == states([person])[person].household:
        raise AtField("with", OwnHousehold())
    row = PermanentMove(
        person=person,
        unit=unit(request, joined),
        since=since(request),
        household=joined.household if joined else new_id(),
        relation=_relation(request) if joined else Relation.HEAD,
        address=typed(request, "address"),
        paper=changing.paper(request),
        version=changing.version(request),
    )
    result = operations.move(moves=[row], grants=who.grants, by=who.by, at=campaign_time(request))
    changing.require(result, {DayCannotBe: "since", MovedLater: "since"})


def _joined(request: Visit, who: Reader) -> PersonState | None:
    """Return the member of the household that is joined, looked up like anybody; none for a new household."""
    number = typed(request, "with")
    if not number:
        return None
    try:
        found = operations.look_up(text=number, grants=who.grants, by=who.by, at=campaign_time(request))
    except Refusal as refusal:
        raise AtField("with", refusal) from None
    if len(found) != 1:
        raise AtField("with", NobodyFound())
    return states([found[0].id])[found[0].id]


def unit(request: Visit, joined: PersonState | None = None) -> int:
    """Return the unit that was typed, or where the household lives that is joined.

    :raises AtField: it is none, or another one
    """
    told = typed(request, "unit")
    try:
        found = resolve(told, campaign_day(request), [ROOT]) if told else None
    except Refusal as refusal:
        raise AtField("unit", refusal) from None
    if joined and found not in {None, joined.unit}:
        raise AtField("unit", HouseholdElsewhere())
    if joined:
        return joined.unit
    if found is None:
        raise AtField("unit", PlaceNeeded())
    return found


def since(request: Visit) -> date:
    """Return the day that was typed.

    :raises AtField: it is not known to the day
    """
    told = changing.day(request, "since")
    if told.precision != "day":
        raise AtField("since", DayNeeded())
    return told.earliest


def _relation(request: Visit) -> Relation:
    chosen = typed(request, "relation")
    return Relation(chosen) if chosen in set(Relation) - {Relation.HEAD} else Relation.OTHER


def _asked(request: Visit, page: PersonPage, wrong: Wrong) -> Asked:
    say = saying(request)
    if heads.must_change(page):
        whole = Link(reverse("register:household", args=[page.line.id]), say("register.household.instead"))
        return replace(heads.before(request, page, wrong), instead=whole)
    relations = [one for one in words.options(say, "relation") if one[0] != Relation.HEAD]
    relation = typed(request, "relation") or Relation.OTHER.value
    return Asked(
        "move",
        [
            changing.text(request, wrong, "unit", "register.move.unit", "register.move.unit_hint", required=False),
            changing.text(request, wrong, "with", "register.move.with", "register.move.with_hint", required=False),
            Field("relation", say("register.move.relation"), relation, kind="select", options=relations),
            changing.text(request, wrong, "address", "register.field.address", "register.move.address", required=False),
            changing.text(request, wrong, "since", "register.move.since", "register.move.since_hint"),
            changing.text(request, wrong, "paper", "register.correct.paper", "register.move.paper_hint"),
        ],
    )
