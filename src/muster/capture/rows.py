"""What is brought to the dossiers: intakes with their captures, filings from online, moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from muster.capture.moves import Step
from muster.capture.words import Missing, Place
from muster.kernel.ids import new_id
from muster.law.capture import PRINTS, Captured, Representative
from muster.law.fees import Exemption
from muster.law.forms import Signer
from muster.law.grounds import Ground

PHOTO = "photo"
POSITIONS: Mapping[str, int] = {one.code: one.position for one in PRINTS}
FINGERS: Mapping[str, tuple[int, ...]] = {one.code: one.fingers for one in PRINTS}


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """One capture: its code in `muster.law.capture` (or ``photo``), its quality, how often it was tried.

    ``quality`` is 0 to 100, NFIQ 2 for prints, ``None``: not measured. ``missing`` says why it could not be taken.
    """

    code: str
    quality: int | None = None
    tries: int = 1
    missing: Missing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A person taken at a desk, in a village or at the bedside; the same id, sent again, is the same dossier.

    ``stated`` are grounds only the person can tell (lost, damaged, on request). ``corrections`` are field and new
    value of what the citizen says is wrong in the register. ``attempt`` above 1 mends a returned dossier. ``unit`` and
    ``taken_by`` say who took it, where one batch brings what several crews took; else it was who brings it.
    """

    id: UUID
    person: UUID
    taken_at: datetime
    captures: tuple[CaptureRecord, ...]
    signed: frozenset[Signer]
    packet: UUID = field(default_factory=new_id)
    attempt: int = 1
    stated: frozenset[Ground] = frozenset()
    place: Place = Place.DESK
    kit: UUID | None = None
    session: UUID | None = None
    unit: int | None = None
    taken_by: UUID | None = None
    traits: str = ""
    lost_capacity: bool = False
    representative: Representative | None = None
    corrections: Mapping[str, str] = field(default_factory=dict)
    exemptions: frozenset[Exemption] = frozenset()
    old_card_taken: bool = False
    account_level: int = 0

    def captured(self) -> Captured:
        """Return the captures as the law asks for them."""
        got = frozenset([one.code for one in self.captures if one.missing is None])
        prints, irises = _kinds(got)
        gone = {one.code: one.missing.value for one in self.captures if one.missing is not None}
        return Captured(
            photo=PHOTO in got,
            prints=prints,
            missing_fingers={FINGERS[code][0]: why for code, why in gone.items() if len(FINGERS.get(code, ())) == 1},
            irises=irises,
            missing_irises={code: why for code, why in gone.items() if code not in POSITIONS},
            traits=bool(self.traits.strip()),
            representative=self.representative,
            lost_capacity=self.lost_capacity,
        )


@lru_cache(1 << 12)  # most people have all of their fingers
def _kinds(codes: frozenset[str]) -> tuple[frozenset[int], frozenset[str]]:
    """Return the positions of the prints among captures, and the codes of the irises."""
    prints = frozenset(POSITIONS[code] for code in codes if code in POSITIONS)
    return prints, frozenset(code for code in codes if code not in POSITIONS and code != PHOTO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A dossier filed online by the representative of a child under six, alone or with help at a desk."""

    id: UUID
    person: UUID
    filed_at: datetime
    representative: Representative
    packet: UUID = field(default_factory=new_id)
    account_level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A dossier that a kit holds sealed; the manifest comes before the images."""

    id: UUID
    person: UUID
    taken_at: datetime
    kit: UUID
    place: Place = Place.MOBILE


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierMove:
    """One move of a dossier as read at ``version`` (0: whatever it is now).

    ``reason`` is a word of `Mend` for a return, of `Ending` for a refusal or a withdrawal, free of personal values
    elsewhere. A return names who mends it (else the unit that took it) and by when (else the house's term). ``unit``
    did it, where one batch brings the moves of several units.
    """

    dossier: UUID
    step: Step
    at: datetime
    version: int = 0
    reason: str = ""
    owner: int | None = None
    answer_by: date | None = None
    unit: int | None = None
    event: UUID = field(default_factory=new_id)
