"""The register's small province, a campaign over it, and people due in it."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.law.cards import CardType
from muster.register.rows import CardRow
from muster.survey.operations import open_campaigns, survey_units
from muster.survey.rows import CampaignRow
from tests.register.conftest import AN_LAM, AT, HAMLET, HOP_TIEN, PROVINCE, person, taken, units

__all__ = ["units"]

OFFICER = UUID("01900000-0000-7000-8000-000000000001")
BY = Actor(officer=OFFICER, unit=PROVINCE, purpose=Purpose.COMMAND)
LOCAL = Actor(officer=OFFICER, unit=AN_LAM, purpose=Purpose.SURVEY)
ELSEWHERE = Actor(officer=OFFICER, unit=HOP_TIEN, purpose=Purpose.SURVEY)
CHIP = CardRow(type=CardType.CCCD_CHIP, number="030075123456", issued_on=date(2021, 3, 1), expires_on=date(2035, 3, 1))


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def opened(name="Hải Dương 2021", unit=PROVINCE, starts=date(2021, 5, 1), ends=date(2021, 7, 1), **more):
    row = CampaignRow(id=more.pop("id", None) or new_id(), name=name, unit=unit, starts=starts, ends=ends, **more)
    assert not open_campaigns(campaigns=[row], by=BY, at=AT).refused
    return row.id


def surveyed(campaign, *where, by=BY, at=AT):
    return survey_units(campaign=campaign, units=where or [PROVINCE], by=by, at=at)


@pytest.fixture
def campaign(units):
    return opened()


@pytest.fixture
def people(units):
    """Take in one person of every group; return them by name."""
    rows = [
        person("Nguyễn Văn Hưu", "1950", occupation="retired", old_numbers=("141234567",)),
        person("Trần Văn Nông", "5/6/1980", occupation="farmer"),
        person("Ấu Thị Công", "1/2/1990", occupation="worker", organisation="Công ty May Sao Mai"),
        person("Lê Thị Trò", "3/9/2005", occupation="pupil", organisation="Trường THPT Nam Sách"),
        person("Bùi Văn Thẻ", "1/3/1975", occupation="office", cards=(CHIP,)),
        person("Đỗ Văn Bé", "10/2/2012", occupation="pupil", organisation="Trường Tiểu học An Lâm"),
        person("Phạm Thị Nhỏ", "10/2/2019"),
        person("Vũ Thị Xa", "7/7/1985", unit=HOP_TIEN, occupation="trade"),
    ]
    taken(*rows)
    return {row.name: row for row in rows}


@pytest.fixture
def cases(campaign, people):
    """Survey the province; return the case of each person by name."""
    surveyed(campaign)
    return dict(sql("SELECT name, held.id FROM survey_case AS held JOIN register_person AS p ON p.id = person_id"))


__all__ += ["AN_LAM", "AT", "HAMLET", "HOP_TIEN", "PROVINCE"]
