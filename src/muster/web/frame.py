"""What stands around every page: language and theme, the ways through, who is signed in, the campaign's time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.urls import reverse

from muster.kernel import formats
from muster.kernel.clock import local
from muster.ui.parts import Badge
from muster.ui.texts import text
from muster.web import navigation
from muster.web.accounts import account
from muster.web.accounts import ways as accounts
from muster.web.accounts.visit import Visit, campaign_clock
from muster.web.audit import ways as audit
from muster.web.briefings import ways as briefings
from muster.web.cards import ways as cards
from muster.web.checking import ways as checking
from muster.web.command import ways as command
from muster.web.eid import ways as eid
from muster.web.explaining import ways as explaining
from muster.web.incidents import ways as incidents
from muster.web.language import language_of, theme_of
from muster.web.plan import ways as plan
from muster.web.register import ways as register
from muster.web.reports import ways as reports
from muster.web.story import telling as story
from muster.web.survey import ways as survey
from muster.web.units import ways as units

MODES = ("wall",)
# In the order of the head of a page.
WAYS = (
    *register.WAYS,
    command.BOARD,
    reports.REPORTS,
    *explaining.WAYS,
    briefings.BRIEFINGS,
    *survey.WAYS,
    *plan.WAYS,
    *incidents.WAYS,
    *checking.WAYS,
    *cards.WAYS,
    *eid.WAYS,
    command.COUNTS,
    units.UNITS,
    *audit.WAYS,
    *accounts.WAYS,
    command.REHEARSAL,
    command.CLOCK,
)


@dataclass(frozen=True, slots=True)
class ClockTold:
    """The campaign's time as the head of a page shows it."""

    iso: str
    day: str
    hour: str
    badge: Badge | None


def plain(request: HttpRequest) -> dict[str, Any]:
    """Return what a page needs that asks nothing of the database: the error pages."""
    mode = "wall" if request.GET.get("wall") else request.GET.get("mode", "")
    return {
        "language": language_of(request),
        "theme": theme_of(request),
        "mode": mode if mode in MODES else "",
        "path": request.get_full_path(),
        "preferences": reverse("web:preferences"),
        "parts_page": reverse("web:parts"),
        "handbooks": reverse("handbooks:show"),
        "navigation": (),
        "person": None,
        "clock": None,
        "story": None,
        "csrf_input": "",
    }


def processor(request: HttpRequest) -> dict[str, Any]:
    """Return what every page needs besides its own values (a context processor)."""
    return plain(request) | {
        "csrf_input": csrf_input(request),  # made once: the engine's own is made anew for every form of the page
        "clock": clock_told(request),
        "person": account.person(request),
        "navigation": navigation.links(request, WAYS),
        "story": story.strip(cast("Visit", request)),
    }


def real_now() -> datetime:
    """Return the real time: the edge of the system is the one place that asks for it."""
    return datetime.now(UTC)


def clock_told(request: HttpRequest) -> ClockTold:
    """Return the campaign's time, marked where it is not the real one."""
    language, real = language_of(request), real_now()
    played = campaign_clock(cast("Visit", request))
    at = played.at(real) if played else real
    badge = None
    if played:
        badge = Badge(
            text("shell.paused" if played.paused else "shell.played", language), "warn" if played.paused else "info"
        )
    return ClockTold(at.isoformat(timespec="minutes"), formats.day(local(at).date()), formats.hour(at), badge)
