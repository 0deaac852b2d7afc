"""How right forecasts of the finish would have been: on the public curves, each left out, and on fresh campaigns.

Curves of campaigns are drawn with seeds that the library does not hold. ``--draw N`` writes the library's own again;
``--widen 1`` prints the constants of `engines.forecast.finish.WIDENED`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from multiprocessing import Pool
from pathlib import Path

from bench import curves, frame
from muster.engines.forecast import Family
from muster.engines.forecast.backtesting import NAIVE, Trial, group_out, one_out, score, trials, widening
from muster.engines.forecast.library import Reference, at_tempo, called, library, offered, reference, steps

LIBRARY = Path(__file__).parent.parent / "src/muster/engines/forecast/data/rehearsed_curves.csv"
FRESH = 10_000  # the first seed of the campaigns drawn for the back-test
BELOW, ABOVE = 0.75, 0.85  # the coverage that is right


def main(argv: Sequence[str]) -> int:
    """Ask every curve at 50, 70, 80 and 90 % done; return 1 when a naive rule was better or a range wrong."""
    asked = frame.arguments("forecast", argv, curves=(60, "fresh campaigns"), draw=(0, "write"), widen=(0, "print"))
    if asked.draw:
        write(asked.draw)
        return 0
    libraries = {family: library(family) for family in Family}
    if asked.widen:
        for family, known in ((family, known) for family in Family for known in (True, False)):
            print(family, known, [round(some, 3) for some in widening(libraries[family], depth_known=known)])
        return 0
    print(f"{'what':58} {'n':>5} {'ours':>6} {'':>2}" + "".join(f"{one:>9}" for one in NAIVE) + f"{'in range':>10}")
    names, one = [some.name for some in offered()], one_out(libraries)
    groups = group_out(libraries, names)
    held = [
        told(f"public, one left out, {part:.0%}{' asked of all' if of_all else ''}{'' if known else ', base unknown'}",
             trials(offered(), None, part, one, of_all=of_all, depth_known=known), held=part == 0.95 and known)
        for part in (0.95, 0.9, 0.98) for of_all in (True, False) for known in (True, False)
    ]  # fmt: skip
    held.append(
        told("public, a seventh left out, 95 % asked of all", trials(offered(), None, 0.95, groups, of_all=True))
    )
    for tempo in (0.45, 1.8):
        told(
            f"public, in {tempo:.2f} of their time, 95 %",
            trials((at_tempo(x, tempo) for x in offered()), None, 0.95, one),
        )
    fresh = drawn(asked.curves)
    rehearsed = [x for part in (0.67, 0.9, 0.95) for x in trials(fresh, Family.CALLED, part, lambda _: libraries)]
    held.append(told("rehearsed anew, 67, 90 and 95 %", rehearsed))
    worst(rehearsed)
    return 0 if all(held) else 1


def drawn(count: int, first: int = FRESH) -> list[Reference]:
    """Return campaigns drawn anew."""
    with Pool(2) as pool:
        campaigns = pool.map(curves.draw, range(first, first + count))
    return [reference(f"seed {x.seed}", steps(x.first, " ".join(map(str, x.done))), x.due) for x in campaigns]


def told(what: str, found: Iterable[Trial], *, held: bool = True) -> bool:
    """Print one back-test, whole and by share done; return whether it beats each naive rule, its ranges right."""
    by_share: dict[str, list[Trial]] = defaultdict(list)
    for trial in found:
        by_share[what].append(trial)
        by_share[f"    at {trial.asked:.0%}"].append(trial)
    for name, some in by_share.items():
        it = score(some)
        rules = "".join(f"{error:9.0%}" for error in it.naive)
        print(f"{name:58} {it.trials:5} {it.ours:6.0%} {'':2}{rules}{it.coverage:10.0%}", flush=True)
    whole = score(by_share[what])
    return not held or (whole.ours < min(whole.naive) and BELOW <= whole.coverage <= ABOVE)


def worst(found: Sequence[Trial], count: int = 5) -> None:
    """Print where it was most wrong."""
    for trial in sorted(found, key=lambda one: -one.error)[:count]:
        said = f"{trial.days:.0f} ({trial.low:.0f} to {trial.high:.0f})"
        print(f"    worst: {trial.curve} at {trial.asked:.0%}: said {said} days, took {trial.took:.0f}")


def write(count: int) -> None:
    """Draw the library's campaigns again."""
    with Pool(2) as pool:
        campaigns = pool.map(curves.draw, range(1, count + 1))
    rows = (f"rehearsed {x.seed},{x.due},{x.first},{' '.join(map(str, x.done))}" for x in campaigns)
    LIBRARY.write_text("\n".join(("name,due,first_day,done", *rows)) + "\n", encoding="utf-8")
    called.cache_clear()
