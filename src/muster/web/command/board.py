"""The board of a commander: where a unit stands against its plan, who below it is behind, and what slows them."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.engines.plausibility import Finding
from muster.kernel.clock import moment_typed
from muster.kernel.errors import Refusal
from muster.reporting import queries
from muster.reporting.queries import Board
from muster.reporting.reinforcing import READ
from muster.survey.queries import CampaignLine
from muster.ui.parts import Field, Link
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.command import parts, reinforcement
from muster.web.command.keeping import Keeper
from muster.web.language import language_of
from muster.web.plan import command as in_charge
from muster.web.reports import sheet as sheets
from muster.web.reports.pages import odd

REFRESH = 60  # seconds
KEPT: Keeper[tuple[Board, dict[int, list[Finding]]]] = Keeper()


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the board of the unit asked for, as of now or of the moment asked for; nothing new is not sent again."""
    unit, typed = sheets.unit_asked(request), request.GET.get("known", "").strip()
    known, refusal = known_at(typed)
    campaign = sheets.campaign_of(unit)
    if campaign is None:
        return render(request, "command/board.html", _frame(request, unit, typed, refusal) | {"board": None})
    children, board, odd_ones = read(request, unit, campaign, known)
    tag = _tag(request, board, odd_ones)
    if request.headers.get("If-None-Match") == tag and not refusal:
        return _kept(HttpResponseNotModified(), tag)
    values = _frame(request, unit, typed, refusal) | _values(request, unit, children, board, odd_ones)
    return _kept(render(request, "command/board.html", values), tag)


def read(
    request: Visit, unit: Unit, campaign: CampaignLine, known: datetime | None
) -> tuple[list[Unit], Board, dict[int, list[Finding]]]:
    """Return the units right below, the board, and what cannot be true, as of now or as known at a moment.

    Made once a minute for everybody who asks.
    """
    at = known or campaign_time(request)
    children = list(units.children(unit.id, at.date()))
    numbers = [one.id for one in children]
    board, odd_ones = KEPT.get(
        (unit.id, campaign.id, known, at.replace(second=0, microsecond=0)),
        request.at,
        lambda: _made(campaign, unit.id, numbers, at, known),
    )
    return children, board, odd_ones


def _made(
    campaign: CampaignLine, unit: int, children: list[int], at: datetime, known: datetime | None
) -> tuple[Board, dict[int, list[Finding]]]:
    board = queries.board(campaign=campaign, unit=unit, children=children, at=at, known_at=known)
    kits = {one.unit: one.kits for one in (board.own, *board.below)}
    return board, sheets.odd_ones(campaign, list(kits), at, kits)


def known_at(typed: str) -> tuple[datetime | None, Refusal | None]:
    """Return the moment typed, none where nothing was, or why it is no moment."""
    try:
        return (moment_typed(typed) if typed else None), None
    except Refusal as refusal:
        return None, refusal


def _tag(request: Visit, board: Board, odd_ones: object) -> str:
    """Return what stands for the page: who reads it, how, and every figure on it."""
    reader = request.officer.id if request.officer else ""
    told = (board.own, board.below, board.curves, board.slots, board.states, board.in_charge, odd_ones, board.day)
    page = (reader, language_of(request), request.COOKIES.get("theme", ""), request.get_full_path())
    return f'W/"{sha256(repr((told, page)).encode()).hexdigest()[:32]}"'


def _kept(answer: HttpResponse, tag: str) -> HttpResponse:
    """Let the browser keep the page and ask whether it still holds: there is no person on it."""
    answer.headers["ETag"], answer.headers["Cache-Control"] = tag, "private, no-cache"
    answer.headers["Vary"] = "Cookie"
    return answer


def _frame(request: Visit, unit: Unit, typed: str, refusal: Refusal | None) -> dict[str, Any]:
    say = words.saying(request)
    above = [one for one in units.ancestors(unit) if sheets.may_do(request, sheets.READ, one.ancestors)]
    error = words.error(request, refusal) if refusal else None
    return {
        "unit": str(units.title(unit.id, campaign_time(request).date())),
        "own_unit": unit.id,
        "trail": [Link(parts.address(one.id, typed), str(one), here=one.id == unit.id) for one in above],
        "known": Field("known", say("counts.known"), typed, hint=say("counts.known_hint"), error=error),
        "wall": f"{parts.address(unit.id, typed)}&mode=wall",
        "refresh": "" if typed else str(REFRESH),
        "reports": f"{reverse('reports:show')}?unit={unit.id}",
        "ranking": f"{reverse('command:ranking')}?unit={unit.id}",
        "reinforcement": reinforcement.address(unit.id) if sheets.may_do(request, READ, unit.ancestors) else "",
        "outlook": f"{reverse('command:outlook')}?unit={unit.id}",
    }


def _values(
    request: Visit, unit: Unit, children: list[Unit], board: Board, odd_ones: dict[int, list[Finding]]
) -> dict[str, Any]:
    titles = {one: str(title) for one, title in units.titles([unit.id, *(o.id for o in children)], board.day).items()}
    return {
        "board": board,
        "campaign": board.campaign.name,
        "told": parts.as_of(request, board),
        "in_charge": in_charge.told(request, unit, board.in_charge.get(unit.id)) if unit.level != "hamlet" else None,
        "tiles": parts.tiles(request, board),
        "curves": parts.curves(request, board),
        "map": parts.unit_map(request, board, children),
        "behind": parts.behind(request, board, {one.id: one.name for one in children}) if children else "",
        "table": parts.table(request, board, titles, {one.id: one.code for one in children}, odd_ones),
        "odd": [(titles[one], [odd(request, finding) for finding in found]) for one, found in odd_ones.items()],
    }
