"""What an officer does with an account: decide, activate, another device, lock, unlock, close; or ask for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from muster.account import operations, queries
from muster.account.operations import AccountNotHere
from muster.account.rows import AccountRequest, Act, Activation, Decision, DeviceChange
from muster.account.words import How
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.people import rights
from muster.people.rights import Grants
from muster.register.operations import open_person
from muster.register.operations.looking import NobodyFound
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.desk import form
from muster.web.eid import account as pages
from muster.web.eid import who as workers
from muster.web.register import person as persons
from muster.web.register import purpose, search

Done = BatchResult[UUID]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: the account, at which version it was read, when, and by whom with what rights."""

    account: UUID
    version: int
    at: datetime
    grants: Grants
    by: Actor
    posted: Mapping[str, str]

    def row(self, what: str) -> dict[str, Any]:
        """Return what every act has: the account and the reason of its form."""
        reason = self.posted.get(f"{what}.reason", "")
        return {"account": self.account, "version": self.version, "at": self.at, "reason": reason}

    def device(self, what: str) -> str:
        """Return the device that was typed or scanned."""
        return self.posted.get(f"{what}.device", "")

    def told(self) -> dict[str, Any]:
        """Return who acts and when."""
        return {"grants": self.grants, "by": self.by, "at": self.at}


def _decide(filled: Filled) -> Done:
    approve = filled.posted.get("answer") == "grant"
    told = filled.row("decide") | ({"reason": ""} if approve else {})
    return operations.decide(decisions=[Decision(**told, approve=approve)], **filled.told())


def _activate(how: How, what: str, filled: Filled) -> Done:
    row = Activation(**filled.row(what), device=filled.device(what), how=how)
    return operations.activate(activations=[row], **filled.told())


def _device(filled: Filled) -> Done:
    row = DeviceChange(**filled.row("device"), device=filled.device("device"))
    return operations.change_device(changes=[row], **filled.told())


ACTS: Mapping[str, Callable[[Filled], Done]] = {
    "decide": _decide,
    "activate": partial(_activate, How.PRESENCE, "activate"),
    "hotline": partial(_activate, How.HOTLINE, "hotline"),
    "device": _device,
    "lock": lambda filled: operations.lock(locks=[Act(**filled.row("lock"))], **filled.told()),
    "unlock": lambda filled: operations.unlock(unlocks=[Act(**filled.row("unlock"))], **filled.told()),
    "close": lambda filled: operations.close(closings=[Act(**filled.row("close"))], **filled.told()),
}


@require_POST
def act(request: Visit, account: UUID) -> HttpResponse:
    """Do with an account what the form says, and show it again.

    :raises AccountNotHere: there is no such account in the officer's area
    :raises NotAllowed: they may not do this with it
    :raises Damaged: the form says nothing that can be done
    """
    who, what = workers.reader(request), request.POST.get("what", "")
    held = queries.states([account]).get(account)
    if held is None:
        raise AccountNotHere
    if what not in ACTS:
        raise form.Damaged
    workers.require(who, what, held)
    version = request.POST.get("version", "")
    filled = Filled(
        account, int(version) if version.isdecimal() else 0, campaign_time(request), who.grants, who.by,
        request.POST.dict(),
    )  # fmt: skip
    result = ACTS[what](filled)
    if result.refused:
        return pages.show_again(request, account, result.refused[0].refusal)
    return HttpResponseRedirect(reverse("eid:account", args=[account]))


@require_POST
def ask(request: Visit, person: UUID) -> HttpResponse:
    """Ask for an account for a person who stands at the desk."""
    who, at = purpose.reader(request, workers.ASK), campaign_time(request)
    try:
        page = open_person(person=person, grants=who.grants, by=who.by, at=at)
    except NobodyFound:
        return search.nobody(request, who)
    rights.require(who.grants, workers.ASK, page.line.path, who.purpose)
    try:
        row = _request(person, request.POST.dict(), at)
        operations.request_accounts(requests=[row], grants=who.grants, by=who.by, at=at).whole()
    except Refusal as refusal:
        return persons.show_again(request, who, person, refusal)
    return HttpResponseRedirect(reverse("eid:account", args=[row.id]))


def _request(person: UUID, posted: Mapping[str, str], at: datetime) -> AccountRequest:
    try:
        account, level = UUID(posted.get("account", "")), int(posted.get("level", ""))
    except ValueError:
        raise form.Damaged from None
    return AccountRequest(
        id=account, person=person, level=level, at=at, representative=form.representative(posted),
    )  # fmt: skip
