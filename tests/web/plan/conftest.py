"""The plan's small province with a campaign, and officers of every role who sign in by one click."""

import pytest

from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.units.models import Unit
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.plan.conftest import campaign, crews, evening, kits, officers, units, venue
from tests.web.accounts.conftest import browser as as_officer

__all__ = ["campaign", "crews", "evening", "kits", "officers", "units", "venue"]


@pytest.fixture
def browser(units):
    """Return a function that gives the browser of an officer of a role at a unit."""

    def signed_in(role, unit):
        make_demo_officers(units={role: Unit.objects.get(id=unit).id}, by=SYSTEM, at=real_now())
        return as_officer(role)

    return signed_in


PLANNER, COMMANDER, CREW, VOLUNTEER = Role.PLANNER, Role.COMMANDER, Role.CREW, Role.VOLUNTEER
