"""Units on the pages of the register: what they are called, and which one a typed code or name means."""

from collections.abc import Iterable, Sequence
from datetime import date

from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.kernel.names import ascii_key, syllable_key
from muster.people.queries import paths
from muster.units.queries import Level, Unit, UnknownUnit, as_of

MOST_NAMED = 4
NARROW = (Level.COMMUNE, Level.HAMLET)


class UnitUnclear(Refusal):
    """What was typed is the name of several units: the code, or a unit above after a comma, tells them apart."""

    code = "unit_unclear"
    vi = "“{typed}” có thể là: {places}. Hãy nhập mã, hoặc thêm tên cấp trên sau dấu phẩy."
    en = "“{typed}” can be: {places}. Type the code, or the unit above after a comma."


class Places:
    """The names of some units, innermost first: ``Thôn An Lễ, xã An Lâm, huyện Nam Sách``."""

    def __init__(self, units: Iterable[int | None]) -> None:
        self._paths = paths(unit for unit in units if unit is not None)
        self._units = Unit.objects.in_bulk({above for path in self._paths.values() for above in path[1:]})

    def whole(self, unit: int | None) -> str:
        """Return a unit with all above it but the country; ``–`` for none."""
        names = [self._units[above] for above in reversed(self._paths.get(unit or 0, ())[1:])]
        inner = [f"{name.type_vi[:1].lower()}{name.type_vi[1:]} {name.name}" for name in names[1:]]
        return ", ".join([str(names[0]), *inner]) if names else formats.NOTHING

    def short(self, unit: int | None) -> str:
        """Return a unit with the one above it, as a list has room for."""
        return ", ".join(self.whole(unit).split(", ")[:2])


def resolve(typed: str, on: date, within: Iterable[int]) -> int:
    """Return the unit that a code or a name means on a day, below any of these units.

    A name is compared after normalisation, and where nothing fits without marks; ``An Lâm, Nam Sách`` names the unit
    above too.

    :raises UnknownUnit: there is none
    :raises UnitUnclear: there are several
    """
    area = as_of(on).filter(ancestors__overlap=sorted(within))
    name, *above = [part.strip() for part in typed.split(",")]
    found = list(area.filter(code=name)) or list(area.filter(name_key=syllable_key(name)))
    if not found:
        communes = area.filter(level__in=NARROW)
        found = [unit for unit in communes.iterator() if ascii_key(name) in _keys(unit)]
    if above:
        found = _below(found, {ascii_key(part) for part in above})
    if not found:
        raise UnknownUnit(unit=typed, on=formats.day(on))
    if len(found) > 1:
        told = [f"{unit} ({unit.code})" for unit in found[:MOST_NAMED]]
        raise UnitUnclear(typed=typed, places="; ".join([*told, *(["…"] if len(found) > MOST_NAMED else [])]))
    return found[0].id


def _below(units: Sequence[Unit], names: set[str]) -> list[Unit]:
    """Return those of the units that stand below all of these names."""
    known = Unit.objects.in_bulk({above for unit in units for above in unit.ancestors[:-1]})
    return [unit for unit in units if names <= {key for above in unit.ancestors[:-1] for key in _keys(known[above])}]


def _keys(unit: Unit) -> tuple[str, str]:
    """Return a unit's plain name without and with its type."""
    return ascii_key(unit.name), ascii_key(str(unit))
