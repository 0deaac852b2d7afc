"""A briefing as page, as slides, as PDF and as workbook; who took a file stands in the audit."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.audit import operations as audit
from muster.kernel.actor import Purpose
from muster.kernel.errors import Refusal
from muster.ui.parts import Field, Link, Table
from muster.units import queries as units
from muster.web import files
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.briefings import paper, telling
from muster.web.briefings.telling import Asked, Briefing, Kind
from muster.web.language import language_of
from muster.web.reports import sheet as sheets

PDF = "application/pdf"
A_SLIDE = 8  # rows: what is read from the back row


class NothingToTell(Refusal):
    """Without a campaign there is nothing to tell; an unreadable moment is no moment."""

    code = "nothing_to_tell"
    vi = "Chưa có đợt cấp nào ở đơn vị này."
    en = "No campaign runs at this unit."


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the briefing asked for, with the ways to its slides and files."""
    what = telling.asked(request)
    say, unit = words.saying(request), what.unit
    above = [one for one in units.ancestors(unit) if sheets.may_do(request, sheets.READ, one.ancestors)]
    error = words.error(request, what.refusal) if what.refusal else None
    kinds = [(one.value, say(f"briefing.kind.{one.value}")) for one in Kind]
    values = {
        "unit": str(units.title(unit.id, campaign_time(request).date())),
        "own": unit.id,
        "trail": [Link(_address("show", what, one.id), str(one), here=one.id == unit.id) for one in above],
        "fields": [
            Field("kind", say("briefing.how_often"), what.kind.value, kind="select", options=kinds),
            Field("known", say("counts.known"), what.typed, hint=say("counts.known_hint"), error=error),
        ],
        "takes": [
            Link(_address("pdf", what), say("briefing.pdf")),
            Link(_address("xlsx", what), say("briefing.xlsx")),
            Link(f"{_address('slides', what)}&mode=wall", say("briefing.slides")),
        ],
        "briefing": telling.read(request, what),
    }
    return render(request, "briefings/briefing.html", values)


@require_GET
def slides(request: Visit) -> HttpResponse:
    """Show the briefing as slides: one to a screen, space and page keys turn them.

    :raises NothingToTell: no campaign runs there
    """
    found = _read(request)
    pieces = [piece for table in found.tables for piece in _pieces(table)]
    return render(request, "briefings/slides.html", {"briefing": found, "pieces": pieces})


@require_GET
def as_pdf(request: Visit) -> HttpResponse:
    """Give the briefing as PDF.

    :raises NothingToTell: no campaign runs there
    """
    found = _read(request)
    return _taken(request, found, paper.pdf(found, language_of(request)), PDF, "pdf")


@require_GET
def as_xlsx(request: Visit) -> HttpResponse:
    """Give the figures of the briefing as a workbook.

    :raises NothingToTell: no campaign runs there
    """
    found = _read(request)
    return _taken(request, found, paper.workbook(found), files.XLSX, "xlsx")


def _read(request: Visit) -> Briefing:
    what = telling.asked(request)
    if what.refusal:
        raise what.refusal
    found = telling.read(request, what)
    if found is None:
        raise NothingToTell
    return found


def _taken(request: Visit, found: Briefing, written: bytes, kind: str, ending: str) -> HttpResponse:
    detail = f"{found.asked.unit.id} {found.asked.kind.value} {found.board.at.isoformat()} {ending}"
    audit.record(
        by=acting(request, Purpose.COMMAND),
        at=campaign_time(request),
        action="reporting.export_briefing",
        detail=detail,
    )
    return files.attached(written, kind, f"{found.name}.{ending}")


def _address(name: str, what: Asked, unit: int | None = None) -> str:
    asked: dict[str, Any] = {"unit": unit or what.unit.id, "kind": what.kind.value, "known": what.typed}
    return f"{reverse(f'briefings:{name}')}?{urlencode({key: one for key, one in asked.items() if one})}"


def _pieces(table: Table) -> list[Table]:
    """Return a table cut so that each piece is read on one screen."""
    return [
        Table(table.caption, table.columns, table.rows[start : start + A_SLIDE])
        for start in range(0, len(table.rows), A_SLIDE)
    ]
