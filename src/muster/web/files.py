"""Tables taken away as files: the same cells as CSV or as a workbook, and the answer that brings a file."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpResponse

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attached(written: bytes, kind: str, name: str) -> HttpResponse:
    """Return the answer that a browser keeps as a file of this name."""
    answer = HttpResponse(written, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV, marked as UTF-8 so that spreadsheet programs read its Vietnamese."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows(rows)
    return ("\ufeff" + written.getvalue()).encode()


def workbook(written: BytesIO) -> Any:
    """Return a new workbook in which no text becomes a formula or a link; closing it writes it."""
    import xlsxwriter  # noqa: PLC0415 - loaded by who exports

    return xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, the heads of its columns, its rows, the widths of columns in characters."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Mapping[int, int]


def as_workbook(
    sheet: str, columns: Sequence[str], rows: Iterable[Sequence[object]], widths: Mapping[int, int]
) -> bytes:
    """Return a table as a workbook of one sheet.

    :param widths: of columns by their place, in characters
    """
    return as_workbook_of([Sheet(sheet, columns, rows, widths)])


def as_workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """Return sheets as a workbook: numbers as numbers, codes as text; head and first two columns stay."""
    written = BytesIO()
    book = workbook(written)
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1})
    for sheet in sheets:
        paper = book.add_worksheet(sheet.name)
        paper.write_row(0, 0, sheet.columns, head)
        for place, width in sheet.widths.items():
            paper.set_column(place, place, width)
        for number, row in enumerate(sheet.rows, 1):
            for place, value in enumerate(row):
                (paper.write_string if isinstance(value, str) else paper.write_number)(number, place, value)
        paper.freeze_panes(1, 2)
    book.close()
    return written.getvalue()
