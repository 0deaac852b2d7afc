"""The people of the communes from July 2025: the population of their list, as old as the communes they came from.

Where the list has no population, or a doubtful one, a commune has the people of those it came from: all of a commune
that went over whole, an even part of one whose inhabitants were divided.
"""

import csv
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import cache

from muster.rehearsal.people import census
from muster.rehearsal.people.census import apportion
from muster.rehearsal.people.tree import Pool, Row
from muster.units import queries as units
from muster.units.queries import Level
from muster.units.reference import DATA, TODAY_FROM

Origins = Mapping[int, Sequence[tuple[int, Fraction]]]  # unit: those it came from, and what part of whose people


def pools(rows: Sequence[Row], legacy: Sequence[Pool]) -> tuple[list[Pool], Mapping[int, int]]:
    """Return today's communes, each a pool of its own, and the legacy commune most people of each come from."""
    provinces = {one.id: one for one in rows if one.level == Level.PROVINCE}
    communes = [one for one in rows if one.level == Level.COMMUNE]
    people, homes = _traced([one.id for one in communes], legacy)
    found = []
    for one in communes:
        by_group = apportion(round(sum(people[one.id])), people[one.id])
        province = next(provinces[unit] for unit in one.ancestors if unit in provinces)
        found.append(Pool(province, by_group, [(one, sum(by_group))]))
    return found, homes


def _traced(wanted: Sequence[int], legacy: Sequence[Pool]) -> tuple[Mapping[int, Sequence[float]], Mapping[int, int]]:
    """Return the people by age group, and the home, of these units and of all they came from."""
    people: dict[int, Sequence[float]] = {}
    homes: dict[int, int] = {}
    for pool in legacy:
        for row, size in pool.members:
            people[row.id], homes[row.id] = [size * group / pool.full for group in pool.by_group], row.id
    origins = _origins(wanted, people)
    told = _told(origins)
    for unit in _oldest_first(origins):
        came = [(before, part) for before, part in origins[unit] if before in people]
        groups = [[float(part) * group for group in people[before]] for before, part in came]
        total = [sum(group) for group in zip(*groups, strict=True)] or [0.0] * census.GROUPS
        factor = told[unit] / sum(total) if unit in told and sum(total) else 1.0
        people[unit] = [factor * group for group in total]
        most = max(came, key=lambda origin: float(origin[1]) * sum(people[origin[0]]), default=None)
        homes[unit] = homes[most[0]] if most else unit
    return people, homes


def _origins(wanted: Collection[int], known: Collection[int]) -> Origins:
    """Return what these units came from, and what those did, until all that is left is known or came from nowhere."""
    found: list[tuple[int, int, str]] = []
    asked: set[int] = set()
    while wanted:
        asked |= set(wanted)
        rows = units.origins(wanted)
        found += rows
        wanted = {before for _, before, _ in rows} - asked - set(known)
    divided = Counter(before for _, before, share in found if share == "part")
    origins: dict[int, list[tuple[int, Fraction]]] = {unit: [] for unit in sorted(asked)}
    for after, before, share in found:
        if share != "none":
            origins[after].append((before, Fraction(1, divided[before] if share == "part" else 1)))
    return origins


def _oldest_first(origins: Origins) -> Sequence[int]:
    """Return units in an order in which each follows all it came from."""
    ordered: dict[int, None] = {}

    def visit(unit: int) -> None:
        if unit in origins and unit not in ordered:
            for before, _ in origins[unit]:
                visit(before)
            ordered[unit] = None

    for unit in origins:
        visit(unit)
    return list(ordered)


def _told(asked: Collection[int]) -> Mapping[int, int]:
    """Return the population of those units that opened on the list's day and that it counts without a doubt."""
    listed = _populations()
    opened = units.Unit.objects.filter(id__in=list(asked), valid_from=TODAY_FROM, level=Level.COMMUNE)
    return {unit: listed[code] for unit, code in opened.values_list("id", "code") if code in listed}


@cache
def _populations() -> Mapping[str, int]:
    with (DATA / "admin_wards_2025_population.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["ward_code"]: int(row["population"]) for row in csv.DictReader(file) if not row["flag"]}
