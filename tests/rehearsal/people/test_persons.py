from collections import Counter
from datetime import date
from random import Random

from muster.kernel.dates import PartialDate, age_on
from muster.law.duty import LifeStatus
from muster.law.numbers import NumberState
from muster.register.words import Marital, Relation
from muster.rehearsal.people import census
from muster.rehearsal.people.census import Weighted
from muster.rehearsal.people.families import families
from muster.rehearsal.people.persons import Occupation, Place, identities

ON = date(2021, 5, 8)
PLACE = Place("An Lâm", 30, 31, Weighted.of({31: 3.0, 33: 2.0}))


def village(seed=5, people=2500, on=ON):
    random = Random(seed)
    ages = census.ages(census.apportion(people, census.districts()[0].by_group), random)
    return [identities(household, PLACE, on, random) for household in families(ages, random)]


def everybody(homes):
    return [person for home in homes for person in home]


def test_everybody_is_as_old_as_the_census_says_also_on_a_leap_day():
    for on in (ON, date(2024, 2, 29), date(2021, 12, 31), date(2021, 1, 1)):
        for person in everybody(village(people=600, on=on)):
            assert age_on(PartialDate.of(person.born_on), on).low == person.member.age


def test_papers_know_less_than_life_but_never_something_else():
    people = everybody(village())
    assert all(person.birth.earliest <= person.born_on <= person.birth.latest for person in people)
    assert {person.birth.precision for person in people} == {"day", "month", "year"}


def test_children_carry_their_fathers_family_name_and_nobody_of_the_family_shares_a_given_name():
    for home in village():
        by_member = {person.member: person for person in home}
        for person in home:
            father = by_member.get(person.member.father)
            if father:
                assert person.name.split()[0] == father.name.split()[0]
        for parent in home:
            family = [one for one in home if one is parent or parent.member in (one.member.father, one.member.mother)]
            assert len({one.name.split()[-1] for one in family}) == len(family)


def test_twins_share_a_birthday():
    twins = [person for home in village(people=8000) for person in home if person.member.twin]
    born = {person.member: person.born_on for person in twins}
    assert twins
    assert all(person.born_on == born[person.member.twin] for person in twins)


def test_children_go_to_the_school_of_their_commune_and_the_small_ones_to_none():
    people = everybody(village())
    assert all(person.occupation is Occupation.AT_HOME for person in people if person.member.age < 6)
    pupils = [person for person in people if 6 <= person.member.age < 15]
    assert {person.organisation for person in pupils} == {"Trường Tiểu học An Lâm", "Trường THCS An Lâm"}


def test_every_phone_is_of_the_range_nobody_has():
    phones = [person.phone for person in everybody(village()) if person.phone]
    assert phones
    assert all(phone.startswith("055") and len(phone) == 10 for phone in phones)


def test_the_same_seed_names_the_same_people():
    assert [person.name for person in everybody(village(9))] == [person.name for person in everybody(village(9))]


def test_who_is_married_lives_with_the_spouse_and_lone_parents_were_married():
    for home in village():
        parents = {parent for person in home for parent in (person.member.father, person.member.mother)}
        for person in home:
            married = person.marital is Marital.MARRIED
            assert married is (person.member.spouse is not None)
            if person.member in parents and not married:
                assert person.marital in {Marital.WIDOWED, Marital.DIVORCED}
            assert (person.marital is Marital.UNKNOWN) is (person.member.age < 14)


def test_children_come_from_where_their_father_comes_from():
    elsewhere = 0
    for home in village():
        native = {person.member: person.native for person in home}
        for person in home:
            if person.member.father:
                assert person.native == native[person.member.father]
                elsewhere += person.native != 0
    assert elsewhere > 0


def test_nobody_moved_in_or_was_confirmed_before_the_birth():
    for person in everybody(village()):
        assert person.moved_in is None or person.born_on <= person.moved_in < ON
        assert person.confirmed_days_ago < (ON - person.born_on).days or person.confirmed_days_ago == 0


def test_only_grown_ups_who_head_no_household_are_away():
    away = [person for person in everybody(village(people=8000)) if person.life is not LifeStatus.ALIVE]
    assert away
    assert all(person.member.age >= 18 and person.member.relation is not Relation.HEAD for person in away)


def test_where_the_birth_is_registered_decides_whether_there_is_a_number():
    people = everybody(village(people=8000))
    states = Counter(person.number_state for person in people)
    assert states[NumberState.NUMBERED] > 7700
    assert states[NumberState.ELIGIBLE] > 50
    assert states[NumberState.UNCLEANED] > 10
    for person in people:
        assert (person.registered_at == 0) is (person.number_state is NumberState.UNCLEANED)


def test_births_since_july_2025_are_registered_in_todays_province():
    for person in everybody(village(on=date(2026, 11, 2))):
        if person.born_on >= date(2025, 7, 1):
            assert person.registered_at in {31, 0}
    assert {person.registered_at for person in everybody(village())} == {0, 30, 31, 33}
