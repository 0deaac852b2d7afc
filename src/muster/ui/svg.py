"""The few words of SVG that every drawing is made of, and a drawing that leaves the page with its own colours."""

import re
from collections.abc import Sequence
from importlib.resources import files

from markupsafe import Markup, escape

Point = tuple[float, float]
LETTER = 7.2  # the mean width of a letter at 12 px, to leave room for names


def drawing(title: str, told: str, width: float, height: float, body: Sequence[str]) -> Markup:
    """Return the whole drawing, with a title and a sentence for those who cannot see it."""
    return Markup(  # noqa: S704 - every value is a number or escaped
        f'<svg viewBox="0 0 {short(width)} {short(height)}" role="img" aria-label="{escape(title)}. {escape(told)}">'
        + "".join(body)
        + "</svg>"
    )


def caption(x: float, y: float, words: str, kind: str, anchor: str) -> str:
    """Return words on their baseline; ``anchor`` is start, middle or end."""
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{short(x)}" y="{short(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def trace(points: Sequence[Point]) -> str:
    """Return the path through points."""
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)


def short(number: float) -> str:
    """Return a place with at most one decimal."""
    written = f"{number:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def cut(words: str, width: float) -> str:
    """Return words that fit a width, with an ellipsis where they were cut."""
    most = max(1, int(width / LETTER))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def on_paper(svg: str) -> str:
    """Return a drawing as a file of its own, in the light colours: for a document that has no style sheet of ours."""
    style = f"<style>:root{{{_colours()}--font:'Be Vietnam Pro',sans-serif}}{_rules()}</style>"
    opened = str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" class="chart" ', 1)
    head, mark, rest = opened.partition(">")
    return head + mark + style + rest


def _sheet(name: str) -> str:
    return files("muster.ui").joinpath(f"static/ui/{name}").read_text(encoding="utf-8")


def _colours() -> str:
    """Return the light colours: those that stand before the dark ones."""
    light = _sheet("tokens.css").partition("@media")[0]
    return "".join(re.findall(r"--[\w-]+: #[0-9a-f]{6};", light))


def _rules() -> str:
    """Return the rules of drawings alone, without those of the figure around one."""
    rules = _sheet("components.css").partition("/* ---- charts ---- */")[2].partition("/* ----")[0]
    return "\n".join(rule for rule in rules.strip().splitlines() if "figcaption" not in rule and "chart-" not in rule)
