"""Due: who is due a card on a day, for what, why, and by which article. Pure: facts in, answer out."""

from datetime import date, timedelta

from muster.kernel.dates import birthday, completed_years
from muster.kernel.errors import Refusal
from muster.law.cards import CardFacts, CardRule, Term, good_until, is_exchange_age, rule_of, term_ends
from muster.law.cases import Case, cases_of, merged
from muster.law.duty import (
    CERTIFICATE_RULES,
    DUTIES,
    EXCLUSIONS,
    Duty,
    Nationality,
    NotDue,
    duties_on,
    duty_at,
)
from muster.law.facts import Certainty, Doubt, Due, PersonFacts
from muster.law.grounds import ORDER, Ground, GroundRule, Kind, Obligation, grounds_on
from muster.law.tables import months_after

_EXCLUSION_OF = {row.life: row for row in EXCLUSIONS}


class EmptyWindow(Refusal):
    code = "empty_window"
    vi = "Đợt từ {start} đến trước {end} không có ngày nào."
    en = "The window from {start} to before {end} holds no day."


def who_is_due(facts: PersonFacts, on: date) -> Due:
    """Answer whether somebody is due on a day, under the law of that day.

    Ages count from the birthday (born on 29 February: 1 March in a common year). Where the birth date is partial,
    or the card's dates are unknown, the answer is certain only if every reading of the facts agrees.

    :raises NoLawInForce: the day is before 1 January 2016
    """
    duties_on(on)
    excluded = _EXCLUSION_OF.get(facts.life)
    if excluded is not None:
        return _no(excluded.reason, None, excluded.source)
    return merged([_judge(facts, case, on) for case in cases_of(facts, on)], facts)


def due_within(facts: PersonFacts, start: date, end: date) -> Due:
    """Answer whether somebody is due at any time in a campaign's window [start, end), and how strongly at most.

    Time only adds to what is due (people grow older, cards run out, and no law has taken a duty back), so the
    window's last day decides; ``since`` says whether it was so at the start, or happens within.

    :raises EmptyWindow: ``end`` is not after ``start``
    :raises NoLawInForce: the window ends before 1 January 2016
    """
    if end <= start:
        raise EmptyWindow(start=start.isoformat(), end=end.isoformat())
    return who_is_due(facts, end - timedelta(days=1))


def _judge(facts: PersonFacts, case: Case, on: date) -> Due:
    if case.birth > on:
        return _no(NotDue.NOT_BORN, case.birth, duties_on(on)[0].source)
    if facts.nationality is Nationality.FOREIGN:
        return _no(NotDue.FOREIGN, None, duties_on(on)[0].source)
    if facts.nationality is Nationality.UNDETERMINED:
        return _judge_certificate(facts, case, on)
    return _judge_citizen(facts, case, on)


def _judge_citizen(facts: PersonFacts, case: Case, on: date) -> Due:
    duty = _duty_of(case.birth, on)
    if duty.obligation is None:
        return _no(NotDue.UNDER_AGE, _opens(case.birth, duty, on), duty.source)
    found = _grounds(facts, case, on)
    if not found:
        return _no(NotDue.CARD_GOOD, _first_ground(case), duty.source)
    rules = grounds_on(on)
    grounds = tuple(sorted(found, key=ORDER.__getitem__))
    lead = rules[grounds[0]]
    obligation = _weaker(lead.obligation, duty.obligation)
    return Due(
        certainty=Certainty.CERTAIN,
        obligation=obligation,
        kind=lead.kind,
        ground=lead.ground,
        grounds=grounds,
        channel=duty.channel,
        representative=duty.representative or facts.lost_capacity,
        since=_since(found, rules, lead),
        until=None if obligation is Obligation.MANDATORY else _turns_duty(case, lead, on),
        source=lead.source,
        assumed=lead.assumed,
    )


def _opens(birth: date, duty: Duty, on: date) -> date:
    """Return the day on which somebody too young gets into the law: a birthday, or the next law before it."""
    grows_up = _grows_up(birth, on)
    return grows_up if duty.valid_to is None else min(grows_up, duty.valid_to)


def _card_ends(case: Case) -> date | None:
    return None if case.card is None else good_until(case.card, case.birth)


def _first_ground(case: Case) -> date | None:
    """Return the day on which a card that is good gives its first ground; ``None``: it never will."""
    return None if case.card is None else min(_card_grounds(case.card, case.birth).values(), default=None)


def _turns_duty(case: Case, lead: GroundRule, on: date) -> date | None:
    """Return the day on which what is on request becomes a duty: grown up, and on a ground that obliges."""
    grown, ends = _grows_up(case.birth, on), _card_ends(case)
    if lead.obligation is Obligation.MANDATORY:
        return grown
    return None if ends is None else max(grown, ends)


def _grounds(facts: PersonFacts, case: Case, on: date) -> dict[Ground, date | None]:
    """Return every ground that applies, with its first day where the law sets one."""
    rules = grounds_on(on)
    stated: dict[Ground, date | None] = {ground: None for ground in facts.reasons if ground in rules}
    if case.card is not None:
        stated.update((ground, day) for ground, day in _card_grounds(case.card, case.birth).items() if day <= on)
        return stated
    if any(rules[ground].implies_card for ground in stated):
        return stated
    return {Ground.NO_CARD: _first_asked(case.birth, on)}


def _card_grounds(card: CardFacts, birth: date) -> dict[Ground, date]:
    """Return what becomes of a card by itself, and on which day."""
    rule, end = rule_of(card.type), term_ends(card, birth)
    days: dict[Ground, date] = {}
    if end is not None:
        days[_end_ground(rule, birth, end)] = end
    if rule.void_from is not None:
        days[Ground.CMND_VOID] = rule.void_from
    if rule.old_from is not None:
        days[Ground.OLD_CARD_TYPE] = rule.old_from
    return days


def _end_ground(rule: CardRule, birth: date, end: date) -> Ground:
    """Return AGE where the card ends in the year of an exchange age; else its own term is the ground."""
    by_age = rule.term is Term.EXCHANGE_AGE and is_exchange_age(end.year - birth.year)
    return Ground.AGE if by_age else Ground.CARD_EXPIRED


def _duty_of(birth: date, on: date) -> Duty:
    return duty_at(on, completed_years(birth, on))


def _first_asked(birth: date, on: date) -> date:
    """Return the first day on which a card was wanted of, or open to, somebody, on the terms of today."""
    now = _duty_of(birth, on).obligation
    return min(max(row.valid_from, birthday(birth, row.age_from)) for row in DUTIES if row.obligation is now)


def _grows_up(birth: date, on: date) -> date:
    """Return the birthday from which the law of a day makes the card a duty."""
    return birthday(birth, min(row.age_from for row in duties_on(on) if row.obligation is Obligation.MANDATORY))


def _since(found: dict[Ground, date | None], rules: dict[Ground, GroundRule], lead: GroundRule) -> date | None:
    """Return the first day of the leading ground, or of an equally strong one that began before it."""
    if found[lead.ground] is None:
        return None
    days = [day for ground, day in found.items() if rules[ground].obligation is lead.obligation]
    return min(day for day in days if day is not None)


def _weaker(one: Obligation, other: Obligation) -> Obligation:
    return Obligation.ON_REQUEST if Obligation.ON_REQUEST in (one, other) else Obligation.MANDATORY


def _judge_certificate(facts: PersonFacts, case: Case, on: date) -> Due:
    """Answer for somebody of Vietnamese origin whose nationality is undetermined (Law 26/2023 Art. 30)."""
    rule = CERTIFICATE_RULES[0]
    if not rule.holds(on):
        return _no(NotDue.NO_CERTIFICATE_YET, rule.valid_from, rule.source)
    settled = None if facts.lives_here_since is None else months_after(facts.lives_here_since, rule.months)
    if settled is not None and on < settled:
        return _no(NotDue.RESIDENCE_TOO_SHORT, settled, rule.source)
    until = _card_ends(case)
    wanted = grounds_on(on)
    stated = tuple(ground for ground in wanted if ground in facts.reasons)
    if case.card is not None and not stated and (until is None or on < until):
        return _no(NotDue.CERTIFICATE_GOOD, until, rule.source)
    duty = _duty_of(case.birth, on)
    return Due(
        certainty=Certainty.CERTAIN if settled else Certainty.POSSIBLE,
        obligation=duty.obligation,
        kind=Kind.IDENTITY_CERTIFICATE,
        ground=Ground.NATIONALITY_UNDETERMINED,
        grounds=(Ground.NATIONALITY_UNDETERMINED, *stated),
        channel=duty.channel,
        representative=duty.representative or facts.lost_capacity,
        since=None if stated else max(rule.valid_from, case.birth, settled or case.birth, until or case.birth),
        until=_grows_up(case.birth, on) if duty.obligation is Obligation.ON_REQUEST else None,
        doubts=() if settled else (Doubt.RESIDENCE,),
        source=rule.source,
        assumed=True,
    )


def _no(reason: NotDue, until: date | None, source: str) -> Due:
    return Due(certainty=Certainty.NO, reason=reason, until=until, source=source)
