"""A small country for the journal: root 1, provinces 2 and 3, communes 4-6 (in 2) and 7 (in 3)."""

from datetime import datetime

import pytest

from muster.events import operations
from muster.events.journal import AgeBand, Move
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id

TREE = [(1, [1]), (2, [1, 2]), (3, [1, 3]), (4, [1, 2, 4]), (5, [1, 2, 5]), (6, [1, 2, 6]), (7, [1, 3, 7])]
BY = Actor(officer=None, unit=1, purpose=Purpose.CAPTURE)


def local_time(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def captured(unit, at, *, residence=None, band=AgeBand.FROM_14, **more):
    return Move(
        thing=new_id(), kind="dossier", move="receive", unit_done=unit, unit_residence=residence,
        occurred_at=local_time(at), age_band=band, **more,
    )  # fmt: skip


@pytest.fixture
def country(db):
    operations.place_units(TREE)
