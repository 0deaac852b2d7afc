"""Rankings and maps of units, sign by sign."""

from xml.etree import ElementTree as ET

import pytest

from muster.ui import charts, standings
from muster.ui.standings import Standing

HALF = Standing("A", 50, 100, "late")
OVER = Standing("B", 200, 100, "done")
NAMES = ("Chậm", "Đúng tiến độ", "Về đích")


def tags(markup, name, kind=""):
    found = ET.fromstring(str(markup)).iter(name)  # noqa: S314 - our own
    return [element.attrib for element in found if kind in element.get("class", "")]


def words(markup, name="text"):
    return [element.text for element in ET.fromstring(str(markup)).iter(name)]  # noqa: S314 - our own


def test_every_base_ends_at_one_line_and_a_bar_may_pass_it():
    size = charts.Size(340, 0, 4)  # a phone: bars from 0 to 336, and the longest is 200 % of its base
    drawn = standings.ranking("T", "S.", [HALF, OVER], size=size)
    assert [bar["width"] for bar in tags(drawn, "rect", "bar")] == ["84", "336"]
    assert [goal["d"][:5] for goal in tags(drawn, "path", "goal")] == ["M168 ", "M168 "]
    assert [bar["class"] for bar in tags(drawn, "rect", "bar")] == ["bar course-late", "bar course-done"]


def test_a_rate_stands_with_its_counts_in_the_language_of_the_page():
    big = Standing("Hà Nội", 6345172, 5985000, "done")
    assert words(standings.ranking("T", "S.", [big]))[1] == "6.345.172/5.985.000 (106,0\u00a0%)"
    assert words(standings.ranking("T", "S.", [big], "en"))[1] == "6,345,172/5,985,000 (106.0\u00a0%)"


def test_a_unit_without_a_base_has_a_count_and_no_goal():
    drawn = standings.ranking("T", "S.", [Standing("A", 12, 0, "going")])
    assert words(drawn) == ["A", "12"]
    assert tags(drawn, "path", "goal") == []
    assert [bar["width"] for bar in tags(drawn, "rect", "bar")] == ["0"]


def test_a_long_name_is_cut_on_a_desk():
    drawn = standings.ranking("T", "S.", [Standing("Xã " + "Đ" * 60, 1, 2, "late")])
    name = words(drawn)[0]
    assert name.endswith("…")
    assert len(name) * 7.2 <= 640 * 0.3


@pytest.mark.parametrize("draw", [standings.ranking, lambda *a: standings.unit_map(*a, NAMES)])
def test_no_units_is_a_drawing_too(draw):
    assert ET.fromstring(str(draw("T", "S.", []))).get("aria-label") == "T. S."  # noqa: S314 - our own


def test_a_map_has_north_above_and_east_to_the_right_to_one_scale():
    """At the equator a degree is as long both ways: 1 degree east and 1 degree north make a square."""
    units = [
        Standing("south-west", 1, 4, "going", -0.5, 106.0),
        Standing("north-east", 1, 4, "going", 0.5, 107.0),
    ]
    drawn = standings.unit_map("T", "S.", units, NAMES, size=charts.Size(340, 0, 4))
    west, east = [sign for sign in tags(drawn, "circle", "sign") if sign["r"] != "6"]
    assert (float(west["cx"]), float(east["cx"])) == (22, 318)
    assert float(west["cy"]) - float(east["cy"]) == pytest.approx(296, abs=0.1)


def test_the_area_of_a_sign_grows_with_its_base():
    units = [Standing("large", 0, 400, "going", 20.0, 106.0), Standing("small", 0, 100, "going", 21.0, 106.0)]
    drawn = standings.unit_map("T", "S.", units, NAMES)
    assert [sign["r"] for sign in tags(drawn, "circle", "sign")][:2] == ["14", "7"]


def test_slow_units_are_drawn_last_in_a_shape_of_their_own():
    units = [Standing("slow", 1, 9, "late", 20.0, 106.0), Standing("quick", 9, 9, "done", 20.0, 106.1)]
    drawn = standings.unit_map("T", "S.", units, NAMES)
    assert words(drawn, "title") == ["quick: 9/9 (100,0\u00a0%)", "slow: 1/9 (11,1\u00a0%)"]
    assert [sign["class"] for sign in tags(drawn, "path", "sign")] == ["sign course-late", "sign course-late"]


def test_a_unit_without_a_place_is_not_on_the_map():
    drawn = standings.unit_map("T", "S.", [HALF], NAMES)
    assert words(drawn, "title") == []
    assert words(drawn) == ["Chậm", "Đúng tiến độ", "Về đích"]
