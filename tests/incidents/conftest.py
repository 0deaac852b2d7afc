"""A kit that works in an evening session, a technician on duty, a spare."""

from datetime import timedelta

import pytest

from muster.incidents import operations, queries
from muster.incidents.rows import Act, SpareRow, TicketRow, TurnRow
from muster.incidents.words import Kind, Severity
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.units.models import Unit
from tests.people.factories import assignment, officer
from tests.plan.conftest import (
    AN_LAM,
    BY,
    DAY,
    HOP_TIEN,
    PROVINCE,
    bites,
    campaign,
    codes,
    crews,
    evening,
    events,
    kits,
    officers,
    sql,
    units,
    venue,
    wall,
)  # fmt: skip

__all__ = [
    "AN_LAM", "BY", "DAY", "HOP_TIEN", "PROVINCE", "bites", "campaign", "codes", "crews", "evening", "events", "kits",
    "officers", "sql", "units", "venue", "wall",
]  # fmt: skip

STOPPED = wall("19:00")


@pytest.fixture
def technician(units):
    """Return a technician of the province, not yet on duty."""
    found = officer("ky.thuat", unit=Unit.objects.get(id=PROVINCE))
    assignment(found, Role.TECHNICIAN, valid_from=wall("06:00") - timedelta(days=30))
    return found


@pytest.fixture
def on_duty(technician):
    """Put the technician on duty at the province for the evening; return who acts."""
    assert not put(turn(technician)).refused
    return Actor(officer=technician.id, unit=PROVINCE, purpose=Purpose.COMMAND)


def turn(of, **more):
    told = {"id": new_id(), "officer": of.id, "unit": PROVINCE, "place": "Công an huyện"}
    return TurnRow(**told | {"starts_at": wall("18:00"), "ends_at": wall("23:00")} | more)


def put(*rows, real=None):
    at = wall("12:00")
    return operations.put_on_duty(turns=rows, grants=None, by=BY, at=at, real=real or at)


def keep(*rows, at=None):
    return operations.keep_spares(spares=rows, grants=None, by=BY, at=at or wall("12:00"))


def spare_row(kit, **more):
    return SpareRow(**{"id": new_id(), "kit": kit, "unit": AN_LAM, "place": "Kho huyện"} | more)


def ticket(evening, kit, **more):
    told = {"id": new_id(), "campaign": evening.campaign, "unit": PROVINCE, "kind": Kind.KIT, "kit": kit}
    return TicketRow(**told | {"severity": Severity.STOPS, "told": "Máy ảnh hỏng", "session": evening.id} | more)


def opened(*rows, at=STOPPED, grants=None, by=BY):
    return operations.open_tickets(tickets=rows, grants=grants, by=by, at=at)


def act(id_, step, **more):
    held = queries.ticket(id_)
    return Act(**{"id": new_id(), "ticket": id_, "version": held.version if held else 1, "step": step} | more)


def moved(by, *rows, at, grants=None):
    return operations.move_tickets(acts=rows, grants=grants, by=by, at=at)
