"""Three questions, an answer: where is my card, and what one may then ask for; a child's dossier, filed by a parent."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from muster.account import queries as accounts
from muster.account.operations import may_ask_online, request_accounts
from muster.account.rows import AccountRequest
from muster.account.words import OVER
from muster.account.words import Channel as AskedBy
from muster.capture.operations import asking
from muster.capture.operations.asking import Answers
from muster.capture.queries import DossierState
from muster.capture.queries import of_person as dossiers_of
from muster.capture.rows import Filing
from muster.capture.words import OVER as ENDED
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.kernel.numbers import PersonalNumber
from muster.law.capture import Representative
from muster.register.queries import PersonLine
from muster.ui.parts import Badge, Field
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.cards import words as cards
from muster.web.citizen import answered, appointment, throttle
from muster.web.desk.dossier import badges, code_of, next_step
from muster.web.desk.form import Damaged
from muster.web.eid import words as eid
from muster.web.register.places import Places

Posted = Mapping[str, str]
NOTHING: Mapping[str, object] = {"answer": None, "error": None, "appointment": None, "account": None}


@require_http_methods(["GET", "POST"])
def card(request: Visit) -> HttpResponse:
    """Ask for number, name and birth; tell where the card is, who must act and by when."""
    say, posted = saying(request), request.POST.dict()
    values: dict[str, object] = {"fields": _three(say, posted, ""), **NOTHING}
    if request.method == "POST":
        try:
            answers = _answers(request, posted, "")
            person, dossier = asking.where_is_my_card(answers=answers, at=campaign_time(request))
            values |= _answered(request, person, dossier, answered.word(person.id))
        except Refusal as refusal:
            values["error"] = error(request, refusal)
    return render(request, "citizen/card.html", values, status=422 if values["error"] else 200)


@require_POST
def account(request: Visit) -> HttpResponse:
    """Ask for an e-ID account of level 1, for whoever has just given the three answers; then tell as before."""
    values: dict[str, object] = {"fields": _three(saying(request), {}, ""), **NOTHING}
    try:
        person, at = answered.meant(request), campaign_time(request)
        try:
            row = AccountRequest(
                id=answered.typed_id(request, "account"), person=person.id, level=1, at=at,
                channel=AskedBy.ONLINE,
            )  # fmt: skip
            request_accounts(requests=[row], grants=None, by=answered.actor(person), at=at).whole()
        finally:
            newest = next(iter(dossiers_of(person.id)), None)
            values |= _answered(request, person, newest, request.POST["word"])
    except Refusal as refusal:
        values["error"] = error(request, refusal)
    return render(request, "citizen/card.html", values, status=422 if values["error"] else 200)


@require_http_methods(["GET", "POST"])
def child(request: Visit) -> HttpResponse:
    """File the dossier of a child under six."""
    say, posted = saying(request), request.POST.dict()
    values: dict[str, object] = {"answer": None, "error": None}
    if request.method == "POST":
        try:
            filed = _file(request, posted)
            values["answer"] = _told(request, filed) | {"accounts": _accounts(request, filed.person, filed)}
        except Refusal as refusal:
            values["error"] = error(request, refusal)
    ids = {name: posted.get(name) or str(new_id()) for name in ("dossier", "packet")}
    values |= {"fields": _three(say, posted, "parent."), "child": _child(say, posted), "ids": ids}
    return render(request, "citizen/child.html", values, status=422 if values["error"] else 200)


def _answered(
    request: Visit, person: PersonLine, dossier: DossierState | None, word: str
) -> dict[str, object]:  # fmt: skip
    """Return what the three answers tell, and what may be asked for with them.

    :param word: says who gave the answers, and how long it is good
    """
    wished = dossier is not None and dossier.account_level > 0 and dossier.state not in ENDED
    asks = not wished and may_ask_online(person.id, campaign_day(request))
    return {
        "answer": _told(request, dossier) | {"accounts": _accounts(request, person.id, dossier)},
        "appointment": appointment.of(request, person, word),
        "account": {"word": word, "id": str(new_id())} if asks else None,
    }


def _three(say: Say, posted: Posted, of: str) -> list[Field]:
    number, name, birth = f"{of}number", f"{of}name", f"{of}birth"
    return [
        Field(number, say("citizen.number"), posted.get(number, ""), inputmode="numeric", required=True, focus=True),
        Field(name, say("citizen.name"), posted.get(name, ""), hint=say("citizen.name_hint"), required=True),
        Field(birth, say("citizen.birth"), posted.get(birth, ""), hint=say("register.birth_hint"), required=True),
    ]


def _child(say: Say, posted: Posted) -> list[Field]:
    relations = [(one, say(f"citizen.relation_{one}")) for one in ("father", "mother", "guardian")]
    levels = [("0", say("desk.no_account")), ("1", say("desk.account", level=1))]
    return [
        Field("child.name", say("citizen.child_name"), posted.get("child.name", ""), required=True),
        Field("child.birth", say("citizen.birth"), posted.get("child.birth", ""), hint=say("register.birth_hint")),
        Field("relation", say("citizen.relation"), posted.get("relation", "mother"), kind="select", options=relations),
        Field("level", say("desk.level"), posted.get("level", "0"), kind="select", options=levels),
        Field("signed", say("citizen.signed"), posted.get("signed", ""), kind="check"),
    ]


def _answers(request: Visit, posted: Posted, of: str) -> Answers:
    """Return the three answers.

    :raises Refusal: number or birth cannot be read, or too many were asked for
    """
    number = str(PersonalNumber.parse(posted.get(f"{of}number", "")))
    throttle.check(request, number)
    return Answers(
        number=number, name=posted.get(f"{of}name", ""), birth=PartialDate.parse(posted.get(f"{of}birth", ""))
    )


def _file(request: Visit, posted: Posted) -> DossierState:
    try:
        row = Filing(
            id=UUID(posted.get("dossier", "")), packet=UUID(posted.get("packet", "")), person=UUID(int=0),
            filed_at=campaign_time(request), representative=Representative(),
            account_level=int(posted.get("level") or 0),
        )  # fmt: skip
    except ValueError:
        raise Damaged from None
    return asking.file_for_child(
        parent=_answers(request, posted, "parent."), child_name=posted.get("child.name", ""),
        child_birth=PartialDate.parse(posted.get("child.birth", "")), relation=posted.get("relation", ""),
        signed=bool(posted.get("signed")), row=row, at=campaign_time(request),
    )  # fmt: skip


def _accounts(request: Visit, person: UUID, dossier: DossierState | None) -> list[tuple[list[Badge], str]]:
    """Return each account that is not over, else the last one, with who must act and by when.

    One that was wished with the dossier is named before its request is written.
    """
    say, on = saying(request), campaign_day(request)
    found = accounts.of_person(person)
    shown = [one for one in found if one.state not in OVER] or found[:1]
    if dossier and dossier.account_level and dossier.id not in {one.dossier for one in found}:
        return [([], say("eid.asked_level", level=dossier.account_level))]
    places = Places([one.unit_done for one in shown], on)
    return [(list(eid.badges(say, one, on)), eid.next_step(say, one, places, on)) for one in shown]


def _told(request: Visit, dossier: DossierState | None) -> dict[str, object]:
    """Return the answer in plain words: the state, who must act by when, the code of the slip."""
    say, on = saying(request), campaign_day(request)
    if dossier is None:
        return {"next": say("citizen.no_dossier"), "badges": [], "code": ""}
    places = Places([dossier.unit_done, dossier.owner], on)
    flags = list(badges(say, dossier, on))[: 2 if dossier.overdue(on) else 1]
    card = cards.of_dossier(say, dossier.id, on) if dossier.state not in ENDED else None
    told = card[1] if card else next_step(say, dossier, places)
    return {"next": told, "badges": flags, "code": code_of(dossier.id)}
