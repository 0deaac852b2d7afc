"""A country of one province with two communes, and demonstration officers who sign in by one click."""

import pytest
from django.test import Client

from muster.events import operations as events
from muster.people.words import Role
from tests.people.factories import commune, province
from tests.web.accounts.conftest import come_in


@pytest.fixture
def country(db):
    """Return province and communes, known to the journal."""
    above, one, other = province(), commune(3), commune(4)
    events.place_units([(1, [1]), *((unit.id, unit.ancestors) for unit in (above, one, other))])
    return above, one, other


@pytest.fixture
def browser(country):
    """Return a function that gives the browser of an officer of a role, at a unit, in Vietnamese."""

    def signed_in(role: Role, unit) -> Client:
        return come_in(role, unit.id)

    return signed_in
