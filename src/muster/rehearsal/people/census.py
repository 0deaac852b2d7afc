"""What the synthetic people are drawn from: the census of 2019 and counts of names."""

import csv
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

GROUP_YEARS = 5
OLDEST_GROUP = 85
GROUPS = OLDEST_GROUP // GROUP_YEARS + 1
LAST_AGE = 100
OLDEST = 120  # of the tables by age
NO_MIDDLE = "(none)"  # as the table of middle names writes it


@dataclass(frozen=True, slots=True)
class Weighted(Generic[T]):
    """Things to draw from, each as often as its weight says."""

    things: Sequence[T]
    upto: Sequence[float]

    @classmethod
    def of(cls, weights: "dict[T, float]") -> "Weighted[T]":
        """Return the draw over the things with a weight above nought."""
        kept = {thing: weight for thing, weight in weights.items() if weight > 0}
        return cls(list(kept), list(accumulate(kept.values())))

    def draw(self, random: Random) -> T:
        """Return one of the things."""
        return self.things[bisect(self.upto, random.random() * self.upto[-1])]


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """One district of the census: its people, by five-year age group from 0-4 to 85 and over."""

    province: str
    district: str
    total: int
    by_group: tuple[int, ...]


def by_age(*steps: tuple[int, float]) -> Sequence[float]:
    """Return a share for every age, from steps of a first age and the share that holds from then on, 0 before."""
    shares = [0.0] * (OLDEST + 1)
    for first, share in steps:
        shares[first:] = [share] * (OLDEST + 1 - first)
    return tuple(shares)


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def districts() -> tuple[DistrictCount, ...]:
    """Return the 712 districts of the census."""
    return tuple(
        DistrictCount(
            row["province"], row["district"], int(row["total"]), tuple(int(row[group]) for group in list(row)[5:])
        )
        for row in _rows("census2019_district_age.csv")
    )


@cache
def communes() -> Mapping[tuple[str, str], Mapping[str, int]]:
    """Return the people of each commune of Hà Nội and Hải Dương, by names of province and district, then commune."""
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in _rows("census2019_commune_hanoi_haiduong.csv"):
        counts[row["province"], row["district"]][row["commune"]] = int(row["total"])
    return dict(counts)


@cache
def district_changes() -> Mapping[tuple[str, str], Sequence[str]]:
    """Return what became by June 2025 of districts whose name no longer says it: codes, by names as in the census."""
    rows = _rows("census2019_district_changes.csv")
    return {(row["province"], row["district"]): row["districts_2025_06"].split() for row in rows}


@cache
def names(part: str, *, male: bool) -> Weighted[str]:
    """Return the draw of family, middle or given names for one sex."""
    sex = "male" if male else "female"
    return Weighted.of({row[part]: float(row[sex]) for row in _rows(f"vn_names_{part}_freq.csv")})


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Divide a whole number in the proportions of weights, exactly, by largest remainder (the first of equals)."""
    weight = sum(weights)
    if not weight:
        return [0] * len(weights)
    parts = [divmod(total * one, weight) for one in weights]
    counts = [int(whole) for whole, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: -parts[place][1])
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts


def ages(by_group: Sequence[int], random: Random) -> list[int]:
    """Return the age in years of everybody counted by five-year groups.

    Inside a group years are drawn evenly; the last group, 85 and over, thins out by a sixth each year.
    """
    return [_age(group, random) for group, count in enumerate(by_group) for _ in range(count)]


def _age(group: int, random: Random) -> int:
    first = group * GROUP_YEARS
    if first < OLDEST_GROUP:
        return first + random.randrange(GROUP_YEARS)
    return min(first + int(random.expovariate(1 / 6)), LAST_AGE)
