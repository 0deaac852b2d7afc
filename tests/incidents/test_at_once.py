"""The same incident told twice at the same moment, a technician put on duty by two commanders: one each, no error."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connections

from muster.incidents import queries
from muster.incidents.models import Ticket, Turn
from muster.incidents.operations import opening, team
from muster.incidents.rows import TicketRow
from muster.incidents.words import Kind, Severity
from muster.kernel.ids import new_id
from tests.incidents.conftest import PROVINCE, codes, opened, put, turn

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 1.0  # seconds in which both would have come so far, if neither waited for the other


@pytest.fixture
def meeting(monkeypatch):
    """Let both operations meet before they write, if neither waits for the other."""
    both = Barrier(2)

    def hold(room, name):
        asked = getattr(room, name)

        def known(*given):
            with suppress(BrokenBarrierError):
                both.wait(TOGETHER)
            return asked(*given)

        monkeypatch.setattr(room, name, known)

    hold(opening, "Known")
    hold(team, "Known")


def at_once(act, *rows):
    def one(row):
        try:
            return codes(act(row))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, rows))


def told(campaign, kit, **more):
    row = {"id": new_id(), "campaign": campaign, "unit": PROVINCE, "kind": Kind.KIT if kit else Kind.LINE, "kit": kit}
    return TicketRow(**row | {"severity": Severity.STOPS, "told": "Hỏng"} | more)


def test_the_same_ticket_is_opened_once(campaign, meeting):
    row = told(campaign, None)
    assert at_once(opened, row, row) == [[], []]
    assert Ticket.objects.count() == 1


def test_a_second_ticket_for_the_kit_is_refused(campaign, kits, meeting):
    assert at_once(opened, told(campaign, kits[0]), told(campaign, kits[0])) == [[], [(0, "kit_has_ticket")]]
    assert len(queries.queue(PROVINCE)) == 1


def test_a_technician_is_put_on_duty_once(technician, meeting):
    assert at_once(put, turn(technician), turn(technician, id=new_id())) == [[], [(0, "not_a_turn")]]
    assert Turn.objects.count() == 1
