"""`muster people make`: fill the register with a synthetic people, for rehearsals and for measuring."""

import argparse
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from muster.config.cli.serve import prepare
from muster.config.cli.terminal import campaign_time, end_progress, operator, show_progress
from muster.kernel.actor import Purpose
from muster.kernel.clock import local

WORKERS = 2


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `people` to the command line."""
    people = commands.add_parser("people", help="make synthetic people")
    actions = people.add_subparsers(required=True, metavar="action")
    make = actions.add_parser(
        "make",
        help="draw the people of a unit from the census and take them into the register",
        description="Draw the people of a unit from the census of 2019 and take them into the register. Nobody of them "
        "is real. Interrupted, start it again: who is there is passed over.",
    )
    make.add_argument("--unit", required=True, help="code of a commune, district or province, or VN for the country")
    make.add_argument("--scale", required=True, type=Fraction, help="share of the people, above 0 and at most 1")
    make.add_argument("--seed", type=int, help="another seed draws other people (default: always the same ones)")
    make.add_argument("--on", type=date.fromisoformat, help="the day, YYYY-MM-DD (default: the campaign's today)")
    make.add_argument("--workers", type=int, default=WORKERS, help=f"processes (default: {WORKERS})")
    make.set_defaults(command=_make)


def _make(arguments: argparse.Namespace) -> None:
    from muster.rehearsal.people.making import SEED, make

    prepare(demo=False)
    at = campaign_time()
    on, seed = arguments.on or local(at).date(), SEED if arguments.seed is None else arguments.seed
    print(f"  people of {arguments.unit} on {on}, scale {float(arguments.scale):g}, seed {seed}", flush=True)
    started = time.monotonic()
    try:
        made = make(
            unit=arguments.unit, scale=arguments.scale, seed=seed, on=on, by=operator(Purpose.REGISTER), at=at,
            progress=_progress(), workers=arguments.workers,
        )  # fmt: skip
    finally:
        end_progress()
    taken = time.monotonic() - started
    print(f"  {made.people:,} people are there, {made.new:,} of them new, in {made.hamlets:,} new hamlets")
    print(f"  {taken:.1f} s, {made.new / taken:,.0f} people a second")


def _progress() -> Callable[[int, int], None]:
    """Return what tells how many people are there, how fast they come, and how long it will take."""
    begun: list[tuple[float, int]] = []

    def told(done: int, people: int) -> None:
        now = time.monotonic()
        begun.append((now, done))
        started, there = begun[0]
        rate = (done - there) / max(now - started, 1e-3)
        left = f", {rate:,.0f} a second, {(people - done) / rate:,.0f} s left" if rate else ""
        show_progress(f"  {done:,} of {people:,} people{left}")

    return told
