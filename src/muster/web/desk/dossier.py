"""One dossier: where it is, who must act by when, what was captured, every move; and the slip to take home."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from muster.account import queries as accounts
from muster.capture import operations
from muster.capture import queries as capture
from muster.capture.moves import Step, steps_from
from muster.capture.queries import DossierState
from muster.capture.rows import DossierMove
from muster.capture.words import OVER, Ending, State
from muster.card.operations.looking import READ as CARD
from muster.events import queries as journal
from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.people import queries as people
from muster.people import rights
from muster.register.operations import open_person
from muster.register.operations.looking import NobodyFound
from muster.ui.parts import Badge, Field, Happening, Link, Tone
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.cards import words as cards
from muster.web.desk import form
from muster.web.eid import words as eid
from muster.web.language import language_of
from muster.web.register import person as pages
from muster.web.register import purpose, search
from muster.web.register.places import Places
from muster.web.register.purpose import Reader

READ, WITHDRAW = "capture.read", "capture.withdraw"


@require_GET
def show(request: Visit, dossier: UUID) -> HttpResponse:
    """Show a dossier of a person whom the officer may look up."""
    return _again(request, dossier)


def _again(request: Visit, dossier: UUID, refusal: Refusal | None = None) -> HttpResponse:
    who = purpose.reader(request, READ)
    held = capture.states([dossier]).get(dossier)
    if held is None:
        return search.nobody(request, who)
    try:
        page = open_person(person=held.person, grants=who.grants, by=who.by, at=campaign_time(request))
    except NobodyFound:
        return search.nobody(request, who)
    say, on = saying(request), campaign_day(request)
    places = Places([held.unit_done, held.unit_residence, held.owner], on)
    values: dict[str, Any] = {
        "trail": pages.trail(
            request,
            Link(reverse("register:person", args=[held.person]), page.line.name),
            Link("", say("desk.dossier.title"), here=True),
        ),
        "line": page.line,
        "held": held,
        "badges": list(badges(say, held, on)),
        "next": next_step(say, held, places),
        "pairs": _pairs(request, held, places),
        "card": _card(say, who, held, on),
        "account": _account(say, held, places, on),
        "packets": list(_packets(say, held)),
        "life": list(_life(request, held)),
        "slip": held.state in {State.RECEIVED, State.FILED},
        "mend": held.state is State.RETURNED and rights.may(who.grants, "capture.take", page.line.path, who.purpose),
        "withdraw": _withdrawal(say, who, held, page.line.path),
        "error": error(request, refusal) if refusal else None,
    }
    return render(request, "desk/dossier.html", values, status=422 if refusal else 200)


@require_POST
def withdraw(request: Visit, dossier: UUID) -> HttpResponse:
    """Withdraw a dossier, for the reason that was chosen."""
    who = purpose.reader(request, WITHDRAW)
    at = campaign_time(request)
    version = request.POST.get("version", "")
    row = DossierMove(
        dossier=dossier, step=Step.WITHDRAWN, at=at, reason=request.POST.get("reason", ""),
        version=int(version) if version.isdecimal() else 0,
    )  # fmt: skip
    result = operations.move_dossiers(moves=[row], by=who.by, at=at)
    if result.refused:
        return _again(request, dossier, result.refused[0].refusal)
    return HttpResponseRedirect(reverse("desk:dossier", args=[dossier]))


_TONES: Mapping[State, Tone] = {State.HANDED_OVER: "good", State.RETURNED: "warn", State.REFUSED: "bad"}


def badges(say: Say, held: DossierState, on: Any) -> Iterator[Badge]:
    """Yield the state of a dossier, whether it is late, and the flags beside."""
    yield Badge(say(f"desk.state.{held.state}"), _TONES.get(held.state, "info"))
    if held.overdue(on):
        yield Badge(say("desk.overdue"), "bad")
    flags = ("missing_biometrics", "poor_biometrics", "suspect_duplicate", "differs_from_register")
    yield from (Badge(say(f"desk.flag.{name}"), "warn") for name in flags if getattr(held, name))


def next_step(say: Say, held: DossierState, places: Places) -> str:
    """Return who must do what by when, in one sentence."""
    if held.state in OVER:
        return say(f"desk.next.{held.state}")
    last = held.answer_by if held.state is State.RETURNED else held.due_on
    unit = places.short(held.owner or held.unit_done)
    reason = say(f"desk.mend.{held.reason}") if held.state is State.RETURNED else ""
    return say(f"desk.next.{held.state}", day=formats.day(last) if last else formats.NOTHING, unit=unit, reason=reason)


def _pairs(request: Visit, held: DossierState, places: Places) -> list[tuple[str, str]]:
    say, language = saying(request), language_of(request)
    pairs = [
        (say("desk.dossier.code"), code_of(held.id)),
        (say("register.due.kind"), say(f"register.due.kind_{held.kind}")),
        (say("register.due.ground"), say(f"register.ground.{held.ground}")),
        (say("desk.dossier.taken"), formats.moment(held.taken_at)),
        (say("desk.place_label"), say(f"desk.place.{held.place}")),
        (say("desk.dossier.unit"), places.short(held.unit_done)),
        (say("desk.dossier.home"), places.short(held.unit_residence)),
        (say("desk.dossier.form"), held.form or formats.NOTHING),
        (say("desk.fee"), formats.dong(held.fee_vnd, language)),
    ]
    if held.due_on:
        pairs.append((say("desk.dossier.due_on"), formats.day(held.due_on)))
    return pairs


def _account(say: Say, held: DossierState, places: Places, on: date) -> dict[str, Any] | None:
    """Return the account that was asked for with a dossier: who must act by when, and where it is opened."""
    if not held.account_level:
        return None
    one = accounts.of_dossier(held.id)
    if one is None:
        return {"badges": [], "next": say("eid.asked_level", level=held.account_level), "href": ""}
    told = eid.next_step(say, one, places, on)
    return {"badges": list(eid.badges(say, one, on)), "next": told, "href": reverse("eid:account", args=[one.id])}


def _card(say: Say, who: Reader, held: DossierState, on: date) -> dict[str, Any] | None:
    """Return the card of a dossier: its state, what the citizen does, and its page for who may open it."""
    told = cards.of_dossier(say, held.id, on)
    if told is None:
        return None
    card, next_ = told
    may = rights.may(who.grants, CARD, card.path, who.purpose)
    href = reverse("cards:card", args=[card.id]) if may else ""
    return {"badge": cards.badge(say, card.state), "serial": card.serial, "next": next_, "href": href}


def code_of(dossier: UUID) -> str:
    """Return the code on a slip: the last twelve letters of the id, in groups."""
    text = dossier.hex[-12:].upper()
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def _packets(say: Say, held: DossierState) -> Iterator[tuple[str, list[str], int]]:
    """Yield of each visit when it was, what is missing and why, and how many captures it brought."""
    for packet in capture.packets(held.id, sealed=False):
        gone = [
            f"{form.capture_name(say, one['code'])}: {say('desk.missing.' + one['missing'])}"
            for one in packet.captures
            if one["missing"]
        ]
        yield formats.moment(packet.taken_at), gone, len(packet.captures) - len(gone)


def _life(request: Visit, held: DossierState) -> Iterator[Happening]:
    say = saying(request)
    events = journal.life(held.id)
    names = people.names_of(event.by_officer for event in events if event.by_officer)
    for event in reversed(events):
        by = names.get(event.by_officer, "") if event.by_officer else say("desk.dossier.by_system")
        yield Happening(formats.moment(event.occurred_at), say(f"metric.dossier_{event.move}"), by)


def _withdrawal(say: Say, who: Reader, held: DossierState, path: tuple[int, ...]) -> Field | None:
    if Step.WITHDRAWN not in steps_from(held.state) or not rights.may(who.grants, WITHDRAW, path, who.purpose):
        return None
    reasons = [(one.value, say(f"desk.ending.{one}")) for one in (Ending.CITIZEN_ASKED, Ending.DIED,
               Ending.TAKEN_BY_MISTAKE)]  # fmt: skip
    return Field("reason", say("desk.dossier.why"), reasons[0][0], kind="select", options=reasons)
