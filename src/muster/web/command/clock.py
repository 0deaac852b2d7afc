"""The campaign's clock: what it shows, and for administrators playing another time, pausing, returning to now."""

from collections.abc import Callable, Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.audit import operations as audit
from muster.events import queries as journal
from muster.events.operations import CLOCK
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import BadSpeed, PlayedClock, local, moment_typed
from muster.kernel.errors import Refusal
from muster.people import queries as people
from muster.people.rights import NotAllowed
from muster.ui.parts import Confirm, Field, Happening
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.command import ways
from muster.web.language import language_of

RIGHT = "clock.set"
EARLIER = 20  # settings that are listed


def _play(now: PlayedClock, request: Visit) -> PlayedClock:
    return now.playing(request.at, moment_typed(request.POST.get("moment", "")), _speed(request))


def _speed(request: Visit) -> float:
    typed = request.POST.get("speed", "").strip()
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        raise BadSpeed(speed=typed[:20]) from None


ACTS: Mapping[str, Callable[[PlayedClock, Visit], PlayedClock | None]] = {
    "play": _play,
    "pause": lambda now, request: now.paused_at(request.at),
    "resume": lambda now, request: now.resumed_at(request.at),
    "real": lambda *_: None,
}


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the clock; set it when asked to."""
    if request.officer_grants is None or not ways.sets_clock(request.officer_grants):
        raise NotAllowed(action=RIGHT)
    refusal: Refusal | None = None
    if request.method == "POST" and (act := ACTS.get(request.POST.get("act", ""))):
        try:
            clock = act(journal.clock() or PlayedClock.real(request.at), request)
            audit.set_clock(clock=clock, by=acting(request, Purpose.ADMINISTER), at=request.at)
        except Refusal as raised:
            refusal = raised
        else:
            return HttpResponseRedirect(reverse("command:clock"))
    return render(request, "command/clock.html", _values(request, refusal))


def _values(request: Visit, refusal: Refusal | None) -> dict[str, object]:
    say, played, shows = words.saying(request), journal.clock(), campaign_time(request)
    error = words.error(request, refusal) if refusal else None
    wrong = "speed" if isinstance(refusal, BadSpeed) else "moment"
    typed = request.POST
    moment = Field(
        "moment",
        say("clock.moment"),
        typed.get("moment", f"{local(shows):%d/%m/%Y %H:%M}"),
        hint=say("clock.moment_hint"),
        error=error if wrong == "moment" else None,
        required=True,
    )
    speed = Field(
        "speed",
        say("clock.speed"),
        typed.get("speed", f"{played.speed if played else 1:g}"),
        hint=say("clock.speed_hint"),
        inputmode="decimal",
        error=error if wrong == "speed" else None,
        required=True,
    )
    return {
        "shows": formats.moment(shows),
        "state": _state(request, played),
        "fields": [moment, speed],
        "faults": [(wrong, error)] if error else [],
        "switch": None if played is None else "resume" if played.paused else "pause",
        "return_": Confirm(
            "return-to-now", say("clock.real_ask"), say("clock.real_means"), say("clock.real"), "", {"act": "real"}
        )
        if played
        else None,
        "earlier": _earlier(request),
    }


def _state(request: Visit, played: PlayedClock | None) -> str:
    say = words.saying(request)
    if played is None:
        return say("clock.is_real")
    speed = formats.decimal(played.speed, 0 if played.speed == int(played.speed) else 2, language_of(request))
    return say("clock.is_paused" if played.paused else "clock.is_played", speed=speed)


def _earlier(request: Visit) -> list[Happening]:
    """Return the last settings of the clock, the newest first, by what the journal says."""
    say = words.saying(request)
    told = journal.life(CLOCK)[-EARLIER:][::-1]
    names = people.names_of([one.by_officer for one in told if one.by_officer])
    return [
        Happening(
            formats.moment(one.recorded_at),
            say(f"clock.did.{one.move}"),
            (names.get(one.by_officer) if one.by_officer else None) or say("clock.system"),
        )
        for one in told
    ]
