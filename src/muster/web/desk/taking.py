"""Take a person's dossier at the desk: look up, compare, capture, sign; for a child under six, file for the parent."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.capture import operations
from muster.capture import queries as capture
from muster.capture.words import Missing, Place, State
from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.law.forms import Signer
from muster.people import rights
from muster.register.operations import open_person
from muster.register.operations.looking import NobodyFound
from muster.ui.parts import Error, Field, Link
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.desk import form
from muster.web.desk.form import Asked, Posted
from muster.web.language import language_of
from muster.web.register import due, purpose, search
from muster.web.register import person as pages
from muster.web.register import words as register
from muster.web.register.places import Places
from muster.web.register.purpose import Reader

TAKE = "capture.take"


@require_http_methods(["GET", "POST"])
def take(request: Visit, person: UUID) -> HttpResponse:
    """Show what the law of the day asks of a person, and take what was captured.

    :raises NotAllowed: the officer takes no dossiers
    """
    who = purpose.reader(request, TAKE)
    try:
        page = open_person(person=person, grants=who.grants, by=who.by, at=campaign_time(request))
    except NobodyFound:
        return search.nobody(request, who)
    rights.require(who.grants, TAKE, page.line.path, who.purpose)
    standing = _to_mend(person) if (held := capture.open_of([person]).get(person)) else None
    if held and standing is None:
        return HttpResponseRedirect(reverse("desk:dossier", args=[held]))
    posted = request.POST.dict() if request.method == "POST" else _fresh(standing)
    what = form.asked(page, campaign_day(request), stated=form.stated(posted), lost=bool(posted.get("lost")))
    if request.method == "GET" or "again" in posted:
        return _show(request, what, posted)
    try:
        dossier = _write(request, who, what, posted)
    except Refusal as refused:
        return _show(request, what, posted, error(request, refused))
    return HttpResponseRedirect(reverse("desk:dossier", args=[dossier]))


def _to_mend(person: UUID) -> capture.DossierState | None:
    """Return the dossier of a person that came back to be mended, if that is where it is."""
    newest = capture.of_person(person)[0]
    return newest if newest.state is State.RETURNED else None


def _fresh(standing: capture.DossierState | None) -> dict[str, str]:
    """Return a form as it is first shown: its ids make a second press of the button the same dossier."""
    told = {"dossier": str(standing.id if standing else new_id()), "packet": str(new_id()), "photo": "1"}
    return told | {"attempt": str(standing.attempt + 1 if standing else 1)}


def _write(request: Visit, who: Reader, what: Asked, posted: Posted) -> UUID:
    at = campaign_time(request)
    if what.online:
        result = operations.file_online(filings=[form.filing(what, posted, at)], by=who.by, at=at)
    else:
        result = operations.receive(intakes=[form.intake(what, posted, at)], by=who.by, at=at)
    result.whole()
    return result.done[0]


def _show(request: Visit, what: Asked, posted: Posted, fault: Error | None = None) -> HttpResponse:
    say, page = saying(request), what.page
    places = Places([page.line.unit], what.on)
    values: dict[str, Any] = {
        "trail": pages.trail(
            request,
            Link(reverse("register:person", args=[page.line.id]), page.line.name),
            Link("", say("desk.take.title"), here=True),
        ),
        "line": page.line,
        "born": register.birth(say, page.line.birth, what.on),
        "sex": register.sex(say, page.line.sex),
        "unit": places.short(page.line.unit),
        "due": due.told(say, what.facts, what.on),
        "ready": what.due.in_scope and what.rule is not None,
        "online": what.online,
        "attempt": int(posted.get("attempt") or 1),
        "hidden": {name: posted[name] for name in ("dossier", "packet", "attempt") if name in posted},
        "grounds": _grounds(say, what, posted),
        "fee": formats.dong(what.vnd, language_of(request)),
        "captures": list(_captures(say, what, posted)),
        "missing": [(code.value, say(f"desk.missing.{code}")) for code in Missing],
        "photo": _check("photo", say("desk.photo"), posted) if what.rule and what.rule.photo else None,
        "details": _details(say, what, posted),
        "representative": _representative(say, posted) if what.represented or posted.get("lost") else [],
        "wrong": _wrong(say, posted),
        "signatures": _signatures(say, what, posted),
        "error": fault,
    }
    return render(request, "desk/take.html", values, status=422 if fault else 200)


def _check(name: str, label: str, posted: Posted, hint: str = "") -> Field:
    return Field(name, label, "1" if posted.get(name) else "", kind="check", hint=hint)


def _grounds(say: Say, what: Asked, posted: Posted) -> list[Field]:
    fields = [_check(f"ground.{one}", say(f"register.ground.{one}"), posted) for one in what.grounds]
    return [*fields, _check("lost", say("desk.lost_capacity"), posted)]


def _captures(say: Say, what: Asked, posted: Posted) -> Iterator[tuple[str, str, str, str]]:
    """Yield of each print and iris its code, its name, the quality typed, and why it is missing."""
    if what.rule:
        for code in form.capture_codes(what.rule):
            quality, missing = (posted.get(f"{kind}.{code}", "") for kind in ("quality", "missing"))
            yield code, form.capture_name(say, code), quality, missing


def _details(say: Say, what: Asked, posted: Posted) -> list[Field]:
    if what.online:
        fields: list[Field] = []
    else:
        places = [(one.value, say(f"desk.place.{one}")) for one in Place if one is not Place.ONLINE]
        fields = [
            Field("traits", say("desk.traits"), posted.get("traits", ""), hint=say("desk.traits_hint"), required=True),
            Field("place", say("desk.place_label"), posted.get("place", Place.DESK), kind="select", options=places),
            _check("old_card", say("desk.old_card"), posted),
        ]
    if what.levels:
        levels = [("0", say("desk.no_account")), *((str(one), say("desk.account", level=one)) for one in what.levels)]
        fields.append(Field("level", say("desk.level"), posted.get("level", "0"), kind="select", options=levels))
    return fields


def _representative(say: Say, posted: Posted) -> list[Field]:
    return [
        Field("rep.name", say("desk.rep.name"), posted.get("rep.name", "")),
        Field("rep.number", say("desk.rep.number"), posted.get("rep.number", ""), inputmode="numeric"),
        Field("rep.relation", say("desk.rep.relation"), posted.get("rep.relation", "")),
        _check("rep.signed", say("desk.rep.signed"), posted),
    ]


def _wrong(say: Say, posted: Posted) -> list[tuple[Field, Field]]:
    options = [("", say("desk.wrong_none")), *((name, say(f"register.field.{name}")) for name in form.CORRECTABLE)]
    return [
        (
            Field(
                f"wrong.{place}", say("desk.wrong"), posted.get(f"wrong.{place}", ""), kind="select", options=options
            ),
            Field(f"right.{place}", say("desk.right"), posted.get(f"right.{place}", "")),
        )
        for place in range(form.CORRECTIONS)
    ]


def _signatures(say: Say, what: Asked, posted: Posted) -> list[Field]:
    return [
        _check(f"sign.{who}", say(f"desk.sign.{who}"), posted)
        for who in what.signers
        if who is not Signer.REPRESENTATIVE
    ]
