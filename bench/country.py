"""The country the benches count in: as many provinces, districts, communes and hamlets as Việt Nam had in 2021."""

from muster.events.operations import place_units

ROOT = 1
PROVINCES = range(2, 65)  # 63
DISTRICTS = range(101, 801)  # 700
COMMUNES = range(1_001, 11_601)  # 10,600
HAMLETS = range(100_000, 206_000)  # ten in each commune


def province_of(district: int) -> int:
    """Return the province above a district."""
    return PROVINCES[(district - DISTRICTS.start) * len(PROVINCES) // len(DISTRICTS)]


def district_of(commune: int) -> int:
    """Return the district above a commune."""
    return DISTRICTS[(commune - COMMUNES.start) * len(DISTRICTS) // len(COMMUNES)]


def hamlets_of(commune: int) -> range:
    """Return the hamlets of a commune."""
    first = HAMLETS.start + 10 * (commune - COMMUNES.start)
    return range(first, first + 10)


def tree() -> list[tuple[int, list[int]]]:
    """Return every unit with its ancestors, the root first and itself last."""
    units = [(ROOT, [ROOT])]
    units += [(province, [ROOT, province]) for province in PROVINCES]
    units += [(district, [ROOT, province_of(district), district]) for district in DISTRICTS]
    units += [
        (commune, [ROOT, province_of(district_of(commune)), district_of(commune), commune]) for commune in COMMUNES
    ]
    for *_, ancestors in units[-len(COMMUNES) :]:
        units += [(hamlet, [*ancestors, hamlet]) for hamlet in hamlets_of(ancestors[-1])]
    return units


def communes_of(unit: int) -> list[int]:
    """Return the communes of a province or a district."""
    return [
        commune for commune in COMMUNES if unit in {district_of(commune), province_of(district_of(commune)), commune}
    ]


def place() -> None:
    """Tell the journal of all units; those it knows are passed over."""
    place_units(tree())
