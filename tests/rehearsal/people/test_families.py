from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.rehearsal.people import census
from muster.rehearsal.people.families import FATHER_GAP, MOTHER_GAP, SIBLING_GAP, Relation, families

THANH_MIEN = next(count for count in census.districts() if count.district == "Huyện Thanh Miện")


def commune(seed=7, people=3000):
    random = Random(seed)
    ages = census.ages(THANH_MIEN.by_group, people, random)
    return ages, families(ages, random)


def members(households):
    return [member for household in households for member in household.members]


def test_the_census_adds_up():
    assert len(census.districts()) == 712
    assert sum(count.total for count in census.districts()) == 96_208_984
    assert all(sum(count.by_group) == count.total for count in census.districts())
    hai_duong = [count for count in census.districts() if count.province == "Tỉnh Hải Dương"]
    assert (len(hai_duong), sum(count.total for count in hai_duong)) == (12, 1_892_254)
    assert sum(1 for province, _, _ in census.communes() if province == "Tỉnh Hải Dương") == 265


@given(st.lists(st.integers(0, 500), min_size=18, max_size=18).filter(any), st.integers(0, 400), st.integers(0, 9))
def test_ages_keep_the_proportions_of_the_census_to_the_last_person(by_group, people, seed):
    drawn = Counter(min(age // 5, 17) for age in census.ages(by_group, people, Random(seed)))
    assert sum(drawn.values()) == people
    for group, count in enumerate(by_group):
        assert abs(drawn[group] - people * count / sum(by_group)) < 1


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


def test_households_are_about_as_large_as_the_census_says():
    _, households = commune(people=20_000)
    assert 3.2 < 20_000 / len(households) < 3.9  # 3.5 in 2019
