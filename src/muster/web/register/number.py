"""A number that no longer agrees with its holder: what the page tells and offers of it (`cancel` carries it out)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from muster.kernel import formats
from muster.kernel.numbers import Finding
from muster.law.numbers import WrongPart
from muster.people import queries, rights
from muster.people.words import ApprovalKind
from muster.register.queries import PersonPage
from muster.ui.parts import Confirm, Field
from muster.web.accounts import words
from muster.web.accounts.visit import Visit
from muster.web.language import language_of
from muster.web.register.purpose import Reader

ASK = f"{ApprovalKind.CANCEL_NUMBER}.ask"


@dataclass(frozen=True, slots=True)
class Cancelling:
    """What does not agree, and how far its cancelling has come for this officer."""

    findings: list[str]
    state: str  # "told" to others, "ask", "asked", "granted"
    until: str = ""
    reason: Field | None = None
    question: Confirm | None = None


def cancelling(request: Visit, who: Reader, page: PersonPage, wrong: Mapping[WrongPart, Finding]) -> Cancelling | None:
    """Return what the page offers where the number does not agree; nothing where it does."""
    if not wrong:
        return None
    say, english = words.saying(request), language_of(request) == "en"
    findings = [one.en if english else one.vi for one in wrong.values()]
    if not rights.may(who.grants, ASK, page.line.path, who.purpose):
        return Cancelling(findings, "told")
    asked = _asked(request, page.line.id)
    if asked is None:
        reason = Field("reason", say("people.reason"), kind="area", hint=say("register.cancel.hint"), required=True)
        return Cancelling(findings, "ask", reason=reason)
    until = formats.moment(asked.expires_at)
    if not asked.decision:
        return Cancelling(findings, "asked", until)
    return Cancelling(findings, "granted", until, question=_question(request, page, asked))


def _question(request: Visit, page: PersonPage, asked: queries.Approval) -> Confirm:
    say = words.saying(request)
    return Confirm(
        "replace",
        say("register.cancel.question", number=page.line.number, name=page.line.name),
        say("register.cancel.means"),
        say("register.cancel.go"),
        reverse("register:number", args=[page.line.id]),
        {"what": "replace", "approval": str(asked.id)},
    )


def _asked(request: Visit, person: UUID) -> queries.Approval | None:
    """Return this officer's own request about this person that still waits or may be used."""
    for one in queries.requests_of(request.user.id):
        about = (one.kind, one.subject) == (ApprovalKind.CANCEL_NUMBER, person)
        if about and one.decision != "refused" and one.used_at is None and one.expires_at > request.at:
            return one
    return None
