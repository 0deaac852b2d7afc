"""Rehearse a whole campaign: make its people, play its districts side by side, say how it compares with the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from muster.capture.words import KIND
from muster.events import queries as events
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.errors import Refusal
from muster.kernel.periods import Period
from muster.rehearsal import crew
from muster.rehearsal.campaign.band import Band, BandTask, band
from muster.rehearsal.campaign.inputs import SCENARIOS, Scenario
from muster.rehearsal.campaign.living import DistrictTask
from muster.rehearsal.campaign.playing import days
from muster.rehearsal.people import places
from muster.rehearsal.people.making import make as make_people
from muster.units import queries as units

SEEDS = 20

Progress = Callable[[str, int, int], None]  # what is done, how much of it, of how much


class NoSuchScenario(Refusal):
    """A rehearsal is one of those that are written down."""

    code = "no_such_scenario"
    vi = "Không có kịch bản “{code}”; hiện có: {known}."
    en = "There is no scenario “{code}”; there are: {known}."


@dataclass(frozen=True, slots=True)
class Part:
    """A district of the campaign: its communes, and its share of the whole people's kits."""

    district: int
    communes: tuple[int, ...]
    kits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What is rehearsed: the scenario, at which scale and seed, and where.

    ``districts`` are codes, none: all of the province; ``kits`` of the whole province, none: the scenario's number.
    """

    scenario: str
    scale: Fraction
    seed: int = 1
    districts: frozenset[str] = frozenset()
    kits: int | None = None
    workers: int = 1

    @property
    def told(self) -> Scenario:
        """Return the scenario.

        :raises NoSuchScenario: there is none of that name
        """
        if self.scenario not in SCENARIOS:
            raise NoSuchScenario(code=self.scenario, known=", ".join(SCENARIOS))
        return SCENARIOS[self.scenario]

    @property
    def whole_kits(self) -> int:
        """How many kits the whole province has."""
        return self.told.inputs.kits if self.kits is None else self.kits

    @property
    def by(self) -> Actor:
        """Who makes the people."""
        device = f"{self.scenario}/{self.seed}"
        return Actor(officer=None, unit=units.ROOT, purpose=Purpose.ADMINISTER, device=device)


def settle(what: Rehearsal, progress: Progress) -> None:
    """Make the people of a rehearsal as they are on the eve of its first day; who is there is passed over."""
    inputs = what.told.inputs
    eve = inputs.first_day - timedelta(days=1)
    at = datetime.combine(eve, inputs.first_shift, ZONE)
    for unit in sorted(what.districts) or [what.told.province]:
        make_people(
            unit=unit, scale=what.scale, on=eve, by=what.by, at=at, workers=what.workers,
            progress=lambda done, people: progress("people", done, people),
        )  # fmt: skip


def play(what: Rehearsal, *, until: datetime, progress: Progress) -> None:
    """Play a surveyed rehearsal as far as a moment; what was played before is passed over.

    :raises Refusal: an operation refused what was drawn, which is a fault of the rehearsal
    """
    tasks = [
        DistrictTask(
            what.scenario, what.seed, part.district, part.communes, part.kits, float(what.scale), until
        )
        for part in parts(what)
    ]  # fmt: skip
    last = [day for day in days(what.told.inputs) if datetime.combine(day, what.told.inputs.first_shift, ZONE) <= until]
    for done, _ in enumerate(crew.work_all(tasks, what.workers), 1):
        progress("days", done, len(last) * len(tasks))


def draw_band(what: Rehearsal, progress: Progress, seeds: Sequence[int] = range(1, SEEDS + 1)) -> Band:
    """Draw the campaign with many seeds and other numbers of kits; nothing is written."""
    tasks = [
        BandTask(what.scenario, part.district, part.communes, part.kits, float(what.scale), seeds)
        for part in parts(what)
    ]  # fmt: skip
    drawn = []
    for one in crew.work_all(tasks, what.workers):
        drawn.append(one)
        progress("band", len(drawn), len(tasks) * (len(seeds) + 3))
    return band(drawn, what.told.inputs, what.whole_kits, target(what))


def parts(what: Rehearsal) -> list[Part]:
    """Return the districts that are played, each with its communes and its share of the kits, by people.

    The largest comes first: worked off in that order, several processes end at about the same time.
    """
    found = sorted(_districts(what), key=lambda one: -one[2])
    whole = sum(people for _, _, people in found)
    return [
        Part(one.id, communes, what.whole_kits * people / whole)
        for one, communes, people in found
        if not what.districts or one.code in what.districts
    ]


def surveyed_unit(what: Rehearsal) -> int:
    """Return the unit whose people are surveyed: the district that is played alone, else the province."""
    on = what.told.inputs.first_day
    code = next(iter(what.districts)) if len(what.districts) == 1 else what.told.province
    return units.by_code(code, on).id


def target(what: Rehearsal) -> int:
    """Return the campaign's target for the districts that are played, at the scale of their people."""
    found = _districts(what)
    whole = sum(people for _, _, people in found)
    played = sum(people for one, _, people in found if not what.districts or one.code in what.districts)
    return round(what.told.inputs.target * what.scale * Fraction(played, whole))


def _districts(what: Rehearsal) -> list[tuple[units.Unit, tuple[int, ...], int]]:
    """Return every district of the province with its communes and the people of the census in them."""
    on = what.told.inputs.first_day - timedelta(days=1)
    province = units.by_code(what.told.province, on)
    people = {one.unit: one.full for one in places.plan(province, scale=1, on=on).communes}
    found = []
    for one in sorted(units.children(province.id, on), key=lambda unit: unit.code):
        communes = tuple(unit.id for unit in sorted(units.children(one.id, on), key=lambda unit: unit.code))
        found.append((one, communes, sum(people.get(unit, 0) for unit in communes)))
    return found


@dataclass(frozen=True, slots=True)
class Day:
    """What was done up to the end of a work day: captured, accepted, printed, handed over."""

    day: date
    received: int
    accepted: int
    produced: int
    handed_over: int


def curve(what: Rehearsal) -> list[Day]:
    """Return what was done by each work day, as the journal counts it: by the unit of residence."""
    inputs = what.told.inputs
    asked: dict[str, Any] = {
        "unit": units.by_code(what.told.province, inputs.first_day).id,
        "side": events.Side.RESIDENCE,
        "days": Period(inputs.first_day, inputs.last_day + timedelta(days=1)),
    }
    moves = ("received", "accepted", "produced", "handed_over")
    told = {move: {one.work_day: one.n for one in events.series(metrics=[(KIND, move)], **asked)} for move in moves}
    so_far = dict.fromkeys(moves, 0)
    found = []
    for day in days(inputs):
        so_far = {move: so_far[move] + told[move].get(day, 0) for move in moves}
        found.append(Day(day, **so_far))
    return found
