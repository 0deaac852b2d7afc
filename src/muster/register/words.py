"""The words of the register: codes that are stored, and what they mean."""

from enum import StrEnum


class Relation(StrEnum):
    """Relation to the head of the household."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    CHILD_IN_LAW = "child_in_law"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER = "other"
    UNKNOWN = "unknown"  # the head has changed since it was told


class Kinship(StrEnum):
    """How one person of the register is tied to another."""

    FATHER = "father"
    MOTHER = "mother"
    SPOUSE = "spouse"
    REPRESENTATIVE = "representative"


class Marital(StrEnum):
    """Marital status; empty where the register does not know."""

    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"
    UNKNOWN = ""


class ResidenceKind(StrEnum):
    """What a residence is in law (law notes, residence)."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"  # 30 days or more, up to two years
    STAY = "stay"  # under 30 days
    ABSENCE = "absence"  # declared absence
    CURRENT = "current"  # lives there, only where it differs


class CardEnd(StrEnum):
    """Why a card is good no more though its term has not come."""

    REPLACED = "replaced"  # another one was handed over
    TAKEN_BACK = "taken_back"


class LifeEventKind(StrEnum):
    """What happens to a person in law."""

    DIED = "died"
    WENT_MISSING = "went_missing"
    FOUND = "found"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"
    CORRECTED = "corrected"
    MOVED = "moved"
    NUMBER_REPLACED = "number_replaced"
    BECAME_HEAD = "became_head"  # of the household
    MERGED = "merged"  # two rows were one person
