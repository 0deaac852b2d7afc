"""What is taken into the register: households and persons as drafts. Their ids come from whoever drafts them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.law.cards import CardType
from muster.law.duty import LifeStatus, Nationality
from muster.register.sensitive import Sensitive
from muster.register.words import Kinship, Marital, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRow:
    """A household: where it lives, and who its head is."""

    id: UUID
    unit: int
    head: UUID
    file_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """An identity paper that was issued."""

    type: CardType
    number: str
    issued_on: date | None = None
    expires_on: date | None = None
    issued_by: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person. Units are ids; ``unit`` is that of the permanent residence, a hamlet where it is known."""

    id: UUID
    name: str
    sex: Sex
    birth: PartialDate
    unit: int
    household: UUID
    relation: Relation
    number: str = ""
    old_numbers: tuple[str, ...] = ()
    cards: tuple[CardRow, ...] = ()
    kin: tuple[tuple[Kinship, UUID], ...] = ()
    other_name: str = ""
    birth_paper: str = ""
    birth_unit: int | None = None
    registered_unit: int | None = None
    native_unit: int | None = None
    nationality: Nationality = Nationality.VIETNAMESE
    marital: Marital = Marital.UNKNOWN
    resident_since: date | None = None
    life: LifeStatus = LifeStatus.ALIVE
    died_on: PartialDate | None = None
    occupation: str = ""
    organisation: str = ""
    sensitive: Sensitive = field(default_factory=Sensitive)
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardIssue:
    """A card that was put into the hand of a person, or of who takes it for them."""

    person: UUID
    card: CardRow
    on: date
