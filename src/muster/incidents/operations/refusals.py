"""How the incident desk refuses, row by row."""

from muster.kernel.errors import Refusal


class KitHasTicket(Refusal):
    """The kit has a live ticket."""

    code = "kit_has_ticket"
    vi = "Thiết bị này đang có một phiếu sự cố chưa xong."
    en = "This kit has a ticket that is not done."


class MendedOnTicket(Refusal):
    """A kit with a live ticket is mended on the ticket, so that the time lost ends there."""

    code = "has_ticket"
    vi = "Thiết bị đang có phiếu sự cố: ghi đã sửa trên phiếu ấy để thời gian mất được tính đúng."
    en = "The kit has a ticket: say there that it is mended, so that the time lost is right."


class BadTicket(Refusal):
    """A ticket says what happened, names a kit where it is about one, and a session that has this kit."""

    code = "bad_ticket"
    vi = "Phiếu phải ghi sự việc; phiếu về thiết bị phải nêu thiết bị có trong buổi và chưa thanh lý."
    en = "A ticket says what happened; one about a kit names a kit of the session that is not retired."


class UnknownTicket(Refusal):
    """There is no such ticket."""

    code = "unknown_ticket"
    vi = "Không có phiếu sự cố này."
    en = "There is no such ticket."


class ChangedMeanwhile(Refusal):
    """Somebody moved the ticket since it was read."""

    code = "ticket_changed"
    vi = "Phiếu vừa được người khác xử lý. Hãy xem lại."
    en = "Somebody else has just moved this ticket. Look again."


class NotOnDuty(Refusal):
    """Only a technician on duty for the unit of the ticket takes it."""

    code = "not_on_duty"
    vi = "Chỉ cán bộ kỹ thuật đang trực cho đơn vị này mới nhận phiếu."
    en = "Only a technician on duty for this unit takes the ticket."


class NotYours(Refusal):
    """A ticket that somebody has is moved by them, or by who commands the technical team there."""

    code = "not_yours"
    vi = "Phiếu đang do người khác xử lý; chỉ người ấy hoặc chỉ huy của tổ kỹ thuật được làm bước này."
    en = "Somebody else has this ticket: they move it, or who commands the team."


class UnknownSpare(Refusal):
    """There is no such spare, or it waits no more."""

    code = "unknown_spare"
    vi = "Không có máy dự phòng này, hoặc máy không còn trong kho dự phòng."
    en = "There is no such spare, or it waits no more."


class IncompleteAct(Refusal):
    """A move lacks what it must say: where and by when, the cause, the remedy, a time that has not passed."""

    code = "incomplete_act"
    vi = "Thiếu thông tin của bước này: nơi đến và giờ hẹn chưa qua, hoặc nguyên nhân và cách khắc phục."
    en = "This move must say where and by when (not in the past), or the cause and the remedy."


class NoSpare(Refusal):
    """A swap takes a ready spare of the pool, within one's area, for a ticket about a kit."""

    code = "no_spare"
    vi = "Thiết bị thay thế phải là máy dự phòng sẵn sàng, trong khu vực của bạn, cho phiếu về thiết bị."
    en = "A swap takes a ready spare within your area, for a ticket about a kit."


class NotATurn(Refusal):
    """Only technicians are put on duty, at one place at a time, for hours that end after they start."""

    code = "not_a_turn"
    vi = "Chỉ phân công cán bộ kỹ thuật, mỗi lúc một nơi, giờ kết thúc sau giờ bắt đầu, có ghi địa điểm."
    en = "Only technicians are put on duty, at one named place at a time, for hours that end after they start."
