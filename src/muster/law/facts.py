"""Facts and answers: what the law asks about a person, and what it answers."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.law.cards import CardFacts
from muster.law.duty import Channel, LifeStatus, Nationality, NotDue
from muster.law.grounds import STATED_GROUNDS, Ground, Kind, Obligation


class NotAStatedGround(Refusal):
    code = "not_a_stated_ground"
    vi = "“{ground}” không phải lý do do công dân nêu."
    en = "“{ground}” is not a reason a person can state; it is worked out from age and card."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What the law must know of a person, as it stands on the day asked about.

    ``card`` is the latest card; ``reasons`` are grounds the person or the register states (name corrected, card
    lost, ...); ``lives_here_since`` is asked only where nationality is undetermined.

    :raises NotAStatedGround: a reason that is worked out, such as age, is given as stated
    """

    birth: PartialDate
    life: LifeStatus = LifeStatus.ALIVE
    card: CardFacts | None = None
    reasons: frozenset[Ground] = frozenset()
    lost_capacity: bool = False
    nationality: Nationality = Nationality.VIETNAMESE
    lives_here_since: date | None = None

    def __post_init__(self) -> None:
        for ground in self.reasons - STATED_GROUNDS:
            raise NotAStatedGround(ground=ground)


class Certainty(StrEnum):
    """How sure the answer "due" is."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NO = "no"


class Doubt(StrEnum):
    """What must be found out before the answer is sure."""

    BIRTH_DATE = "birth_date"
    CARD_DATES = "card_dates"
    RESIDENCE = "residence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Whether somebody is due on a day, for what, why, and by which article.

    ``ground`` leads, ``grounds`` are all that apply. ``channel`` is ``None`` where it hangs on an unknown birthday.
    ``since`` is the first day the answer holds (of a possible answer: the first day it can hold), ``None`` where
    the law sets none or the day is not known. ``until`` is the first day on which time alone changes the answer:
    somebody not due becomes due, a request becomes a duty, what is possible becomes certain. ``doubts`` say what
    to find out.
    """

    certainty: Certainty
    obligation: Obligation | None = None
    kind: Kind | None = None
    ground: Ground | None = None
    grounds: tuple[Ground, ...] = ()
    channel: Channel | None = None
    representative: bool = False
    since: date | None = None
    until: date | None = None
    reason: NotDue | None = None
    doubts: tuple[Doubt, ...] = ()
    source: str
    assumed: bool = False

    @property
    def in_scope(self) -> bool:
        """Whether a campaign counts the person: certainly or possibly due, by duty or on request."""
        return self.certainty is not Certainty.NO

    @property
    def mandatory(self) -> bool:
        """Whether the person must come, as far as is known."""
        return self.obligation is Obligation.MANDATORY
