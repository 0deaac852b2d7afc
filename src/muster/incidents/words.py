"""The words of the incident desk: codes that are stored, and what they mean."""

from enum import StrEnum

TICKET = "ticket"  # kind of things in the journal
TURN, SPARE = "technician_turn", "spare"  # kinds of things in the audit alone


class Kind(StrEnum):
    """What gave trouble."""

    KIT = "kit"
    SOFTWARE = "software"
    LINE = "line"
    PEOPLE = "people"


class Severity(StrEnum):
    """What it does to the work."""

    STOPS = "stops"
    SLOWS = "slows"


class State(StrEnum):
    """Where a ticket is."""

    OPEN = "open"
    TAKEN = "taken"
    OUT = "out"  # the technician is on the way
    ESCALATED = "escalated"  # waits for somebody of a unit above
    SWAPPED = "swapped"  # a spare works; the kit itself is still to be mended
    MENDED = "mended"
    DISMISSED = "dismissed"


ENDED = frozenset({State.MENDED, State.DISMISSED})
HELD = frozenset({State.TAKEN, State.OUT, State.SWAPPED})  # in the hands of a technician


class Cause(StrEnum):
    """Why it happened, as found."""

    CAMERA = "camera"
    SCANNER = "scanner"
    COMPUTER = "computer"
    POWER = "power"
    SOFTWARE = "software"
    NETWORK = "network"
    ABSENCE = "absence"
    HANDLING = "handling"
    NO_FAULT = "no_fault"
    OTHER = "other"


class Remedy(StrEnum):
    """What made it go on."""

    REPAIRED = "repaired"
    PART_REPLACED = "part_replaced"
    RESTARTED = "restarted"
    UPDATED = "updated"
    RECONNECTED = "reconnected"
    RELIEVED = "relieved"  # somebody else stands in
    EXPLAINED = "explained"
    OTHER = "other"
