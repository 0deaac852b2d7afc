from datetime import date
from random import Random

from muster.kernel.dates import PartialDate, age_on
from muster.rehearsal.people import census
from muster.rehearsal.people.census import Weighted
from muster.rehearsal.people.families import families
from muster.rehearsal.people.persons import Occupation, Place, identities

ON = date(2021, 5, 8)
PLACE = Place("An Lâm", "30", Weighted.of({"31": 3.0, "33": 2.0}))


def village(seed=5, people=2500, on=ON):
    random = Random(seed)
    ages = census.ages(census.districts()[0].by_group, people, random)
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


def test_children_carry_their_fathers_family_name_and_differ_from_their_siblings():
    for home in village():
        by_member = {person.member: person for person in home}
        for person in home:
            father = by_member.get(person.member.father)
            if father:
                assert person.name.split()[0] == father.name.split()[0]
        for father in home:
            given = [person.name.split()[-1] for person in home if person.member.father is father.member]
            assert len(given) == len(set(given))


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
