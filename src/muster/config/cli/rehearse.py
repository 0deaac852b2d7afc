"""`muster rehearse`: play a whole campaign with synthetic people through the operations, and say how it went."""

import argparse
import time
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from muster.config.cli.serve import prepare
from muster.config.cli.terminal import end_progress, show_progress
from muster.kernel.clock import PlayedClock, moment_typed
from muster.kernel.formats import count

if TYPE_CHECKING:
    from muster.rehearsal.campaign.band import Band, Run
    from muster.rehearsal.campaign.rehearsing import Rehearsal

WORKERS = 2


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `rehearse` to the command line."""
    rehearse = commands.add_parser(
        "rehearse",
        help="play a whole campaign with synthetic people",
        description="Make a synthetic people and play a campaign day by day through the operations that desks and "
        "kits use. Interrupted, start it again with the same words: it goes on. Nobody in it is real.",
    )
    rehearse.add_argument("scenario", help="such as haiduong-2021")
    rehearse.add_argument("--scale", type=Fraction, default=Fraction(1, 20), help="share of the people (default: 1/20)")
    rehearse.add_argument("--seed", type=int, default=1, help="another seed plays another campaign (default: 1)")
    rehearse.add_argument("--until", type=moment_typed, help="stop there: DD/MM/YYYY HH:MM (default: the deadline)")
    rehearse.add_argument("--live", action="store_true", help="let the campaign's clock run on from there")
    rehearse.add_argument("--districts", default="", help="codes of districts, with commas (default: all)")
    rehearse.add_argument("--kits", type=int, help="of the whole province (default: the scenario's number)")
    rehearse.add_argument("--band", type=int, default=20, help="seeds drawn for the band, 0: none (default: 20)")
    rehearse.add_argument("--workers", type=int, default=WORKERS, help=f"processes (default: {WORKERS})")
    rehearse.set_defaults(command=_rehearse)


def _rehearse(arguments: argparse.Namespace) -> None:
    from muster.rehearsal import runs, surveyed
    from muster.rehearsal.campaign.rehearsing import Rehearsal, draw_band, play, settle, surveyed_unit

    prepare(demo=False)
    what = Rehearsal(
        scenario=arguments.scenario, scale=arguments.scale, seed=arguments.seed, workers=arguments.workers,
        kits=arguments.kits, districts=frozenset(filter(None, arguments.districts.split(","))),
    )  # fmt: skip
    inputs = what.told.inputs
    until = arguments.until or inputs.moment(inputs.last_day, inputs.shifts, inputs.overrun * 60)
    runs.begin(what)
    started = time.monotonic()
    try:
        settle(what, _progress)
        surveyed.survey(what, unit=surveyed_unit(what), by=what.by, progress=_progress)
        play(what, until=until, progress=_progress)
        runs.played(what, until=until)
        if arguments.live:
            _run_on(until)
        if arguments.band:
            runs.keep_band(what, draw_band(what, _progress, range(1, arguments.band + 1)))
    finally:
        end_progress()
    _tell(what, until, time.monotonic() - started)


def _run_on(until: datetime) -> None:
    """Let the campaign's clock show the moment the rehearsal stopped at, and run on from there."""
    from datetime import UTC

    from muster.audit import operations as audit
    from muster.config.cli.terminal import operator

    real = datetime.now(UTC)
    audit.set_clock(clock=PlayedClock(real, until), by=operator(), at=real)


def _progress(what: str, done: int, of: int) -> None:
    show_progress(f"  {what}: {count(done)} of {count(of)}")


def _tell(what: "Rehearsal", until: datetime, seconds: float) -> None:
    from muster.rehearsal import runs
    from muster.rehearsal.campaign.rehearsing import curve, target

    inputs, wanted = what.told.inputs, target(what)
    lived = [day for day in curve(what) if datetime.combine(day.day, inputs.first_shift, until.tzinfo) <= until]
    last, finished = lived[-1], next((day.day for day in lived if day.received >= wanted), None)
    reported = next((day for day in lived if day.day == inputs.reported_on), None)
    print(f"  {what.told.en}, scale {what.scale}, seed {what.seed}; played until {until:%d/%m/%Y %H:%M}")
    print(f"  captured {count(last.received)}, accepted {count(last.accepted)}, printed "
          f"{count(last.produced)}, handed over {count(last.handed_over)}")  # fmt: skip
    print(f"  target {count(wanted)} by {inputs.last_day:%d/%m/%Y}: {_reached(finished)}")
    if reported:
        scaled = round(inputs.reported * wanted / inputs.target)
        print(f"  on {inputs.reported_on:%d/%m/%Y} captured {count(reported.received)}; the report has "
              f"{count(inputs.reported)}, {count(scaled)} at this scale")  # fmt: skip
    told = runs.latest()
    if told and told[2]:
        _tell_band(told[2])
    print(f"  {seconds:.0f} s; every input and its source: /rehearsal/")


def _tell_band(band: "Band") -> None:
    low, middle, high = band.finish()
    print(f"  over {len(band.runs)} seeds the target is reached between {_day(low)} and {_day(high)}, median "
          f"{_day(middle)}")  # fmt: skip
    for run in (*band.beside, *band.runs[:1]):
        _tell_kits(run)


def _tell_kits(run: "Run") -> None:
    print(f"    with {run.kits} kits: {_reached(run.finished)}")


def _reached(day: object) -> str:
    return f"reached on {day:%d/%m/%Y}" if day else "not reached"


def _day(day: object) -> str:
    return f"{day:%d/%m/%Y}" if day else "after the deadline"
