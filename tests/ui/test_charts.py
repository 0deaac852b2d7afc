"""Charts, figure by figure: where every line, bar and label comes to lie."""

import re
from xml.etree import ElementTree as ET

import pytest

from muster.ui import charts

SMALL = charts.Size(200, 126, 10)  # the plane of figures is 100 high: from 10 down to 100


def tags(markup, name):
    return [element.attrib for element in ET.fromstring(str(markup)).iter(name)]  # noqa: S314 - our own


def words(markup):
    return [element.text for element in ET.fromstring(str(markup)).iter("text")]  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("most", "end"),
    [(0, 4), (3, 4), (4, 4), (5, 8), (9, 12), (21, 24), (95, 100), (101, 120), (201, 240), (2520, 3200), (8001, 10000)],
)
def test_an_axis_ends_at_a_round_figure_with_whole_quarters(most, end):
    assert charts.ceiling(most) == end
    assert end % 4 == 0


def test_a_line_runs_from_edge_to_edge_and_breaks_where_there_is_no_figure():
    drawn = charts.line("T", "S.", ["a", "b", "c"], [charts.Series("x", [0, 100, 50])], size=SMALL)
    # the axis takes 16 + 7.5 * 3 = 38.5 on the left and the names 96 on the right: from 38.5 to 104
    assert [path["d"] for path in tags(drawn, "path") if "line" in path["class"]] == ["M38.5 100L71.2 10L104 55"]
    broken = charts.line("T", "S.", ["a", "b", "c"], [charts.Series("x", [0, None, 100])], size=SMALL)
    assert [path["d"] for path in tags(broken, "path") if "line" in path["class"]] == ["M38.5 100", "M104 10"]


def test_the_axis_is_written_in_the_language_of_the_page():
    vi = charts.line("T", "S.", ["a"], [charts.Series("x", [4000])], "vi", SMALL)
    en = charts.line("T", "S.", ["a"], [charts.Series("x", [4000])], "en", SMALL)
    assert words(vi) == ["0", "1.000", "2.000", "3.000", "4.000", "a", "x"]
    assert words(en) == ["0", "1,000", "2,000", "3,000", "4,000", "a", "x"]


def test_names_at_the_ends_of_lines_never_cover_each_other():
    same = [charts.Series("plan", [0, 40], dashed=True), charts.Series("fact", [0, 40])]
    drawn = charts.line("T", "S.", ["a", "b"], same, size=SMALL)
    heights = [float(text["y"]) for text in tags(drawn, "text") if text.get("class") == "label"]
    assert heights == [30, 14]  # and none stands above the picture
    assert [path["class"] for path in tags(drawn, "path")][-2:] == ["line series-1 dashed", "line series-2"]


def test_every_second_label_where_there_is_no_room_and_always_the_last():
    labels = [str(day) for day in range(1, 10)]
    drawn = charts.line("T", "S.", labels, [charts.Series("x", [1] * 9)], size=charts.Size(200, 126, 5))
    assert [word for word in words(drawn) if word in labels[4:]] == ["5", "7", "9"]


def test_bars_are_as_long_as_their_figures():
    drawn = charts.bars("T", "S.", [("Đồng Tâm", 50), ("Ỷ La", 100), ("Ẵm", 0)], size=charts.Size(480, 0, 0))
    assert [(bar["x"], bar["y"], bar["width"]) for bar in tags(drawn, "rect")] == [
        ("200", "4", "100"),
        ("200", "34", "200"),
        ("200", "64", "0"),
    ]
    assert words(drawn) == ["Đồng Tâm", "50", "Ỷ La", "100", "Ẵm", "0"]


def test_bands_pile_up_from_the_foot_without_gaps():
    bands = [charts.Series("young", [10, 0]), charts.Series("old", [30, 20])]
    drawn = charts.stacked("T", "S.", ["a", "b"], bands, size=charts.Size(200, 154, 10))
    piles = [
        (bar["class"], float(bar["y"]), float(bar["height"])) for bar in tags(drawn, "rect") if "bar" in bar["class"]
    ]
    # the key takes 28: the plane lies from 28 down to 128, and the axis ends at 40
    assert piles == [("bar series-1", 103, 25), ("bar series-2", 28, 75), ("bar series-2", 78, 50)]


def test_a_drawing_without_figures_is_still_a_drawing():
    for drawn in (
        charts.line("T", "S.", [], [charts.Series("x", [])]),
        charts.bars("T", "S.", []),
        charts.stacked("T", "S.", [], []),
        charts.spark("S.", []),
    ):
        assert ET.fromstring(str(drawn)).tag == "svg"  # noqa: S314 - our own


def test_every_chart_says_in_words_what_it_shows_and_lets_no_markup_through():
    drawn = charts.line("Tiến độ <b>", 'Xã "Ỷ La" & khác.', ["<a>"], [charts.Series("<x>", [1])])
    root = ET.fromstring(str(drawn))  # noqa: S314 - our own
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'Tiến độ <b>. Xã "Ỷ La" & khác.'
    assert {"<a>", "<x>"} <= set(words(drawn))
    assert not re.search(r"style=|<script", str(drawn))


def test_a_spark_ends_at_its_last_figure():
    assert tags(charts.spark("S.", [0, 5, 10]), "path")[0]["d"] == "M2 33L60 18L118 3"
