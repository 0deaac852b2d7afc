"""Cases: the ways incomplete facts can be read, few enough to judge each, and the one answer made of theirs.

A person known by a year, or a card without its day of issue, is not guessed: the answer can only change where
a birthday falls on a day that matters, so the days around those birthdays stand for all others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from muster.kernel.dates import birthday
from muster.law.cards import EXCHANGE_AGES, CardFacts, CardRule, CardType, Term, rule_of
from muster.law.duty import DUTIES, Nationality
from muster.law.facts import Certainty, Doubt, Due, PersonFacts
from muster.law.grounds import ORDER, Obligation
from muster.law.regimes import LAW_2014_STARTS
from muster.law.tables import in_force

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """One reading of the facts: a full birth date, and a card with the dates its term needs."""

    birth: date
    card: CardFacts | None


def cases_of(facts: PersonFacts, on: date) -> list[Case]:
    """Return readings of the facts, among them one of every answer they can lead to on a day."""
    card = _card_held(facts, on)
    births = _births(facts.birth.earliest, facts.birth.latest, on, card)
    if card is None or not _lacks_dates(card):
        return [Case(birth, card) for birth in births]
    return [
        Case(birth, replace(card, issued_on=issued))
        for birth in births
        for issued in _issue_days(rule_of(card.type), birth, on)
    ]


def _card_held(facts: PersonFacts, on: date) -> CardFacts | None:
    """Return the card, if it exists on that day and is one of the person's nationality."""
    card = facts.card
    if card is None or (card.issued_on is not None and card.issued_on > on):
        return None
    of_undetermined = card.type is CardType.IDENTITY_CERTIFICATE
    return card if of_undetermined == (facts.nationality is Nationality.UNDETERMINED) else None


def _lacks_dates(card: CardFacts) -> bool:
    return (
        card.issued_on is None
        and card.expires_on is None
        and not card.no_expiry
        and rule_of(card.type).term is not Term.PRINTED
    )


@lru_cache(maxsize=1)
def _ages_that_matter() -> tuple[int, ...]:
    """Return every age at which some answer changes, birth itself included."""
    ages = {row.age for row in EXCHANGE_AGES} | {row.age - row.grace_years for row in EXCHANGE_AGES}
    return tuple(sorted(ages | {row.age_from for row in DUTIES}))


def _births(earliest: date, latest: date, on: date, card: CardFacts | None) -> list[date]:
    """Return the first and last possible birth, and those whose birthday of an age that matters is about now."""
    if earliest == latest:
        return [earliest]
    marks = [on] if card is None or card.issued_on is None else [on, card.issued_on]
    near = {day for mark in marks for day in _born_around(mark, earliest.year, latest.year)}
    return sorted({earliest, latest} | {day for day in near if earliest < day < latest})


def _born_around(mark: date, first_year: int, last_year: int) -> Iterator[date]:
    """Yield the days of birth, and their neighbours, for which an age that matters is reached on a day."""
    for age in _ages_that_matter():
        if first_year <= mark.year - age <= last_year:
            born = birthday(mark, -age)
            yield from (born - _DAY, born, born + _DAY)


def _issue_days(rule: CardRule, birth: date, on: date) -> list[date]:
    """Return days of issue a card without dates may have, one of each possible end of its term."""
    last = on if rule.valid_to is None else min(on, rule.valid_to - _DAY)
    first = min(last, max(rule.valid_from, birthday(birth, _youngest_holder(rule))))
    edges = [birthday(birth, row.age - row.grace_years) for row in EXCHANGE_AGES]
    return sorted({first, last} | {day for edge in edges for day in (edge - _DAY, edge) if first < day < last})


def _youngest_holder(rule: CardRule) -> int:
    duties = in_force(DUTIES, max(rule.valid_from, LAW_2014_STARTS))
    return min(duty.age_from for duty in duties if duty.obligation is not None)


def merged(answers: Sequence[Due], facts: PersonFacts) -> Due:
    """Return the one answer that is true of every reading: sure where they agree, possible where they do not."""
    if len(answers) == 1:
        return answers[0]
    due = [answer for answer in answers if answer.in_scope]
    if not due:
        return replace(answers[0], until=_first_end(answers))
    lead = min(due, key=_strength)
    others = [a for a in answers if (a.certainty, a.obligation) != (lead.certainty, lead.obligation)]
    channels = {answer.channel for answer in due}
    return replace(
        lead,
        certainty=Certainty.POSSIBLE if others else lead.certainty,
        channel=lead.channel if len(channels) == 1 else None,
        representative=any(answer.representative for answer in due),
        since=_since(due, sure=not others),
        until=_last_end(others) if others else _first_end(answers),
        doubts=_doubts(facts, lead) if others or len(channels) > 1 else lead.doubts,
    )


def _first_end(answers: Sequence[Due]) -> date | None:
    """Return the first day on which one of the readings changes."""
    return min((answer.until for answer in answers if answer.until is not None), default=None)


def _last_end(answers: Sequence[Due]) -> date | None:
    """Return the day by which all of the readings have changed; ``None`` when one of them never does."""
    ends = [answer.until for answer in answers if answer.until is not None]
    return max(ends) if len(ends) == len(answers) else None


def _strength(due: Due) -> tuple[bool, int]:
    return due.obligation is not Obligation.MANDATORY, ORDER[due.ground] if due.ground else len(ORDER)


def _since(due: Sequence[Due], *, sure: bool) -> date | None:
    days = [answer.since for answer in due if answer.since is not None]
    if sure:
        return max(days) if len(days) == len(due) else None
    return min(days, default=None)


def _doubts(facts: PersonFacts, lead: Due) -> tuple[Doubt, ...]:
    found = list(lead.doubts)
    if facts.birth.precision != "day":
        found.append(Doubt.BIRTH_DATE)
    if facts.card is not None and _lacks_dates(facts.card):
        found.append(Doubt.CARD_DATES)
    return tuple(found)
