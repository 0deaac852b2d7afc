"""Every test runs against a real PostgreSQL: the one of ``DATABASE_URL``, else a private one that is then deleted."""

import os
from contextlib import ExitStack

import pytest

from muster.config import postgres

_running = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Start the test database before Django asks for it; every pytest-xdist worker takes its own lease."""
    if not os.environ.get("DATABASE_URL"):
        _running.enter_context(postgres.Lease(postgres.cluster(durable=False)))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _running.close()
