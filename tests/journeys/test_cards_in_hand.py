"""Citizens of the field notes to the end: the card in the hand and the account in use, by tables written by hand."""

from datetime import date, datetime, timedelta

import pytest

from muster.account import queries as accounts
from muster.account.operations import activate, decide, notify, request_with_dossiers
from muster.account.rows import Act, Activation, Decision
from muster.account.words import How
from muster.account.words import State as AccountState
from muster.capture.operations import receive
from muster.card import queries as cards
from muster.card.data import qr_text, zone
from muster.card.operations import hand_over, mark_undelivered, record_prints, uncollected_since
from muster.card.rows import NotDelivered, PrintResult
from muster.card.words import OldCard, Reject, State, Undelivered
from muster.events.recounting import differences
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.law.cards import CardType
from muster.law.grounds import Ground
from muster.law.handover import IdentityCheck, TakerGround
from muster.register.queries import person_page
from muster.register.rows import CardRow
from tests.account.conftest import MACHINE
from tests.card.conftest import (
    AFTER_2024,
    AN_LAM,
    AT,
    CENTRE,
    CREW,
    DESK,
    GRANDMOTHER,
    HELPED,
    HOUR,
    accepted,
    arrived,
    dossier_state,
    handed,
    handing,
    intake,
    line,
    made,
    person,
    refusals,
    taken,
    units,
)  # fmt: skip

__all__ = ["units"]

DAY = timedelta(days=1)
IN_2023 = datetime(2023, 3, 6, 10, tzinfo=ZONE)  # a Monday under Decree 59/2022
MINOR = {"ground": TakerGround.MINOR, "taker": GRANDMOTHER, "check": IdentityCheck.PAPER}
# who, born, number, taken in, age, what the desk adds - card type, last day (none: for life), told by the notes
CITIZENS = {
    "farmer": ("1/3/1975", "030075123456", AT, 46, {}, CardType.CCCD_CHIP, date(2035, 3, 1)),
    "worker": ("1/3/1995", "030095123456", IN_2023, 28, {}, CardType.CCCD_CHIP, date(2035, 3, 1)),
    "child": (
        "10/2/2016", "030216123456", AFTER_2024, 8,
        {"signed": HELPED, "representative": GRANDMOTHER, "stated": frozenset({Ground.ON_REQUEST})},
        CardType.CAN_CUOC, date(2030, 2, 10),
    ),
    "veteran": ("5/5/1930", "030030123456", AFTER_2024, 94, {}, CardType.CAN_CUOC, None),
    "nearly_forty": ("1/3/1982", "030082123456", datetime(2021, 5, 8, 9, tzinfo=ZONE), 39, {}, CardType.CCCD_CHIP,
                     date(2042, 3, 1)),  # within two years before 40: good until 60
}  # fmt: skip


def born(who):
    day, number, *_ = CITIZENS[who]
    return taken(person("Nguyễn Văn Hoà", day, number=number))


def at_the_desk(who, **more):
    """Bring a citizen to a card that lies at the desk; return citizen, dossier, card and day."""
    _, _, at, age, told, *_ = CITIZENS[who]
    citizen = born(who)
    dossier = accepted(citizen, at=at, age=age, **told, **more)
    (card,) = arrived(*made(dossier, at=at), at=at)
    return citizen, dossier, card, at


def card_of_register(citizen):
    page = person_page(citizen.id, allowed=frozenset())
    return [(one.type, one.expires_on, one.ended) for one in page.cards]


def printed_on(card):
    (data,) = cards.printed_on([card])
    return data


@pytest.mark.parametrize("who", CITIZENS)
def test_each_gets_the_card_of_the_day_for_as_long_as_the_day_says(units, who):
    *_, kind, last = CITIZENS[who]
    citizen, dossier, card, at = at_the_desk(who)
    handed(card, at + HOUR, **(MINOR if who == "child" else {}))
    assert card_of_register(citizen) == [(kind.value, last, "")]
    assert (line(card).state, dossier_state(dossier)) == (State.HANDED_OVER, "handed_over")
    assert list(differences()) == []


def test_what_stands_on_the_farmers_card_was_worked_by_hand(units):
    *_, card, _ = at_the_desk("farmer")
    data = printed_on(card)
    # 075123456: 91; 030075123456: 100; 750301: 86; 350301: 58; composite 340: each by the weights 7, 3, 1, modulo 10
    assert zone(data) == (
        "IDVNM0751234561030075123456<<0", "7503016M3503018VNM<<<<<<<<<<<0", "NGUYEN<<VAN<HOA<<<<<<<<<<<<<<<",
    )  # fmt: skip
    assert qr_text(data) == f"030075123456||Nguyễn Văn Hoà|01031975|Nam|{data.residence}|08052021"
    assert data.residence.endswith("An Lâm, Nam Sách, Hải Dương")


def test_a_childs_card_goes_to_the_grandmother_alone(units):
    _, _, card, at = at_the_desk("child")
    assert refusals(hand_over(rows=[handing(card, at)], grants=None, by=DESK, at=at)) == [(0, "may_not_take")]
    handed(card, at, **MINOR)
    assert line(card).ground == "minor"


def account_of(dossier, at):
    """Ask for the account of a dossier and have it granted and told the next day; return it."""
    (account,) = request_with_dossiers(dossiers=[dossier], grants=None, by=MACHINE, at=at).done
    assert decide(decisions=[Decision(account=account, at=at, approve=True)], grants=None, by=MACHINE, at=at).done == [
        account
    ]
    assert notify(notices=[Act(account=account, at=at + DAY)], grants=None, by=MACHINE, at=at + DAY).done == [account]
    return account


@pytest.mark.parametrize(
    ("who", "level", "decided", "alone"),
    [
        ("worker", 2, date(2023, 3, 15), date(2023, 3, 14)),  # no card yet: 7 working days; told on 7 March, 7 days
        ("child", 1, date(2024, 8, 14), date(2024, 8, 13)),
        ("veteran", 2, date(2024, 8, 14), date(2024, 8, 13)),
    ],
)
def test_an_account_asked_for_with_the_card_is_used_within_its_days(units, who, level, decided, alone):
    _, dossier, card, at = at_the_desk(who, account_level=level)
    account = account_of(dossier, at)
    handed(card, at + HOUR, **(MINOR if who == "child" else {}))
    held = accounts.states([account])[account]
    assert (held.level, held.decide_by, held.activate_by) == (level, decided, alone)
    used = datetime.combine(alone, at.timetz())
    row = Activation(account=account, at=used, device=who)
    assert activate(activations=[row], grants=None, by=MACHINE, at=used).done == [account]
    assert accounts.states([account])[account].state is AccountState.ACTIVATED


def test_after_seven_days_only_the_hotline_helps(units):
    _, dossier, _, at = at_the_desk("veteran", account_level=2)
    account = account_of(dossier, at)
    late = at + 9 * DAY
    alone = activate(
        activations=[Activation(account=account, at=late, device="phone")], grants=None, by=MACHINE, at=late
    )
    assert [row.refusal.code for row in alone.refused] == ["needs_hotline"]
    helped = Activation(account=account, at=late, device="phone", how=How.HOTLINE, reason="term_passed")
    assert activate(activations=[helped], grants=None, by=DESK, at=late).done == [account]


def test_there_is_no_account_before_october_2022(units):
    row = intake(born("farmer"), account_level=2)
    taken_in = receive(intakes=[row], by=CREW, at=AT)
    asked = request_with_dossiers(dossiers=[row.id], grants=None, by=MACHINE, at=AT)
    assert len(taken_in.refused) + len(asked.refused) > 0
    assert asked.done == []


def test_a_rejected_print_is_made_again_and_is_another_card(units):
    dossier = accepted(born("farmer"))
    (bad,) = made(dossier)
    told = PrintResult(card=bad, at=AT, rejected=Reject.BLURRED)
    assert record_prints(prints=[told], grants=None, by=CENTRE, at=AT).done == [bad]
    assert (line(bad).state, dossier_state(dossier)) == (State.REJECTED, "accepted")
    (good,) = arrived(*made(dossier, at=AT + DAY), at=AT + DAY)
    assert good != bad
    handed(good, AT + DAY)
    assert dossier_state(dossier) == "handed_over"


def test_a_card_nobody_fetches_is_listed_after_thirty_days(units):
    _, _, card, at = at_the_desk("farmer")
    told = NotDelivered(card=card, at=at + 10 * DAY, reason=Undelivered.DOES_NOT_COME)
    assert mark_undelivered(rows=[told], grants=None, by=DESK, at=told.at).done == [card]
    listed = {
        days: [one.id for one in cards.uncollected(AN_LAM, uncollected_since(at + days * DAY), limit=9)]
        for days in (30, 31)
    }
    assert listed == {30: [], 31: [card]}


def test_a_lost_card_ends_in_the_register_when_the_next_is_in_the_hand(units):
    lost = CardRow(id=new_id(), type=CardType.CCCD_CHIP, number="030075123456", issued_on=date(2021, 2, 1))
    citizen = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", cards=(lost,)))
    (card,) = arrived(*made(accepted(citizen, stated=frozenset({Ground.LOST}))))
    handed(card, old_card=OldCard.LOST)
    assert card_of_register(citizen) == [("cccd_chip", date(2035, 3, 1), ""), ("cccd_chip", None, "replaced")]
