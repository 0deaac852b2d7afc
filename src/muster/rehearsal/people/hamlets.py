"""The hamlets people live in: those a commune has, else hamlets of our own below it, each with its households.

How many hamlets a commune has follows from all its people, whatever part of them is drawn: 100 to 400 households
each, thôn or tổ dân phố as `units.queries.hamlet_type` says.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from random import Random

from muster.kernel.actor import Actor
from muster.rehearsal.people.families import Household
from muster.rehearsal.people.places import Commune
from muster.units import operations
from muster.units import queries as units
from muster.units.operations import NewUnit
from muster.units.queries import Level

PEOPLE = 900  # of a hamlet at scale 1: about 250 households
SMALLEST, LARGEST = 0.75, 1.25  # how far hamlets of a commune differ, as factors of the mean
BATCH = 2_000  # hamlets opened at once
# Thôn bear two words, each drawn from one of these: old words of luck and of the compass, and of the land.
FIRST = "An Bình Cẩm Đại Đông Đồng Hòa Hưng Kim Lộc Minh Nam Phú Phúc Quang Tân Thanh Thịnh Thượng Tiên Trung Vĩnh Xuân"
SECOND = "Cầu Đình Đoài Giang Khê Lâm Lạc Lộc Nội Phong Quán Sơn Thành Thị Thọ Tiến Trại Trung Xá Yên"


@dataclass(frozen=True, slots=True)
class Hamlet:
    """A unit without others below it, where households live."""

    unit: int
    code: str
    valid_from: date


Hamlets = dict[int, list[Hamlet]]  # by the unit of their commune, in the order of codes


def settle(communes: Sequence[Commune], *, on: date, by: Actor, at: datetime) -> tuple[Hamlets, int]:
    """Return the hamlets of each commune on a day, opened where there are none; and how many were opened.

    :raises Refusal: a hamlet cannot be opened, for its code is another unit's
    """
    found = _existing(communes, on)
    rows = [(commune, row) for commune in communes if commune.unit not in found for row in named(commune)]
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        result = operations.add_units(rows=[row for _, row in batch], by=by, at=at)
        result.whole()
        for (commune, _), placed in zip(batch, result.done, strict=True):
            found[commune.unit].append(Hamlet(placed.id, placed.code, placed.valid_from))
    return found, len(rows)


def _existing(communes: Sequence[Commune], on: date) -> Hamlets:
    by_unit = {commune.unit for commune in communes}
    rows = units.as_of(on).filter(level=Level.HAMLET, ancestors__overlap=list(by_unit)).order_by("code")
    hamlets = list(rows.values_list("id", "code", "valid_from", "parent_id", "ancestors"))
    inner = {parent for _, _, _, parent, _ in hamlets}
    found: Hamlets = defaultdict(list)
    for unit, code, valid_from, _, ancestors in hamlets:
        if unit not in inner:
            commune = next(one for one in ancestors if one in by_unit)
            found[commune].append(Hamlet(unit, code, valid_from))
    return found


def named(commune: Commune) -> list[NewUnit]:
    """Return the hamlets to open below a commune: always the same ones, from the day the commune opened."""
    count = max(1, round(commune.full / PEOPLE))
    kind = units.hamlet_type(commune.type_vi)
    names = [f"số {number}" for number in range(1, count + 1)] if kind == units.NUMBERED else _names(commune, count)
    digits = max(2, len(str(count)))
    return [
        NewUnit(f"{commune.code}.{number:0{digits}}", "hamlet", kind, name, commune.code, commune.valid_from)
        for number, name in enumerate(names, 1)
    ]


def _names(commune: Commune, count: int) -> list[str]:
    pairs = [f"{first} {second}" for first in FIRST.split() for second in SECOND.split() if first != second]
    return Random(f"hamlets of {commune.code}").sample(pairs, count)


def spread(households: Sequence[Household], hamlets: Sequence[Hamlet], seed: str) -> list[list[Household]]:
    """Give every household a hamlet: whole households, in their order, by the sizes drawn for the hamlets."""
    sizes = [Random(f"{seed} size of {hamlet.code}").uniform(SMALLEST, LARGEST) for hamlet in hamlets]
    people = sum(len(household.members) for household in households)
    ends = [people * upto / sum(sizes) for upto in accumulate(sizes)]
    homes: list[list[Household]] = [[] for _ in hamlets]
    place = lived = 0
    for household in households:
        while place < len(hamlets) - 1 and lived + len(household.members) / 2 > ends[place]:
            place += 1
        homes[place].append(household)
        lived += len(household.members)
    return homes
