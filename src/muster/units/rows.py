"""A unit as it is asked for, the checks it must pass, and the refusals when it does not. Knows no database."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from muster.kernel.errors import Refusal
from muster.kernel.names import normalise, syllable_key

LEVELS = ("country", "province", "district", "commune", "hamlet")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,23}")
_LONGEST = {"type_vi": 32, "name": 120, "name_key": 160}  # characters, as the columns hold
_THINGS = UUID("0198a1b0-5f00-7000-8000-756e69747300")  # namespace of the ids by which the journal names units
_COMPARED = ("level", "type_vi", "name", "valid_to", "parent", "lat", "lon")


class MalformedUnit(Refusal):
    """A unit needs a code of letters, digits, dots and dashes, a type, a name, and a position on earth or none."""

    code = "malformed_unit"
    vi = "Đơn vị {unit}: {field} trống hoặc không hợp lệ."
    en = "Unit {unit}: {field} is empty or not valid."


class UnknownParent(Refusal):
    """The unit above does not hold on the day the unit opens."""

    code = "unknown_parent"
    vi = "Đơn vị {unit}: đơn vị cấp trên {parent} không tồn tại vào ngày {on}."
    en = "Unit {unit}: its parent {parent} does not hold on {on}."


class WrongLevel(Refusal):
    """A unit stands below one of a higher level; only hamlets stand below their own."""

    code = "wrong_level"
    vi = "Đơn vị {unit}: cấp {level} không thể thuộc cấp {above}."
    en = "Unit {unit}: a {level} cannot stand below a {above}."


class OutsideParent(Refusal):
    """A unit cannot outlast its parent."""

    code = "outside_parent"
    vi = "Đơn vị {unit} không thể tồn tại lâu hơn đơn vị cấp trên {parent} (đến {until})."
    en = "Unit {unit} cannot outlast its parent {parent}, which ends on {until}."


class ImpossibleDays(Refusal):
    """A unit ends after it begins."""

    code = "impossible_days"
    vi = "Đơn vị {unit}: ngày kết thúc phải sau ngày bắt đầu."
    en = "Unit {unit}: it must end after it begins."


class CodeTaken(Refusal):
    """One code belongs to one unit on any day."""

    code = "code_taken"
    vi = "Mã {unit} đã thuộc đơn vị khác trong thời gian này."
    en = "The code {unit} belongs to another unit in these days."


class UnitDiffers(Refusal):
    """The unit is there already and says something else; nothing is overwritten."""

    code = "unit_differs"
    vi = "Đơn vị {unit} ({on}) đã có với nội dung khác: {fields}."
    en = "The unit {unit} of {on} is there with other values: {fields}."


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to open on ``valid_from``, below the unit that carries the code ``parent`` on that day.

    Without ``valid_to`` it lasts as long as its parent does. ``lat`` and ``lon`` are degrees (WGS 84).
    """

    code: str
    level: str
    type_vi: str
    name: str
    parent: str | None  # None: Việt Nam itself
    valid_from: dt.date
    valid_to: dt.date | None = None
    lat: float | None = None
    lon: float | None = None

    @property
    def key(self) -> tuple[str, dt.date]:
        """What tells one row from all others, on every server."""
        return self.code, self.valid_from


@dataclass(slots=True)
class Placed:
    """A unit as stored: with its number, its key and all units above."""

    id: int
    code: str
    level: str
    type_vi: str
    name: str
    name_key: str
    valid_from: dt.date
    valid_to: dt.date | None
    parent: int | None
    ancestors: list[int]
    lat: float | None
    lon: float | None

    def holds_on(self, on: dt.date) -> bool:
        """Say whether the unit holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def meets(self, start: dt.date, end: dt.date | None) -> bool:
        """Say whether the unit shares a day with ``[start, end)``."""
        return (end is None or self.valid_from < end) and (self.valid_to is None or start < self.valid_to)


def thing(code: str, valid_from: dt.date) -> UUID:
    """Return the id by which the journal and the audit name a unit: the same on every server."""
    return uuid5(_THINGS, f"{code}@{valid_from.isoformat()}")


Known = Mapping[str, Sequence[Placed]]  # by code


def holding(known: Known, code: str, on: dt.date) -> Placed | None:
    """Return the unit that carries a code on a day."""
    return next((unit for unit in known.get(code, ()) if unit.holds_on(on)), None)


def place(row: NewUnit, known: Known, number: int) -> Placed:
    """Return the unit as it will stand, with this number, among the units known; or the same one, if it stands.

    :raises Refusal: any of this module
    """
    parent = _parent(row, known)
    placed = _placed(row, parent, number)
    _check_form(placed)
    for other in known.get(row.code, ()):
        if other.valid_from == row.valid_from:
            return _same(other, placed, row)
        if other.meets(placed.valid_from, placed.valid_to):
            raise CodeTaken(unit=row.code)
    return placed


def _parent(row: NewUnit, known: Known) -> Placed | None:
    if row.parent is None:
        if row.level != "country":
            raise UnknownParent(unit=row.code, parent="-", on=row.valid_from.isoformat())
        return None
    if (parent := holding(known, row.parent, row.valid_from)) is None:
        raise UnknownParent(unit=row.code, parent=row.parent, on=row.valid_from.isoformat())
    below = LEVELS.index(row.level) > LEVELS.index(parent.level) if row.level in LEVELS else False
    if not below and not row.level == parent.level == "hamlet":
        raise WrongLevel(unit=row.code, level=row.level, above=parent.level)
    return parent


def _placed(row: NewUnit, parent: Placed | None, number: int) -> Placed:
    until = row.valid_to
    if parent and parent.valid_to:
        until = until or parent.valid_to
        if until > parent.valid_to:
            raise OutsideParent(unit=row.code, parent=parent.code, until=parent.valid_to.isoformat())
    if until and until <= row.valid_from:
        raise ImpossibleDays(unit=row.code)
    name = normalise(row.name)
    above = parent.ancestors if parent else []
    return Placed(
        number, row.code, row.level, normalise(row.type_vi), name, syllable_key(name), row.valid_from, until,
        parent.id if parent else None, [*above, number], row.lat, row.lon,
    )  # fmt: skip


def _check_form(unit: Placed) -> None:
    if not _CODE.fullmatch(unit.code):
        raise MalformedUnit(unit=unit.code, field="code")
    for field, longest in _LONGEST.items():
        if not 0 < len(getattr(unit, field)) <= longest:
            raise MalformedUnit(unit=unit.code, field=field)
    if (unit.lat, unit.lon) == (None, None):
        return
    if unit.lat is None or unit.lon is None or not (-90 <= unit.lat <= 90 and -180 <= unit.lon <= 180):  # noqa: PLR2004
        raise MalformedUnit(unit=unit.code, field="lat, lon")


def _same(stored: Placed, asked: Placed, row: NewUnit) -> Placed:
    said = [field for field in _COMPARED if field != "valid_to" or row.valid_to]  # a unit left open may close later
    if differing := [field for field in said if getattr(stored, field) != getattr(asked, field)]:
        raise UnitDiffers(unit=stored.code, on=stored.valid_from.isoformat(), fields=", ".join(differing))
    return stored
