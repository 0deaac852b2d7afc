"""How several programs share one server: whoever comes first starts it, whoever leaves last stops it."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Self

from muster.config.home import open_lock
from muster.config.postgres.clusters import Cluster
from muster.config.postgres.server import ensure_running, stop


class Lease:
    """One program's use of the shared server: taking it starts the server if need be, the last release stops it.

    :raises DatabaseUnavailable: the server cannot be started, or does not stop
    :raises DataFolderUnusable: its folder cannot be made or written
    """

    def __init__(self, of: Cluster) -> None:
        self._cluster = of
        self._users: IO[str] | None = None

    def __enter__(self) -> Self:
        with _starting():
            try:
                self._users = open_lock("users.lock")
                ensure_running(self._cluster)
                fcntl.flock(self._users, fcntl.LOCK_SH)
            except KeyboardInterrupt:
                self._leave()
                raise
            except BaseException:
                if not self._cluster.durable:
                    shutil.rmtree(self._cluster.folder, ignore_errors=True)
                raise
        return self

    def __exit__(self, *_: object) -> None:
        with _starting():
            self._leave()

    def _leave(self) -> None:
        """Stop the server unless another program uses it; whoever calls holds the lock of starting."""
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # another program still uses the server
        else:
            stop(self._cluster)
        finally:
            self._users.close()
            self._users = None


@contextmanager
def _starting() -> Iterator[None]:
    """Hold the lock under which the server is started or stopped."""
    with open_lock("start.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
