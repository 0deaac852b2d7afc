"""Whether every figure that pages, lists and exports show is what independent SQL counts, at any scale.

``--scale 0.05`` plays Hải Dương with a twentieth of its people, ``--scale 1`` the whole province; the comparisons are
those of ``tests/journeys/test_agreement.py``, with more units, days and moments drawn.
"""

import argparse
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from bench import frame
from muster.kernel.clock import ZONE
from tests.journeys.agreement import playing
from tests.journeys.agreement.all import compare_all

UNTIL = datetime(2021, 5, 8, 17, tzinfo=ZONE)


def main(argv: Sequence[str]) -> int:
    """Play, compare, and print how many figures of each page were compared; the limit is that none differs."""
    asked = _arguments(argv)
    size = playing.Size(asked.scale, UNTIL, kits=asked.kits, workers=asked.workers)
    if asked.small:
        size = playing.SMALL
    with frame.database(keep=asked.keep) as told:
        world = playing.found(size, seed=asked.seed) or playing.played(size, seed=asked.seed, progress=_progress)
        compare_all(world, often=asked.often)
        for page, n in sorted(world.tally.compared.items()):
            told.fact(page, f"{world.tally.alive[page]:,} not empty", n=n)
        wrong = world.tally.wrong
        told.fact("figures that differ", f"{len(wrong):,}", limit="none", held=not wrong)
        for line in wrong[:200]:
            print(f"  {line}")
    return len(told.missed)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench agreement")
    parser.add_argument("--scale", type=Fraction, default=Fraction(1, 20), help="share of the people (default 0.05)")
    parser.add_argument("--kits", type=int, help="of the whole province (default: the scenario's number)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--often", type=int, default=3, help="how much is drawn, in tests (default 3)")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other units, days and moments")
    parser.add_argument("--small", action="store_true", help="the district and the days of the test")
    parser.add_argument("--keep", action="store_true", help="leave the database for a next run")
    return parser.parse_args(argv)


def _progress(what: str, done: int, of: int) -> None:
    if of and (done == of or done % max(1, of // 20) == 0):
        print(f"  {what}: {done:,} of {of:,}", flush=True)
