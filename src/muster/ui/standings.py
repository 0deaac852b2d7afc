"""Units beside one another: a ranking to one scale, and where the slow ones lie. The same units feed both.

A rate always stands with its two counts. Colour is never all: a slow unit is a triangle, one that has finished a ring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Literal

from markupsafe import Markup, escape

from muster.kernel import formats
from muster.kernel.formats import Language
from muster.ui.charts import NARROW, WIDE, Size
from muster.ui.svg import LETTER, Point, caption, cut, drawing, short

Course = Literal["late", "going", "done"]
COURSES: tuple[Course, ...] = ("late", "going", "done")
SMALLEST, LARGEST, EDGE = 4.0, 14.0, 22.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How one unit stands: its count, the base of its rate (0: none yet), its course, its place in degrees N and E."""

    name: str
    part: int
    base: int
    course: Course
    lat: float | None = None
    lon: float | None = None

    @property
    def rate(self) -> float:
        """The part of its base; 0 where there is no base."""
        return self.part / self.base if self.base else 0.0


def ranking(title: str, told: str, units: Sequence[Standing], language: Language = "vi", size: Size = WIDE) -> Markup:
    """Return a bar for each unit, drawn to its own base: all bases end at one line, and a bar may pass it."""
    beside = size.width > NARROW.width
    most = max([1.0, *(unit.rate for unit in units)])
    left = min(12 + LETTER * max((len(unit.name) for unit in units), default=0), size.width * 0.3) if beside else 0.0
    right = size.width - (12 + LETTER * max((len(_told(unit, language)) for unit in units), default=0) if beside else 4)
    row = 32 if beside else 48
    full = (right - left) / most
    body = [
        part
        for place, unit in enumerate(units)
        for part in _bar(unit, place * row, left, full, _told(unit, language), size)
    ]
    return drawing(title, told, size.width, max(row * len(units) + 4, 24), body)


def unit_map(
    title: str,
    told: str,
    units: Sequence[Standing],
    names: tuple[str, str, str],
    language: Language = "vi",
    size: Size = WIDE,
) -> Markup:
    """Return a sign for each unit that has a place, north up; its area grows with its base.

    No borders: places are the offices', and borders change. Equirectangular projection, true along the middle
    latitude (J. P. Snyder, Map Projections: A Working Manual, USGS 1395, ch. 12); over one province it errs by less
    than a sign. Slow units are drawn last, so that nothing covers them.

    :param names: the words for late, going and done, for the key
    """
    placed = [unit for unit in units if unit.lat is not None and unit.lon is not None]
    points = _project(placed, size.width, size.width * (0.6 if size.width > NARROW.width else 1.0))
    largest = max((unit.base for unit in placed), default=0) or 1
    order = sorted(range(len(placed)), key=lambda i: (-COURSES.index(placed[i].course), -placed[i].base))
    body = [_sign_of(placed[i], points[i], largest, language) for i in order]
    foot = max((y for _, y in points), default=0.0) + EDGE + 14
    return drawing(title, told, size.width, foot + 12, [*body, *_key(names, foot)])


def _bar(unit: Standing, top: float, left: float, full: float, told: str, size: Size) -> list[str]:
    beside = size.width > NARROW.width
    bar, line = (top + 6, top + 20) if beside else (top + 22, top + 15)
    room = left - 8 if beside else size.width - LETTER * len(told) - 12
    drawn = [
        caption(left - 10 if beside else 0, line, cut(unit.name, room), "label", "end" if beside else "start"),
        _lying("track", left, bar, full),
        _lying(f"bar course-{unit.course}", left, bar, full * unit.rate),
        caption(size.width - 2, line, told, "", "end"),
    ]
    if unit.base:
        drawn.append(f'<path class="goal" d="M{short(left + full)} {short(bar - 3)}v26"/>')
    return drawn


def _lying(kind: str, x: float, y: float, width: float) -> str:
    return f'<rect class="{kind}" x="{short(x)}" y="{short(y)}" width="{short(width)}" height="20"/>'


def _told(unit: Standing, language: Language) -> str:
    if not unit.base:
        return formats.count(unit.part, language)
    return formats.share(unit.part, unit.base, 1, language)


def _sign_of(unit: Standing, point: Point, largest: int, language: Language) -> str:
    radius = max(SMALLEST, LARGEST * sqrt(unit.base / largest))
    return _sign(unit.course, point, radius, f"<title>{escape(unit.name)}: {escape(_told(unit, language))}</title>")


def _sign(course: Course, point: Point, radius: float, inside: str) -> str:
    x, y = point
    if course == "late":
        reach = radius * 1.2
        d = f"M{short(x)} {short(y - reach)}l{short(reach)} {short(reach * 1.8)}h{short(-2 * reach)}z"
        return f'<path class="sign course-late" d="{d}">{inside}</path>'
    place = f'cx="{short(x)}" cy="{short(y)}" r="{short(radius)}"'
    return f'<circle class="sign course-{course}" {place}>{inside}</circle>'


def _key(names: tuple[str, str, str], y: float) -> list[str]:
    drawn: list[str] = []
    x = 8.0
    for course, name in zip(COURSES, names, strict=True):
        drawn += [_sign(course, (x, y), 6, ""), caption(x + 12, y + 4, name, "", "start")]
        x += 34 + LETTER * len(name)
    return drawn


def _project(units: Sequence[Standing], width: float, height: float) -> list[Point]:
    """Return the point of each unit, one scale for both directions, in the middle of the width."""
    if not units:
        return []
    places = [(unit.lon or 0.0, unit.lat or 0.0) for unit in units]
    south, north = min(lat for _, lat in places), max(lat for _, lat in places)
    shrink = cos(radians((south + north) / 2))
    west, east = min(lon for lon, _ in places) * shrink, max(lon for lon, _ in places) * shrink
    scale = min((width - 2 * EDGE) / ((east - west) or 1), (height - 2 * EDGE) / ((north - south) or 1))
    left = (width - (east - west) * scale) / 2
    return [(left + (lon * shrink - west) * scale, EDGE + (north - lat) * scale) for lon, lat in places]
