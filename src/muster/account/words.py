"""The words of the accounts: codes that are stored, and what they mean."""

from enum import StrEnum

KIND = "account"  # of things in the audit, and of sealed records; the journal's kinds are account_1 and account_2


class State(StrEnum):
    """Where an account is."""

    REQUESTED = "requested"
    APPROVED = "approved"  # granted; the holder does not know yet
    REJECTED = "rejected"
    NOTIFIED = "notified"  # the holder has been told, and has some days to activate
    ACTIVATED = "activated"
    LOCKED = "locked"
    CLOSED = "closed"


OVER = frozenset({State.REJECTED, State.CLOSED})
GRANTED = frozenset({State.APPROVED, State.NOTIFIED, State.ACTIVATED, State.LOCKED})


class Channel(StrEnum):
    """How it was asked for."""

    DOSSIER = "dossier"  # together with a card
    DESK = "desk"
    ONLINE = "online"  # level 1 alone


class How(StrEnum):
    """How it was activated."""

    OWN = "own"  # by the holder, on the holder's own device
    PRESENCE = "presence"  # beside an officer, who is written down
    HOTLINE = "hotline"  # with help of the hotline, for a reason


class Rejection(StrEnum):
    """Why a request is rejected."""

    DATA_DIFFERS = "data_differs"
    BIOMETRICS_DIFFER = "biometrics_differ"
    CARD_MISSING = "card_missing"
    CONSENT_MISSING = "consent_missing"
    PHONE_NOT_OWN = "phone_not_own"
    CITIZEN_ASKED = "citizen_asked"
    DIED = "died"


class Help(StrEnum):
    """Why the hotline helps to activate."""

    TERM_PASSED = "term_passed"
    NOTICE_LOST = "notice_lost"
    DEVICE_FAILS = "device_fails"
    CANNOT_COME = "cannot_come"


class Lock(StrEnum):
    """Why an account is locked."""

    DEVICE_LOST = "device_lost"
    SUSPICION = "suspicion"
    CITIZEN_ASKED = "citizen_asked"
    COURT = "court"


class Closing(StrEnum):
    """Why an account is closed."""

    RAISED = "raised"  # level 2 was activated: never said by hand
    CITIZEN_ASKED = "citizen_asked"
    DIED = "died"
    MERGED = "merged"  # its person was another row of the register
    OPENED_BY_MISTAKE = "opened_by_mistake"


def kind(level: int) -> str:
    """Return the kind under which the journal counts accounts of a level."""
    return f"account_{level}"
