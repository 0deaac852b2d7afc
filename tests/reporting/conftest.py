"""A campaign over a small province, whose journal is filled at random (seeded), and slots of its days."""

import random
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from muster.events import operations as journal
from muster.events.journal import AgeBand, Move
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.reporting import operations, queries
from muster.reporting.rows import Signing, SlotRow
from muster.reporting.words import DUE, METRICS
from tests.plan.conftest import bites, codes, sql
from tests.register.conftest import AN_LAM, COUNTRY, DISTRICT, HAMLET, HOP_TIEN, PROVINCE, units
from tests.survey.conftest import opened

__all__ = ["AN_LAM", "COUNTRY", "DISTRICT", "HAMLET", "HOP_TIEN", "PROVINCE", "bites", "codes", "sql", "units"]

HEAD, CHIEF = UUID("01900000-0000-7000-8000-00000000000a"), UUID("01900000-0000-7000-8000-00000000000b")
MACHINE = Actor(officer=None, unit=COUNTRY, purpose=Purpose.COMMAND)
LOCAL = Actor(officer=HEAD, unit=AN_LAM, purpose=Purpose.COMMAND)
ABOVE = Actor(officer=CHIEF, unit=DISTRICT, purpose=Purpose.COMMAND)
DAY = date(2021, 5, 8)
FIVE = datetime(2021, 5, 8, 17, tzinfo=ZONE)
SOON = FIVE + timedelta(minutes=2)


@pytest.fixture
def campaign(units):
    return opened()


def played(seed=1, moves=400, days=4):
    """Record moves of every kind that is reported, at random units, ages and moments of the days up to the slot."""
    drawn = random.Random(seed)
    names = [*METRICS.values(), *DUE]
    told: dict[datetime, list[Move]] = {}
    for _ in range(moves):
        kind, move = drawn.choice(names)
        known = FIVE - timedelta(minutes=drawn.randrange(days * 24 * 60)) + timedelta(hours=2)
        told.setdefault(known, []).append(
            Move(
                thing=new_id(), kind=kind, move=move, unit_done=drawn.choice([AN_LAM, HOP_TIEN, DISTRICT]),
                unit_residence=drawn.choice([HAMLET, AN_LAM, HOP_TIEN]), age_band=AgeBand(drawn.randrange(4)),
                occurred_at=known - timedelta(minutes=drawn.randrange(600)),
            )
        )  # fmt: skip
    for known in sorted(told):
        journal.record(moves=told[known], by=MACHINE, at=known)


def frozen(campaign, at=FIVE, now=None):
    """Freeze a slot; return it."""
    result = operations.freeze_slots(
        slots=[SlotRow(campaign=campaign, at=at)], by=MACHINE, at=now or at + queries.SETTLE
    )
    assert not result.refused, result.refused
    return result.done[0]


def report(slot, unit=AN_LAM):
    return queries.reports(slot, [unit])[0]


@pytest.fixture
def slot(campaign):
    played()
    return frozen(campaign)


@pytest.fixture
def signed(slot):
    """Return the report of a commune, signed by its head."""
    row = Signing(report=report(slot).id, note="Mất điện từ 14 giờ.")
    assert not operations.sign_reports(signings=[row], grants=None, by=LOCAL, at=SOON).refused
    return row.report
