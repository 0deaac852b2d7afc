"""A rehearsal in two processes, one of them killed in the middle: on committed rows."""

import multiprocessing
from dataclasses import replace
from fractions import Fraction

import pytest
from django.db import connection, transaction

from muster.events.recounting import differences
from muster.kernel.ids import new_id
from muster.rehearsal import surveyed
from muster.rehearsal.campaign.rehearsing import play, settle, surveyed_unit
from muster.rehearsal.crew import WorkerFailed
from muster.rehearsal.demo import SYSTEM
from muster.units.operations import load_reference
from tests.rehearsal.campaign.test_rehearsing import UNTIL, WHAT, state

TWO = replace(WHAT, scale=Fraction(1, 500), districts=frozenset({"299", "300"}), workers=2)
KILLED_AT = 41  # of the 72 days of both districts

pytestmark = pytest.mark.django_db(transaction=True)


def silent(*_):
    """Tell nothing."""


RULES = {"hours_a_day": 12, "rest_hours": 12, "pause_minutes": 60, "days_in_a_row": 6, "overbook": 176}
RULE = """
    INSERT INTO plan_rule (id, name, number, valid_from, value, measure, source, assumed, reason)
    VALUES (%s, %s, 1, '2016-01-01', %s, 'as a migration wrote it', 'as a migration wrote it', true, '')
"""


def lay_down_the_rules():
    """Write the plan's rules again, which the tests before this one have emptied with all tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM plan_rule")
        there = {name for (name,) in cursor.fetchall()}
        for name, value in RULES.items():
            if name not in there:
                cursor.execute(RULE, [new_id(), name, value])


def test_killed_in_the_middle_it_goes_on_to_the_state_of_an_unbroken_run():
    lay_down_the_rules()
    load_reference(by=SYSTEM, at=UNTIL)
    settle(TWO, silent)
    surveyed.survey(TWO, unit=surveyed_unit(TWO), by=SYSTEM, progress=silent)
    with transaction.atomic():
        play(replace(TWO, workers=1), until=UNTIL, progress=silent)
        unbroken = state()
        transaction.set_rollback(True)

    def kill(_, done, __):
        if done == KILLED_AT:
            multiprocessing.active_children()[0].kill()

    with pytest.raises(WorkerFailed, match="killed"):
        play(TWO, until=UNTIL, progress=kill)
    broken = state()
    assert 0 < len(broken[0]) < len(unbroken[0])
    play(TWO, until=UNTIL, progress=silent)
    assert state() == unbroken
    assert list(differences()) == []
    assert multiprocessing.active_children() == []
