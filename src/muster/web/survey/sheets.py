"""A list as a workbook: a sheet a hamlet, laid out as it is printed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from muster.web import files
from muster.web.accounts.words import Say
from muster.web.survey.lists import LineTold

SHEET_NAME = 31  # letters, the most a workbook takes
HEAD_ROWS = 5
WIDTHS = {
    "number": 5, "name": 26, "birth": 11, "sex": 6, "house": 30, "group": 22, "why": 26, "old_numbers": 12,
    "contact": 14, "hard": 20,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HamletTold:
    """The lines of one hamlet."""

    title: str
    lines: Sequence[LineTold]


def cell(line: LineTold, column: str) -> str:
    """Return what stands in a column of paper or workbook."""
    values = {
        "group": ", ".join(part for part in (line.group, line.organisation) if part),
        "contact": line.contact_badge.label,
        "hard": line.hard_told,
    }
    return values.get(column) or str(getattr(line, column, ""))


def workbook(say: Say, head: Mapping[str, Any], hamlets: Sequence[HamletTold]) -> bytes:
    """Return the workbook; every cell is text, so that no number loses its noughts and no name is a formula."""
    written = BytesIO()
    book = files.workbook(written)
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "plain": book.add_format({"font_size": 10}),
        "head": book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}),
        "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
    }
    names: set[str] = set()
    for hamlet in hamlets or [HamletTold(str(head["unit"]), [])]:
        sheet = book.add_worksheet(_name(hamlet.title, names))
        _fill(sheet, styles, say, head, hamlet)
    book.close()
    return written.getvalue()


def _name(title: str, names: set[str]) -> str:
    """Return a name for a sheet: without the signs a workbook refuses, and not taken."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:SHEET_NAME] or "1"
    name, n = plain, 2
    while name.casefold() in names:
        mark = f" ({n})"
        name, n = plain[: SHEET_NAME - len(mark)] + mark, n + 1
    names.add(name.casefold())
    return name


def _fill(sheet: Any, styles: Mapping[str, Any], say: Say, head: Mapping[str, Any], hamlet: HamletTold) -> None:
    columns: Sequence[tuple[str, str]] = head["columns"]
    last = HEAD_ROWS + len(hamlet.lines)
    sheet.write_string(0, 0, say("survey.list_of", unit=hamlet.title), styles["title"])
    for row, text in enumerate((head["authority"], f"{head['campaign']} · {head['days']}", head["printed"]), 1):
        sheet.write_string(row, 0, str(text), styles["plain"])
    for place, (name, label) in enumerate(columns):
        sheet.set_column(place, place, WIDTHS[name])
        sheet.write_string(HEAD_ROWS, place, label, styles["head"])
    for row, line in enumerate(hamlet.lines, HEAD_ROWS + 1):
        for place, (name, _) in enumerate(columns):
            sheet.write_string(row, place, cell(line, name), styles["cell"])
    for place, signer in enumerate(("survey.signs_made", "survey.signs_hamlet")):
        sheet.write_string(last + 2, 1 + place * (len(columns) // 2), say(signer), styles["plain"])
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROWS)
    sheet.freeze_panes(HEAD_ROWS + 1, 2)
    sheet.autofilter(HEAD_ROWS, 0, max(last, HEAD_ROWS + 1), len(columns) - 1)
    sheet.set_footer("&L&A&R&P/&N")
