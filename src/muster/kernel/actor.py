"""Who acts, for which unit, and for what purpose: handed to every operation as ``by``."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """Why personal data is looked at or changed (Law 91/2025 on personal data protection: purpose limitation)."""

    REGISTER = "register"  # keep the register correct, complete, clean and alive
    SURVEY = "survey"  # find who is due
    CAPTURE = "capture"  # take a dossier
    CHECK = "check"  # decide duplicates and differences
    ISSUE = "issue"  # number, card, account, hand-over
    OUTREACH = "outreach"  # reach the hard cases
    COMMAND = "command"  # counts and plans; no look at a person
    AUDIT = "audit"  # examine who looked and who changed
    ADMINISTER = "administer"  # officers, rights, units, keys
    CITIZEN = "citizen"  # the citizen's own view or request
    BREAK_GLASS = "break_glass"  # an emergency, allowed by two people


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an officer (``None`` is the system itself), the unit acted for, the purpose, the device."""

    officer: UUID | None
    unit: int
    purpose: Purpose
    device: str = ""
