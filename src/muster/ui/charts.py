"""Charts as SVG, drawn by the server: the same picture on the page, in print and in a PDF, readable without script.

Pure functions from figures to markup. Colours are classes (``series-1`` ...), so that light, dark and print follow the
tokens. Every chart has a title and a sentence for those who cannot see it; a page shows its table beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from markupsafe import Markup, escape

from muster.kernel import formats
from muster.kernel.formats import Language
from muster.ui.svg import caption, drawing, short, trace

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a drawing in its own units, about the pixels it is shown at, and the most labels along its foot."""

    width: int
    height: int
    labels: int


WIDE = Size(640, 260, 8)
NARROW = Size(340, 260, 4)
LETTER = 6.4  # the width of one, about


@dataclass(frozen=True, slots=True)
class Series:
    """A row of figures, one for each label of the chart; ``None`` where there is none (the line breaks)."""

    name: str
    values: Sequence[int | None]
    dashed: bool = False  # a plan, not a fact


@dataclass(frozen=True, slots=True)
class Chart:
    """What a page shows of a chart: its title, and the drawing for a desk and for a phone."""

    title: str
    wide: Markup
    narrow: Markup


Draw = Callable[[Size], Markup]


def chart(title: str, draw: Draw) -> Chart:
    """Return a chart drawn for a desk and for a phone; the page shows one of them."""
    return Chart(title, draw(WIDE), draw(NARROW))


def line(
    title: str, told: str, labels: Sequence[str], series: Sequence[Series], language: Language = "vi", size: Size = WIDE
) -> Markup:
    """Return lines over the same labels, such as plan and fact; each is named at its end.

    :param told: the sentence for those who cannot see the picture
    """
    frame = _Frame.of(
        size, [value for one in series for value in one.values if value is not None], len(labels), room=96
    )
    body = [*frame.grid(language), *frame.foot(labels, [frame.x(place) for place in range(len(labels))])]
    heights = _apart([frame.y(_last(one)[1]) for one in series], frame.top, frame.bottom)
    for number, (one, height) in enumerate(zip(series, heights, strict=True), 1):
        points = [(frame.x(place), frame.y(value)) for place, value in enumerate(one.values) if value is not None]
        dashed = " dashed" if one.dashed else ""
        body += [f'<path class="line series-{number}{dashed}" d="{run}"/>' for run in _runs(frame, one.values)]
        body += _end(points, number, one.name, height, size.width)
    return drawing(title, told, size.width, size.height, body)


def bars(
    title: str, told: str, rows: Sequence[tuple[str, int]], language: Language = "vi", size: Size = WIDE, tone: int = 1
) -> Markup:
    """Return one lying bar for each row, with its name above on a phone, before it on a desk, and its figure behind."""
    beside = size.width > NARROW.width
    left, step = (200, 30) if beside else (0, 44)
    most = max((value for _, value in rows), default=0) or 1
    body: list[str] = []
    for place, (name, value) in enumerate(rows):
        top = place * step + (4 if beside else 20)
        width = round((size.width - left - 80) * value / most, 1)
        body += [
            caption(
                left - 10 if beside else 0, top + (15 if beside else -5), name, "label", "end" if beside else "start"
            ),
            f'<rect class="bar series-{tone}" x="{left}" y="{top}" width="{short(width)}" height="20" rx="1"/>',
            caption(left + width + 8, top + 15, formats.count(value, language), "", "start"),
        ]
    return drawing(title, told, size.width, max(step * len(rows) + 4, 1), body)


def stacked(
    title: str,
    told: str,
    labels: Sequence[str],
    bands: Sequence[Series],
    language: Language = "vi",
    size: Size = WIDE,
) -> Markup:
    """Return standing bars, each piled up of bands from the foot up (such as age bands by day), with a key above."""
    sums = [sum(band.values[place] or 0 for band in bands) for place in range(len(labels))]
    keys, used = _key([band.name for band in bands], size)
    frame = _Frame.of(size, sums, len(labels), room=4, head=used + 8, slots=True)
    width = max(frame.step * 0.7, 1)
    middles = [frame.x(place) for place in range(len(labels))]
    body = [*keys, *frame.grid(language), *frame.foot(labels, middles)]
    for place, middle in enumerate(middles):
        below = 0
        for number, band in enumerate(bands, 1):
            value = band.values[place] or 0
            top, foot = frame.y(below + value), frame.y(below)
            if value:
                body.append(
                    f'<rect class="bar series-{number}" x="{short(middle - width / 2)}" y="{short(top)}"'
                    f' width="{short(width)}" height="{short(foot - top)}"/>'
                )
            below += value
    return drawing(title, told, size.width, size.height, body)


def spark(told: str, values: Sequence[int], tone: int = 1) -> Markup:
    """Return a line without axes for a tile, from 0 to its highest figure, with a dot at its end."""
    most = max(values, default=0) or 1
    step = 116 / max(len(values) - 1, 1)
    points = [(2 + place * step, 33 - 30 * value / most) for place, value in enumerate(values)]
    drawn = "" if not points else f'<path class="line series-{tone}" d="{trace(points)}"/>'
    return Markup(  # noqa: S704 - every value is a number or escaped
        f'<svg class="spark" viewBox="0 0 120 36" preserveAspectRatio="none" role="img">'
        f"<title>{escape(told)}</title>{drawn}</svg>"
    )


def ceiling(most: int) -> int:
    """Return the round figure at or above a figure at which an axis ends; its quarters are whole, and it is never 0."""
    if most <= 4:  # noqa: PLR2004 - quarters of an axis stay whole
        return 4
    power = int("1".ljust(len(str(most)), "0"))
    for tenths in (10, 12, 16, 20, 24, 32, 40, 50, 60, 80, 100):
        if most * 10 <= tenths * power and tenths * power % 40 == 0:
            return tenths * power // 10
    return int(ceil(most / 4) * 4)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where figures and places come to lie inside a drawing."""

    left: float
    right: float
    top: float
    bottom: float
    most: int
    places: int
    slots: bool  # each place is a slot with its middle, else the first and last place lie on the edges
    labels: int

    @classmethod
    def of(
        cls, size: Size, values: Sequence[int], places: int, room: int, head: int = 10, *, slots: bool = False
    ) -> "_Frame":
        most = ceiling(max(values, default=0))
        left = 16 + 7.5 * len(f"{most:,}")
        return cls(left, size.width - room, head, size.height - 26, most, max(places, 1), slots, size.labels)

    @property
    def step(self) -> float:
        return (self.right - self.left) / (self.places if self.slots else max(self.places - 1, 1))

    def x(self, place: int) -> float:
        return self.left + (place + (0.5 if self.slots else 0)) * self.step

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most

    def grid(self, language: Language) -> list[str]:
        """Return five lines with their figures."""
        drawn: list[str] = []
        for quarter in range(5):
            value = self.most * quarter // 4
            y = short(self.y(value))
            kind = "grid" if quarter else "axis"
            drawn.append(f'<path class="{kind}" d="M{short(self.left)} {y}H{short(self.right)}"/>')
            drawn.append(caption(self.left - 8, self.y(value) + 4, formats.count(value, language), "", "end"))
        return drawn

    def foot(self, labels: Sequence[str], middles: Sequence[float]) -> list[str]:
        """Return as many labels along the foot as there is room for, the last one always."""
        every = max(1, ceil(len(labels) / self.labels))
        shown = [place for place in range(len(labels)) if (len(labels) - 1 - place) % every == 0]
        return [caption(middles[place], self.bottom + 18, labels[place], "", "middle") for place in shown]


def _last(one: Series) -> tuple[int, int]:
    """Return the place and figure at which a series ends; 0 where it has none."""
    known = [(place, value) for place, value in enumerate(one.values) if value is not None]
    return known[-1] if known else (0, 0)


def _runs(frame: _Frame, values: Sequence[int | None]) -> list[str]:
    """Return the unbroken pieces of a line."""
    places = [(place, value) for place, value in enumerate(values)]
    runs: list[str] = []
    for known, run in groupby(places, key=lambda point: point[1] is not None):
        if known:
            runs.append(trace([(frame.x(place), frame.y(value or 0)) for place, value in run]))
    return runs


def _end(points: Sequence[Point], number: int, name: str, height: float, width: float) -> list[str]:
    """Return the dot at the end of a line and its name behind it; one that is too long ends where the drawing ends."""
    if not points:
        return []
    x, y = points[-1]
    dot = f'<circle class="dot series-{number}" cx="{short(x)}" cy="{short(y)}" r="3.5"/>'
    fits = x + 8 + LETTER * len(name) <= width
    return [dot, caption(x + 8 if fits else width, height + 4, name, "label", "start" if fits else "end")]


def _apart(heights: Sequence[float], top: float, bottom: float, gap: float = 16) -> list[float]:
    """Return heights for labels at least a line apart, in the order given, none below the foot or above the head."""
    order = sorted(range(len(heights)), key=lambda place: -heights[place])
    placed = list(heights)
    limit = bottom
    for place in order:
        placed[place] = min(placed[place], limit)
        limit = placed[place] - gap
    limit = top
    for place in reversed(order):
        placed[place] = max(placed[place], limit)
        limit = placed[place] + gap
    return placed


def _key(names: Sequence[str], size: Size) -> tuple[list[str], int]:
    """Return the key of a chart, wrapped into lines, and the height it takes."""
    drawn: list[str] = []
    x, y = 0.0, 12
    for number, name in enumerate(names, 1):
        width = 30 + 7.2 * len(name)
        if x and x + width > size.width:
            x, y = 0.0, y + 20
        drawn.append(f'<rect class="key series-{number}" x="{short(x)}" y="{y - 10}" width="12" height="12"/>')
        drawn.append(caption(x + 18, y, name, "", "start"))
        x += width
    return drawn, y + 8
