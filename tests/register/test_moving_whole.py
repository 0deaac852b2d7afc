"""A household moves whole, or nobody of it does."""

from dataclasses import replace
from datetime import date

import pytest

from muster.audit import queries as audit
from muster.events import queries as journal
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.law.duty import LifeStatus
from muster.people.rights import Grants
from muster.people.words import Field, Kind, Role
from muster.register import queries
from muster.register.models import Household
from muster.register.operations import HouseholdMove, PermanentMove, move, move_households, take_in
from muster.register.sensitive import Sensitive
from muster.register.words import LifeEventKind, Relation
from tests.register.conftest import AN_LAM, AT, BY, HAMLET, HOP_TIEN, family, person, taken

pytestmark = pytest.mark.usefixtures("units")
SINCE = date(2021, 5, 1)


def codes(result):
    return [(row.index, row.refusal.code) for row in result.refused]


def page(one):
    return queries.person_page(one.id, allowed=frozenset(Field))


def home_of_four():
    """Return a head with a wife, a child born in 2010, and the head's father who is dead."""
    head = person("Lê Văn Mai", "1970", sensitive=Sensitive(address="Ngõ 3"))
    wife = person("Trần Thị Lan", "1972", sex=Sex.FEMALE, household=head.household, relation=Relation.SPOUSE)
    child = person("Lê Văn Tí", "2010", household=head.household, relation=Relation.CHILD)
    dead = person("Lê Văn Cả", "1940", household=head.household, relation=Relation.PARENT, life=LifeStatus.DEAD)
    households, persons = family(head, wife, child, dead)
    assert not take_in(households=households, persons=persons, by=BY, at=AT).refused
    return head, wife, child, dead


def lives(one):
    told = page(one)
    return told.line.unit, told.resident_since, told.relation


def test_everybody_moves_under_the_same_head_with_an_event_each_and_the_dead_stay():
    head, wife, child, dead = home_of_four()
    away = HouseholdMove(household=head.household, unit=HOP_TIEN, since=SINCE, address="Số 5", paper="CT01")
    assert list(move_households(moves=[away], grants=None, by=BY, at=AT).done) == [head.household]
    assert [lives(one) for one in (head, wife, child, dead)] == [
        (HOP_TIEN, SINCE, Relation.HEAD), (HOP_TIEN, SINCE, Relation.SPOUSE), (HOP_TIEN, SINCE, Relation.CHILD),
        (HAMLET, None, Relation.PARENT),
    ]  # fmt: skip
    home = Household.objects.get(id=head.household)
    assert (home.unit_id, home.head, home.closed_on) == (HOP_TIEN, head.id, None)
    assert [page(one).sensitive["address"] for one in (head, wife, child)] == ["Số 5"] * 3
    assert [(one.unit, one.until) for one in page(child).residences] == [(HAMLET, SINCE)]
    assert [(one.kind, one.paper) for one in page(wife).life] == [(LifeEventKind.MOVED, "CT01")]
    assert [[(event.move, event.unit_residence) for event in journal.life(one.id)][1:] for one in (head, dead)] == [
        [("move", HOP_TIEN)], [],
    ]  # fmt: skip
    assert audit.latest(limit=1)[0].action == "register.move"


def test_a_household_sent_twice_moves_once():
    head, wife, *_ = home_of_four()
    away = HouseholdMove(household=head.household, unit=HOP_TIEN, since=SINCE)
    assert not move_households(moves=[away, away], grants=None, by=BY, at=AT).refused
    assert not move_households(moves=[away], grants=None, by=BY, at=AT).refused
    assert [event.move for event in journal.life(wife.id)] == ["take_in", "move"]
    assert page(wife).version == 2


def test_what_forbids_one_to_move_keeps_the_household_and_the_other_rows_move():
    head, wife, child, _ = home_of_four()
    other = taken(person("Lê Văn Hai", "1980"))
    away = HouseholdMove(household=head.household, unit=HOP_TIEN, since=SINCE)
    read = {head.id: 1, wife.id: 1}
    rows = [
        replace(away, since=date(2009, 12, 31)),  # before the child was born
        replace(away, since=date(2021, 5, 9)),
        replace(away, unit=99),
        replace(away, versions=read),  # the child came in meanwhile
        replace(away, versions=read | {child.id: 2}),
        replace(away, household=new_id()),
        HouseholdMove(household=other.household, unit=HOP_TIEN, since=SINCE, versions={other.id: 1}),
    ]
    assert codes(move_households(moves=rows, grants=None, by=BY, at=AT)) == [
        (0, "day_cannot_be"), (1, "day_cannot_be"), (2, "unit_unknown"), (3, "changed_meanwhile"),
        (4, "changed_meanwhile"), (5, "no_such_household"),
    ]  # fmt: skip
    assert [lives(one)[0] for one in (head, wife, child, other)] == [HAMLET, HAMLET, HAMLET, HOP_TIEN]


def test_a_household_of_which_one_lives_outside_the_officers_units_is_refused():
    head, wife, *_ = home_of_four()
    apart = person("Lê Thị Út", "1990", household=head.household, relation=Relation.SIBLING, unit=HOP_TIEN)
    assert not take_in(households=[], persons=[apart], by=BY, at=AT).refused
    lead = Grants(BY.officer, Kind.OFFICER, AN_LAM, ((Role.DESK_LEAD, AN_LAM),))
    away = HouseholdMove(household=head.household, unit=AN_LAM, since=SINCE)
    assert codes(move_households(moves=[away], grants=lead, by=BY, at=AT)) == [(0, "not_allowed")]
    assert lives(wife)[0] == HAMLET


def test_a_move_told_again_writes_nothing_and_one_before_an_earlier_one_is_refused():
    one = taken(person("Lê Văn Mai", "1975"))
    away = PermanentMove(person=one.id, unit=HOP_TIEN, since=SINCE, household=new_id())
    assert not move(moves=[away, away], grants=None, by=BY, at=AT).refused
    assert not move(moves=[away], grants=None, by=BY, at=AT).refused
    assert [event.move for event in journal.life(one.id)] == ["take_in", "move"]
    back = [replace(away, unit=AN_LAM, household=new_id(), since=day) for day in (date(2021, 4, 1), SINCE)]
    assert codes(move(moves=back, grants=None, by=BY, at=AT)) == [(0, "moved_later"), (1, "moved_later")]
    whole = HouseholdMove(household=away.household, unit=AN_LAM, since=date(2021, 4, 1))
    assert codes(move_households(moves=[whole], grants=None, by=BY, at=AT)) == [(0, "moved_later")]
    assert not move(moves=[replace(back[0], since=date(2021, 5, 2))], grants=None, by=BY, at=AT).refused
    assert [(one.unit, one.since, one.until) for one in page(one).residences] == [
        (HOP_TIEN, SINCE, date(2021, 5, 2)), (HAMLET, None, SINCE),
    ]  # fmt: skip


def test_who_joins_a_household_lives_where_it_does():
    head, *_ = home_of_four()
    other = taken(person("Lê Văn Hai", "1980"))
    joins = PermanentMove(
        person=other.id, unit=HOP_TIEN, since=SINCE, household=head.household, relation=Relation.SIBLING
    )
    assert codes(move(moves=[joins], grants=None, by=BY, at=AT)) == [(0, "household_elsewhere")]
    assert not move(moves=[replace(joins, unit=HAMLET)], grants=None, by=BY, at=AT).refused
    assert lives(other) == (HAMLET, SINCE, Relation.SIBLING)
