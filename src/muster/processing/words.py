"""The words of the checks: codes that are stored, and what they mean."""

from enum import StrEnum

KIND = "suspicion"  # of pairs in the journal and the audit, and of what two people are asked to allow


class Severity(StrEnum):
    """What a finding asks for (the severities of the cleaning rules)."""

    ERROR = "error"  # nobody accepts before it is settled
    WARN = "warn"  # a person looks before it is accepted; the machine passes it over
    INFO = "info"


class Code(StrEnum):
    """What is found in a dossier. Cleaning rules stand behind most of them; ``RULES`` says which."""

    CORRECTION_ASKED = "correction_asked"  # the citizen says that a field of the register is wrong
    SEX_DIFFERS = "sex_differs"
    CENTURY_DIFFERS = "century_differs"
    YEAR_DIFFERS = "year_differs"
    PLACE_DIFFERS = "place_differs"
    UNKNOWN_PREFIX = "unknown_prefix"
    UNCLEANED = "uncleaned"  # no number, and no place of birth registration to make one from
    NOT_LIVING = "not_living"  # dead, renounced or deleted in the register
    POOR_BIOMETRICS = "poor_biometrics"
    NOT_ELIGIBLE = "not_eligible"  # no number could be given
    NO_PREFIX = "no_prefix"
    NO_CENTURY_DIGIT = "no_century_digit"
    BLOCK_FULL = "block_full"


RULES = {
    Code.SEX_DIFFERS: "PN03",
    Code.CENTURY_DIFFERS: "PN03",
    Code.YEAR_DIFFERS: "PN04",
    Code.PLACE_DIFFERS: "PN02",
    Code.UNKNOWN_PREFIX: "PN02",
    Code.NOT_LIVING: "ST01",
}
WARNINGS = frozenset({Code.UNKNOWN_PREFIX, Code.POOR_BIOMETRICS})
NUMBER_CODES = frozenset({Code.NOT_ELIGIBLE, Code.NO_PREFIX, Code.NO_CENTURY_DIGIT, Code.BLOCK_FULL})
NO_DIFFERENCE = frozenset({Code.POOR_BIOMETRICS})  # findings that say nothing against the register


class Settled(StrEnum):
    """How a finding ended."""

    APPLIED = "applied"  # the register was corrected
    DECLINED = "declined"  # a person decided that the register is right
    SEEN = "seen"  # a person looked and accepted all the same
    GONE = "gone"  # a later check does not find it any more


class Pair(StrEnum):
    """Where the question whether two persons are one stands."""

    OPEN = "open"
    TWO_PEOPLE = "two_people"  # decided: asked again only where an officer says why
    SAME_PERSON = "same_person"  # decided by one, waits for the second person and the merge
    MERGED = "merged"


UNDECIDED = frozenset({Pair.OPEN, Pair.SAME_PERSON})  # what keeps a dossier from being accepted


class Sign(StrEnum):
    """What speaks for or against two persons being one."""

    SAME_NAME = "same_name"
    SAME_LETTERS = "same_letters"  # the same but for its marks
    NEAR_NAME = "near_name"  # one slip of a letter, or a middle name lost
    SAME_BIRTH = "same_birth"
    BIRTH_EXCHANGED = "birth_exchanged"  # day and month
    BIRTH_VAGUE = "birth_vague"  # one is known by its month or year alone, and fits
    SAME_SEX = "same_sex"
    OTHER_SEX = "other_sex"
    SAME_BIRTHPLACE = "same_birthplace"  # the same commune has registered the birth
    OTHER_BIRTHPLACE = "other_birthplace"
    SAME_HAMLET = "same_hamlet"
    SAME_COMMUNE = "same_commune"
    SAME_OLD_NUMBER = "same_old_number"
    OTHER_OLD_NUMBER = "other_old_number"
