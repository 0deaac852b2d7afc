"""The first page: where one stands today, and the ways on."""

from datetime import timedelta
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.capture import queries as capture
from muster.capture.words import State
from muster.events import queries as journal
from muster.events.queries import Side
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.kernel.periods import Period
from muster.people import queries as people
from muster.people.rights import may_anywhere
from muster.ui import charts
from muster.ui.parts import Field, Link, Tile
from muster.ui.texts import catalogue
from muster.web import navigation
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.frame import WAYS
from muster.web.language import language_of
from muster.web.register.purpose import purposes_of

DAYS = 28
TAKEN_IN, CAPTURED, HANDED_OVER = ("person", "take_in"), ("dossier", "received"), ("dossier", "handed_over")


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the unit's counts, what waits for one's decision, and the pages one may open."""
    officer, at = request.officer, campaign_time(request)
    values = {
        "unit": words.unit(request, officer.unit) if officer else "",
        "day": formats.long_day(work_day(at), language_of(request)),
        "number": _number(request),
        "tiles": [*_counts(request), *_waiting(request)],
        "ways_on": _ways(request),
    }
    return render(request, "web/home.html", values)


def _number(request: Visit) -> Field | None:
    """Return the field that a card is scanned into, with the cursor in it, for who may look people up."""
    if request.officer_grants is None or not purposes_of(request.officer_grants):
        return None
    say = words.saying(request)
    hint, asked = say("register.number_hint"), say("register.number_asked")
    return Field("number", asked, hint=hint, inputmode="numeric", lookup=True, focus=True)


def _ways(request: HttpRequest) -> list[Link]:
    """Return the pages one may open, each with a line on what it is for."""
    say = words.saying(request)
    notes = {reverse(key.removeprefix("home.way.")): say(key) for key in catalogue() if key.startswith("home.way.")}
    return [Link(way.href, way.label, notes.get(way.href, "")) for way in navigation.links(request, WAYS)]


def _counts(request: Visit) -> list[Tile]:
    """Return where the campaign of one's unit stands, by where citizens reside, for who may see counts."""
    grants, officer, language = request.officer_grants, request.officer, language_of(request)
    if grants is None or officer is None or not may_anywhere(grants, "counts.read", Purpose.COMMAND):
        return []
    say, today = words.saying(request), work_day(campaign_time(request))
    count = partial(journal.count, unit=officer.unit_id, side=Side.RESIDENCE)
    days = Period(today - timedelta(days=DAYS - 1), today + timedelta(days=1))
    series = journal.series(unit=officer.unit_id, side=Side.RESIDENCE, metrics=[CAPTURED], days=days)
    by_day = {row.work_day: row.n for row in series}
    drawn = [by_day.get(days.start + timedelta(days=place), 0) for place in range(DAYS)]
    captured, registered = count(metrics=[CAPTURED]), count(metrics=[TAKEN_IN])
    return [
        Tile(
            say("metric.dossier_received"),
            formats.count(captured, language),
            say("home.of_registered", count=formats.count(registered, language), unit=officer.unit.name),
            "plain",
            charts.spark(say("home.by_day", days=DAYS), drawn),
        ),
        Tile(say("home.today"), formats.count(drawn[-1], language), say("home.work_day", day=formats.day(today))),
        Tile(
            say("metric.dossier_handed_over"),
            formats.count(handed := count(metrics=[HANDED_OVER]), language),
            say("home.of_captured", share=formats.share(handed, captured, 1, language)),
        ),
        *_returned(request, officer.unit_id),
    ]


def _returned(request: Visit, unit: int) -> list[Tile]:
    """Return how many dossiers came back to be mended, if any did."""
    returned = capture.how_many(unit).get(State.RETURNED, 0)
    if not returned:
        return []
    say = words.saying(request)
    return [
        Tile(say("home.returned"), formats.count(returned, language_of(request)), say("home.returned_base"), "warn")
    ]


def _waiting(request: Visit) -> list[Tile]:
    """Return how many requests wait for one's decision, if any do."""
    waiting = len(people.inbox(request.officer_grants, request.at)) if request.officer_grants else 0
    if not waiting:
        return []
    say = words.saying(request)
    figure = formats.count(waiting, language_of(request))
    return [Tile(say("home.waiting"), figure, say("home.waiting_base"), "warn", href=reverse("accounts:approvals"))]
