"""How sure a rehearsal is: the same campaign drawn with many seeds, and with fewer and with more kits.

Nothing is written to the journal: only who is captured on which day is drawn. The band over the seeds says what chance
does; the rows of other numbers of kits say what we do not know, for no report tells how many there were.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from muster.rehearsal.campaign.inputs import SCENARIOS, Inputs
from muster.rehearsal.campaign.playing import days, district
from muster.rehearsal.campaign.roster import groups, roster

KITS_BESIDE = (0.6, 0.8, 1.25)  # of the scenario's number, each with its own row
LOW, HIGH = 0.1, 0.9

Drawn = tuple[float, int, int, tuple[tuple[date, int], ...]]  # share of the kits, seed, district, captured by day


@dataclass(frozen=True, slots=True)
class BandTask:
    """One district to be drawn with many seeds; ``kits`` is its share of the scenario's kits, at the scale's speed."""

    scenario: str
    district: int
    communes: Sequence[int]
    kits: float
    scale: float
    seeds: Sequence[int]

    def work(self) -> Iterator[Drawn]:
        """Draw the district with every seed, and with one seed for each other number of kits."""
        inputs = SCENARIOS[self.scenario].inputs
        citizens = [roster(unit, inputs) for unit in self.communes]
        runs = [(1.0, seed) for seed in self.seeds] + [(share, self.seeds[0]) for share in KITS_BESIDE]
        for share, seed in runs:
            name = f"{self.scenario} {seed} {self.district}"
            coming = [groups(some, inputs, name) for some in citizens]
            drawn = district(name, inputs, coming, self.kits * share, self.scale)
            captured = ((day, sum(len(one.visits) for one in drawn.play(day))) for day in days(inputs))
            yield share, seed, self.district, tuple(captured)


@dataclass(frozen=True, slots=True)
class Run:
    """One campaign as drawn: when the target was reached, and how many were captured by the day of the report."""

    kits: int
    seed: int
    finished: date | None
    by_report: int


@dataclass(frozen=True, slots=True)
class Band:
    """The runs of the scenario's own kits, and one for each other number of kits."""

    runs: Sequence[Run]
    beside: Sequence[Run]

    def finish(self) -> tuple[date | None, date | None, date | None]:
        """Return low, median and high of the day on which the target was reached; ``None``: not by the deadline."""
        ends = sorted((run.finished for run in self.runs), key=lambda day: day or date.max)
        return tuple(ends[_place(len(ends), share)] for share in (LOW, 0.5, HIGH))  # type: ignore[return-value]

    def captured(self) -> tuple[int, int, int]:
        """Return low, median and high of how many were captured by the day of the report."""
        sums = sorted(run.by_report for run in self.runs)
        low, middle, high = (sums[_place(len(sums), share)] for share in (LOW, 0.5, HIGH))
        return low, middle, high


def _place(count: int, share: float) -> int:
    return max(0, ceil(count * share) - 1)


def band(drawn: Sequence[Drawn], inputs: Inputs, kits: int, target: int) -> Band:
    """Sum the districts of each run.

    :param kits: of the whole province
    :param target: at the scale of the people there are
    """
    sums: dict[tuple[float, int], Counter[date]] = defaultdict(Counter)
    for share, seed, _, captured in drawn:
        sums[share, seed].update(dict(captured))
    runs = {key: _run((round(kits * key[0]), key[1]), by_day, inputs, target) for key, by_day in sums.items()}
    own = [run for (share, _), run in sorted(runs.items()) if share == 1]
    return Band(own, [run for (share, _), run in sorted(runs.items()) if share != 1])


def _run(key: tuple[int, int], by_day: Mapping[date, int], inputs: Inputs, target: int) -> Run:
    total, finished, by_report = 0, None, 0
    for day in sorted(by_day):
        total += by_day[day]
        if finished is None and total >= target:
            finished = day
        if day <= inputs.reported_on:
            by_report = total
    return Run(*key, finished, by_report)
