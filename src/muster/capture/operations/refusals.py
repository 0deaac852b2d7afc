"""How an intake is refused, row by row."""

from muster.kernel.errors import Refusal


class AlreadyOnItsWay(Refusal):
    """The person has a dossier that has not ended: two would be counted twice and printed twice."""

    code = "already_on_its_way"
    vi = "Người này đã có hồ sơ đang xử lý ({dossier})."
    en = "This person has a dossier on its way already ({dossier})."


class DossierDiffers(Refusal):
    """A dossier with this id is there, and is another one."""

    code = "dossier_differs"
    vi = "Mã hồ sơ {dossier} đã có với nội dung khác."
    en = "Dossier {dossier} is there with another content."


class NotDueNow(Refusal):
    """The law of that day gives this person no card now; a ground that only the person can tell may change that."""

    code = "not_due_now"
    vi = "Theo pháp luật ngày {on}, người này chưa thuộc diện cấp ({reason}); nếu có lý do khác, hãy ghi rõ."
    en = "By the law of {on} this person is not due ({reason}); state a ground if there is one."


class IntakeRests(Refusal):
    """Nobody takes dossiers on that day, in the whole country."""

    code = "intake_rests"
    vi = "{why}"
    en = "{why}"


class FiledOnline(Refusal):
    """The dossier of a child under six is filed online by the representative, if need be with help at the desk."""

    code = "filed_online"
    vi = "Hồ sơ của trẻ dưới 6 tuổi do người đại diện nộp trực tuyến; hãy dùng mục nộp giúp."
    en = "The dossier of a child under six is filed online by the representative; use the assisted filing."


class NotFiledOnline(Refusal):
    """Only the dossier of a child under six is filed online as a whole; others come in person."""

    code = "not_filed_online"
    vi = "Người này phải đến làm trực tiếp; chỉ hồ sơ trẻ dưới 6 tuổi được nộp trực tuyến trọn vẹn."
    en = "This person comes in person; only the dossier of a child under six is filed online as a whole."


class CaptureRefused(Refusal):
    """The captures hold what the law of the day forbids, or lack what it wants and nobody said why."""

    code = "capture_faults"
    vi = "Thu nhận không đúng quy định ngày {on}: {faults}."
    en = "The captures are not as the law of {on} wants them: {faults}."


class NotACapture(Refusal):
    """A capture is one of the law's, once, with a quality of 0 to 100 or a reason why it is missing."""

    code = "not_a_capture"
    vi = "“{what}” không phải một mục thu nhận hợp lệ."
    en = "“{what}” is no valid capture."


class NotSigned(Refusal):
    """The intake form is signed by those whom the law of the day names."""

    code = "not_signed"
    vi = "Phiếu thu nhận còn thiếu chữ ký: {who}."
    en = "The intake form is not signed by: {who}."


class TakenInFuture(Refusal):
    """The clock of the kit is more than a day ahead; set it right and send again, nothing is lost."""

    code = "taken_in_future"
    vi = "Giờ thu nhận {at} đi trước hơn một ngày: chỉnh lại đồng hồ máy rồi gửi lại."
    en = "Taken at {at}, more than a day ahead: set the kit's clock right and send again."


class LevelNotOffered(Refusal):
    """The law of the day offers no such account to that age."""

    code = "level_not_offered"
    vi = "Theo pháp luật ngày {on}, tuổi này không được cấp tài khoản mức độ {level}."
    en = "By the law of {on} no account of level {level} is offered at that age."


class OutsideUnit(Refusal):
    """A unit moves the dossiers that it or one below it took, owns, or whose citizen lives there; no others."""

    code = "outside_unit"
    vi = "Hồ sơ {dossier} không thuộc đơn vị của bạn."
    en = "Dossier {dossier} is none of your unit's."
