"""The print centre: what waits for print, batches, and one batch with its cards: printed, scrapped, delivered."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from muster.card import operations, queries
from muster.card.operations.looking import READ
from muster.card.queries import BatchLine, CardLine
from muster.card.rows import Delivery, PrintResult
from muster.card.words import Reject, State
from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.people import rights
from muster.ui.parts import Badge, Cell, Column, Field, Link, Row, Table
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.cards import who as workers
from muster.web.cards import words
from muster.web.desk.form import Damaged
from muster.web.paging import PAGE, pages, start_of
from muster.web.register import purpose
from muster.web.register.places import Places
from muster.web.register.purpose import Reader

AT_ONCE = 2_000  # dossiers of one press of the button
SCRAPPED_FROM = frozenset({State.PRINTING, State.PRINTED, State.MISSING})
_APART = re.compile(r"[\s,;]+")
_COLUMNS = ("no", "unit", "type", "size", "print", "made", "stands")


class NoSuchPlace(Refusal):
    """Places of cards are numbers of the list, with commas or blanks between."""

    code = "no_such_place"
    vi = "Số thứ tự “{typed}” không có trong lô này."
    en = "There is no place “{typed}” in this batch."


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show what waits for print and the batches of one's area."""
    return _centre(request)


def _centre(request: Visit, told: str = "", refused: list[Refusal] | None = None) -> HttpResponse:
    who, say, on = workers.reader(request), saying(request), campaign_day(request)
    unit, _ = workers.area(request, who)
    start = start_of(request)
    waiting = queries.waiting_units(unit)
    found = queries.batches(unit, limit=PAGE + 1, skip=start)
    places = Places([*(one for one, *_ in waiting), *(one.unit for one in found), unit], on)
    count = start + len(found)
    values: dict[str, Any] = {
        "trail": [Link(reverse("cards:desk"), say("cards.title")), Link("", say("cards.centre"), here=True)],
        "unit": places.short(unit),
        "told": told,
        "refused": [error(request, one) for one in refused or []],
        "waiting": _waiting(say, waiting, places),
        "batches": _batches(say, found[:PAGE], places),
        "pages": pages(say, start, count, lambda first: f"{reverse('cards:centre')}?from={first}"),
        "make": bool(waiting) and rights.may_anywhere(who.grants, workers.PRINT, who.purpose),
        "size": Field("size", say("cards.size"), str(operations.BATCH_SIZE), inputmode="numeric"),
        "purpose": purpose.field(request, who, READ),
    }
    return render(request, "cards/centre.html", values, status=422 if refused else 200)


def _waiting(say: Say, waiting: list[Any], places: Places) -> Table:
    rows: list[Row] = [
        {"unit": places.short(unit), "size": str(count), "since": formats.moment(since)}
        for unit, count, since in waiting
    ]
    columns = [Column(one, say(f"cards.column.{one}"), one == "size") for one in ("unit", "size", "since")]
    return Table(
        say("cards.waiting", count=sum(count for _, count, _ in waiting)), columns, rows, say("cards.none_wait")
    )


def _batches(say: Say, found: list[BatchLine], places: Places) -> Table:
    rows: list[Row] = [
        {
            "no": Cell(say("cards.batch", no=one.no), href=reverse("cards:batch", args=[one.id])),
            "unit": places.short(one.unit),
            "type": say(f"register.card.{one.type}"),
            "size": str(one.size),
            "print": str(one.printing),
            "made": formats.moment(one.made_at),
            "stands": Cell("", badge=_stands(say, one)),
        }
        for one in found
    ]
    columns = [Column(one, say(f"cards.column.{one}"), one in {"size", "print"}) for one in _COLUMNS]
    return Table(say("cards.batches"), columns, rows, say("cards.no_batches"))


def _stands(say: Say, one: BatchLine) -> Badge:
    if one.missing:
        return Badge(say("cards.short", count=one.missing), "bad")
    if one.delivered_at:
        return Badge(say("cards.delivered"), "good")
    return Badge(say("cards.in_print" if one.printing else "cards.on_the_way"), "info")


@require_POST
def make(request: Visit) -> HttpResponse:
    """Make batches of what has waited longest in one's area."""
    who, say = workers.reader(request, workers.PRINT), saying(request)
    unit, path = workers.area(request, who)
    rights.require(who.grants, workers.PRINT, path, who.purpose)
    typed = request.POST.get("size", "")
    size = int(typed) if typed.isdecimal() and 0 < int(typed) <= operations.BATCH_SIZE else operations.BATCH_SIZE
    dossiers = queries.to_print(unit, limit=AT_ONCE)
    made = operations.make_batches(
        dossiers=dossiers, grants=who.grants, by=who.by, at=campaign_time(request), size=size
    )
    told = say("cards.made", cards=made.cards, batches=len(made.batches))
    if made.refused:
        return _centre(request, told, list({type(row.refusal): row.refusal for row in made.refused}.values()))
    return HttpResponseRedirect(reverse("cards:centre"))


@require_GET
def batch(request: Visit, batch: UUID) -> HttpResponse:
    """Show a batch with its cards; who is in it is written into the audit."""
    return _batch(request, batch)


def _batch(request: Visit, batch: UUID, refusal: Refusal | None = None) -> HttpResponse:
    who, say = workers.reader(request), saying(request)
    line, cards = operations.open_batch(batch=batch, grants=who.grants, by=who.by, at=campaign_time(request))
    places = Places([line.unit], campaign_day(request))
    open_ = {one.state for one in cards} & {State.PRINTED, State.MISSING}
    values: dict[str, Any] = {
        "trail": [
            Link(reverse("cards:desk"), say("cards.title")), Link(reverse("cards:centre"), say("cards.centre")),
            Link("", say("cards.batch", no=line.no), here=True),
        ],
        "line": line,
        "unit": places.whole(line.unit),
        "badge": _stands(say, line),
        "made": formats.moment(line.made_at),
        "cards": words.table(say, say("cards.of_batch", count=line.size), cards, places),
        "print": _printing(request, say, who, line, cards),
        "deliver": _parcel(request, say, who, line) if open_ and not line.printing else None,
        "error": error(request, refusal) if refusal else None,
    }  # fmt: skip
    return render(request, "cards/batch.html", values, status=422 if refusal else 200)


def _printing(request: Visit, say: Say, who: Reader, line: BatchLine, cards: list[CardLine]) -> list[Field] | None:
    able = any(one.state in SCRAPPED_FROM for one in cards)
    if not able or not rights.may(who.grants, workers.PRINT, line.path, who.purpose):
        return None
    reasons = words.options(say, Reject)
    return [
        Field("places", say("cards.scrapped"), request.POST.get("places", ""), hint=say("cards.places_hint")),
        Field("reason", say("cards.reason_label"), reasons[0][0], kind="select", options=reasons),
    ]


def _parcel(request: Visit, say: Say, who: Reader, line: BatchLine) -> list[Field] | None:
    if not rights.may(who.grants, workers.DELIVER, line.path, who.purpose):
        return None
    return [Field("missing", say("cards.missing"), request.POST.get("missing", ""), hint=say("cards.places_hint"))]


def _chosen(typed: str, cards: list[CardLine]) -> set[UUID]:
    """Return the cards at the places typed.

    :raises NoSuchPlace: there is no such place
    """
    by_place = {str(one.place): one.id for one in cards}
    chosen = [word for word in _APART.split(typed.strip()) if word]
    for word in chosen:
        if word not in by_place:
            raise NoSuchPlace(typed=word)
    return {by_place[word] for word in chosen}


@require_POST
def printed(request: Visit, batch: UUID) -> HttpResponse:
    """Write down which cards of a batch are scrapped and, where it is said so, that the rest was printed."""
    who, line = _mine(request, batch, workers.PRINT)
    at, cards = campaign_time(request), queries.of_batch(batch)
    try:
        why = Reject(request.POST.get("reason", ""))
    except ValueError:
        raise Damaged from None
    try:
        gone = _chosen(request.POST.get("places", ""), cards)
        rows = [PrintResult(card=card, at=at, rejected=why) for card in sorted(gone)]
        if request.POST.get("rest"):
            rest = [one.id for one in cards if one.state is State.PRINTING and one.id not in gone]
            rows += [PrintResult(card=card, at=at) for card in rest]
        operations.record_prints(prints=rows, grants=who.grants, by=who.by, at=at).whole()
    except Refusal as refusal:
        return _batch(request, line.id, refusal)
    return HttpResponseRedirect(reverse("cards:batch", args=[batch]))


@require_POST
def delivered(request: Visit, batch: UUID) -> HttpResponse:
    """Write down that the parcel of a batch arrived, and what was not in it."""
    who, line = _mine(request, batch, workers.DELIVER)
    at = campaign_time(request)
    try:
        missing = frozenset(_chosen(request.POST.get("missing", ""), queries.of_batch(batch)))
        told = operations.deliver(
            deliveries=[Delivery(batch=batch, at=at, missing=missing)], grants=who.grants, by=who.by, at=at
        )
        if told.refused:
            raise told.refused[0].refusal
    except Refusal as refusal:
        return _batch(request, line.id, refusal)
    return HttpResponseRedirect(reverse("cards:batch", args=[batch]))


def _mine(request: Visit, batch: UUID, right: str) -> tuple[Reader, BatchLine]:
    who, line = workers.reader(request, right), queries.batch(batch)
    if line is None:
        raise operations.CardNotHere
    rights.require(who.grants, right, line.path, who.purpose)
    return who, line
