"""One card: where it is, its life, and what this officer may do with it; and the receipt on paper."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.card import operations
from muster.card.operations import CardNotHere
from muster.card.queries import CardLine
from muster.card.words import OldCard, State, TakenBack, Undelivered
from muster.events import queries as journal
from muster.kernel import formats
from muster.kernel.dates import age_on
from muster.kernel.errors import Refusal
from muster.law.handover import IdentityCheck, TakerGround, can_check, may_take
from muster.people import queries as people
from muster.people import rights
from muster.ui.parts import Field, Happening, Link
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.cards import who as workers
from muster.web.cards import words
from muster.web.register.places import Places
from muster.web.register.purpose import Reader

HOLDER = "holder"


@require_GET
def show(request: Visit, card: UUID) -> HttpResponse:
    """Show a card of the officer's area; it is a look, and written down as one."""
    return show_again(request, card)


def show_again(request: Visit, card: UUID, refusal: Refusal | None = None) -> HttpResponse:
    """Show a card, with what was just refused."""
    who, say = workers.reader(request), saying(request)
    held = operations.open_card(card=card, grants=who.grants, by=who.by, at=campaign_time(request))
    places = Places([held.unit], campaign_day(request))
    values: dict[str, Any] = {
        "trail": [Link(reverse("cards:desk"), say("cards.title")), Link("", held.serial, here=True)],
        "held": held,
        "born": formats.day(held.birth),
        "badge": words.badge(say, held.state),
        "next": words.next_step(say, held, places),
        "pairs": _pairs(say, held, places),
        "life": list(_life(say, held)),
        "acts": _acts(request, say, who, held),
        "links": [
            Link(reverse("register:person", args=[held.person]), say("eid.person")),
            Link(reverse("desk:dossier", args=[held.dossier]), say("desk.dossier.title")),
            Link(reverse("cards:batch", args=[held.batch]), say("cards.batch", no=held.batch_no)),
            Link(reverse("cards:faces", args=[held.id]), say("cards.faces")),
        ],
        "error": error(request, refusal) if refusal else None,
    }
    return render(request, "cards/card.html", values, status=422 if refusal else 200)


def _pairs(say: Say, held: CardLine, places: Places) -> list[tuple[str, str]]:
    told = [
        (say("cards.type_label"), say(f"register.card.{held.type}")),
        (say("cards.column.number"), held.number),
        (say("cards.issued_on"), formats.day(held.issued_on)),
        (say("cards.expires_on"), words.expires(held)),
        (say("cards.column.unit"), places.short(held.unit)),
        (say("cards.arrived_at"), formats.moment(held.arrived_at) if held.arrived_at else ""),
        (say("cards.reason_label"), words.reason(say, held.reason)),
        *(_handed(say, held) if held.handed_at else ()),
    ]
    return [(name, value) for name, value in told if value]


def _handed(say: Say, held: CardLine) -> Iterator[tuple[str, str]]:
    assert held.handed_at and held.receipt and held.check and held.old_card  # noqa: S101, PT018 - one row holds all
    yield say("cards.receipt"), words.receipt_no(held.receipt)
    yield say("cards.handed_at"), formats.moment(held.handed_at)
    yield say("cards.check"), say(f"cards.checked.{held.check}")
    yield say("cards.taker"), say(f"cards.ground.{held.ground or HOLDER}")
    yield say("cards.old_card"), say(f"cards.old.{held.old_card}")


def _life(say: Say, held: CardLine) -> Iterator[Happening]:
    events = [*journal.life(held.batch), *journal.life(held.dossier), *journal.life(held.id)]
    names = people.names_of(event.by_officer for event in events if event.by_officer)
    for event in sorted(events, key=lambda event: event.occurred_at, reverse=True):
        by = names.get(event.by_officer, "") if event.by_officer else say("desk.dossier.by_system")
        what = say(f"metric.{event.kind}_{event.move}")
        detail = " · ".join(filter(None, [words.reason(say, event.reason), by]))
        yield Happening(formats.moment(event.occurred_at), what, detail)


def _acts(request: Visit, say: Say, who: Reader, held: CardLine) -> dict[str, list[Field]]:
    """Return what may be done now, each with the questions of its form."""
    desk = rights.may(who.grants, workers.HAND_OVER, held.path, who.purpose)
    forms: dict[str, list[Field]] = {}
    if desk and held.state is State.ARRIVED:
        forms["hand_over"] = _hand_over(request, say, held)
        forms["undelivered"] = [_select("reason", say("cards.reason_label"), words.options(say, Undelivered))]
    if desk and held.state is State.UNDELIVERED:
        forms["again"] = []
    if held.state is State.HANDED_OVER and rights.may(who.grants, workers.TAKE_BACK, held.path, who.purpose):
        forms["take_back"] = [_select("reason", say("cards.reason_label"), words.options(say, TakenBack))]
    return forms


def _hand_over(request: Visit, say: Say, held: CardLine) -> list[Field]:
    on = campaign_day(request)
    age = age_on(held.birth, on).high
    grounds = [one for one in (None, *TakerGround) if may_take(on, age, one)]
    takers = [(one or HOLDER, say(f"cards.ground.{one or HOLDER}")) for one in grounds]
    checks = [one for one in IdentityCheck if can_check(on, max(age, 18), one)]
    posted = request.POST
    before = OldCard.TAKEN_AT_INTAKE if held.old_card_taken else OldCard.NONE
    return [
        _select("check", say("cards.check"), words.options(say, checks, "checked"), posted.get("check", "")),
        _select(
            "old_card", say("cards.old_card"), words.options(say, OldCard, "old"), posted.get("old_card", before.value)
        ),
        _select("ground", say("cards.taker"), takers, posted.get("ground", "")),
        Field("rep.name", say("desk.rep.name"), posted.get("rep.name", ""), hint=say("cards.taker_hint")),
        Field("rep.number", say("desk.rep.number"), posted.get("rep.number", ""), inputmode="numeric"),
        Field("rep.relation", say("desk.rep.relation"), posted.get("rep.relation", "")),
        Field("rep.signed", say("desk.rep.signed"), posted.get("rep.signed", ""), kind="check"),
    ]


def _select(name: str, label: str, options: list[tuple[str, str]], value: str = "") -> Field:
    return Field(name, label, value or options[0][0], kind="select", options=options)


@require_GET
def receipt(request: Visit, card: UUID) -> HttpResponse:
    """Show the receipt of a hand-over, to be printed and signed.

    :raises CardNotHere: there is no such card here, or it was not handed over
    """
    who, say = workers.reader(request), saying(request)
    held = operations.open_card(card=card, grants=who.grants, by=who.by, at=campaign_time(request))
    if held.receipt is None:
        raise CardNotHere
    places = Places([held.unit], campaign_day(request))
    pairs = [(say("cards.column.name"), held.name), (say("eid.column.birth"), formats.day(held.birth))]
    pairs += [*_pairs(say, held, places), (say("cards.column.serial"), held.serial)]
    values = {"held": held, "no": words.receipt_no(held.receipt), "unit": places.whole(held.unit), "pairs": pairs}
    return render(request, "cards/receipt.html", values)
