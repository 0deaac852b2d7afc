"""A briefing as paper and as workbook. The PDF is set by typst from our template; it reads nothing but our fonts."""

import re
from datetime import date
from typing import Any

from muster.kernel import formats
from muster.kernel.formats import Language
from muster.reporting.queries import ExplanationLine, Stand, Told
from muster.ui import svg
from muster.ui.parts import Badge, Cell, Table
from muster.ui.texts import text
from muster.web import files, typesetting
from muster.web.briefings.telling import Briefing
from muster.web.command import ranking as rankings
from muster.web.explaining import told as explaining

STANDS = ("code", "unit", "captured", "target", "due", "today", "week", "days", "kits_up", "kits_held")
EXPLAINED = (
    "unit", "day", "state", "due_by", "reason", "place", "among", "captured", "target", "planned", "chased", "cause",
    "answer", "decision", "owner", "due",
)  # fmt: skip
FORECASTS = ("code", "unit", "day", "done", "goal", "rate_on", "finish", "low", "high")


def pdf(briefing: Briefing, language: Language) -> bytes:
    """Return a briefing as PDF on A4; the same briefing always gives the same words, figures and drawings."""
    told = {
        "language": language,
        "title": briefing.title,
        "told": briefing.told,
        "tiles": [{"label": one.label, "figure": one.figure, "base": one.base, "tone": one.tone}
                  for one in briefing.tiles],
        "drawings": [{"title": one.title, "svg": printable(str(one.wide))}
                     for one in (briefing.curves, briefing.map) if one],
        "lines": list(briefing.lines),
        "tables": [_table(one) for one in briefing.tables],
        "footer": text("briefing.footer", language, at=formats.moment(briefing.board.at)),
    }  # fmt: skip
    return typesetting.pdf("briefings/briefing.typ", told)


def printable(drawing: str) -> str:
    """Return a drawing as a file of its own whose colours are written out: printers know no CSS variables."""
    whole = svg.on_paper(drawing)
    named = dict(re.findall(r"(--[\w-]+):\s*([^;}]+)", whole))
    return re.sub(r"var\((--[\w-]+)\)", lambda one: named[one[1]], whole)


def _table(table: Table) -> dict[str, Any]:
    rows = [[_cell(table.cell(row, column)) for column in table.columns] for row in table.rows]
    heads = [{"label": one.label, "numeric": one.numeric} for one in table.columns]
    return {"caption": table.caption, "columns": heads, "rows": rows, "note": table.note}


def _cell(cell: Cell) -> dict[str, str]:
    badge = cell.badge or Badge("")
    return {"text": cell.text, "note": cell.note, "badge": badge.label, "tone": badge.tone}


def workbook(briefing: Briefing) -> bytes:
    """Return the figures a briefing was made of: a sheet of units, and those of ranking and forecast where told."""
    board = briefing.board
    titles = explaining.titles(briefing.explained, board.day)
    found = [files.Sheet("units", STANDS, [_stand(briefing, one) for one in (board.own, *board.below)], {1: 28})]
    if briefing.ranking and briefing.ranking.found:
        found.append(files.Sheet("ranking", rankings.FILE, rankings.lines(briefing.ranking), {1: 28}))
    if briefing.forecasts:
        rows = [_forecast(briefing, one) for one in briefing.forecasts]
        found.append(files.Sheet("forecast", FORECASTS, rows, {1: 28}))
    if briefing.explained:
        rows = [_explained(one, titles) for one in briefing.explained]
        found.append(files.Sheet("explanations", EXPLAINED, rows, {0: 28}))
    return files.as_workbook_of(found)


def _stand(briefing: Briefing, one: Stand) -> list[str | int]:
    return [
        briefing.codes[one.unit], briefing.names[one.unit], one.captured, one.target, one.due, one.today, one.week,
        one.days, one.kits.up, one.kits.held,
    ]  # fmt: skip


def _forecast(briefing: Briefing, one: Told) -> list[str | int]:
    dates = [_day(one.rate_on), _day(one.finish), _day(one.low), _day(one.high)]
    return [briefing.codes[one.unit], briefing.names[one.unit], _day(one.day), one.done, one.goal, *dates]


def _explained(one: ExplanationLine, titles: dict[int, str]) -> list[str | int]:
    answer, decision = one.answer, one.decision
    return [
        titles[one.unit], _day(one.day), one.state.value, formats.moment(one.due_by) if one.due_by else "",
        one.reason.value, one.place, one.among, one.captured, one.target, one.planned, one.chased,
        answer.cause.value if answer and answer.cause else "", answer.text if answer else "",
        *((decision.text, decision.owner_name, _day(decision.due)) if decision else ("", "", "")),
    ]  # fmt: skip


def _day(day: date | None) -> str:
    return formats.day(day) if day else ""
