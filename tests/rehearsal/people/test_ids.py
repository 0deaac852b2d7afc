from itertools import pairwise

from muster.kernel.ids import new_id
from muster.rehearsal.people.ids import Ids


def test_ids_have_the_form_of_version_7_and_stand_before_those_of_real_things():
    ids = Ids("1 10609@2019-01-01")
    for one in (ids.person(0), ids.household(0), ids.card(5, 3)):
        assert (one.version, one.variant) == (7, "specified in RFC 4122")
        assert one < new_id()


def test_people_of_a_place_follow_each_other():
    ids = Ids("1 10609@2019-01-01")
    people = [ids.person(place) for place in range(1000)]
    assert all(one < other for one, other in pairwise(people))
    assert all(one.int + 1 == other.int for one, other in pairwise(people))


def test_no_two_things_of_any_place_or_seed_share_an_id():
    made = set()
    for seed in range(4):
        for place in range(200):
            ids = Ids(f"{seed} {place:05}@2019-01-01")
            for ordinal in range(5):
                made |= {ids.person(ordinal), ids.household(ordinal), ids.card(ordinal, 0), ids.card(ordinal, 1)}
    assert len(made) == 4 * 200 * 5 * 4


def test_the_same_place_and_seed_give_the_same_ids():
    assert Ids("1 10609@2019-01-01").person(7) == Ids("1 10609@2019-01-01").person(7)
