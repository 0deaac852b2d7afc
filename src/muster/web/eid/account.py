"""One account: where it is, who must act by when, every move, and what this officer may do with it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.account import operations, queries
from muster.account.queries import AccountState
from muster.account.words import Closing, Help, Lock, Rejection, State
from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.people import queries as people
from muster.ui.parts import Field, Link
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.eid import who as workers
from muster.web.eid import words
from muster.web.register.places import Places
from muster.web.register.purpose import Reader

BY_HAND = tuple(one for one in Closing if one is not Closing.RAISED)


@require_GET
def show(request: Visit, account: UUID) -> HttpResponse:
    """Show an account of the officer's area; it is a look, and written down as one."""
    return show_again(request, account)


def show_again(request: Visit, account: UUID, refusal: Refusal | None = None) -> HttpResponse:
    """Show an account, with what was just refused."""
    who = workers.reader(request)
    held = operations.open_account(account=account, grants=who.grants, by=who.by, at=campaign_time(request))
    say, on = saying(request), campaign_day(request)
    places = Places([held.unit_done, held.unit_residence], on)
    against = held.state is State.REQUESTED and bool(queries.against([held.id]))
    values: dict[str, Any] = {
        "trail": [Link(reverse("eid:queue"), say("eid.title")), Link("", held.name, here=True)],
        "held": held,
        "born": formats.day(held.birth),
        "level": say("desk.account", level=held.level),
        "badges": list(words.badges(say, held, on)),
        "next": words.next_step(say, held, places, on),
        "against": say("eid.against") if against else "",
        "pairs": _pairs(say, held, places),
        "life": words.life(say, held),
        "acts": _acts(request, say, who, held),
        "links": _links(say, held),
        "error": error(request, refusal) if refusal else None,
    }
    return render(request, "eid/account.html", values, status=422 if refusal else 200)


def _pairs(say: Say, held: AccountState, places: Places) -> list[tuple[str, str]]:
    how = held.activated_how
    names = people.names_of(one for one in (held.decided_by, held.activated_by) if one)
    told = [
        (say("eid.column.requested"), f"{formats.moment(held.requested_at)} · {say(f'eid.channel.{held.channel}')}"),
        (say("eid.column.unit"), places.short(held.unit_done)),
        (say("eid.column.home"), places.short(held.unit_residence)),
        (say("eid.has_card"), say("eid.yes" if held.has_card else "eid.no")),
        (say("eid.consent"), say("eid.yes") if held.consent else ""),
        (say("eid.decide_by"), formats.day(held.decide_by)),
        (say("eid.decided_by"), names.get(held.decided_by, "") if held.decided_by else ""),
        (say("eid.column.told"), formats.moment(held.notified_at) if held.notified_at else ""),
        (say("eid.activate_by"), formats.day(held.activate_by) if held.activate_by else ""),
        (say("eid.how_label"), say(f"eid.how.{how}") if how else ""),
        (say("eid.helper"), names.get(held.activated_by, "") if held.activated_by else ""),
        (say("eid.device_label"), held.device.hex()[:8] if held.device else ""),
        (say("eid.why"), words.reason(say, held)),
    ]
    return [(name, value) for name, value in told if value]


def _links(say: Say, held: AccountState) -> list[Link]:
    person = Link(reverse("register:person", args=[held.person]), say("eid.person"))
    if held.dossier is None:
        return [person]
    return [person, Link(reverse("desk:dossier", args=[held.dossier]), say("desk.dossier.title"))]


def _acts(request: Visit, say: Say, who: Reader, held: AccountState) -> dict[str, list[Field]]:
    """Return what may be done now, each with the questions of its form."""
    late = held.needs_hotline(campaign_day(request))
    forms = {
        "decide": [_why(say, "decide", "reject", words.options(say, Rejection))],
        "activate": [_device(say, "activate")],
        "hotline": [_why(say, "hotline", "help", words.options(say, Help)), _device(say, "hotline")],
        "device": [_device(say, "device")],
        "lock": [_why(say, "lock", "why", words.options(say, Lock))],
        "unlock": [],
        "close": [_why(say, "close", "why", words.options(say, BY_HAND))],
    }
    return {
        what: fields
        for what, fields in forms.items()
        if workers.may(who, what, held) and not (what == "activate" and late)
    }


def _why(say: Say, what: str, label: str, options: list[tuple[str, str]]) -> Field:
    return Field(f"{what}.reason", say(f"eid.{label}"), options[0][0], kind="select", options=options)


def _device(say: Say, what: str) -> Field:
    return Field(f"{what}.device", say("eid.device"), hint=say("eid.device_hint"), required=True)
