"""The process of one worker. It is started without Django, and loads it before anything that needs it."""

import os
import signal
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection

from muster.kernel.errors import Refusal
from muster.kernel.memory import collect_seldom


class Ready:
    """The worker is free for a task."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The worker's task failed: refused, or by an error with this text."""

    kind: type[Refusal] | None
    values: dict[str, object]
    text: str

    @property
    def refusal(self) -> Refusal | None:
        """The refusal, made anew: one does not pass through a pipe whole."""
        return self.kind(**self.values) if self.kind else None


def serve(pipe: Connection, settings_module: str, database: str) -> None:
    """Work off the tasks that come through the pipe, until it closes.

    :param database: the name of the database, which a test changes
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of a terminal: the one who waits for us decides
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    import django  # noqa: PLC0415 - the settings are named first
    from django.conf import settings  # noqa: PLC0415

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    collect_seldom()
    try:
        while True:
            pipe.send(Ready())
            for step in pipe.recv().work():
                pipe.send(step)
    except (EOFError, BrokenPipeError):
        return
    except Refusal as refusal:
        pipe.send(Failure(type(refusal), refusal.values, ""))
    except Exception:  # noqa: BLE001 - whoever waits for us raises it
        pipe.send(Failure(None, {}, traceback.format_exc()))
