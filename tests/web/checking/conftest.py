"""Dossiers that wait at An Lâm, and its checker who signs in by one click."""

import pytest

from tests.capture.conftest import AT, CREW, captures, intake
from tests.processing.conftest import MACHINE, received
from tests.register.conftest import AN_LAM, person, taken
from tests.web.register.conftest import browser, clock, demo, page, second, transfer, units

__all__ = [
    "AN_LAM", "AT", "CREW", "MACHINE", "browser", "captures", "clock", "demo", "intake", "page", "person", "received",
    "second", "taken", "transfer", "units",
]  # fmt: skip


@pytest.fixture
def checker(demo):
    return browser("checker")
