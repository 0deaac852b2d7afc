"""The whole tree of the country, loaded once for a file of tests and undone after it."""

import datetime as dt

import pytest
from django.db import connection, transaction

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.units import operations
from muster.units.queries import ROOT

AT = dt.datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)
BY = Actor(officer=None, unit=ROOT, purpose=Purpose.ADMINISTER)


@pytest.fixture(scope="module")
def tree(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        loaded = operations.load_reference(by=BY, at=AT)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE units_unit, units_succession, units_renaming")
        yield loaded
        transaction.set_rollback(True)


@pytest.fixture
def units(tree):
    """Give one test the tree, and undo what it changes."""
    with transaction.atomic():
        yield tree
        transaction.set_rollback(True)
