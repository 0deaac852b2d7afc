"""How right forecasts would have been: curves whose end is known, asked on the way of a library that never saw them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, exp, log
from statistics import median

from muster.engines.forecast.curve import Signs
from muster.engines.forecast.finish import STEPS, answer, step
from muster.engines.forecast.library import Case, Family, Library, Reference, cut, pace

ASKED = (0.5, 0.7, 0.8, 0.9)  # done, of the goal or of all
NAIVE = ("planned", "last 7", "last 28")
FOLDS = 7
Without = Callable[[str], dict[Family, Library]]  # the libraries to ask about a curve of a name


@dataclass(frozen=True, slots=True)
class Trial:
    """One question, answered, in days from the day it was asked. ``naive`` by rule; a pace of nothing is endless."""

    curve: str
    asked: float  # share done
    took: float
    days: float
    low: float
    high: float
    naive: tuple[float, float, float]

    @property
    def error(self) -> float:
        """The relative error of ours."""
        return abs(self.days / self.took - 1)

    @property
    def covered(self) -> bool:
        """Whether the range held the truth, in whole days as it is printed."""
        return ceil(self.low) <= ceil(self.took) <= ceil(self.high)


@dataclass(frozen=True, slots=True)
class Score:
    """Of many trials: median relative errors, ours and the naive rules', and the share of ranges that held."""

    trials: int
    ours: float
    naive: tuple[float, float, float]
    coverage: float
    ratio: float  # median of what we said over what it took


def trials(
    references: Iterable[Reference], family: Family | None, part: float, libraries: Without,
    *, of_all: bool = False, depth_known: bool = True,
) -> Iterator[Trial]:  # fmt: skip
    """Yield the answers to "when is this part of the base done", asked at 50, 70, 80 and 90 %.

    :param family: none: the forecaster chooses
    :param libraries: those to ask about a curve of a name; they must not have seen it
    :param of_all: the shares are of the base instead of the goal
    """
    for one in references:
        own = family or Family.OFFERED
        for asked in ASKED:
            for case in cut(one, own, part, (asked,), of_all=of_all):
                yield _trial(one, case, asked, own, family, libraries(one.name), depth_known=depth_known)


def _trial(
    one: Reference, case: Case, asked: float, own: Family, family: Family | None, libraries: dict[Family, Library],
    *, depth_known: bool,
) -> Trial:  # fmt: skip
    signs = case.signs if depth_known else replace(case.signs, depth=None)
    took = exp(case.times) * signs.left / pace(signs, own)
    kin = family or min(Family, key=lambda some: libraries[some].distance(signs))
    told = answer(signs, libraries[kin])
    return Trial(one.name, asked, took, told.days, told.low, told.high, naive(one, signs))


def naive(one: Reference, signs: Signs) -> tuple[float, float, float]:
    """Return the days by the naive rules: the planned rate (that of the first half), last 7 days, last 28 days."""
    half = one.curve.reached(one.base / 2) or 1
    begun = one.curve.reached(one.base * 0.001) or 0
    planned = one.base / 2 / max(half - begun, 1)
    return signs.left / planned, signs.left / max(signs.seven, 1e-9), signs.left / max(signs.month, 1e-9)


def score(found: Sequence[Trial]) -> Score:
    """Return the score of trials."""
    errors = [median(abs(one.naive[rule] / one.took - 1) for one in found) for rule in range(len(NAIVE))]
    return Score(
        len(found), median(one.error for one in found), (errors[0], errors[1], errors[2]),
        sum(one.covered for one in found) / len(found), median(one.days / one.took for one in found),
    )  # fmt: skip


def one_out(libraries: dict[Family, Library]) -> Without:
    """Return libraries without the curve that is asked about."""
    return lambda name: {one: some.without(frozenset({name})) for one, some in libraries.items()}


def group_out(libraries: dict[Family, Library], names: Sequence[str], folds: int = FOLDS) -> Without:
    """Return libraries without the whole group of the curve asked about: every so manieth of the names."""
    groups = [frozenset(names[first::folds]) for first in range(folds)]
    of = {name: group for group in groups for name in group}
    return lambda name: {one: some.without(of[name]) for one, some in libraries.items()}


def widening(
    lib: Library, *, depth_known: bool, level: float = 0.8, within: Library | None = None
) -> tuple[float, ...]:
    """Return by step of the share done how far both ends must move for the range to hold so many of the truths.

    Split conformal with one curve left out at a time: the level's quantile of how far a truth lay outside (or, below
    zero, inside) the range of the cases. ``within``: the library asked, when ``lib`` holds only some of its cases.
    """
    outside: list[list[float]] = [[] for _ in range(len(STEPS) + 1)]
    for case in lib.cases:
        signs = case.signs if depth_known else replace(case.signs, depth=None)
        told = answer(signs, (within or lib).without(frozenset({case.curve})), widen=False)
        truth = exp(case.times)
        outside[step(signs.share)].append(max(log(told.times[1] / truth), log(truth / told.times[2])))
    return tuple(sorted(some)[min(ceil(level * (len(some) + 1)), len(some)) - 1] for some in outside)
