"""How a report, a signature or a verdict is refused, row by row."""

from muster.kernel.errors import Refusal


class NotASlot(Refusal):
    """The campaign's timetable has no report at that moment."""

    code = "not_a_slot"
    vi = "Chiến dịch không có kỳ báo cáo lúc {at}."
    en = "The campaign has no report at {at}."


class SlotNotYet(Refusal):
    """The moment has not come, or what was recorded at it may still be on its way to the disk."""

    code = "slot_not_yet"
    vi = "Chưa đến giờ chốt số liệu của kỳ báo cáo {at}."
    en = "The figures of {at} cannot be frozen yet."


class UnknownReport(Refusal):
    """There is no such report."""

    code = "unknown_report"
    vi = "Không có báo cáo {report}."
    en = "There is no report {report}."


class SaidByAPerson(Refusal):
    """A report is signed, corrected and certified by an officer."""

    code = "said_by_a_person"
    vi = "Việc này phải do một cán bộ đứng tên."
    en = "An officer puts their name to this."


class NoteTooLong(Refusal):
    """A note and a reason have at most 500 characters; a reason has at least one."""

    code = "report_note"
    vi = "Ghi chú hoặc lý do phải có nội dung và không quá 500 ký tự."
    en = "A reason is needed, and neither reason nor note is longer than 500 characters."


class OwnReport(Refusal):
    """Who signed a report does not certify it."""

    code = "own_report"
    vi = "Người đã ký báo cáo không thể tự xác nhận báo cáo đó."
    en = "Who signed a report cannot certify it."


class NotAbove(Refusal):
    """A report is certified by a unit above the one that made it."""

    code = "not_above"
    vi = "Chỉ chỉ huy cấp trên mới xác nhận báo cáo của đơn vị này."
    en = "Only a commander above may certify this unit's report."


class NotTheirFigure(Refusal):
    """A corrected figure is a whole number, 0 or more."""

    code = "not_a_figure"
    vi = "“{value}” không phải một số liệu hợp lệ."
    en = "“{value}” is no figure."


class SaidOtherwise(Refusal):
    """It was said before under this id, or of this report, with another content."""

    code = "said_otherwise"
    vi = "Báo cáo này đã được ghi nhận với nội dung khác."
    en = "This has been said of the report before, otherwise."


class BadTimetable(Refusal):
    """A timetable has one to eight times, levels that report, and terms of one minute to a day."""

    code = "bad_timetable"
    vi = "Lịch báo cáo cần từ 1 đến 8 giờ khác nhau, ít nhất một cấp, và hạn từ 1 phút đến 1 ngày."
    en = "A timetable has one to eight different times, at least one level, and terms of a minute to a day."


class AlreadyReported(Refusal):
    """Reports of that day have been frozen: the past keeps its timetable."""

    code = "already_reported"
    vi = "Đã có báo cáo từ ngày {since}; hãy đặt lịch từ một ngày sau đó."
    en = "There are reports of {since} or later; let the timetable begin on a later day."


class DayNotOver(Refusal):
    """Units are ranked at the end of a work day of the campaign."""

    code = "day_not_over"
    vi = "Ngày {day} chưa hết hoặc không thuộc chiến dịch, chưa xếp hạng được."
    en = "{day} is not over or no day of the campaign; units cannot be ranked by it."
