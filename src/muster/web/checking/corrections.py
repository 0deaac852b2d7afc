"""Decide what the citizen says is wrong, field by field: correct the register on a paper, or leave it."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from muster.kernel.errors import Refusal
from muster.processing import operations
from muster.processing.operations import CorrectionDecision
from muster.units.queries import ROOT
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.checking import dossier as pages
from muster.web.checking.moving import acting_on
from muster.web.register import words as register
from muster.web.register.places import resolve


class NothingDecided(Refusal):
    """No field of the form was decided."""

    code = "nothing_decided"
    vi = "Chưa chọn quyết định cho trường nào."
    en = "No field has been decided."


@require_POST
def decide(request: Visit, dossier: UUID) -> HttpResponse:
    """Take the decisions of a form; a field left open stays open."""
    who = acting_on(request, dossier, "checking.correct")
    try:
        rows = [
            _row(request, dossier, name.removeprefix("decide."), answer)
            for name, answer in request.POST.items()
            if name.startswith("decide.") and answer in {"apply", "keep"}
        ]
        if not rows:
            raise NothingDecided
        operations.decide_corrections(decisions=rows, by=who.by, at=campaign_time(request)).whole()
    except Refusal as refusal:
        return pages.show_again(request, dossier, refusal)
    return HttpResponseRedirect(f"{reverse('checking:dossier', args=[dossier])}?kind={pages.kind(request)}")


def _row(request: Visit, dossier: UUID, field: str, answer: str) -> CorrectionDecision:
    version = request.POST.get("version", "")
    typed, shown = (request.POST.get(f"{part}.{field}", "").strip() for part in ("value", "was"))
    value = _value(request, field, typed) if answer == "apply" and typed != shown else None
    return CorrectionDecision(
        dossier=dossier, field=field, apply=answer == "apply", value=value,
        version=int(version) if version.isdecimal() else 0, paper=request.POST.get("paper", "").strip(),
    )  # fmt: skip


def _value(request: Visit, field: str, typed: str) -> str:
    """Return what was typed from the paper as it is stored."""
    return str(resolve(typed, campaign_day(request), [ROOT])) if field in register.UNITS else typed
