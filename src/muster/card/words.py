"""The words of the cards: codes that are stored, and what they mean."""

from enum import StrEnum

KIND = "card"  # of things in the audit, and of sealed records
BATCH = "card_batch"  # of things in the journal


class State(StrEnum):
    """Where a card is."""

    PRINTING = "printing"  # in a batch at the print centre
    PRINTED = "printed"
    REJECTED = "rejected"  # scrapped; the dossier's next card is another one
    RECALLED = "recalled"  # not to be printed: its dossier was returned or has ended; the next card is another one
    MISSING = "missing"  # was not in the parcel when its batch arrived
    ARRIVED = "arrived"  # lies at the unit that hands it over
    UNDELIVERED = "undelivered"
    HANDED_OVER = "handed_over"
    REPLACED = "replaced"  # the holder was handed a later one
    TAKEN_BACK = "taken_back"


SCRAPPED = frozenset({State.REJECTED, State.RECALLED})
HANDED = frozenset({State.HANDED_OVER, State.REPLACED, State.TAKEN_BACK})
AT_UNIT = frozenset({State.ARRIVED, State.UNDELIVERED})


class Reject(StrEnum):
    """Why a card is scrapped."""

    BLURRED = "blurred"
    CHIP_DEAD = "chip_dead"
    WRONG_DATA = "wrong_data"  # what stands on it is not what the dossier says
    WRONG_PHOTO = "wrong_photo"
    BODY_DAMAGED = "body_damaged"
    LOST_ON_THE_WAY = "lost_on_the_way"  # it never arrived
    DOSSIER_ENDED = "dossier_ended"  # refused, withdrawn or returned while the card was printed


class Undelivered(StrEnum):
    """Why a card cannot be handed over now."""

    ADDRESS_UNKNOWN = "address_unknown"
    ABROAD = "abroad"
    IN_PRISON = "in_prison"
    DIED = "died"
    DOES_NOT_COME = "does_not_come"  # called several times
    REFUSES = "refuses"
    DATA_WRONG = "data_wrong"  # the holder sees a mistake on it


class TakenBack(StrEnum):
    """Why a card is taken back (Law 26/2023/QH15 Art. 29)."""

    NATIONALITY_LOST = "nationality_lost"
    ISSUED_WRONGLY = "issued_wrongly"
    ALTERED = "altered"


class OldCard(StrEnum):
    """What became of the holder's card before this one."""

    TAKEN = "taken"  # now
    TAKEN_AT_INTAKE = "taken_at_intake"
    LOST = "lost"
    NONE = "none"  # there was none
