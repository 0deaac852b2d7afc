"""The desk's people and officers are those of the register's pages."""

import pytest

from muster.audit import operations as audit
from muster.kernel.clock import PlayedClock
from tests.people.factories import SYSTEM
from tests.register.conftest import AT
from tests.web.accounts.conftest import at
from tests.web.register.conftest import browser, clock, demo, hoa, units

__all__ = ["browser", "clock", "demo", "hoa", "units"]


@pytest.fixture(autouse=True)
def in_2021(demo):
    """Let the campaign's clock show 17:00 on 8 May 2021."""
    audit.set_clock(clock=PlayedClock(at(9), AT), by=SYSTEM, at=at(9))
