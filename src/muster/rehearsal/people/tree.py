"""The tree of units on a day, as far as people are counted in it, and how titles of the census find their units."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from muster.kernel.names import syllable_key
from muster.units import queries as units
from muster.units.queries import Level

TYPES = ("thành phố", "thị xã", "quận", "huyện", "tỉnh", "phường", "xã", "thị trấn")


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the country, a province, a district or a commune."""

    id: int
    code: str
    level: str
    type_vi: str
    name: str
    name_key: str
    valid_from: date
    parent: int | None
    ancestors: list[int]

    @property
    def title(self) -> str:
        """Type and name."""
        return f"{self.type_vi} {self.name}"


@dataclass(frozen=True, slots=True)
class Pool:
    """Communes whose ages are counted together, with the people of each at scale 1."""

    province: Row
    by_group: Sequence[int]
    members: Sequence[tuple[Row, int]]

    @property
    def full(self) -> int:
        """The people of all its communes at scale 1."""
        return sum(self.by_group)


def rows(on: date) -> list[Row]:
    """Return the units from the country down to the communes on a day, by code."""
    columns = ("id", "code", "level", "type_vi", "name", "name_key", "valid_from", "parent_id", "ancestors")
    found = units.as_of(on).exclude(level=Level.HAMLET).order_by("code", "id").values_list(*columns)
    return [Row(*row) for row in found]


def matched(titles: Iterable[str], among: Sequence[Row]) -> dict[str, Row]:
    """Return the unit each title means: type and name the same, else the name, where one such unit is left."""
    whole = {syllable_key(one.title): one for one in among}
    found = {title: one for title in titles if (one := whole.get(syllable_key(title)))}
    taken = {one.id for one in found.values()}
    left = [one for one in among if one.id not in taken]
    count = Counter(one.name_key for one in left)
    by_name = {one.name_key: one for one in left if count[one.name_key] == 1}
    for title in titles:
        if title not in found and (match := by_name.pop(bare(title), None)):
            found[title] = match
    return found


@cache
def bare(title: str) -> str:
    """Return the key of a title without its type: of "Quận Ba Đình" that of "Ba Đình"."""
    start = next((word for word in TYPES if title.lower().startswith(f"{word} ")), "")
    return syllable_key(title[len(start) :])
