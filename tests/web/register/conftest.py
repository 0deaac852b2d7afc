"""A district with two communes, officers of every role who sign in by one click, and one family to look at."""

from datetime import date

import pytest
from django.db.models import F
from django.test import Client

from muster.kernel.numbers import Sex
from muster.law.cards import CardType
from muster.people.models import Assignment, Officer
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.register.rows import CardRow
from muster.register.sensitive import Sensitive
from muster.register.words import Relation
from tests.people.factories import SYSTEM, assignment, officer
from tests.register.conftest import AN_LAM, AT, BY, HOP_TIEN, family, person, units
from tests.web.accounts.conftest import at, browser, clock

__all__ = ["browser", "clock", "units"]


@pytest.fixture(autouse=True)
def demo(units, clock):
    """Return the officers of An Lâm by role."""
    return make_demo_officers(units=dict.fromkeys(Role, AN_LAM), by=SYSTEM, at=at(9))


def transfer(role: str, unit: int) -> None:
    """End what the officer of a role holds, and give it at another unit."""
    one = Officer.objects.get(username=f"demo.{role}")
    Assignment.objects.filter(officer=one).update(valid_to=F("valid_from"))
    assignment(one, role, unit_id=unit)


def elsewhere(role: str) -> Client:
    """Return a browser of somebody with the role in the other commune."""
    transfer(role, HOP_TIEN)
    return browser(role)


def works_for(client: Client, purpose: str) -> Client:
    assert client.post("/register/purpose/", {"purpose": purpose}).status_code == 302
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def second(username: str, role: str) -> Officer:
    """Return one more officer with a role in An Lâm."""
    one = officer(username, unit_id=AN_LAM)
    assignment(one, role)
    return one


@pytest.fixture
def hoa(units):
    """Return the head of a family of two, with a number, an old number, a card, and sensitive fields."""
    from muster.register.operations import take_in

    head = person(
        "Nguyễn Văn Hoà", "1/3/1975", number="030075123456", old_numbers=("141234567",),
        cards=(CardRow(type=CardType.CMND_9, number="141234567", issued_on=date(2010, 1, 5), issued_by="CA tỉnh"),),
        sensitive=Sensitive(phone="0551234567", religion="Phật giáo", address="Ngõ 3"),
    )  # fmt: skip
    wife = person("Trần Thị Lan", "1977", sex=Sex.FEMALE, household=head.household, relation=Relation.SPOUSE)
    households, persons = family(head, wife)
    assert not take_in(households=households, persons=persons, by=BY, at=AT).refused
    return head
