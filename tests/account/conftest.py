"""Citizens of the register's small province under the decrees of 2022 and 2024, and their accounts."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from muster.account.operations import activate, decide, notify, request_accounts
from muster.account.rows import AccountRequest, Act, Activation, Decision
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.law.cards import CardType
from muster.register.rows import CardRow
from tests.capture.conftest import GRANDMOTHER, born_since  # noqa: F401
from tests.register.conftest import AN_LAM, BY, COUNTRY, HAMLET, HOP_TIEN, person, taken, units  # noqa: F401

ASKED = datetime(2024, 8, 5, 10, tzinfo=ZONE)  # a Monday
TOLD = ASKED + timedelta(days=1)
MACHINE = Actor(officer=None, unit=COUNTRY, purpose=Purpose.ISSUE)
DESK = Actor(officer=BY.officer, unit=AN_LAM, purpose=Purpose.ISSUE)
GOOD_CARD = CardRow(type=CardType.CCCD_CHIP, number="030075123456", issued_on=date(2021, 5, 10))


def citizen(number="030075123456", name="Nguyễn Văn Hoà", born="1/3/1975", *, card=True, **more):
    """Take somebody in; with a card that is good in 2024."""
    cards = (replace(GOOD_CARD, number=number, id=new_id()),) if card else ()
    return taken(person(name, born, number=number, cards=cards, **more))


def request(of, level=2, at=ASKED, **more):
    return AccountRequest(id=new_id(), person=of.id, level=level, at=at, **more)


def asked(of, level=2, **more):
    """Ask for an account; return it."""
    row = request(of, level, **more)
    result = request_accounts(requests=[row], grants=None, by=DESK, at=row.at)
    assert not result.refused, result.refused
    return row.id


def granted(of, level=2, **more):
    """Ask for an account and grant it; return it."""
    account = asked(of, level, **more)
    assert not decide(
        decisions=[Decision(account=account, at=ASKED, approve=True)], grants=None, by=MACHINE, at=ASKED
    ).refused
    return account


def told(of, level=2, **more):
    """Ask for an account, grant it and tell the holder; return it."""
    account = granted(of, level, **more)
    assert not notify(notices=[Act(account=account, at=TOLD)], grants=None, by=MACHINE, at=TOLD).refused
    return account


def live(of, level=2, *, device="phone", at=TOLD, **more):
    """Bring an account all the way to being used; return it."""
    account = told(of, level, **more)
    row = Activation(account=account, at=at, device=device)
    assert not activate(activations=[row], grants=None, by=MACHINE, at=at).refused
    return account


@pytest.fixture
def hoa(units):  # noqa: F811
    return citizen()
