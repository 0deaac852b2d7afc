"""The whole tree of the country, and people made in it."""

from datetime import date, datetime

import pytest
from django.db import connection, transaction

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.rehearsal.people.making import make
from tests.units.conftest import tree, units

__all__ = ["tree", "units"]

ON = date(2021, 5, 8)
AT = datetime(2021, 5, 8, 9, tzinfo=ZONE)
BY = Actor(officer=None, unit=1, purpose=Purpose.REGISTER)
THANH_MIEN, PEOPLE = "300", 137_537


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def made(unit=THANH_MIEN, scale=0.01, **more):
    return make(unit=unit, **{"scale": scale, "on": ON, "by": BY, "at": AT, **more})


def everything():
    """Return all that a run has written of people, without the serials of their numbers."""
    return {
        "persons": sql(
            "SELECT id, left(number, 6), number_state, name, other_name, birth, sex, unit_id, household_id, relation,"
            " marital, life, occupation, organisation, registered_unit_id, native_unit_id, resident_since, confirmed_at"
            " FROM register_person ORDER BY id"
        ),
        "households": sql("SELECT id, unit_id, head, file_no FROM register_household ORDER BY id"),
        "cards": sql(
            "SELECT id, person_id, type, CASE WHEN type = 'cmnd_9' THEN number ELSE left(number, 6) END, issued_on,"
            " expires_on, issued_by FROM register_card ORDER BY id"
        ),
        "kin": sql("SELECT person_id, kinship, other_id FROM register_kin ORDER BY person_id, kinship"),
        "old": sql("SELECT number, person_id FROM register_old_number ORDER BY 1, 2"),
        "moves": sql(
            "SELECT thing, unit_done, unit_residence, age_band FROM events_event"
            " WHERE unit_residence IS NOT NULL ORDER BY thing"
        ),
        "counts": sql(
            "SELECT unit_done, work_day, age_band, unit_residence, n FROM events_open"
            " JOIN events_metric ON events_metric.id = metric WHERE kind = 'person' ORDER BY 1, 2, 3, 4"
        ),
    }


def run_and_undo(run=made, **more):
    """Make people, return all that was written with hamlets counted from the first, and undo it all."""
    with transaction.atomic():
        run(**more)
        written = everything()
        transaction.set_rollback(True)
    first = min(row[7] for row in written["persons"])  # hamlets get other numbers each time
    places = {"persons": 7, "households": 1, "moves": 2, "counts": 3}
    for table, place in places.items():
        written[table] = [(*row[:place], row[place] - first, *row[place + 1 :]) for row in written[table]]
    return written


@pytest.fixture
def thanh_mien(units):
    """One person in a hundred of Thanh Miện."""
    return made()
