"""How many people of which age are drawn for each commune of a unit, out of the census of 2019.

Whatever unit is asked for, the people of the whole country at that scale are dealt out from the top down (provinces,
districts, communes, age groups), each time by largest remainder: so a commune has the same people whether it is made
alone or with its province, and every unit has its census times the scale, to the person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

from muster.kernel.errors import Refusal
from muster.kernel.numbers import prefix_of
from muster.rehearsal.people import legacy, todays, tree
from muster.rehearsal.people.census import apportion
from muster.rehearsal.people.tree import Pool, Row
from muster.units.queries import Level, Unit
from muster.units.reference import TODAY_FROM

LAST_LEGACY_DAY = TODAY_FROM - timedelta(days=1)
TODAYS_PEOPLE_FROM = 200_000_000  # in the order of all people, behind those of the legacy tree


class ScaleOutOfBounds(Refusal):
    """A scale is a share of the people: above 0, and 1 at most."""

    code = "scale_out_of_bounds"
    vi = "Tỷ lệ {scale} không hợp lệ: phải lớn hơn 0 và không quá 1."
    en = "The scale {scale} is out of bounds: it is above 0, and 1 at most."


class NoCensus(Refusal):
    """The census has nobody in this unit."""

    code = "no_census"
    vi = "Tổng điều tra dân số 2019 không ghi nhận người nào ở đơn vị {unit}."
    en = "The census of 2019 counts nobody in unit {unit}."


class BelowCommune(Refusal):
    """People are made for a commune or a unit above it."""

    code = "below_commune"
    vi = "Đơn vị {unit} ở dưới cấp xã; hãy chọn xã, phường, thị trấn hoặc cấp trên."
    en = "Unit {unit} stands below the communes: take a commune, or a unit above it."


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune (or a district without one) and the people drawn for it.

    ``before`` is its place in the order of all the country's people: theirs are the next ``full`` places. ``home`` is
    where its families come from: itself, or the legacy commune most of its people come from. Titles are whole:
    commune, district, province.
    """

    unit: int
    code: str
    valid_from: date
    type_vi: str
    name: str
    title: str
    home: int
    home_title: str
    home_province: int
    province: int
    full: int
    before: int
    by_group: tuple[int, ...]

    @property
    def people(self) -> int:
        """How many people are drawn."""
        return sum(self.by_group)


@dataclass(frozen=True, slots=True)
class Plan:
    """The communes of a unit, by code; and the provinces where births are registered.

    ``origins`` gives the legacy provinces with their people, where those born elsewhere come from; ``prefixes`` what
    the numbers of births registered in a province begin with; ``titles`` what provinces are called.
    """

    communes: Sequence[Commune]
    origins: Mapping[int, int]
    prefixes: Mapping[int, str]
    titles: Mapping[int, str]

    @property
    def people(self) -> int:
        """How many people are drawn."""
        return sum(commune.people for commune in self.communes)


def plan(unit: Unit, *, scale: float | Fraction, on: date) -> Plan:
    """Return how many people of which age are drawn for each commune of a unit, on a day, at a scale.

    :raises ScaleOutOfBounds: the scale is not above 0 and at most 1
    :raises BelowCommune: the unit is a hamlet
    :raises NoCensus: the census counts nobody there
    """
    share = _share(scale)
    if unit.level == Level.HAMLET:
        raise BelowCommune(unit=unit.code)
    country = _Country(on)
    communes = sorted(country.communes(share, unit.id), key=lambda one: one.code)
    if not any(one.full for one in communes):
        raise NoCensus(unit=unit.code)
    return Plan(communes, country.origins, country.prefixes, country.titles)


def _share(scale: float | Fraction) -> Fraction:
    try:
        share = Fraction(str(scale))
    except ValueError:  # not a number, or infinite
        raise ScaleOutOfBounds(scale=scale) from None
    if not 0 < share <= 1:
        raise ScaleOutOfBounds(scale=scale)
    return share


class _Country:
    """The pools of the whole country on a day."""

    def __init__(self, on: date) -> None:
        rows = tree.rows(on)
        old = rows if on < TODAY_FROM else tree.rows(LAST_LEGACY_DAY)
        before = legacy.pools(old)
        self._pools, self._homes = (before, {}) if on < TODAY_FROM else todays.pools(rows, before)
        self._rows = {one.id: one for one in [*old, *rows]}
        members = [member for pool in self._pools for member in pool.members]
        places = accumulate((people for _, people in members), initial=0 if on < TODAY_FROM else TODAYS_PEOPLE_FROM)
        self._before = dict(zip((row.id for row, _ in members), places, strict=False))
        self.origins = Counter[int]()
        for pool in before:
            self.origins[pool.province.id] += pool.full
        provinces = [one for one in self._rows.values() if one.level == Level.PROVINCE]
        self.prefixes = {one.id: prefix for one in provinces if (prefix := prefix_of(one.code))}
        self.titles = {one.id: one.title for one in provinces}

    def communes(self, share: Fraction, within: int) -> Iterator[Commune]:
        """Yield the communes below a unit, with their part of the people drawn for the country."""
        for pool, people in self._dealt(share):
            if any(within in row.ancestors for row, _ in pool.members):
                sizes = apportion(people, [full for _, full in pool.members])
                groups = deal(apportion(people, pool.by_group), sizes)
                for (row, full), by_group in zip(pool.members, groups, strict=True):
                    if within in row.ancestors:
                        yield self._commune(row, full, by_group)

    def _dealt(self, share: Fraction) -> Iterator[tuple[Pool, int]]:
        """Yield each pool with its part of the people drawn for the country: by province, then by pool."""
        by_province: dict[int, list[Pool]] = defaultdict(list)
        for pool in self._pools:
            by_province[pool.province.id].append(pool)
        sizes = [sum(pool.full for pool in pools) for pools in by_province.values()]
        for pools, people in zip(by_province.values(), apportion(round(share * sum(sizes)), sizes), strict=True):
            yield from zip(pools, apportion(people, [pool.full for pool in pools]), strict=True)

    def _commune(self, row: Row, full: int, by_group: tuple[int, ...]) -> Commune:
        home = self._rows[self._homes.get(row.id, row.id)]
        return Commune(
            unit=row.id, code=row.code, valid_from=row.valid_from, type_vi=row.type_vi, name=row.name,
            title=self._title(row), home=home.id, home_title=self._title(home), home_province=self._province(home),
            province=self._province(row), full=full, before=self._before[row.id], by_group=by_group,
        )  # fmt: skip

    def _title(self, row: Row) -> str:
        above = (self._rows[unit] for unit in reversed(row.ancestors))
        return ", ".join(one.title for one in above if one.level != Level.COUNTRY)

    def _province(self, row: Row) -> int:
        return next(unit for unit in row.ancestors if self._rows[unit].level == Level.PROVINCE)


def deal(groups: Sequence[int], sizes: Sequence[int]) -> list[tuple[int, ...]]:
    """Deal people of age groups out to places of given sizes; each gets its share of every group, none is left.

    A place takes by largest remainder from what those before it left: what rounding took from one goes to the next.
    """
    left, dealt = list(groups), []
    for size in sizes:
        taken = apportion(size, left)
        left = [have - took for have, took in zip(left, taken, strict=True)]
        dealt.append(tuple(taken))
    return dealt
