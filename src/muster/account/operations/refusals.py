"""How a request or a move of an account is refused, row by row."""

from muster.kernel.errors import Refusal


class AccountThere(Refusal):
    """The person has an account of that level or a higher one that is not over."""

    code = "account_there"
    vi = "Người này đã có tài khoản mức độ {level} hoặc cao hơn."
    en = "This person has an account of level {level} or a higher one."


class AccountDiffers(Refusal):
    """An account with this id is there, and is another one."""

    code = "account_differs"
    vi = "Mã tài khoản {account} đã có với nội dung khác."
    en = "Account {account} is there with another content."


class LevelNotOffered(Refusal):
    """The law of the day offers no such account to that age."""

    code = "level_not_offered"
    vi = "Theo pháp luật ngày {on}, tuổi này không được cấp tài khoản mức độ {level}."
    en = "By the law of {on} no account of level {level} is offered at that age."


class InPersonOnly(Refusal):
    """Level 2 is asked for in person, or together with the card: face and prints are matched there."""

    code = "in_person_only"
    vi = "Tài khoản mức độ 2 phải đăng ký trực tiếp, hoặc cùng hồ sơ cấp thẻ."
    en = "Level 2 is asked for in person, or together with the card."


class ConsentMissing(Refusal):
    """The representative of a minor agrees: named whole, and signed."""

    code = "consent_missing"
    vi = "Còn thiếu sự đồng ý của người đại diện (họ tên, số định danh, quan hệ, chữ ký)."
    en = "The representative's consent is missing (name, number, relation, signature)."


class HolderNotAlive(Refusal):
    """Only the living hold accounts."""

    code = "holder_not_alive"
    vi = "Theo sổ dân cư, người này không còn sống hoặc không còn trong sổ ({life})."
    en = "By the register this person is not alive, or not in it any more ({life})."


class CardMissing(Refusal):
    """The level wants a valid card, or a dossier that was accepted so that the card is being made."""

    code = "card_missing"
    vi = "Mức độ này cần thẻ còn hiệu lực, hoặc hồ sơ cấp thẻ đã được chấp nhận."
    en = "This level wants a valid card, or an accepted dossier of one."


class DecidedByAPerson(Refusal):
    """The machine rejects nobody, and grants nothing that something stands against."""

    code = "account_person_decides"
    vi = "Việc này phải do cán bộ quyết định."
    en = "An officer decides this."


class NotAReason(Refusal):
    """A rejection, a lock, a closing and the hotline's help each say why, in a word of their list; the rest do not."""

    code = "account_reason"
    vi = "“{reason}” không phải lý do hợp lệ cho bước “{move}”."
    en = "“{reason}” is no reason for “{move}”."


class NeedsHotline(Refusal):
    """The days in which the holder activates alone or beside an officer are past."""

    code = "needs_hotline"
    vi = "Đã quá hạn tự kích hoạt ({last}); chỉ kích hoạt được qua tổng đài, có lý do."
    en = "The days to activate ended on {last}; only the hotline can help now, with a reason."


class OfficerMissing(Refusal):
    """Whoever helps is an officer, and is written down."""

    code = "officer_missing"
    vi = "Cần ghi rõ cán bộ chứng kiến hoặc hỗ trợ kích hoạt."
    en = "The officer who was there, or helped, has to be named."


class DeviceMissing(Refusal):
    """An account is used on a device that has a name: 1 to 200 characters."""

    code = "device_missing"
    vi = "Cần mã thiết bị (tối đa 200 ký tự)."
    en = "The device's own id is wanted (at most 200 characters)."


class SameDevice(Refusal):
    """It is used on that device already."""

    code = "same_device"
    vi = "Tài khoản đang dùng chính thiết bị này."
    en = "The account is used on this very device."


class DossierNotIn(Refusal):
    """An account is asked for with a dossier that was received and has not ended without a card."""

    code = "dossier_not_in"
    vi = "Hồ sơ {dossier} chưa được tiếp nhận, hoặc đã kết thúc không có thẻ."
    en = "Dossier {dossier} has not been received, or has ended without a card."


class UnknownAccount(Refusal):
    """There is no account with this id."""

    code = "unknown_account"
    vi = "Không có tài khoản {account}."
    en = "There is no account {account}."


class ChangedMeanwhile(Refusal):
    """Somebody moved the account after it was read; look again, then decide again."""

    code = "changed_meanwhile"
    vi = "Tài khoản vừa được người khác xử lý; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just moved this account; open it again."


class OutsideUnit(Refusal):
    """A unit acts on accounts that it or one below it took, or whose holder lives there; no others."""

    code = "outside_unit"
    vi = "Tài khoản {account} không thuộc đơn vị của bạn."
    en = "Account {account} is none of your unit's."
