"""Every operation of accounts asks the role, not only the unit."""

import pytest

from muster.account.operations import (
    activate,
    change_device,
    close,
    decide,
    lock,
    notify,
    request_accounts,
    unlock,
)
from muster.account.rows import Act, Activation, Decision, DeviceChange
from muster.account.words import How
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people.rights import Grants
from muster.people.words import Kind, Role
from tests.account.conftest import AN_LAM, ASKED, BY, DESK, HOP_TIEN, TOLD, asked, granted, live, request, told

DESK_LEAD, CHECKER, CREW = Role.DESK_LEAD, Role.CHECKER, Role.CREW


def ask(hoa):
    return lambda **who: request_accounts(requests=[request(hoa)], **who)


def grant(hoa):
    row = Decision(account=asked(hoa), at=ASKED, approve=True)
    return lambda **who: decide(decisions=[row], **who)


def tell(hoa):
    row = Act(account=granted(hoa), at=TOLD)
    return lambda **who: notify(notices=[row], **who)


def help_at_the_desk(hoa):
    row = Activation(account=told(hoa), at=TOLD, device="phone", how=How.PRESENCE)
    return lambda **who: activate(activations=[row], **who)


def help_by_phone(hoa):
    row = Activation(account=told(hoa), at=TOLD, device="phone", how=How.HOTLINE, reason="term_passed")
    return lambda **who: activate(activations=[row], **who)


def another_device(hoa):
    row = DeviceChange(account=live(hoa), at=TOLD, device="new")
    return lambda **who: change_device(changes=[row], **who)


def locked(hoa):
    row = Act(account=live(hoa), at=TOLD, reason="citizen_asked")
    return lambda **who: lock(locks=[row], **who)


def unlocked(hoa):
    account = live(hoa)
    assert not lock(
        locks=[Act(account=account, at=TOLD, reason="citizen_asked")], grants=None, by=DESK, at=TOLD
    ).refused
    return lambda **who: unlock(unlocks=[Act(account=account, at=TOLD)], **who)


def closed(hoa):
    row = Act(account=live(hoa), at=TOLD, reason="citizen_asked")
    return lambda **who: close(closings=[row], **who)


MAY = {
    ask: {CREW, DESK_LEAD}, grant: {DESK_LEAD}, tell: {DESK_LEAD}, help_at_the_desk: {CREW, DESK_LEAD},
    help_by_phone: {DESK_LEAD}, another_device: {CREW, DESK_LEAD}, locked: {DESK_LEAD}, unlocked: {DESK_LEAD},
    closed: {DESK_LEAD},
}  # fmt: skip


def grants(role, unit=AN_LAM, officer=BY.officer):
    return Grants(officer, Kind.OFFICER, AN_LAM, ((role, unit),))


def who(purpose=Purpose.ISSUE):
    return Actor(officer=BY.officer, unit=AN_LAM, purpose=purpose)


@pytest.mark.parametrize("act", MAY, ids=lambda act: act.__name__)
def test_only_the_roles_of_the_table_do_it_and_only_there_and_for_this(hoa, act):
    do = act(hoa)
    refused = [
        *(do(grants=grants(role), by=who(), at=TOLD) for role in set(Role) - MAY[act]),
        *(do(grants=grants(role, HOP_TIEN), by=who(), at=TOLD) for role in MAY[act]),
        *(do(grants=grants(role), by=who(Purpose.COMMAND), at=TOLD) for role in MAY[act]),
        *(do(grants=grants(role, officer=new_id()), by=who(), at=TOLD) for role in MAY[act]),
    ]
    assert {row.refusal.code for result in refused for row in result.refused} == {"not_allowed"}
    assert [len(result.refused) for result in refused] == [1] * len(refused)
    assert not do(grants=grants(min(MAY[act])), by=who(), at=TOLD).refused


def test_a_checker_decides_and_locks_for_checks(hoa):
    row = Decision(account=asked(hoa), at=ASKED, approve=True)
    assert not decide(decisions=[row], grants=grants(CHECKER), by=who(Purpose.CHECK), at=ASKED).refused
