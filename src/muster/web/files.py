"""Tables taken away as files: the same cells as CSV or as a workbook, and the answer that brings a file."""

import csv
from collections.abc import Iterable, Mapping, Sequence
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


def as_workbook(
    sheet: str, columns: Sequence[str], rows: Iterable[Sequence[object]], widths: Mapping[int, int]
) -> bytes:
    """Return a table as a workbook of one sheet: numbers as numbers, codes as text; head and first two columns stay.

    :param widths: of columns by their place, in characters
    """
    written = BytesIO()
    book = workbook(written)
    head, paper = book.add_format({"bold": True, "text_wrap": True, "border": 1}), book.add_worksheet(sheet)
    paper.write_row(0, 0, columns, head)
    for place, width in widths.items():
        paper.set_column(place, place, width)
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            (paper.write_string if isinstance(value, str) else paper.write_number)(number, place, value)
    paper.freeze_panes(1, 2)
    book.close()
    return written.getvalue()
