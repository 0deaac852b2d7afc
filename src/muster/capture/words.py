"""The words of the dossiers: codes that are stored, and what they mean."""

from enum import StrEnum

KIND = "dossier"  # of things in the journal and the audit, and of sealed records


class State(StrEnum):
    """Where a dossier is."""

    FILED = "filed"  # online, by a representative
    ANNOUNCED = "announced"  # a kit holds it; its images are on their way
    RECEIVED = "received"
    ACCEPTED = "accepted"  # checked, the person has a number: the card can be made
    PRODUCED = "produced"
    ARRIVED = "arrived"  # the card lies at the unit that hands it over
    UNDELIVERED = "undelivered"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"  # something must be mended; a unit owns it, with a deadline
    LAPSED = "lapsed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OVER = frozenset({State.HANDED_OVER, State.LAPSED, State.REFUSED, State.WITHDRAWN})


class Place(StrEnum):
    """Where it was taken."""

    DESK = "desk"
    MOBILE = "mobile"  # a mobile point: a village, an office, a company
    HOME = "home"  # at the bedside
    ONLINE = "online"


class Missing(StrEnum):
    """Why a finger or an iris is not there (Circular 60/2021 Art. 5(3): each is described)."""

    AMPUTATED = "amputated"
    BANDAGED = "bandaged"
    DEFORMED = "deformed"
    WORN = "worn"  # no ridges left after patient retries: farmers, ferrymen
    DISEASE = "disease"
    BLIND = "blind"
    UNABLE = "unable"  # bedridden, or cannot hold still


class Mend(StrEnum):
    """Why a dossier is returned: what its unit must mend."""

    POOR_PRINTS = "poor_prints"
    POOR_PHOTO = "poor_photo"
    POOR_IRIS = "poor_iris"
    PAPER_MISSING = "paper_missing"
    DATA_DIFFERS = "data_differs"
    WRONG_PERSON = "wrong_person"


class Ending(StrEnum):
    """Why a dossier is refused or withdrawn."""

    NOT_DUE = "not_due"
    DUPLICATE = "duplicate"
    FALSE_PAPERS = "false_papers"
    NOT_ENTITLED = "not_entitled"
    CITIZEN_ASKED = "citizen_asked"
    DIED = "died"
    TAKEN_BY_MISTAKE = "taken_by_mistake"


POOR_PRINT = 20  # NFIQ 2 (ISO/IEC 29794-4), 0 to 100, below which a print is shown as poor; a rule of this house
