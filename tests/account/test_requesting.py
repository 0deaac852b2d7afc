from dataclasses import replace
from datetime import date, datetime

import pytest

from muster.account import queries
from muster.account.models import Account
from muster.account.operations import close, request_accounts, request_with_dossiers
from muster.account.rows import Act
from muster.account.words import Channel, State
from muster.audit import queries as audit
from muster.capture.moves import Step
from muster.capture.operations import move_dossiers, receive
from muster.capture.rows import DossierMove
from muster.events import queries as journal
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.law.capture import Representative
from muster.law.forms import Signer
from muster.law.grounds import Ground
from muster.register.models import Person
from tests.account.conftest import (
    AN_LAM,
    ASKED,
    DESK,
    GRANDMOTHER,
    HAMLET,
    MACHINE,
    asked,
    citizen,
    granted,
    request,
    told,
)
from tests.capture.conftest import CREW, intake

HELPED = frozenset({Signer.REPRESENTATIVE, Signer.OFFICER})


def test_a_request_is_judged_by_its_day_and_counted_by_level(hoa):
    account = asked(hoa)
    held = queries.states([account])[account]
    assert (held.state, held.level, held.channel, held.has_card, held.decide_by, held.unit_residence) == (
        State.REQUESTED, 2, Channel.DESK, True, date(2024, 8, 8), HAMLET,
    )  # fmt: skip
    assert [(event.kind, event.move, event.unit_done, event.unit_residence) for event in journal.life(account)] == [
        ("account_2", "requested", AN_LAM, HAMLET)
    ]
    assert audit.latest(limit=1)[0].action == "account.request"
    assert queries.how_many([AN_LAM]) == {(2, State.REQUESTED): 1}


def test_without_a_card_the_decision_may_take_seven_working_days(units):
    account = asked(citizen(card=False))
    held = queries.states([account])[account]
    assert (held.has_card, held.decide_by) == (False, date(2024, 8, 14))


CASES = """
2022-11-07  13  1  no     # Decree 59/2022: under 14 through a parent's account
2022-11-07  14  2  yes
2022-10-19  30  1  no     # before the decree
2024-08-05   5  2  no     # under six level 1 alone
2024-08-05   5  1  yes
2024-08-05   6  2  yes
2024-08-05  14  2  yes
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_levels_by_day_and_age(units, case):
    on, age, level, offered = case.split("#")[0].split()
    day = date.fromisoformat(on)
    at = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
    year = day.year - int(age)
    number = f"030{2 if year >= 2000 else 0}{year % 100:02}123456"
    one = citizen(number, born=f"{day.day}/{day.month}/{year}", card=False)
    result = request_accounts(requests=[request(one, int(level), at=at, consent=True)], grants=None, by=DESK, at=at)
    assert [row.refusal.code for row in result.refused] == ([] if offered == "yes" else ["level_not_offered"])


def test_a_child_wants_the_representatives_consent_which_is_sealed(units):
    child = citizen("030216123456", "Trần Minh Khôi", "10/2/2016", card=False)
    unsigned = replace(GRANDMOTHER, signed=False)
    for who in (None, unsigned, Representative()):
        result = request_accounts(requests=[request(child, 1, representative=who)], grants=None, by=DESK, at=ASKED)
        assert [row.refusal.code for row in result.refused] == ["consent_missing"]
    account = asked(child, 1, representative=GRANDMOTHER)
    held = queries.states([account])[account]
    assert held.consent
    (sealed,) = Account.objects.filter(id=account).values_list("representative", flat=True)
    assert "Tư".encode() not in bytes(sealed)


def test_bad_requests_are_refused_one_by_one(hoa):
    good = request(hoa, 1)
    rows = [
        good,
        replace(good, id=new_id(), person=new_id()),
        request(hoa, 2, channel=Channel.ONLINE),
        request(hoa, 1),
        replace(good, level=2),
        good,
    ]
    result = request_accounts(requests=rows, grants=None, by=DESK, at=ASKED)
    assert [(row.index, row.refusal.code) for row in result.refused] == [
        (1, "unknown_person"), (2, "in_person_only"), (3, "account_there"), (4, "account_differs"),
    ]  # fmt: skip
    assert result.done == [good.id, good.id]
    again = request_accounts(requests=[good, replace(good, level=2)], grants=None, by=DESK, at=ASKED)
    assert ([row.refusal.code for row in again.refused], again.done) == (["account_differs"], [good.id])
    assert len(queries.of_person(hoa.id)) == 1


def test_the_dead_ask_for_nothing(hoa):
    Person.objects.filter(id=hoa.id).update(life="dead", died_on="2024-07-01")
    result = request_accounts(requests=[request(hoa)], grants=None, by=DESK, at=ASKED)
    assert result.refused[0].refusal.code == "holder_not_alive"


def test_a_higher_level_may_be_asked_for_a_lower_one_not(hoa):
    told(hoa, 1)
    higher = granted(hoa, 2)
    assert (
        request_accounts(requests=[request(hoa, 1)], grants=None, by=DESK, at=ASKED).refused[0].refusal.code
        == "account_there"
    )
    close(closings=[Act(account=higher, at=ASKED, reason="citizen_asked")], grants=None, by=DESK, at=ASKED)
    asked(hoa, 2)


def test_dossiers_bring_their_accounts_once_with_the_consent_of_the_form(hoa):
    child = citizen("030216123456", "Trần Minh Khôi", "10/2/2016", card=False)
    lan = citizen("030075123457", "Lê Văn Lân", card=False)
    rows = [
        intake(lan, ASKED, age=49, account_level=2),
        intake(child, ASKED, age=8, signed=HELPED, representative=GRANDMOTHER, account_level=1),
        intake(hoa, ASKED, age=49, stated=frozenset({Ground.LOST})),
    ]
    assert not receive(intakes=rows, by=CREW, at=ASKED).refused
    ids = [row.id for row in rows]
    waits = {one for found in queries.to_request(limit=9).values() for one in found}
    assert waits == set(ids[:2])
    first = request_with_dossiers(dossiers=ids, grants=None, by=MACHINE, at=ASKED)
    assert not first.refused
    assert request_with_dossiers(dossiers=ids, grants=None, by=MACHINE, at=ASKED) == first
    held = queries.states(first.done)
    assert {(one.dossier, one.level, one.channel, one.consent) for one in held.values()} == {
        (ids[0], 2, Channel.DOSSIER, False), (ids[1], 1, Channel.DOSSIER, True),
    }  # fmt: skip
    assert queries.to_request(limit=9) == {}
    assert queries.against(first.done) == set(first.done)  # their dossiers are not accepted yet


def test_a_dossier_that_is_not_in_brings_no_account(hoa):
    row = intake(hoa, ASKED, age=49, account_level=2, stated=frozenset({Ground.LOST}))
    assert not receive(intakes=[row], by=CREW, at=ASKED).refused
    refused = DossierMove(dossier=row.id, step=Step.REFUSED, at=ASKED, reason="not_due")
    assert not move_dossiers(moves=[refused], by=CREW, at=ASKED).refused
    result = request_with_dossiers(dossiers=[new_id(), row.id], grants=None, by=MACHINE, at=ASKED)
    assert [(one.index, one.refusal.code) for one in result.refused] == [(0, "unknown_dossier"), (1, "dossier_not_in")]
