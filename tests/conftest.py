"""Every test runs against a real PostgreSQL: the one of ``DATABASE_URL``, else a private one that is then deleted."""

import os
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

from muster.config import postgres

_running = ExitStack()

# A machine that stands still for a second is no fault of a test: time is measured in bench/, never here.
settings.register_profile("muster", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("muster")


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Start the test database before Django asks for it; every pytest-xdist worker takes its own lease."""
    if not os.environ.get("DATABASE_URL"):
        _running.enter_context(postgres.Lease(postgres.cluster(durable=False)))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _running.close()


@pytest.fixture(autouse=True, scope="session")
def _append_only_tables_are_emptied_between_tests():
    """Let Django empty the tables after a test with real transactions: append-only tables refuse even that."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    guarded = """
        SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 > 0
    """
    plain = DatabaseOperations.execute_sql_flush

    def flush(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute(guarded)
            tables = [table for (table,) in cursor.fetchall()]
        off = [f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in tables]
        on = [f"ALTER TABLE {table} ENABLE TRIGGER USER;" for table in tables]
        plain(self, [*off, *sql_list, *on])

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = plain
