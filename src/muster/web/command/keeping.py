"""Boards kept for a short while: whoever asks for the same one meanwhile gets it, and only one is made at a time.

A board holds counts alone, so it may be shared by all who may see its unit. Each process keeps its own.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

FRESH = timedelta(seconds=15)  # of real time
MOST = 2_000  # boards of a process; past that the oldest half is forgotten

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class _Held(Generic[Thing]):
    thing: Thing
    made: datetime


class Keeper(Generic[Thing]):
    """Keeps what was made for a key until it is no more fresh."""

    def __init__(self) -> None:
        self._held: dict[Hashable, _Held[Thing]] = {}
        self._making = Lock()

    def get(self, key: Hashable, real: datetime, make: Callable[[], Thing]) -> Thing:
        """Return what is kept for a key, or make it; who comes meanwhile waits for it.

        :param real: the real time
        """
        held = self._fresh(key, real)
        if held is None:
            with self._making:
                held = self._fresh(key, real)
                if held is None:
                    held = self._held[key] = _Held(make(), real)
                    self._forget_old()
        return held.thing

    def forget(self) -> None:
        """Forget everything."""
        self._held.clear()

    def _fresh(self, key: Hashable, real: datetime) -> _Held[Thing] | None:
        held = self._held.get(key)
        return held if held and timedelta() <= real - held.made < FRESH else None

    def _forget_old(self) -> None:
        if len(self._held) > MOST:
            by_age = sorted(self._held, key=lambda key: self._held[key].made)
            for key in by_age[: MOST // 2]:
                self._held.pop(key, None)
