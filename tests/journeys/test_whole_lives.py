"""The field notes to the end: surveyed, booked, taken, checked, numbered, printed, handed over; the account in use."""

from datetime import date, timedelta

import pytest
from django.test import Client

from muster.account.operations import request_with_dossiers
from muster.account.words import State as AccountState
from muster.audit.verification import verify
from muster.capture.words import Place, State
from muster.card.words import OldCard
from muster.events import queries as journal
from muster.events.queries import Side
from muster.events.recounting import differences
from muster.kernel.periods import Period
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.processing import queries as checks
from muster.processing.operations import PairDecision, accept_dossiers, check_dossiers, decide_pairs
from muster.register import queries as register
from muster.survey import queries as surveyed
from muster.survey.words import Group
from muster.survey.words import State as CaseState
from muster.units.models import Unit
from muster.web.frame import real_now
from tests.journeys import citizens
from tests.journeys.life import CENTRE, DAY, PRINTERS, Life
from tests.journeys.pages import Page
from tests.people.factories import SYSTEM
from tests.register.conftest import AN_LAM, HAMLET, PROVINCE
from tests.web.accounts.conftest import browser

WHOLE = ["received", "accepted", "produced", "arrived", "handed_over"]
USED = ["requested", "approved", "notified", "activated"]


def moves(thing):
    return [event.move for event in journal.life(thing)]


def case(life):
    (found,) = surveyed.of_person(life.citizen.id)
    return found.state


def printed_and_used(life: Life, *, used: bool, **handed):
    """Go from the accepted dossier to the end; hold that journal, counters and audit tell the same."""
    life.card_comes()
    life.takes_the_card(**handed)
    assert life.held.state is State.HANDED_OVER
    if used:
        assert life.account_is_used().state is AccountState.ACTIVATED
        assert moves(life.account) == USED
    else:
        assert request_with_dossiers(dossiers=[life.dossier], grants=None, by=PRINTERS, at=life.at).done == []
    assert list(differences()) == []
    assert list(verify()) == []


def test_the_farmer_with_worn_prints(units):
    farmer = citizens.farmer()
    assert farmer.is_surveyed().state is CaseState.OPEN
    farmer.is_booked(Group.AT_HOME)
    assert farmer.is_taken().missing_biometrics
    assert case(farmer) is CaseState.DONE
    assert farmer.is_checked().state is State.ACCEPTED
    printed_and_used(farmer, used=False)  # there were no accounts before October 2022
    assert moves(farmer.dossier) == WHOLE
    assert moves(farmer.appointment) == ["book", "keep"]


def test_the_child_of_eight_and_the_grandmother(units):
    child = citizens.child()
    assert child.is_surveyed().obligation == "on_request"
    child.is_booked(Group.FROM_6_TO_13)
    child.is_taken()
    assert child.is_checked().state is State.ACCEPTED
    printed_and_used(child, used=True)
    assert moves(child.dossier) == WHOLE


def test_the_newborn_whose_mother_files_online(units):
    newborn = citizens.newborn()
    newborn.is_surveyed()
    newborn.is_filed_online()
    assert newborn.is_checked().state is State.ACCEPTED
    assert register.states([newborn.citizen.id])[newborn.citizen.id].number[:6] == "030224"
    printed_and_used(newborn, used=True)
    assert moves(newborn.dossier) == ["filed", *WHOLE]


def test_the_worker_registered_in_another_province(elsewhere):
    worker = citizens.worker(elsewhere)
    assert worker.is_surveyed() is None  # the campaign is of another province
    worker.is_taken()
    assert worker.is_checked().state is State.ACCEPTED
    printed_and_used(worker, used=True)
    counted = {
        side: [journal.count(unit=unit, metrics=[("dossier", "received")], side=side) for unit in (PROVINCE, 24)]
        for side in (Side.DONE, Side.RESIDENCE)
    }
    assert counted == {Side.DONE: [1, 0], Side.RESIDENCE: [0, 1]}
    assert moves(worker.dossier) == WHOLE


def test_the_veteran_in_bed(units):
    veteran = citizens.veteran()
    veteran.is_surveyed()
    held = veteran.is_taken()
    assert (held.place, held.missing_biometrics) == (Place.HOME, True)
    assert veteran.is_checked().state is State.ACCEPTED
    printed_and_used(veteran, used=True)
    assert moves(veteran.dossier) == WHOLE


def test_the_year_that_stays_a_year(units):
    old = citizens.year_only()
    assert old.is_surveyed().certainty == "certain"
    old.is_booked(Group.AT_HOME)
    old.is_taken()
    assert old.is_checked().state is State.ACCEPTED
    printed_and_used(old, used=False)
    assert register.states([old.citizen.id])[old.citizen.id].birth.iso == "1951"


def test_the_twins_whom_a_person_tells_apart(units, tam):
    twins = [citizens.twin_one(), citizens.twin_other()]
    twins[0].is_surveyed()
    for one in twins:
        one.is_taken()
        assert one.is_checked().state is State.RECEIVED  # no score decides
    (pair,) = checks.pairs_of([twins[0].citizen.id])
    row = PairDecision(pair=pair.id, same=False, why="Sinh đôi, hai giấy khai sinh")
    then = twins[0].at + DAY
    assert decide_pairs(decisions=[row], by=tam, at=then, real=then).done == [pair.id]
    dossiers = [one.dossier for one in twins]
    assert set(check_dossiers(dossiers=dossiers, by=CENTRE, at=then).accepted) == set(dossiers)
    for one in twins:
        printed_and_used(one, used=True)
        assert moves(one.dossier) == WHOLE


@pytest.mark.parametrize(("who", "used"), [("lost_2021", False), ("lost", True)])
def test_the_lost_card(units, who, used):
    loser = citizens.ALONE[who]()
    assert loser.is_surveyed() is None  # the register knows a good card
    loser.is_taken()
    assert loser.is_checked().state is State.ACCEPTED
    printed_and_used(loser, used=used, old_card=OldCard.LOST)
    page = register.person_page(loser.citizen.id, allowed=frozenset())
    assert sorted(one.ended for one in page.cards) == ["", "replaced"]


def test_the_corrected_sex_and_the_new_number(units, tam, lan):
    man = citizens.wrongly_female()
    number = citizens.corrected(man, tam, lan)
    assert number[:6] == "030085"
    assert man.is_surveyed().state is CaseState.OPEN
    man.is_booked(Group.UNKNOWN)
    man.is_taken()
    found = man.is_checked()
    if found.state is State.RECEIVED:  # a person looks at what differs
        assert accept_dossiers(dossiers=[man.dossier], by=tam, at=man.at + DAY).done == [man.dossier]
    printed_and_used(man, used=True, old_card=OldCard.TAKEN_AT_INTAKE)
    page = register.person_page(man.citizen.id, allowed=frozenset())
    assert [(one.number, one.reason) for one in page.numbers] == [("030185123456", "sex"), (number, "")]
    assert {one.number for one in page.cards if not one.ended} == {number}


def test_ten_past_one_belongs_to_the_evening_in_every_count(units):
    late = citizens.late_night()
    late.is_surveyed()
    late.is_booked(Group.AT_HOME)
    late.is_taken()
    for side, unit in ((Side.DONE, AN_LAM), (Side.RESIDENCE, HAMLET), (Side.RESIDENCE, PROVINCE)):
        asked = {"unit": unit, "metrics": [("dossier", "received")], "side": side}
        (row,) = journal.series(**asked)
        assert (row.work_day, row.n) == (date(2024, 6, 30), 1)
        days = [Period(day, day + timedelta(days=1)) for day in (date(2024, 6, 30), date(2024, 7, 1))]
        assert [journal.count(days=day, **asked) for day in days] == [1, 0]
        known = [late.at - timedelta(seconds=1), late.at]
        assert [journal.count(known_at=moment, **asked) for moment in known] == [0, 1]
    make_demo_officers(units={Role.COMMANDER: Unit.objects.get(id=PROVINCE).id}, by=SYSTEM, at=real_now())
    pages = [_counted(browser("commander"), day) for day in ("30/06/2024", "01/07/2024")]
    assert pages == ["1", "0"]
    assert late.is_checked().state is State.ACCEPTED
    printed_and_used(late, used=True)


def _counted(client: Client, day: str) -> str:
    page = client.get(f"/counts/?metric=dossier.received&side=unit_done&first={day}&last={day}")
    return Page(page).tiles[0].figure
