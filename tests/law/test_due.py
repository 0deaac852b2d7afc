"""Properties of the answer "due": what must hold for everybody, on every day, whatever the table of cases shows."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from muster.kernel.dates import PartialDate, birthday
from muster.law.cards import CARD_RULES, CardFacts, CardType, Term, next_exchange
from muster.law.due import EmptyWindow, due_within, who_is_due
from muster.law.duty import Channel, LifeStatus, Nationality, NotDue, duty_at
from muster.law.facts import Certainty, Doubt, NotAStatedGround, PersonFacts
from muster.law.grounds import STATED_GROUNDS, Ground, Kind, Obligation, grounds_on
from muster.law.tables import NoLawInForce

FIRST, LAST = date(2016, 1, 1), date(2045, 12, 31)

days = st.dates(FIRST, LAST)
births = st.dates(date(1930, 1, 1), date(2030, 12, 31))


@st.composite
def cards(draw: st.DrawFn) -> CardFacts:
    rule = draw(st.sampled_from([r for r in CARD_RULES if r.term is not Term.PRINTED]))
    last = LAST if rule.valid_to is None else rule.valid_to - timedelta(days=1)
    return CardFacts(type=rule.type, issued_on=draw(st.dates(rule.valid_from, last)))


@st.composite
def partial(draw: st.DrawFn) -> PartialDate:
    day = draw(births)
    precision = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:precision])


@st.composite
def people(draw: st.DrawFn) -> PersonFacts:
    return PersonFacts(
        birth=draw(partial()),
        card=draw(st.none() | cards()),
        reasons=draw(st.frozensets(st.sampled_from(sorted(STATED_GROUNDS)), max_size=2)),
        nationality=draw(st.sampled_from([Nationality.VIETNAMESE] * 4 + [Nationality.UNDETERMINED])),
        lives_here_since=draw(st.none() | days),
    )


def readings(birth: PartialDate) -> list[PartialDate]:
    span = (birth.latest - birth.earliest).days
    return [PartialDate.of(birth.earliest + timedelta(days=n)) for n in range(span + 1)]


@settings(max_examples=60, deadline=None)
@given(birth=partial(), card=st.none() | cards(), on=days)
def test_a_partial_birth_date_answers_for_every_day_it_can_be(birth: PartialDate, card: CardFacts | None, on: date):
    """The answer equals that of a brute force over all days of birth."""
    answer = who_is_due(PersonFacts(birth=birth, card=card), on)
    each = [who_is_due(PersonFacts(birth=day, card=card), on) for day in readings(birth)]
    due = [one for one in each if one.in_scope]
    assert answer.in_scope == bool(due)
    agreed = len(due) == len(each) and len({one.obligation for one in due}) == 1
    assert (answer.certainty is Certainty.CERTAIN) == agreed
    assert answer.mandatory == any(one.mandatory for one in due)
    if due:
        assert (answer.channel is None) == (len({one.channel for one in due}) > 1)


@settings(max_examples=150, deadline=None)
@given(facts=people(), one=days, other=days)
def test_time_only_adds_to_what_is_due(facts: PersonFacts, one: date, other: date):
    """This is what lets a campaign window be judged by its last day."""
    if facts.card is not None and facts.card.issued_on is not None:
        one, other = max(one, facts.card.issued_on), max(other, facts.card.issued_on)
    earlier, later = sorted((one, other))
    before, after = who_is_due(facts, earlier), who_is_due(facts, later)
    stated = {g for g in facts.reasons if g in grounds_on(later)}
    if stated == set(facts.reasons):  # a stated ground can leave the law: the native place did
        assert strength(before) <= strength(after)


def strength(due) -> int:
    if not due.in_scope:
        return 0
    return 1 + 2 * due.mandatory + (due.certainty is Certainty.CERTAIN and due.mandatory)


@settings(max_examples=150, deadline=None)
@given(facts=people(), on=days)
def test_until_is_the_day_on_which_the_answer_changes(facts: PersonFacts, on: date):
    if facts.card is not None and facts.card.issued_on is not None:
        on = max(on, facts.card.issued_on)  # time alone brings no card
    answer = who_is_due(facts, on)
    if answer.until is None or answer.until > LAST:
        return
    assert on < answer.until
    if answer.certainty is Certainty.NO:
        assert who_is_due(facts, answer.until - timedelta(days=1)).certainty is Certainty.NO
        after = who_is_due(facts, answer.until)
        assert after.in_scope or after.reason is not answer.reason or after.until != answer.until
    elif answer.certainty is Certainty.CERTAIN and not facts.reasons:
        assert who_is_due(facts, answer.until).mandatory


@settings(max_examples=150, deadline=None)
@given(birth=births, card=st.none() | cards(), on=days)
def test_since_is_the_first_day_of_the_answer(birth: date, card: CardFacts | None, on: date):
    facts = PersonFacts(birth=PartialDate.of(birth), card=card)
    if card is not None and card.issued_on is not None:
        assume(card.issued_on >= birthday(birth, 0 if card.type is CardType.CAN_CUOC else 14))
    answer = who_is_due(facts, on)
    if answer.since is None:
        return
    assert answer.since <= on
    held = card is None or card.issued_on is None or card.issued_on <= answer.since - timedelta(days=1)
    if held and answer.since > FIRST:
        before = who_is_due(facts, answer.since - timedelta(days=1))
        assert (before.certainty, before.obligation) != (answer.certainty, answer.obligation)


@given(birth=births, issued=st.dates(date(2016, 1, 1), date(2030, 12, 31)))
def test_what_the_law_prints_and_what_the_law_computes_agree(birth: date, issued: date):
    end = next_exchange(birth, issued)
    kind = CardType.CCCD_CHIP if issued < date(2024, 7, 1) else CardType.CAN_CUOC
    computed = PersonFacts(birth=PartialDate.of(birth), card=CardFacts(type=kind, issued_on=issued))
    printed = CardFacts(type=kind, issued_on=issued, expires_on=end, no_expiry=end is None)
    for on in (issued, date(2031, 1, 1), min(end or LAST, LAST)):
        assert who_is_due(computed, on) == who_is_due(PersonFacts(birth=computed.birth, card=printed), on)


def test_every_ground_is_reached():
    adult = PartialDate.parse("01/01/1990")
    chip = CardFacts(type=CardType.CCCD_CHIP, issued_on=date(2022, 1, 1))
    cmnd = CardFacts(type=CardType.CMND_9, issued_on=date(2006, 1, 1))
    reached = {
        who_is_due(PersonFacts(birth=adult, card=chip, reasons=frozenset({ground})), date(2024, 6, 30)).ground
        for ground in STATED_GROUNDS
    }
    for facts, on in (
        (PersonFacts(birth=adult), date(2022, 1, 1)),
        (PersonFacts(birth=adult, card=chip), date(2030, 1, 1)),
        (PersonFacts(birth=adult, card=cmnd), date(2016, 1, 1)),
        (PersonFacts(birth=adult, card=cmnd), date(2022, 1, 1)),
        (PersonFacts(birth=adult, card=cmnd), date(2025, 1, 1)),
        (PersonFacts(birth=adult, nationality=Nationality.UNDETERMINED), date(2025, 1, 1)),
    ):
        reached.add(who_is_due(facts, on).ground)
    assert reached == set(Ground)


def test_every_reason_of_not_being_due_is_reached():
    adult = PartialDate.parse("1990")
    chip = CardFacts(type=CardType.CCCD_CHIP, issued_on=date(2022, 1, 1))
    paper = CardFacts(type=CardType.IDENTITY_CERTIFICATE, issued_on=date(2024, 8, 1))
    unknown = Nationality.UNDETERMINED
    reached = {
        who_is_due(PersonFacts(birth=adult, life=life), date(2022, 1, 1)).reason
        for life in LifeStatus
        if life is not LifeStatus.ALIVE
    }
    for facts, on in (
        (PersonFacts(birth=PartialDate(2030)), date(2022, 1, 1)),
        (PersonFacts(birth=PartialDate(2015)), date(2022, 1, 1)),
        (PersonFacts(birth=adult, nationality=Nationality.FOREIGN), date(2022, 1, 1)),
        (PersonFacts(birth=adult, card=chip), date(2022, 1, 1)),
        (PersonFacts(birth=adult, nationality=unknown), date(2022, 1, 1)),
        (PersonFacts(birth=adult, nationality=unknown, lives_here_since=date(2025, 1, 1)), date(2025, 1, 2)),
        (PersonFacts(birth=adult, nationality=unknown, lives_here_since=FIRST, card=paper), date(2025, 1, 2)),
    ):
        reached.add(who_is_due(facts, on).reason)
    assert reached == set(NotDue)


def test_the_answer_names_channel_representative_and_article():
    on = date(2024, 8, 1)
    baby = who_is_due(PersonFacts(birth=PartialDate.parse("02/08/2018")), on)
    child = who_is_due(PersonFacts(birth=PartialDate.parse("01/08/2018")), on)
    adult = who_is_due(PersonFacts(birth=PartialDate.parse("01/08/2010")), on)
    helped = who_is_due(PersonFacts(birth=PartialDate.parse("01/08/2000"), lost_capacity=True), on)
    assert (baby.channel, baby.representative) == (Channel.ONLINE, True)
    assert (child.channel, child.representative) == (Channel.IN_PERSON, True)
    assert (adult.channel, adult.representative) == (Channel.IN_PERSON, False)
    assert (helped.channel, helped.representative) == (Channel.IN_PERSON, True)
    assert adult.source == "Law 26/2023/QH15 Art. 19"
    assert who_is_due(PersonFacts(birth=PartialDate(1990)), date(2022, 1, 1)).source == "Law 59/2014/QH13 Art. 19"


def test_a_sixth_birthday_that_is_not_known_leaves_the_channel_open():
    answer = who_is_due(PersonFacts(birth=PartialDate(2019)), date(2025, 6, 1))
    assert answer.certainty is Certainty.CERTAIN
    assert answer.channel is None
    assert answer.doubts == (Doubt.BIRTH_DATE,)


def test_the_doubts_say_what_to_find_out():
    on = date(2024, 1, 1)
    both = PersonFacts(birth=PartialDate(1998), card=CardFacts(type=CardType.CCCD_CHIP))
    assert who_is_due(both, on).doubts == (Doubt.BIRTH_DATE, Doubt.CARD_DATES)
    card = PersonFacts(birth=PartialDate(1998, 6, 1), card=CardFacts(type=CardType.CCCD_CHIP))
    assert who_is_due(card, on).doubts == (Doubt.CARD_DATES,)
    sure = PersonFacts(birth=PartialDate(1975), card=CardFacts(type=CardType.CMND_9))
    assert who_is_due(sure, date(2025, 1, 1)).doubts == ()


def test_all_grounds_are_told_and_the_leading_one_first():
    cmnd = CardFacts(type=CardType.CMND_9, issued_on=date(2008, 1, 1))
    facts = PersonFacts(birth=PartialDate(1980), card=cmnd, reasons=frozenset({Ground.NAME}))
    answer = who_is_due(facts, date(2025, 1, 1))
    assert answer.grounds == (Ground.CMND_VOID, Ground.CARD_EXPIRED, Ground.NAME, Ground.OLD_CARD_TYPE)
    assert (answer.kind, answer.obligation) == (Kind.EXCHANGE, Obligation.MANDATORY)


def test_a_reason_nobody_can_state_is_refused():
    with pytest.raises(NotAStatedGround):
        PersonFacts(birth=PartialDate(1980), reasons=frozenset({Ground.AGE}))


def test_before_the_first_law_nothing_is_answered():
    with pytest.raises(NoLawInForce):
        who_is_due(PersonFacts(birth=PartialDate(1980), life=LifeStatus.DEAD), date(2015, 12, 31))


def test_a_window_without_a_day_is_refused():
    with pytest.raises(EmptyWindow):
        due_within(PersonFacts(birth=PartialDate(1980)), date(2021, 3, 1), date(2021, 3, 1))


@given(on=days, age=st.integers(-1, 120))
def test_the_duties_of_a_day_cover_every_age(on: date, age: int):
    duty = duty_at(on, age)
    assert duty.age_from <= max(age, 0)
    assert duty.age_to is None or age < duty.age_to


def test_an_age_before_birth_counts_as_zero():
    assert duty_at(date(2025, 1, 1), -1) is duty_at(date(2025, 1, 1), 0)


def test_what_is_possible_becomes_certain_on_the_last_birthday_it_can_be():
    facts = PersonFacts(birth=PartialDate(2007))
    assert who_is_due(facts, date(2021, 6, 1)).until == date(2021, 12, 31)
    month = PersonFacts(birth=PartialDate(2000, 2), card=CardFacts(type=CardType.CCCD_CHIP, issued_on=date(2021, 5, 1)))
    assert who_is_due(month, date(2025, 2, 10)).until == date(2025, 3, 1)


def test_a_request_for_a_child_becomes_a_duty_at_fourteen_even_if_the_card_ends_before():
    card = CardFacts(type=CardType.CAN_CUOC, issued_on=date(2024, 8, 1), expires_on=date(2027, 1, 1))
    facts = PersonFacts(birth=PartialDate(2016, 5, 5), card=card, reasons=frozenset({Ground.ON_REQUEST}))
    answer = who_is_due(facts, date(2025, 1, 1))
    assert (answer.obligation, answer.until) == (Obligation.ON_REQUEST, date(2030, 5, 5))
    assert who_is_due(facts, date(2027, 1, 1)).obligation is Obligation.ON_REQUEST
    assert who_is_due(facts, date(2030, 5, 5)).obligation is Obligation.MANDATORY
