"""Work tasks off in several processes, each over a connection of its own; when this one goes, none is left behind.

A process asks for a task, tells each step of it, and leaves when the pipe to it closes: a killed command leaves no
process, and at most the chunk that each was just writing is finished.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Protocol, TypeVar, cast

from django.conf import settings
from django.db import connection

from muster.rehearsal import worker
from muster.rehearsal.worker import Failure, Ready

LEAVE_SECONDS = 10

Pipe = Connection
Step_co = TypeVar("Step_co", covariant=True)


class Task(Protocol[Step_co]):
    """One piece of work, that can be sent to another process; the steps it tells must not be of `Ready`."""

    def work(self) -> Iterator[Step_co]:
        """Do it, and yield each step as it is done."""


class WorkerFailed(RuntimeError):
    """A worker ended before its work did; the message is what it said last."""


def work_all(tasks: Sequence[Task[Step_co]], workers: int) -> Iterator[Step_co]:
    """Work off all tasks, here or in several processes, and yield every step as it is done.

    :raises Refusal: what a task was refused with
    :raises WorkerFailed: a process failed otherwise, or was killed
    """
    if min(workers, len(tasks)) <= 1:
        for task in tasks:
            yield from task.work()
        return
    waiting = deque(tasks)
    with ExitStack() as running:
        busy = {running.enter_context(_process()) for _ in range(min(workers, len(tasks)))}
        while busy:
            ready = wait(busy)
            for pipe in [one for one in busy if one in ready]:
                told = _told(pipe)
                if not isinstance(told, Ready):
                    yield cast("Step_co", told)
                elif waiting:
                    pipe.send(waiting.popleft())
                else:
                    pipe.close()
                    busy.remove(pipe)


def _told(pipe: Pipe) -> object:
    try:
        told = pipe.recv()
    except (EOFError, ConnectionResetError):
        raise WorkerFailed("a worker was killed") from None
    if isinstance(told, Failure):
        raise told.refusal or WorkerFailed(told.text)
    return told


@contextmanager
def _process() -> Iterator[Pipe]:
    """Run a process until it leaves by itself; on any error it is ended at once, and its transaction undone."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    database = str(connection.settings_dict["NAME"])
    process = context.Process(target=worker.serve, args=(theirs, settings.SETTINGS_MODULE, database), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
        process.join(LEAVE_SECONDS)
    finally:
        ours.close()
        process.kill()
        process.join()
