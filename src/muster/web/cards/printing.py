"""What is printed on cards: both faces of one to compare with the card in hand, a batch's data for the printer."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from muster.card import operations
from muster.card.faces import faces, for_printer
from muster.ui.codes import qr_svg
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.accounts.words import saying
from muster.web.cards import who as workers
from muster.web.files import attached

JSON_LINES = "application/jsonl; charset=utf-8"


@require_GET
def show(request: Visit, card: UUID) -> HttpResponse:
    """Show both faces of a card as they are printed; it is a look, and written down as one."""
    who, say = workers.reader(request), saying(request)
    held, data = operations.open_faces(card=card, grants=who.grants, by=who.by, at=campaign_time(request))
    shown = faces(data)
    values = {"held": held, "faces": shown, "qr": qr_svg(shown.qr, say("cards.qr"))}
    return render(request, "cards/faces.html", values)


@require_POST
def data(request: Visit, batch: UUID) -> HttpResponse:
    """Give the printer the cards of a batch that are still to be printed, one line of JSON each."""
    who = workers.reader(request, workers.PRINT)
    line, told = operations.open_for_printer(batch=batch, grants=who.grants, by=who.by, at=campaign_time(request))
    written = b"".join(for_printer(one.serial, str(one.dossier), printed) for one, printed in told)
    return attached(written, JSON_LINES, f"batch-{line.no:06}.jsonl")
