from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from muster.account import queries
from muster.account.models import Account, Device
from muster.account.moves import MOVES, Step, WrongState, after
from muster.account.operations import activate, change_device, close, decide, lock, notify, unlock
from muster.account.rows import Act, Activation, Decision, DeviceChange
from muster.account.words import OVER, How, State
from muster.capture.moves import Step as DossierStep
from muster.capture.operations import move_dossiers, receive, set_flags
from muster.capture.rows import DossierMove
from muster.events import queries as journal
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.law.eid import alarm_rule
from muster.law.grounds import Ground
from muster.register.models import Person
from muster.register.operations import end_cards
from muster.register.words import CardEnd
from tests.account.conftest import (
    AN_LAM,
    ASKED,
    DESK,
    HOP_TIEN,
    MACHINE,
    TOLD,
    asked,
    citizen,
    granted,
    live,
    told,
)
from tests.capture.conftest import CREW, intake
from tests.register.conftest import PROVINCE


def state(account):
    return queries.states([account])[account].state.value


def codes(result):
    return [one.refusal.code for one in result.refused]


def test_every_state_is_reached_and_only_the_last_ones_end():
    assert {way.end for way in MOVES.values()} == set(State)
    leads = {start for way in MOVES.values() for start in way.start if start}
    assert set(State) - leads == set(OVER)
    with pytest.raises(WrongState):
        after(State.CLOSED, Step.UNLOCKED)


def test_an_account_goes_the_whole_way_and_granted_and_activated_are_two_counts(hoa):
    account = told(hoa)
    held = queries.states([account])[account]
    assert (held.state, held.activate_by) == (State.NOTIFIED, date(2024, 8, 13))
    row = Activation(account=account, at=TOLD, device="phone")
    assert activate(activations=[row], grants=None, by=MACHINE, at=TOLD).done == [account]
    lock(locks=[Act(account=account, at=TOLD, reason="device_lost")], grants=None, by=DESK, at=TOLD)
    unlock(unlocks=[Act(account=account, at=TOLD)], grants=None, by=DESK, at=TOLD)
    change_device(changes=[DeviceChange(account=account, at=TOLD, device="tablet")], grants=None, by=MACHINE, at=TOLD)
    close(closings=[Act(account=account, at=TOLD, reason="citizen_asked")], grants=None, by=DESK, at=TOLD)
    assert [(event.kind, event.move, event.reason) for event in journal.life(account)] == [
        ("account_2", "requested", ""), ("account_2", "approved", ""), ("account_2", "notified", ""),
        ("account_2", "activated", "own"), ("account_2", "locked", "device_lost"), ("account_2", "unlocked", ""),
        ("account_2", "device_changed", ""), ("account_2", "closed", "citizen_asked"),
    ]  # fmt: skip
    count = {
        move: journal.count(unit=AN_LAM, side=journal.Side.RESIDENCE, metrics=[("account_2", move)])
        for move in ("approved", "activated")
    }
    assert count == {"approved": 1, "activated": 1}


def test_level_2_wants_a_good_card_or_an_accepted_dossier(units):
    bare = citizen(card=False)
    account = asked(bare)
    row = Decision(account=account, at=ASKED, approve=True)
    assert codes(decide(decisions=[row], grants=None, by=MACHINE, at=ASKED)) == ["card_missing"]
    dossier = intake(bare, ASKED, age=49)
    assert not receive(intakes=[dossier], by=CREW, at=ASKED).refused
    assert codes(decide(decisions=[row], grants=None, by=MACHINE, at=ASKED)) == ["card_missing"]
    accepted = DossierMove(dossier=dossier.id, step=DossierStep.ACCEPTED, at=ASKED)
    assert not move_dossiers(moves=[accepted], by=CREW, at=ASKED).refused
    assert decide(decisions=[row], grants=None, by=MACHINE, at=ASKED).done == [account]
    assert state(account) == "approved"


def test_level_1_wants_a_card_only_since_the_decree_of_2024(units):
    early, late = citizen(card=False), citizen("030075123457", card=False)
    before = datetime(2023, 5, 8, 10, tzinfo=ZONE)
    for one, at, refused in ((early, before, []), (late, ASKED, ["card_missing"])):
        row = Decision(account=asked(one, 1, at=at), at=at, approve=True)
        assert codes(decide(decisions=[row], grants=None, by=MACHINE, at=at)) == refused


def test_a_card_that_was_ended_is_none(hoa):
    early = asked(hoa)
    end_cards(cards=[hoa.cards[0].id], why=CardEnd.TAKEN_BACK, on=ASKED.date(), by=DESK, at=ASKED)
    row = Decision(account=early, at=ASKED, approve=True)
    assert codes(decide(decisions=[row], grants=None, by=DESK, at=ASKED)) == ["card_missing"]


def test_a_person_rejects_with_a_reason_and_the_machine_rejects_nobody(hoa):
    account = asked(hoa)
    bare = Decision(account=account, at=ASKED, approve=False)
    rejected = replace(bare, reason="data_differs")
    assert codes(decide(decisions=[bare], grants=None, by=DESK, at=ASKED)) == ["account_reason"]
    assert codes(decide(decisions=[rejected], grants=None, by=MACHINE, at=ASKED)) == ["account_person_decides"]
    assert decide(decisions=[rejected], grants=None, by=DESK, at=ASKED).done == [account]
    held = queries.states([account])[account]
    assert (held.state, held.reason, held.decided_by) == (State.REJECTED, "data_differs", DESK.officer)


def test_what_stands_against_a_request_is_left_to_a_person(hoa):
    account = asked(hoa)
    dossier = intake(hoa, ASKED, age=49, stated=frozenset({Ground.LOST}))
    assert not receive(intakes=[dossier], by=CREW, at=ASKED).refused
    row = Decision(account=account, at=ASKED, approve=True)
    set_flags(flags=[(dossier.id, "suspect_duplicate", True)], by=CREW, at=ASKED)
    assert queries.against([account]) == {account}
    assert queries.to_decide(limit=9) == {}
    assert codes(decide(decisions=[row], grants=None, by=MACHINE, at=ASKED)) == ["account_person_decides"]
    set_flags(flags=[(dossier.id, "suspect_duplicate", False)], by=CREW, at=ASKED)
    assert queries.to_decide(limit=9) == {PROVINCE: [account]}
    assert decide(decisions=[row], grants=None, by=MACHINE, at=ASKED).done == [account]


def test_the_dead_are_granted_nothing(hoa):
    account = asked(hoa)
    Person.objects.filter(id=hoa.id).update(life="dead", died_on="2024-08-05")
    row = Decision(account=account, at=ASKED, approve=True)
    assert codes(decide(decisions=[row], grants=None, by=DESK, at=ASKED)) == ["holder_not_alive"]
    assert queries.to_close("dead", limit=9) == {PROVINCE: [account]}


def test_seven_days_alone_or_beside_an_officer_then_only_the_hotline(units):
    one, two, three = (told(citizen(f"03007512345{n}")) for n in range(3))
    last, late = TOLD + timedelta(days=7), TOLD + timedelta(days=8)
    alone = Activation(account=one, at=late, device="a")
    beside = Activation(account=two, at=late, device="b", how=How.PRESENCE)
    assert codes(activate(activations=[alone], grants=None, by=MACHINE, at=late)) == ["needs_hotline"]
    assert codes(activate(activations=[beside], grants=None, by=DESK, at=late)) == ["needs_hotline"]
    assert activate(activations=[replace(alone, at=last)], grants=None, by=MACHINE, at=last).done == [one]
    assert codes(activate(activations=[replace(beside, at=last)], grants=None, by=MACHINE, at=last)) == [
        "officer_missing"
    ]
    assert activate(activations=[replace(beside, at=last)], grants=None, by=DESK, at=last).done == [two]
    assert queries.states([two])[two].activated_by == DESK.officer
    silent = Activation(account=three, at=late, device="c", how=How.HOTLINE)
    assert codes(activate(activations=[silent], grants=None, by=DESK, at=late)) == ["account_reason"]
    helped = replace(silent, reason="term_passed")
    assert activate(activations=[helped], grants=None, by=DESK, at=late).done == [three]
    held = queries.states([three])[three]
    assert (held.activated_how, held.activated_by, held.reason) == ("hotline", DESK.officer, "term_passed")


def test_the_outreach_list_is_who_was_told_and_has_not_activated(units, django_assert_num_queries):
    early, late = told(citizen("030075123451", "Lê Văn Ba")), told(citizen("030075123452", "Lê Văn An"))
    live(citizen("030075123453"))
    with django_assert_num_queries(1):
        assert queries.not_activated([AN_LAM], date(2024, 8, 13), limit=9) == []
    found = queries.not_activated([AN_LAM], date(2024, 8, 14), limit=9)
    assert [one.id for one in found] == [late, early]
    assert queries.how_many_not_activated([AN_LAM], date(2024, 8, 14)) == 2
    assert queries.not_activated([HOP_TIEN], date(2024, 8, 14), limit=9) == []
    assert len(queries.waiting([AN_LAM], {State.ACTIVATED}, limit=9)) == 1


def test_one_device_at_a_time_kept_as_a_keyed_hash(hoa):
    account = live(hoa, device="IMEI 35-1234")
    kept = queries.states([account])[account].device
    assert (len(kept), b"IMEI" in kept) == (16, False)
    same = DeviceChange(account=account, at=TOLD, device=" IMEI 35-1234 ")
    assert codes(change_device(changes=[same], grants=None, by=MACHINE, at=TOLD)) == ["same_device"]
    assert codes(change_device(changes=[replace(same, device=" ")], grants=None, by=MACHINE, at=TOLD)) == [
        "device_missing"
    ]
    other = replace(same, device="new", at=TOLD + timedelta(hours=1))
    assert change_device(changes=[other], grants=None, by=MACHINE, at=other.at).done == [account]
    assert queries.states([account])[account].device != kept
    assert Device.objects.filter(account=account).count() == 2


def test_activating_level_2_closes_level_1(hoa):
    lower = live(hoa, 1)
    higher = live(hoa, 2)
    held = queries.states([lower, higher])
    assert (held[lower].state, held[lower].reason, held[higher].state) == (State.CLOSED, "raised", State.ACTIVATED)
    assert Device.objects.filter(account=lower, until__isnull=True).count() == 0


def test_both_levels_activated_in_one_batch_leave_the_higher(hoa):
    rows = [Activation(account=told(hoa, level), at=TOLD, device="phone") for level in (1, 2)]
    assert not activate(activations=rows, grants=None, by=MACHINE, at=TOLD).refused
    lower = queries.states([rows[0].account])[rows[0].account]
    assert (lower.state, lower.reason, lower.device, lower.version) == (State.CLOSED, "raised", None, 5)
    assert [event.move for event in journal.life(lower.id)][-2:] == ["activated", "closed"]


def test_nobody_says_raised_by_hand(hoa):
    row = Act(account=live(hoa), at=TOLD, reason="raised")
    assert codes(close(closings=[row], grants=None, by=DESK, at=TOLD)) == ["account_reason"]


def test_a_batch_sent_again_changes_nothing_and_bad_rows_stand_alone(units):
    one, two = granted(citizen("030075123451")), granted(citizen("030075123452"))
    rows = [Act(account=one, at=TOLD), Act(account=new_id(), at=TOLD), Act(account=one, at=TOLD),
            Act(account=two, at=TOLD, reason="because")]  # fmt: skip
    result = notify(notices=rows, grants=None, by=MACHINE, at=TOLD)
    assert [(row.index, row.refusal.code) for row in result.refused] == [
        (1, "unknown_account"), (2, "changed_meanwhile"), (3, "account_reason")
    ]  # fmt: skip
    assert notify(notices=rows[:1], grants=None, by=MACHINE, at=TOLD + timedelta(hours=1)).done == [one]
    assert (state(one), queries.states([one])[one].version, state(two)) == ("notified", 3, "approved")
    elsewhere = replace(DESK, unit=HOP_TIEN)
    assert codes(notify(notices=[Act(account=two, at=TOLD)], grants=None, by=elsewhere, at=TOLD)) == ["outside_unit"]
    assert codes(lock(locks=[Act(account=one, at=TOLD, reason="suspicion")], grants=None, by=DESK, at=TOLD)) == [
        "account_wrong_state"
    ]


def test_alarms_on_a_device_with_many_accounts_and_on_an_officer_in_a_hurry(units):
    people = [citizen(f"0300751234{n:02}") for n in range(6)]
    accounts = [told(one) for one in people]
    rows = [Activation(account=one, at=TOLD, device="shop", how=How.PRESENCE) for one in accounts]
    activate(activations=rows[:5], grants=None, by=DESK, at=TOLD)
    assert queries.device_alarms([AN_LAM], TOLD) == []
    activate(activations=rows[5:], grants=None, by=DESK, at=TOLD)
    (alarm,) = queries.device_alarms([AN_LAM], TOLD)
    assert (alarm.accounts, alarm.last, len(alarm.device)) == (6, TOLD, 8)
    assert queries.device_alarms([AN_LAM], TOLD + timedelta(days=31)) == []
    assert queries.officer_alarms([AN_LAM], TOLD) == []
    hurried = replace(alarm_rule(TOLD.date()), activations_of_officer_an_hour=5)
    (officer,) = queries.officer_alarms([AN_LAM], TOLD, rule=hurried)
    assert (officer.officer, officer.hour, officer.accounts) == (DESK.officer, TOLD, 6)
    assert queries.officer_alarms([HOP_TIEN], TOLD, rule=hurried) == []
    assert queries.device_alarms([HOP_TIEN], TOLD) == []
    assert {queries.states([one])[one].state for one in accounts} == {State.ACTIVATED}  # nobody is locked by it


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"level": 3}, "account_account_level"),
        ({"state": "sold"}, "account_account_state"),
        ({"channel": "post"}, "account_account_channel"),
        ({"channel": "online"}, "account_account_level_2_in_person"),
        ({"state": "closed"}, "account_account_stopped_for_a_reason"),
        ({"state": "notified", "notified_at": None}, "account_account_notified"),
        ({"state": "activated", "device": None}, "account_account_activated_on_a_device"),
        ({"activated_how": "presence"}, "account_account_help_has_an_officer"),
    ],
)
def test_the_database_itself_refuses(hoa, change, guard):
    account = live(hoa)
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        Account.objects.filter(id=account).update(**change)


def test_a_person_has_one_account_of_a_level(hoa):
    row = Account.objects.get(id=live(hoa))
    row.id = new_id()
    with pytest.raises(IntegrityError, match="account_account_one_of_a_level"), transaction.atomic():
        row.save(force_insert=True)
