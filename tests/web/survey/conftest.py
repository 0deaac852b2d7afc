"""The register's two communes with people due, a campaign over them, and officers of every role in An Lâm."""

import pytest

from muster.kernel.names import normalise
from muster.survey.operations import survey_units
from tests.survey.conftest import BY, PROVINCE, campaign, people, sql
from tests.web.register.conftest import AN_LAM, AT, HOP_TIEN, browser, clock, demo, elsewhere, second, units

HAMLET = 2001

__all__ = [
    "AN_LAM",
    "AT",
    "HAMLET",
    "HOP_TIEN",
    "browser",
    "campaign",
    "clock",
    "demo",
    "elsewhere",
    "normalise",
    "people",
    "second",
    "sql",
    "units",
]


@pytest.fixture
def surveyed(campaign, people, clock):
    """Survey the province; return the campaign."""
    survey_units(campaign=campaign, units=[PROVINCE], by=BY, at=AT)
    return campaign


@pytest.fixture
def cases(surveyed):
    """Return the case of each person by name."""
    return dict(sql("SELECT name, held.id FROM survey_case AS held JOIN register_person AS p ON p.id = person_id"))
