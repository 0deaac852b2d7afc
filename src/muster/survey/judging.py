"""What the survey makes of one row of the register: a case with its group, or the reason why there is none. Pure."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from muster.events.journal import AgeBand, age_band
from muster.kernel.dates import read_stored
from muster.law.cards import CardFacts, CardType
from muster.law.due import due_within
from muster.law.duty import LifeStatus, Nationality
from muster.law.facts import PersonFacts
from muster.survey.words import Group, Outside

KEPT = 1 << 17  # judgements; people of the same birth, life and card share one

LOCAL_WORK = frozenset({"farmer", "office", "trade"})
AT_SCHOOL = frozenset({"pupil", "student"})
AT_HOME = frozenset({"retired", "at_home"})


CARDS = {one.value: one for one in CardType}
LIVES = {one.value: one for one in LifeStatus}
NATIONALITIES = {one.value: one for one in Nationality}

band_of = lru_cache(1 << 16)(age_band)


class LawKey(NamedTuple):
    """All the law asks of a person, as the register stores it; equal keys get equal answers."""

    birth: str
    life: str
    nationality: str
    resident_since: date | None  # only where the nationality is undetermined
    card: str | None
    issued_on: date | None
    expires_on: date | None

    def facts(self) -> PersonFacts:
        """Return the key as the facts of `muster.law`."""
        card = None
        if self.card:
            card = CardFacts(type=CARDS[self.card], issued_on=self.issued_on, expires_on=self.expires_on)
        return PersonFacts(
            birth=read_stored(self.birth),
            life=LIVES[self.life],
            card=card,
            nationality=NATIONALITIES[self.nationality],
            lives_here_since=self.resident_since,
        )


class Judged(NamedTuple):
    """The law's answer as it is stored: a case, or with ``reason`` none."""

    band: int
    ground: str
    kind: str
    obligation: str
    certainty: str
    channel: str
    reason: str


Judge = Callable[[LawKey], Judged]


def judge_of(starts: date, ends: date, bands: frozenset[AgeBand]) -> Judge:
    """Return what judges people for a campaign [``starts``, ``ends``); an age is that of the last day.

    Somebody whose vague birth date allows two bands is of band 0 and never left out for age.
    """

    @lru_cache(KEPT)
    def judge(key: LawKey) -> Judged:
        return judged(key.facts(), starts, ends, bands)

    return judge


def judged(facts: PersonFacts, starts: date, ends: date, bands: frozenset[AgeBand]) -> Judged:
    """Return what a campaign makes of a person."""
    band = band_of(facts.birth, ends - timedelta(days=1))
    due = due_within(facts, starts, ends)
    if not due.in_scope or due.ground is None or due.kind is None or due.obligation is None:
        return _none(band, due.reason.value if due.reason else "")
    if band is not AgeBand.UNKNOWN and band not in bands:
        return _none(band, Outside.BAND_NOT_ASKED.value)
    return Judged(
        int(band), due.ground.value, due.kind.value, due.obligation.value, due.certainty.value,
        due.channel.value if due.channel else "", "",
    )  # fmt: skip


def _none(band: AgeBand, reason: str) -> Judged:
    return Judged(int(band), "", "", "", "", "", reason)


def group_of(band: int, occupation: str, organisation: str) -> Group:
    """Return the group somebody is met in: children by age, others by what they do by day."""
    if band == AgeBand.UNDER_6:
        return Group.UNDER_6
    if band == AgeBand.FROM_6_TO_13:
        return Group.FROM_6_TO_13
    if occupation in AT_SCHOOL:
        return Group.PUPIL
    if occupation == "worker":
        return Group.WORKER if organisation else Group.WORKING
    if occupation in AT_HOME:
        return Group.AT_HOME
    return Group.WORKING if occupation in LOCAL_WORK else Group.UNKNOWN
