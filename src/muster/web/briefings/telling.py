"""What a briefing tells: read once, by the very parts that the board's and the ranking's pages are made of.

So every figure of page, slide, PDF and workbook is that of the screen, to the digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.reporting import queries
from muster.reporting.queries import Board, ExplanationLine, Told
from muster.reporting.words import Figure
from muster.survey.queries import CampaignLine
from muster.ui.charts import Chart
from muster.ui.parts import Table, Tile
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit
from muster.web.command import board as boards
from muster.web.command import outlook, parts
from muster.web.command import ranking as rankings
from muster.web.explaining import told as explaining
from muster.web.explaining.reader import READ as READ_EXPLANATIONS
from muster.web.reports import sheet as sheets
from muster.web.reports.pages import odd

WEEK = timedelta(days=7)


class Kind(StrEnum):
    """How often it is told: each evening, or each week with ranking and forecast."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: of which unit, how often, as known when (none: now)."""

    unit: Unit
    kind: Kind
    typed: str
    known: datetime | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing in the reader's language; ``board``, ``ranking`` and ``forecasts`` are the figures it was made of."""

    asked: Asked
    campaign: CampaignLine
    title: str
    told: str
    tiles: Sequence[Tile]
    curves: Chart | None
    map: Chart | None
    lines: Sequence[str]  # who is behind, who has not signed, what cannot be true
    tables: Sequence[Table]
    board: Board
    ranking: rankings.Asked | None
    forecasts: Sequence[Told]
    explained: Sequence[ExplanationLine]
    names: dict[int, str]
    codes: dict[int, str]

    @property
    def name(self) -> str:
        """The name of its file, without its end."""
        return f"briefing-{self.asked.kind.value}-{self.asked.unit.code}-{self.board.day:%Y%m%d}"


def asked(request: Visit) -> Asked:
    """Return what was asked for.

    :raises NotAllowed: the unit is not there, or not in one's area
    """
    typed = request.GET.get("known", "").strip()
    known, refusal = boards.known_at(typed)
    kind = Kind.WEEKLY if request.GET.get("kind") == Kind.WEEKLY.value else Kind.DAILY
    return Asked(sheets.unit_asked(request), kind, typed, known, refusal)


def read(request: Visit, what: Asked) -> Briefing | None:
    """Return the briefing asked for; none where no campaign is."""
    campaign = sheets.campaign_of(what.unit)
    if campaign is None:
        return None
    children, board, odd_ones = boards.read(request, what.unit, campaign, what.known)
    own, day = what.unit, board.day
    names = {one: str(title) for one, title in units.titles([own.id, *(one.id for one in children)], day).items()}
    codes = {one.id: one.code for one in (own, *children)}
    weekly = what.kind is Kind.WEEKLY
    ranking = _ranking(own, campaign, day) if weekly else None
    forecasts = queries.told(campaign.id, list(codes), Figure.CAPTURED, day) if weekly else []
    explained = _explained(request, own, campaign, board)
    lines = [parts.behind(request, board, {one.id: one.name for one in children})] if children else []
    lines += _unsigned(request, board)
    lines += [f"{names[one]}: {'; '.join(odd(request, row) for row in rows)}" for one, rows in odd_ones.items()]
    tables = [parts.table(request, board, names, codes, odd_ones)] if children else []
    if ranking and ranking.found:
        tables.append(rankings.table(request, ranking, ranking.found))
    if explained:
        tables.append(explaining.table(request, words.saying(request)("briefing.explained"), explained, board.at))
    if forecasts:
        deadlines = dict.fromkeys(names, board.deadline)
        right = queries.how_right(campaign.id)
        tables.append(outlook.table(request, forecasts, names, deadlines, right))
    return Briefing(
        what, campaign, words.saying(request)(f"briefing.of.{what.kind.value}", unit=names[own.id]),
        _told(request, campaign, board, ranking), parts.tiles(request, board), parts.curves(request, board),
        parts.unit_map(request, board, children), lines, tables, board, ranking, forecasts, explained,
        names, codes,
    )  # fmt: skip


def _told(request: Visit, campaign: CampaignLine, board: Board, ranking: rankings.Asked | None) -> str:
    told = [campaign.name, parts.as_of(request, board)]
    if ranking and ranking.found:
        told.append(words.saying(request)("briefing.ranked", day=formats.day(ranking.day)))
    return " · ".join(told)


def _explained(request: Visit, unit: Unit, campaign: CampaignLine, board: Board) -> list[ExplanationLine]:
    """Return the explanations below a unit that were owed, or moved within a week, for who may read them."""
    if not sheets.may_do(request, READ_EXPLANATIONS, unit.ancestors):
        return []
    return queries.explanations_told(campaign.id, unit.id, board.at, board.at - WEEK)


def _ranking(unit: Unit, campaign: CampaignLine, until: date) -> rankings.Asked:
    """Return the newest ranking up to a work day, of the level right below."""
    days = queries.ranked_days(campaign.id, 1, until=until)
    return rankings.asked_of(unit, campaign, rankings.levels_below(unit)[0], days, days[0] if days else None)


def _unsigned(request: Visit, board: Board) -> list[str]:
    """Return who has not signed the last slot, where anybody has not."""
    if board.last is None or not (owing := queries.owing(board.last.id, board.own.unit)):
        return []
    named = units.titles([one.unit for one in owing[: parts.SHOWN]], board.day).values()
    at, more = formats.moment(board.last.at), "…" if len(owing) > parts.SHOWN else ""
    told = ", ".join(str(one) for one in named) + more
    return [words.saying(request)("briefing.unsigned", at=at, count=len(owing), units=told)]
