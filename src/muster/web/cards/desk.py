"""The issue desk: find a card by number, QR code or receipt; and the cards that nobody collects."""

import re
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.card import operations, queries
from muster.card.operations.looking import READ
from muster.card.queries import CardLine
from muster.card.words import State
from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.people import rights
from muster.ui.parts import Field, Table, Tile
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import error, saying
from muster.web.cards import who as workers
from muster.web.cards import words
from muster.web.language import language_of
from muster.web.paging import PAGE, pages, start_of
from muster.web.register import purpose
from muster.web.register.places import Places
from muster.web.register.purpose import Reader

_RECEIPT = re.compile(r"\s*BN\s*0*([1-9][0-9]{0,17})\s*", re.IGNORECASE)
SHOWN = (State.PRINTING, State.PRINTED, State.MISSING, State.ARRIVED, State.UNDELIVERED, State.HANDED_OVER)


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Find a card, or show what lies uncollected in one's area; who is on the page is written into the audit.

    What is looked for is posted, never written into an address: addresses stand in histories and logs.
    """
    who, say = workers.reader(request), saying(request)
    typed = request.POST.get("q", "").strip()
    refusal: Refusal | None = None
    found: list[CardLine] | None = None
    if typed:
        try:
            found = _found(request, who, typed)
        except Refusal as told:
            refusal = told
        if found and len(found) == 1:
            return HttpResponseRedirect(reverse("cards:card", args=[found[0].id]))
    field = Field("q", say("cards.find"), typed, hint=say("cards.find_hint"), lookup=True, focus=True)
    values: dict[str, Any] = {
        "field": field,
        "error": error(request, refusal) if refusal else None,
        "found": _table(request, say("cards.found"), found) if found is not None else None,
        "purpose": purpose.field(request, who, READ),
        "centre": rights.may_anywhere(who.grants, workers.PRINT, who.purpose)
        or rights.may_anywhere(who.grants, workers.DELIVER, who.purpose),
        **_uncollected(request, who),
    }
    return render(request, "cards/desk.html", values, status=422 if refusal else 200)


def _found(request: Visit, who: Reader, typed: str) -> list[CardLine]:
    """Return the cards that a receipt, a number or a QR code means.

    :raises Refusal: what was typed is none of them, or is nobody's of this area
    """
    told: dict[str, Any] = {"grants": who.grants, "by": who.by, "at": campaign_time(request)}
    if match := _RECEIPT.fullmatch(typed):
        return [operations.find_receipt(no=int(match[1]), **told)]
    return operations.find_cards(text=typed, **told)


def _table(request: Visit, caption: str, found: list[CardLine], *, collect: bool = False) -> Table:
    places = Places([one.unit for one in found], campaign_day(request))
    return words.table(saying(request), caption, found, places, collect=collect)


def _uncollected(request: Visit, who: Reader) -> dict[str, Any]:
    say, at = saying(request), campaign_time(request)
    unit, path = workers.area(request, who)
    start = start_of(request)
    found = operations.open_uncollected(
        unit=unit, grants=who.grants, path=path, by=who.by, at=at, limit=PAGE, skip=start
    )
    count = queries.uncollected_count(unit, operations.uncollected_since(at))
    many = queries.how_many(unit)
    place = Places([unit], campaign_day(request)).short(unit)
    return {
        "unit": place,
        "tiles": [
            Tile(say(f"cards.state.{state}"), formats.count(many.get(state, 0), language_of(request)), place)
            for state in SHOWN
        ],
        "uncollected": _table(request, say("cards.uncollected", count=count), found, collect=True),
        "pages": pages(say, start, count, lambda first: f"{reverse('cards:desk')}?from={first}"),
    }
