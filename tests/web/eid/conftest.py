"""Accounts of An Lâm in August 2024, its officers, who sign in by one click, and the clock of that day."""

import pytest

from muster.audit import operations as audit
from muster.kernel.clock import PlayedClock
from tests.account.conftest import ASKED, asked, citizen, granted, live, told
from tests.people.factories import SYSTEM
from tests.register.conftest import HOP_TIEN
from tests.web.accounts.conftest import at
from tests.web.register.conftest import browser, clock, demo, page, transfer, units, works_for

__all__ = [
    "ASKED", "HOP_TIEN", "asked", "browser", "citizen", "clock", "demo", "granted", "live", "page", "told", "transfer",
    "units", "works_for",
]  # fmt: skip


def shows(moment):
    audit.set_clock(clock=PlayedClock(at(9), moment, paused=True), by=SYSTEM, at=at(9))


@pytest.fixture
def lead(demo):
    shows(ASKED)
    return works_for(browser("desk_lead"), "issue")


@pytest.fixture
def checker(demo):
    shows(ASKED)
    return browser("checker")
