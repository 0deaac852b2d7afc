"""What a checker does with a dossier: accept it, send it back to be mended, refuse it; then the next one opens."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from muster.capture import operations as capture
from muster.capture import queries as dossiers_now
from muster.capture.moves import Step
from muster.capture.rows import DossierMove
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.processing import operations
from muster.processing.operations import NothingHere
from muster.units.queries import ROOT
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.checking import dossier as pages
from muster.web.checking import who as checkers
from muster.web.register.places import resolve
from muster.web.register.purpose import Reader


@require_POST
def accept(request: Visit, dossier: UUID) -> HttpResponse:
    """Accept a dossier."""
    who = acting_on(request, dossier, "checking.accept")
    result = operations.accept_dossiers(dossiers=[dossier], by=who.by, at=campaign_time(request))
    return pages.show_again(request, dossier, result.refused[0].refusal) if result.refused else _on(request, dossier)


@require_POST
def send_back(request: Visit, dossier: UUID) -> HttpResponse:
    """Send a dossier back: why, who mends it, by when."""
    who = acting_on(request, dossier, "checking.return")
    try:
        owner = resolve(request.POST.get("owner", "").strip(), campaign_day(request), [ROOT])
        day = PartialDate.parse(request.POST.get("day", "").strip()).latest
        row = _row(request, dossier, Step.RETURNED, request.POST.get("mend", ""))
        row = DossierMove(
            dossier=dossier,
            step=row.step,
            at=row.at,
            version=row.version,
            reason=row.reason,
            owner=owner,
            answer_by=day,
        )
        _move(row, who)
    except Refusal as refusal:
        return pages.show_again(request, dossier, refusal)
    return _on(request, dossier)


@require_POST
def refuse(request: Visit, dossier: UUID) -> HttpResponse:
    """Refuse a dossier, with the form of the law and a reason."""
    who = acting_on(request, dossier, "checking.refuse")
    try:
        _move(_row(request, dossier, Step.REFUSED, request.POST.get("ending", "")), who)
    except Refusal as refusal:
        return pages.show_again(request, dossier, refusal)
    return _on(request, dossier)


def acting_on(request: Visit, dossier: UUID, action: str) -> Reader:
    """Return who acts on a dossier.

    :raises NothingHere: there is no such dossier
    :raises NotAllowed: they may not do this to it
    """
    who = checkers.checker(request)
    held = dossiers_now.states([dossier]).get(dossier)
    if held is None:
        raise NothingHere
    checkers.require(who, action, held.path)
    return who


def _row(request: Visit, dossier: UUID, step: Step, reason: str) -> DossierMove:
    version = request.POST.get("version", "")
    at = campaign_time(request)
    return DossierMove(
        dossier=dossier, step=step, at=at, reason=reason, version=int(version) if version.isdecimal() else 0
    )  # fmt: skip


def _move(row: DossierMove, who: Reader) -> None:
    capture.move_dossiers(moves=[row], by=who.by, at=row.at).whole()


def _on(request: Visit, dossier: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('checking:next')}?kind={pages.kind(request)}&after={dossier}")
