from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

from muster.rehearsal.people import census, legacy, tree
from muster.rehearsal.people.places import BelowCommune, NoCensus, ScaleOutOfBounds, deal, plan
from muster.units import operations
from muster.units import queries as unit_queries
from muster.units.operations import NewUnit
from tests.rehearsal.people.conftest import AT, BY, ON

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)
VIET_NAM = 96_208_984


def planned(code, scale=1, on=ON):
    return plan(unit_queries.by_code(code, on), scale=scale, on=on)


def test_the_country_until_june_2025_has_its_census(units):
    whole = planned("VN")
    assert whole.people == VIET_NAM
    assert len({one.unit for one in whole.communes}) == len(whole.communes)
    assert [sum(group) for group in zip(*(one.by_group for one in whole.communes), strict=True)] == [
        sum(group) for group in zip(*(count.by_group for count in census.districts()), strict=True)
    ]
    places = sorted((one.before, one.before + one.full) for one in whole.communes)
    assert (places[0][0], places[-1][1]) == (0, VIET_NAM)
    assert all(one[1] == other[0] for one, other in pairwise(places))


@pytest.mark.parametrize(
    ("code", "people", "communes"),
    [("30", 1_892_254, 207), ("300", 137_537, 17), ("01", 8_053_663, 526), ("536", 18_550, 1), ("11239", 9_799, 1)],
)
def test_a_unit_has_the_people_of_its_census(units, code, people, communes):
    whole = planned(code)
    assert (whole.people, len(whole.communes)) == (people, communes)


@pytest.mark.parametrize("scale", [0.044, 0.01, 0.5, "1/3"])
@pytest.mark.parametrize("code", ["VN", "30", "300", "11242", "79"])
def test_every_unit_has_its_census_times_the_scale_to_the_person(units, code, scale):
    share = Fraction(str(scale))
    assert abs(planned(code, share).people - planned(code).people * share) < 1


def test_a_commune_has_the_same_people_alone_as_with_its_province(units):
    of_province = {one.code: one for one in planned("30", 0.03).communes}
    for code in ("300", "11242", "10606"):
        for one in planned(code, 0.03).communes:
            assert one == of_province[one.code]


def test_ages_are_those_of_the_district(units):
    (count,) = [count for count in census.districts() if count.district == "Huyện Thanh Miện"]
    groups = zip(*(one.by_group for one in planned("300").communes), strict=True)
    assert tuple(sum(group) for group in groups) == count.by_group
    for one in planned("300").communes:
        for people, all_people in zip(one.by_group, count.by_group, strict=True):
            assert abs(people - one.full * all_people / count.total) < 2


def test_a_commune_keeps_its_own_count_and_the_others_share_what_is_left(units):
    told = census.communes()["Tỉnh Hải Dương", "Huyện Thanh Miện"]
    full = {f"{one.type_vi} {one.name}": one.full for one in planned("300").communes}
    gone = {"Xã Hùng Sơn", "Xã Diên Hồng", "Xã Tiền Phong"}
    assert set(told) - set(full) == gone
    assert set(full) - set(told) == {"Xã Hồng Phong"}
    assert all(full[title] == people for title, people in told.items() if title not in gone)
    assert full["Xã Hồng Phong"] == sum(told[title] for title in gone)


def test_where_the_census_gives_no_commune_all_of_a_district_share_evenly(units):
    by_district = {}
    for one in planned("45").communes:
        by_district.setdefault(one.title.split(", ", 1)[1], []).append(one.full)
    assert len(by_district) == 10
    assert all(max(sizes) - min(sizes) <= 1 for sizes in by_district.values())


def test_districts_that_merged_since_have_their_people_in_what_they_became(units):
    counts = {(count.province, count.district): count.total for count in census.districts()}
    thu_duc = sum(counts["Thành phố Hồ Chí Minh", name] for name in ("Quận 2", "Quận 9", "Quận Thủ Đức"))
    assert planned("769").people == thu_duc
    luc_ngan = planned("219").people + planned("224").people
    assert luc_ngan == counts["Tỉnh Bắc Giang", "Huyện Lục Ngạn"]


def test_every_district_of_the_census_is_found_but_none_twice(units):
    pools = legacy.pools(tree.rows(ON))
    districts = [row.id for pool in pools for row, _ in pool.members]
    assert len(districts) == len(set(districts))
    assert sum(pool.full for pool in pools) == VIET_NAM


def test_todays_communes_have_the_population_of_their_list(units):
    (ba_dinh,) = planned("00004", on=TODAY).communes
    assert (ba_dinh.full, ba_dinh.people) == (65_023, 65_023)
    assert ba_dinh.before >= 200_000_000


def test_a_missing_or_doubtful_population_is_that_of_the_communes_before(units):
    (nghia_thuan,) = planned("00889", on=TODAY).communes  # the list says 99
    before = unit_queries.origins([nghia_thuan.unit])
    legacy_people = {one.unit: one.full for one in planned("02", on=date(2025, 6, 30)).communes}
    assert {share for _, _, share in before} == {"whole"}
    assert nghia_thuan.full == sum(legacy_people[unit] for _, unit, _ in before)


def test_todays_people_come_from_the_communes_before_and_their_province(units):
    (thanh_mien,) = planned("11239", on=TODAY).communes
    assert thanh_mien.title == "Xã Thanh Miện, Thành phố Hải Phòng"
    assert thanh_mien.home_title == "Xã Tứ Cường, Huyện Thanh Miện, Tỉnh Hải Dương"
    whole = planned("11239", on=TODAY)
    assert (whole.prefixes[thanh_mien.home_province], whole.prefixes[thanh_mien.province]) == ("030", "031")
    assert sum(whole.origins.values()) == VIET_NAM


@pytest.mark.parametrize(("code", "on"), [("498", ON), ("20333", TODAY)])
def test_where_the_census_counts_nobody_nobody_is_made(units, code, on):
    with pytest.raises(NoCensus, match=code):
        planned(code, on=on)


@pytest.mark.parametrize("scale", [0, -1, 1.0001, float("nan"), float("inf")])
def test_a_scale_is_above_nought_and_at_most_one(units, scale):
    with pytest.raises(ScaleOutOfBounds, match="above 0, and 1 at most"):
        planned("300", scale)


def test_hamlets_and_unknown_units_are_refused(units):
    hamlet = NewUnit("11242.01", "hamlet", "Thôn", "Đông", "11242", date(2019, 1, 1))
    assert not operations.add_units(rows=[hamlet], by=BY, at=AT).refused
    with pytest.raises(BelowCommune):
        planned("11242.01")
    with pytest.raises(unit_queries.UnknownUnit):
        planned("99999")
    with pytest.raises(unit_queries.UnknownUnit):
        planned("300", on=TODAY)


@pytest.mark.parametrize(
    ("groups", "sizes", "dealt"),
    [
        ([4, 4], [4, 4], [(2, 2), (2, 2)]),
        ([1, 1, 1], [1, 1, 1], [(1, 0, 0), (0, 1, 0), (0, 0, 1)]),
        ([3, 0], [2, 1], [(2, 0), (1, 0)]),
        ([0, 0], [0, 0], [(0, 0), (0, 0)]),
    ],
)
def test_what_rounding_takes_from_one_place_goes_to_the_next(groups, sizes, dealt):
    assert deal(groups, sizes) == dealt
