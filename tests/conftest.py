"""Every test runs against a real PostgreSQL: the one of ``DATABASE_URL``, else a private one that is then deleted."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
os.environ["MUSTER_TESTING"] = "1"
os.environ["MUSTER_HOME"] = str(ROOT / "var" / "test")
os.environ["DJANGO_SETTINGS_MODULE"] = "muster.config.settings"

_running = ExitStack()


def pytest_configure() -> None:
    """Start the test database before Django asks for it; every pytest-xdist worker takes its own lease."""
    if not os.environ.get("DATABASE_URL"):
        from muster.config import postgres

        _running.enter_context(postgres.Lease(postgres.cluster(durable=False)))
    import django

    django.setup()  # pytest-django came before the settings were named; test files import models


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _running.close()
