"""The reports of a slot taken away: as CSV, as a workbook, or as a text to paste into a chat group."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from muster.events.journal import AgeBand
from muster.kernel import formats
from muster.kernel.clock import local
from muster.kernel.errors import Refusal
from muster.reporting.words import FIGURES, Figure
from muster.web import files
from muster.web.accounts.visit import Visit
from muster.web.reports import sheet as sheets
from muster.web.reports.sheet import Sheet

BIG = ("code", "unit", "note", "signed_by")


class NoSlotYet(Refusal):
    """There is nothing to take away before the first slot is frozen."""

    code = "no_slot_yet"
    vi = "Chưa có kỳ báo cáo nào được chốt."
    en = "No report slot has been frozen yet."


def _sheet(request: Visit) -> tuple[Sheet, str]:
    """Return the sheet asked for, and the name of its file without its end.

    :raises NoSlotYet: no slot has been frozen
    """
    found = sheets.read(request)
    if found.slot is None:
        raise NoSlotYet
    return found, f"report-{found.unit.code}-{local(found.slot.at):%Y%m%d-%H%M}"


@require_GET
def table_csv(request: Visit) -> HttpResponse:
    """Give the slot as CSV, with the figures of the page to the digit.

    :raises NoSlotYet: no slot has been frozen
    """
    found, name = _sheet(request)
    return files.attached(files.as_csv(sheets.columns(), _rows(found)), files.CSV, f"{name}.csv")


@require_GET
def table_xlsx(request: Visit) -> HttpResponse:
    """Give the slot as a workbook.

    :raises NoSlotYet: no slot has been frozen
    """
    found, name = _sheet(request)
    widths = {place: 24 if column in BIG else 11 for place, column in enumerate(sheets.columns())}
    written = files.as_workbook("report", sheets.columns(), _rows(found), widths)
    return files.attached(written, files.XLSX, f"{name}.xlsx")


def _rows(found: Sheet) -> list[list[Any]]:
    return [sheets.row(found, line) for line in found.lines]


DIGEST = {
    Figure.CAPTURED: "Thu nhận hồ sơ", Figure.ACCEPTED: "Phê duyệt", Figure.PRINTED: "In thẻ",
    Figure.HANDED_OVER: "Trả thẻ", Figure.RECEIVED_1: "ĐDĐT mức 1 tiếp nhận",
    Figure.ACTIVATED_1: "ĐDĐT mức 1 kích hoạt", Figure.RECEIVED_2: "ĐDĐT mức 2 tiếp nhận",
    Figure.ACTIVATED_2: "ĐDĐT mức 2 kích hoạt",
}  # fmt: skip
BAND_NAMES = {
    AgeBand.UNDER_6: "0–5",
    AgeBand.FROM_6_TO_13: "6–13",
    AgeBand.FROM_14: "từ 14",
    AgeBand.UNKNOWN: "chưa rõ",
}


def digest(sheet: Sheet) -> str:
    """Return the unit's own report as a text for a chat group: always in Vietnamese, for that is who reads it."""
    line, slot = sheet.own, sheet.slot
    if line is None or slot is None:
        return ""
    told = [f"BÁO CÁO {formats.moment(slot.at)} – {sheet.title.upper()}"]
    for figure in FIGURES:
        total = line.reported(figure, sheet.side)
        base = formats.share(total, line.due) if line.due else formats.count(total)
        told.append(f"- {DIGEST[figure]}: trong ngày {formats.count(line.today(figure, sheet.side))}; lũy kế {base}")
    bands = [
        f"{name} tuổi: {formats.count(line.reported(Figure.CAPTURED, sheet.side, band))}"
        for band, name in BAND_NAMES.items()
    ]
    told.append(f"- Thu nhận theo tuổi: {'; '.join(bands)}")
    told.append(f"- Mẫu số: {formats.count(line.due)} người thuộc diện cấp, theo nơi cư trú")
    late = [sheet.names[one.unit] for one in sheet.owing if one.unit != sheet.unit.id]
    if late:
        told.append(f"- Chưa ký ({len(late)}): {', '.join(late)}")
    if line.signed and line.signed.note:
        told.append(f"- Ghi chú: {line.signed.note}")
    return "\n".join(told)
