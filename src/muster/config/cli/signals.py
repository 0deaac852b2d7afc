"""The signals that end a program are met as Ctrl-C is: what a command began is undone, and the database stops."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Let each of these signals interrupt the block; one that our starter ignores (``nohup``) stays ignored.

    After an interruption they are ignored: the program is ending, and what it returns tells why. Python gives handlers
    of its own up while it ends, so a late signal would kill it instead.
    """
    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        ending = _let_pass in map(signal.getsignal, ENDING)
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if ending else handler)


def interrupt(number: int, _: FrameType | None) -> NoReturn:
    """Interrupt what runs, once: a second signal must not cut the clean-up short.

    :raises KeyboardInterrupt: always, with the signal's number
    """
    for each in ENDING:
        signal.signal(each, _let_pass)
    raise KeyboardInterrupt(number)


def _let_pass(*_: object) -> None:
    """Do nothing; unlike `signal.SIG_IGN` this is not inherited, and raises nothing for a signal under way."""
