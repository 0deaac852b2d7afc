"""`muster clock`: show the campaign's clock, play another time, pause, change the speed, return to real time."""

import argparse
from datetime import UTC, datetime

from muster.config.cli.terminal import operator
from muster.kernel.clock import PlayedClock, local, moment_typed


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `clock` and its acts."""
    clock = commands.add_parser("clock", help="show or set the campaign's clock")
    acts = clock.add_subparsers(required=True, metavar="act")
    acts.add_parser("show", help="say what it shows").set_defaults(command=_show)
    play = acts.add_parser("play", help="live another time, from a moment on")
    play.add_argument("moment", help="such as '08/05/2021 17:00'")
    play.add_argument("--speed", type=float, default=1.0, help="how many times as fast as real time")
    play.set_defaults(command=_set, then=lambda now, at, told: now.playing(at, moment_typed(told.moment), told.speed))
    for name, help_text in (("pause", "let it stand still"), ("resume", "let it run again")):
        acts.add_parser(name, help=help_text).set_defaults(command=_set, then=_STANDING[name])
    speed = acts.add_parser("speed", help="run faster or slower from now on")
    speed.add_argument("speed", type=float)
    speed.set_defaults(command=_set, then=lambda now, at, told: now.with_speed(at, told.speed))
    jump = acts.add_parser("jump", help="show another moment; pause and speed stay")
    jump.add_argument("moment", help="such as '09/05/2021 06:30'")
    jump.set_defaults(command=_set, then=lambda now, at, told: now.jumped(at, moment_typed(told.moment)))
    acts.add_parser("real", help="return to real time").set_defaults(command=_set, then=lambda *_: None)


_STANDING = {
    "pause": lambda now, at, _: now.paused_at(at),
    "resume": lambda now, at, _: now.resumed_at(at),
}


def _set(arguments: argparse.Namespace) -> None:
    from muster.audit.operations import set_clock
    from muster.events import queries

    real = datetime.now(UTC)
    now = queries.clock() or PlayedClock.real(real)
    set_clock(clock=arguments.then(now, real, arguments), by=operator(), at=real)
    _show(arguments)


def _show(_: argparse.Namespace) -> None:
    from muster.events import queries

    real = datetime.now(UTC)
    clock = queries.clock()
    shown = f"{local(clock.at(real) if clock else real):%d/%m/%Y %H:%M:%S}"
    if clock is None:
        print(f"{shown}, real time")
    else:
        print(f"{shown}, played{', paused' if clock.paused else ''}, speed {clock.speed:g}")
