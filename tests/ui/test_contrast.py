"""Contrast of every pair of colours that meet on a page, computed from the tokens (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from importlib.resources import files

import pytest

TOKENS = files("muster.ui").joinpath("static/ui/tokens.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "surface", "sunken", "brand-soft")
TEXT = [(ink, ground) for ink in ("ink", "ink-soft", "brand", "brand-strong", "bad") for ground in GROUNDS[:3]]
TEXT += [(ink, "brand-soft") for ink in ("ink", "ink-soft", "brand")]
TEXT += [(tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "info")]
TEXT += [(tone, "surface") for tone in ("good", "warn", "bad", "info")]
TEXT += [("on-brand", "brand"), ("on-brand", "brand-strong"), ("on-bad", "bad")]
SIGNS = [(sign, ground) for sign in ("line-strong", "focus") for ground in GROUNDS[:3]]
SIGNS += [(f"series-{number}", "surface") for number in range(1, 6)] + [("gold", "surface"), ("seal", "surface")]


def blocks():
    """Return the colours of light, of the dark device and of chosen dark."""
    found = re.findall(r":root([^{,]*)\{([^}]*)\}", TOKENS)
    colours = [(name.strip(), dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", body))) for name, body in found]
    light, device, chosen = [(name, values) for name, values in colours if "paper" in values]
    assert [light[0], device[0], chosen[0]] == ["", ':not([data-theme="light"])', '[data-theme="dark"]']
    return light[1], device[1], chosen[1]


LIGHT, DEVICE, DARK = blocks()


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_both_dark_themes_are_the_same():
    assert DEVICE == DARK
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_legible(theme, ink, ground):
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_edges_of_controls_focus_and_lines_of_charts_are_seen(theme, sign, ground):
    assert contrast(theme[sign], theme[ground]) >= 3
