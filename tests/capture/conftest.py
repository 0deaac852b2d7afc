"""People of the register's small province, and what a desk captures of them."""

from datetime import datetime

import pytest

from muster.capture.rows import PHOTO, CaptureRecord, Intake
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.law.capture import Representative, capture_rule
from muster.law.forms import Signer
from muster.register.operations import take_in
from muster.register.rows import HouseholdRow
from tests.register.conftest import AN_LAM, AT, BY, HOP_TIEN, person, taken, units  # noqa: F401

CREW = Actor(officer=BY.officer, unit=AN_LAM, purpose=Purpose.CAPTURE)
AFTER_2024 = datetime(2024, 8, 5, 10, tzinfo=ZONE)
SELF = frozenset({Signer.CITIZEN, Signer.OFFICER})
HELPED = frozenset({Signer.REPRESENTATIVE, Signer.OFFICER})
GRANDMOTHER = Representative(name="Lê Thị Tư", number="030150123456", relation="grandmother", signed=True)


def captures(on, age, **changed):
    """Return everything the law of a day takes at an age; ``code=None`` leaves one out, another value replaces it."""
    rule = capture_rule(on, age)
    found = [CaptureRecord(one.code, 60) for one in rule.prints] + [CaptureRecord(one.code) for one in rule.irises]
    found += [CaptureRecord(PHOTO)] if rule.photo else []
    return tuple(changed.get(one.code, one) for one in found if changed.get(one.code, one) is not None)


def intake(citizen, at=AT, *, age=46, **more):
    told = {"captures": captures(at.date(), age), "signed": SELF, "traits": "Nốt ruồi dưới mắt trái"} | more
    return Intake(id=told.pop("id", None) or new_id(), person=citizen.id, taken_at=at, **told)


def born_since(row):
    """Take in a person who was born after the register's own day of 2021."""
    home = HouseholdRow(id=row.household, unit=row.unit, head=row.id)
    assert not take_in(households=[home], persons=[row], by=BY, at=AFTER_2024).refused
    return row


@pytest.fixture
def farmer(units):  # noqa: F811
    return taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))


@pytest.fixture
def child(units):  # noqa: F811
    return taken(person("Trần Minh Khôi", "10/2/2016", number="030216123456"))


@pytest.fixture
def newborn(units):  # noqa: F811
    return born_since(person("Lê Gia Bảo", "1/6/2024"))
