"""How work on cards is refused, row by row."""

from muster.kernel.errors import Refusal


class UnknownCard(Refusal):
    """There is no card with this id."""

    code = "unknown_card"
    vi = "Không có thẻ {card}."
    en = "There is no card {card}."


class UnknownBatch(Refusal):
    """There is no batch with this id."""

    code = "unknown_batch"
    vi = "Không có lô thẻ {batch}."
    en = "There is no batch {batch}."


class NotAccepted(Refusal):
    """Only an accepted dossier gets a card."""

    code = "not_accepted"
    vi = "Hồ sơ đang ở trạng thái “{state}”, chưa in thẻ được."
    en = "The dossier is {state}: no card can be printed."


class NoNumber(Refusal):
    """A card is printed for a personal number."""

    code = "no_number"
    vi = "Người này chưa có số định danh cá nhân."
    en = "This person has no personal number."


class HolderGone(Refusal):
    """The holder is dead, has renounced the nationality, or is deleted from the register."""

    code = "holder_gone"
    vi = "Người được cấp thẻ không còn trong diện ({life})."
    en = "The holder is no more ({life})."


class DataErased(Refusal):
    """What stands on a card beside the name was erased from the register, or its key is lost."""

    code = "data_erased"
    vi = "Dữ liệu in trên thẻ đã bị xóa khỏi sổ dân cư."
    en = "What would be printed has been erased from the register."


class CardOutsideUnit(Refusal):
    """A unit works on the cards that it, or one below it, hands over."""

    code = "card_outside_unit"
    vi = "Thẻ không thuộc đơn vị của bạn."
    en = "The card is none of your unit's."


class TwiceInBatch(Refusal):
    """One batch tells of one card once."""

    code = "twice_in_batch"
    vi = "Thẻ này đã có ở một dòng trước."
    en = "An earlier row tells of this card."


class BatchInPrint(Refusal):
    """A batch arrives when each of its cards has been printed or scrapped."""

    code = "batch_in_print"
    vi = "Lô {no} còn {count} thẻ chưa có kết quả in."
    en = "Batch {no} has {count} cards in print."


class NotOfBatch(Refusal):
    """A card that is told missing belongs to the batch, and was printed."""

    code = "not_of_batch"
    vi = "Có thẻ báo thiếu không thuộc lô {no}."
    en = "A card told missing is none of batch {no}."


class DossierMoved(Refusal):
    """A card whose dossier has not ended is scrapped for what is wrong with the card."""

    code = "dossier_moved"
    vi = "Lý do “{reason}” không phù hợp: hồ sơ đang ở trạng thái “{state}”."
    en = "“{reason}” does not fit: the dossier is {state}."


class CardOutdated(Refusal):
    """A dossier that was returned and came again gets a new card: what was drawn up before may be wrong."""

    code = "card_outdated"
    vi = "Hồ sơ đã bị trả lại và nộp lại sau khi lập thẻ này: thẻ sẽ được thu hồi và lập thẻ mới."
    en = "The dossier was returned and came again after this card was drawn up: it is recalled, and another one made."


class MayNotTake(Refusal):
    """The law of the day does not let this one take the card."""

    code = "may_not_take"
    vi = "Theo pháp luật ngày {on}, không được giao thẻ theo diện “{ground}” cho người {age} tuổi."
    en = "By the law of {on} a card of somebody of {age} is not handed over on the ground “{ground}”."


class CheckNotPossible(Refusal):
    """Identity cannot be made sure this way: too young, nothing captured, or not yet in use on that day."""

    code = "check_not_possible"
    vi = "Ngày {on} không thể xác minh bằng cách “{check}”."
    en = "On {on} identity cannot be checked by “{check}”."


class TakerUnknown(Refusal):
    """Who takes a card for somebody else is written down: name, number, relation, signature."""

    code = "taker_unknown"
    vi = "Thiếu thông tin người nhận thay: {fields}."
    en = "Who takes the card is not told in full: {fields}."


class OldCardOpen(Refusal):
    """The register holds another card of the holder: what became of it is told."""

    code = "old_card_open"
    vi = "Người này còn thẻ cũ: hãy ghi đã thu, đã thu khi làm hồ sơ, hoặc bị mất."
    en = "The holder has another card: say whether it was taken, taken at intake, or lost."


class HandedBeforeArrival(Refusal):
    """A card is handed over after it came to lie at its unit."""

    code = "handed_before_arrival"
    vi = "Thời điểm giao thẻ {at} trước khi thẻ nằm tại đơn vị ({since})."
    en = "The card cannot be handed over at {at}: it lies at its unit since {since}."


class HandedInFuture(Refusal):
    """Nobody has taken a card tomorrow."""

    code = "handed_in_future"
    vi = "Thời điểm giao thẻ {at} ở tương lai."
    en = "The card cannot be handed over at {at}: that has not come."
