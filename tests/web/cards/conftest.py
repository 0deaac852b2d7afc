"""Cards of An Lâm on 8 May 2021, its officers, who sign in by one click, and the clock of that day."""

import pytest

from muster.audit import operations as audit
from muster.kernel.clock import PlayedClock
from tests.card.conftest import AT, HOUR, accepted, arrived, made, person, printed, taken
from tests.people.factories import SYSTEM
from tests.web.accounts.conftest import at
from tests.web.register.conftest import browser, clock, demo, page, transfer, units, works_for

__all__ = [
    "AT", "HOUR", "accepted", "arrived", "browser", "clock", "demo", "made", "page", "person", "printed", "taken",
    "transfer", "units", "works_for",
]  # fmt: skip


def shows(moment):
    audit.set_clock(clock=PlayedClock(at(9), moment, paused=True), by=SYSTEM, at=at(9))


def citizens(count):
    return [taken(person(f"Lê Văn Thẻ {n}", "1980", number=f"03008012345{n}")) for n in range(count)]


@pytest.fixture
def lead(demo):
    shows(AT + HOUR)
    return works_for(browser("desk_lead"), "issue")


@pytest.fixture
def centre(demo):
    shows(AT + HOUR)
    return browser("checker")
