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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let Django empty the tables after a test with real transactions, but for what migrations put there.

    Append-only tables refuse even that, and no migration runs a second time.
    """
    from django.db import connection, transaction
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.execute_sql_flush
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        migrated = {table: content for table in _own_tables(cursor) if (content := _content(cursor, table))}

    def flush(self, sql_list):
        with self.connection.cursor() as cursor:
            guarded = _guarded_tables(cursor)
        off, on = ([f"ALTER TABLE {table} {what} TRIGGER USER" for table in guarded] for what in ("DISABLE", "ENABLE"))
        plain(self, [*off, *sql_list])
        with transaction.atomic(), self.connection.cursor() as cursor:
            for table, content in migrated.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(content)
        plain(self, on)

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = plain


def _own_tables(cursor):
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^(django|auth)_'")
    return [table for (table,) in cursor.fetchall()]


def _guarded_tables(cursor):
    """Return the tables that refuse to be emptied."""
    cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 > 0")
    return [table for (table,) in cursor.fetchall()]


def _content(cursor, table):
    with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:
        return b"".join(copy)
