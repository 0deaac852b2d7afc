"""Drawings leave the page with their colours, and no text can break out of them."""

import re
from xml.etree import ElementTree as ET

import pytest

from muster.ui import charts, svg


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0"), (10, "10"), (100.0, "100"), (1.25, "1.2"), (-0.01, "0"), (3.96, "4")]
)
def test_a_place_is_short(number, written):
    assert svg.short(number) == written


def test_words_are_cut_to_a_width():
    assert svg.cut("Đồng Tâm", 100) == "Đồng Tâm"
    assert svg.cut("Đồng Tâm", 36) == "Đồng…"


def test_a_name_cannot_become_markup():
    drawn = charts.bars("<b>", '"', [("<script>x</script>", 1)])
    assert "<script" not in drawn
    assert ET.fromstring(str(drawn)).get("aria-label") == '<b>. "'  # noqa: S314 - our own


def test_a_drawing_on_paper_has_its_colours_and_needs_no_sheet():
    drawn = svg.on_paper(charts.line("T", "S.", ["a", "b"], [charts.Series("x", [1, 2])]))
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    style = root.find("{http://www.w3.org/2000/svg}style").text
    used = set(re.findall(r"var\((--[\w-]+)\)", style))
    assert root.get("class") == "chart"
    assert "--paper: #f6f4ed;" in style
    assert "#121411" not in style  # the dark ground
    assert used - {"--figures"} <= set(re.findall(r"(--[\w-]+):", style))
