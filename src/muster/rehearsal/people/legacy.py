"""The people of the communes until June 2025: a district's count of 2019, spread over its communes of that day.

Names of the census are matched inside the district. A commune has its own count where the census gives it; what is
left of the district, that of communes merged or renamed since too, is spread evenly over the others.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from muster.rehearsal.people import census
from muster.rehearsal.people.census import DistrictCount, apportion
from muster.rehearsal.people.tree import Pool, Row, bare, matched
from muster.units.queries import Level


def pools(rows: Sequence[Row]) -> list[Pool]:
    """Return the districts of a legacy tree with their people; those the census counted as one make one pool."""
    provinces = {one.id: one for one in rows if one.level == Level.PROVINCE}
    districts = {one.code: one for one in rows if one.level == Level.DISTRICT and one.parent in provinces}
    leaves = _leaves(rows)
    found = []
    for counts, codes in _joined(_districts_of(provinces.values(), districts)):
        members = [leaf for code in codes for leaf in leaves[districts[code].id]]
        by_group = [sum(group) for group in zip(*(count.by_group for count in counts), strict=True)]
        province = provinces[districts[codes[0]].parent or 0]
        found.append(Pool(province, by_group, _sizes(counts, members)))
    return sorted(found, key=lambda pool: (pool.province.code, pool.members[0][0].code))


def _leaves(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """Return the communes of each district; a district without one stands for itself."""
    below: dict[int, list[Row]] = defaultdict(list)
    for one in rows:
        if one.level == Level.COMMUNE and one.parent is not None:
            below[one.parent].append(one)
    return {one.id: below.get(one.id, [one]) for one in rows if one.level == Level.DISTRICT}


def _districts_of(
    provinces: Collection[Row], districts: Mapping[str, Row]
) -> list[tuple[DistrictCount, Collection[str]]]:
    """Return the codes of the districts each count of the census is of: by our list, or by name in the province."""
    changes = census.district_changes()
    named: dict[str, dict[str, DistrictCount]] = defaultdict(dict)
    found: list[tuple[DistrictCount, Collection[str]]] = []
    for count in census.districts():
        if codes := changes.get((count.province, count.district)):
            found.append((count, [code for code in codes if code in districts]))
        else:
            named[bare(count.province)][count.district] = count
    for province in provinces:
        counts = named[province.name_key]
        below = [one for one in districts.values() if one.parent == province.id]
        found += [(counts[title], [one.code]) for title, one in matched(counts, below).items()]
    return found


def _joined(
    found: Iterable[tuple[DistrictCount, Collection[str]]],
) -> Iterable[tuple[list[DistrictCount], list[str]]]:
    """Join counts that share a district; yield them with the codes of all their districts."""
    joined: list[tuple[list[DistrictCount], set[str]]] = []
    for count, of in found:
        counts, codes = [count], set(of)
        for other in [other for other in joined if other[1] & codes]:
            joined.remove(other)
            counts, codes = [*other[0], *counts], codes | other[1]
        if codes:
            joined.append((counts, codes))
    return [(counts, sorted(codes)) for counts, codes in joined]


def _sizes(counts: Sequence[DistrictCount], members: Sequence[Row]) -> list[tuple[Row, int]]:
    """Return the people of each commune: its own count, or an even part of what is left."""
    own: dict[int, int] = {}
    for count in counts:
        told = _told(count)
        own |= {one.id: told[title] for title, one in matched(told, members).items()}
    others = [one.id for one in members if one.id not in own] or [one.id for one in members]
    left = sum(count.total for count in counts) - sum(own.values())
    even = dict(zip(others, apportion(left, [1] * len(others)), strict=True))
    return [(one, own.get(one.id, 0) + even.get(one.id, 0)) for one in members]


def _told(count: DistrictCount) -> Mapping[str, int]:
    return census.communes().get((count.province, count.district), {})
