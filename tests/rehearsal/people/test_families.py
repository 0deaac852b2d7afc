from itertools import combinations
from random import Random

import pytest

from muster.rehearsal.people import census
from muster.rehearsal.people.families import FATHER_GAP, MOTHER_GAP, SIBLING_GAP, Relation, families

THANH_MIEN = next(count for count in census.districts() if count.district == "Huyện Thanh Miện")


def commune(seed=7, people=3000):
    random = Random(seed)
    ages = census.ages(census.apportion(people, THANH_MIEN.by_group), random)
    return ages, families(ages, random)


def members(households):
    return [member for household in households for member in household.members]


def test_every_age_drawn_is_one_person_of_one_household():
    ages, households = commune()
    assert sorted(member.age for member in members(households)) == sorted(ages)


def test_every_household_has_one_head_who_is_its_first_member_and_an_adult():
    _, households = commune()
    for household in households:
        assert [member.relation for member in household.members].count(Relation.HEAD) == 1
        assert household.members[0].relation is Relation.HEAD
        assert household.members[0].age >= 18


def test_parents_and_children_are_apart_as_nature_has_it():
    _, households = commune()
    linked = [member for member in members(households) if member.mother or member.father]
    assert len(linked) > 1000
    for member in linked:
        assert member.mother is None or member.mother.age - member.age in MOTHER_GAP
        assert member.father is None or member.father.age - member.age in FATHER_GAP


def test_brothers_and_sisters_are_two_years_apart_or_twins():
    _, households = commune()
    by_mother = {}
    for member in members(households):
        if member.mother:
            by_mother.setdefault(member.mother, []).append(member)
    twins = 0
    for children in by_mother.values():
        for one, other in combinations(children, 2):
            if one.twin is other:
                twins += 1
                assert other.twin is one
                assert one.age == other.age
            else:
                assert abs(one.age - other.age) >= SIBLING_GAP
    assert twins > 0


def test_a_couple_is_one_man_and_one_woman_of_one_household():
    _, households = commune()
    for household in households:
        for member in household.members:
            if member.spouse:
                assert member.spouse.spouse is member
                assert member.spouse.male is not member.male
                assert member.spouse in household.members


def test_the_same_seed_gives_the_same_people():
    def shape(households):
        return [[(m.age, m.male, m.relation) for m in household.members] for household in households]

    assert shape(commune(3)[1]) == shape(commune(3)[1])
    assert shape(commune(3)[1]) != shape(commune(4)[1])


@pytest.mark.parametrize("ages", [[], [3], [3, 4, 5], [40], [99, 100], [0] * 5 + [20]])
def test_odd_places_still_make_households(ages):
    households = families(ages, Random(1))
    assert sorted(member.age for member in members(households)) == sorted(ages)
    assert all(household.members[0].relation is Relation.HEAD for household in households)


def test_a_hundred_thousand_people_are_put_together_in_one_pass():
    ages, households = commune(people=100_000)
    assert sorted(member.age for member in members(households)) == sorted(ages)


def test_households_are_about_as_large_as_the_census_says():
    _, households = commune(people=20_000)
    assert 3.2 < 20_000 / len(households) < 3.9  # 3.5 in 2019
