"""Units on the pages of the register: what they are called, and which one a typed code or name means."""

from collections.abc import Iterable
from datetime import date

from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.units import queries
from muster.units.queries import Level, UnknownUnit

MOST_NAMED = 4
NARROW = (Level.COMMUNE, Level.HAMLET)


class UnitUnclear(Refusal):
    """What was typed is the name of several units: the code, or a unit above after a comma, tells them apart."""

    code = "unit_unclear"
    vi = "“{typed}” có thể là: {places}. Hãy nhập mã, hoặc thêm tên cấp trên sau dấu phẩy."
    en = "“{typed}” can be: {places}. Type the code, or the unit above after a comma."


class Places:
    """The names of some units on a day, innermost first: ``Thôn An Lễ, xã An Lâm, huyện Nam Sách``."""

    def __init__(self, units: Iterable[int | None], on: date) -> None:
        self._paths, self._titles = queries.named({unit for unit in units if unit is not None}, on)

    def whole(self, unit: int | None) -> str:
        """Return a unit with all above it but the country; ``–`` for none."""
        names = [self._titles[above] for above in reversed(self._paths.get(unit or 0, ())[1:])]
        inner = [f"{name.type_vi[:1].lower()}{name.type_vi[1:]} {name.name}" for name in names[1:]]
        return ", ".join([str(names[0]), *inner]) if names else formats.NOTHING

    def short(self, unit: int | None) -> str:
        """Return a unit with the one above it, as a list has room for."""
        return ", ".join(self.whole(unit).split(", ")[:2])


def resolve(typed: str, on: date, within: Iterable[int]) -> int:
    """Return the unit that a code or a whole name means on a day, below any of these units (`units.queries.find`).

    :raises UnknownUnit: there is none
    :raises UnitUnclear: there are several that fit equally well
    """
    found = queries.find(typed, on, within=within, whole=True)
    if not found:
        raise UnknownUnit(unit=typed, on=formats.day(on))
    best = [one for one in found if (one.fit, bool(one.former)) == (found[0].fit, bool(found[0].former))]
    if len(best) > 1:
        told = [f"{', '.join(map(str, [one.title, *one.above[-1:]]))} ({one.unit.code})" for one in best[:MOST_NAMED]]
        raise UnitUnclear(typed=typed, places="; ".join([*told, *(["…"] if len(best) > MOST_NAMED else [])]))
    return best[0].unit.id
