"""Dossiers of the register's small province, two checkers at its centre, and what they do."""

from datetime import timedelta

import pytest

from muster.capture.operations import receive
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people.models import Assignment, Officer
from muster.people.words import Kind, Role
from muster.processing import queries
from tests.capture.conftest import AT, CREW, captures, intake, person, taken  # noqa: F401
from tests.register.conftest import AN_LAM, BY, HAMLET, HOP_TIEN, PROVINCE, units  # noqa: F401

LATER = AT + timedelta(hours=1)
MACHINE = Actor(officer=None, unit=PROVINCE, purpose=Purpose.CHECK)


def checker(name):
    officer = Officer.objects.create(
        username=name,
        full_name=name,
        name_sort=name,
        kind=Kind.OFFICER.value,
        unit_id=PROVINCE,
        added_at=AT,
        confirmed_at=AT,
    )
    Assignment.objects.create(
        officer=officer,
        kind=Kind.OFFICER.value,
        role=Role.CHECKER.value,
        unit_id=PROVINCE,
        valid_from=AT - timedelta(1),
    )
    return Actor(officer=officer.id, unit=PROVINCE, purpose=Purpose.CHECK)


@pytest.fixture
def tam(units):  # noqa: F811
    return checker("tam")


@pytest.fixture
def lan(units):  # noqa: F811
    return checker("lan")


def received(citizen, *, at=AT, **more):
    """Take a citizen in; return the dossier."""
    row = intake(citizen, at, id=new_id(), **more)
    result = receive(intakes=[row], by=CREW, at=at)
    assert not result.refused, result.refused
    return row.id


def codes(dossier):
    return [(one.code.value, one.field) for one in queries.open_findings([dossier]).get(dossier, [])]
