"""What an officer works for: chosen on the page, kept for the sign-in, written into the audit with every look."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from muster.kernel.actor import Actor, Purpose
from muster.people.rights import Grants, NotAllowed, may_anywhere
from muster.ui.parts import Field
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, safe_next

KEPT, LOOK_UP = "purpose", "register.look_up"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the register in a request: what they hold, and for which purpose they act."""

    grants: Grants
    by: Actor

    @property
    def purpose(self) -> Purpose:
        """What the reader works for."""
        return self.by.purpose


def purposes_of(grants: Grants, action: str = LOOK_UP) -> list[Purpose]:
    """Return the purposes for which somebody may do something of the register, anywhere; an emergency comes last."""
    return [purpose for purpose in Purpose if may_anywhere(grants, action, purpose)]


def reader(request: Visit, action: str = LOOK_UP) -> Reader:
    """Return who reads: for the purpose chosen, or the first for which they may do this.

    :raises NotAllowed: they may do it for no purpose
    """
    grants = request.officer_grants
    allowed = purposes_of(grants, action) if grants else []
    if grants is None or not allowed:
        raise NotAllowed(action=action)
    kept = request.session.get(KEPT)
    return Reader(grants, acting(request, next((one for one in allowed if one == kept), allowed[0])))


@require_POST
def choose(request: Visit) -> HttpResponse:
    """Remember the purpose for which an officer works on, and go back to the page.

    :raises NotAllowed: it is none of the officer's
    """
    grants, asked = request.officer_grants, request.POST.get("purpose", "")
    if grants is None or asked not in purposes_of(grants):
        raise NotAllowed(action=LOOK_UP)
    request.session[KEPT] = asked
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")) or reverse("register:search"))


def field(request: Visit, who: Reader, action: str = LOOK_UP) -> Field:
    """Return the question of purpose as the pages of the register show it; one answer alone is no question.

    :param action: what the page is for, where that is not the register itself
    """
    say = words.saying(request)
    options = [(one.value, say(f"people.purpose.{one}")) for one in purposes_of(who.grants, action)]
    return Field("purpose", say("register.purpose"), who.purpose.value, kind="select", options=options)
