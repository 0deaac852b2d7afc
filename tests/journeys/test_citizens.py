"""The field notes, one citizen at a time: from being due to the card in the hand, judged by the law of each day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from muster.capture import queries
from muster.capture.moves import Step
from muster.capture.operations import file_online, move_dossiers, receive
from muster.capture.rows import CaptureRecord, DossierMove, Filing
from muster.capture.words import Missing, Place, State
from muster.events import queries as journal
from muster.events.queries import Side
from muster.events.recounting import differences
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.law.cards import CardType
from muster.law.grounds import Ground, Kind
from muster.processing.operations import check_dossiers
from muster.register import queries as register
from muster.register.rows import CardRow
from muster.survey import operations as survey
from muster.survey import queries as surveyed
from muster.survey.rows import CampaignRow
from muster.survey.words import State as CaseState
from tests.capture.conftest import (
    AFTER_2024,
    AN_LAM,
    AT,
    CREW,
    GRANDMOTHER,
    HELPED,
    HOP_TIEN,
    born_since,
    captures,
    intake,
    person,
    taken,
    units,
)  # fmt: skip
from tests.register.conftest import PROVINCE

__all__ = ["units"]

CENTRE = Actor(officer=None, unit=PROVINCE, purpose=Purpose.CHECK, device="journey")


def surveyed_before(at):
    """Open a campaign over the province on the day before, and find everybody who is due."""
    eve = at - timedelta(days=1)
    row = CampaignRow(
        id=new_id(), name=f"{at:%Y}", unit=PROVINCE, starts=eve.date(), ends=at.date() + timedelta(days=60)
    )
    assert not survey.open_campaigns(campaigns=[row], by=CENTRE, at=eve).refused
    survey.survey_campaign(campaign=row.id, by=CENTRE, at=eve)


def case_of(citizen):
    (case,) = surveyed.of_person(citizen.id)
    return case


def checked(dossier, at):
    """Let the centre check a dossier on the morning after; return where it is then."""
    check_dossiers(dossiers=[dossier], by=CENTRE, at=at + timedelta(days=1))
    return queries.states([dossier])[dossier]


def in_the_hand(dossier, at):
    """Print, deliver and hand over the card of an accepted dossier."""
    for days, step in ((10, Step.PRODUCED), (12, Step.ARRIVED), (14, Step.HANDED_OVER)):
        later = at + timedelta(days=days)
        move = DossierMove(dossier=dossier, step=step, at=later)
        assert move_dossiers(moves=[move], by=CENTRE, at=later).done == [dossier]
    assert queries.states([dossier])[dossier].state is State.HANDED_OVER
    assert list(differences()) == []


def life(dossier):
    return [event.move for event in journal.life(dossier)]


WHOLE = ["received", "accepted", "produced", "arrived", "handed_over"]


def test_a_farmer_with_worn_prints_is_due_tried_patiently_and_gets_the_card(units):
    farmer = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", occupation="farmer"))
    surveyed_before(AT)
    assert (case_of(farmer).state, case_of(farmer).ground) == (CaseState.OPEN, Ground.NO_CARD.value)
    worn = {
        code: CaptureRecord(code, tries=5, missing=Missing.WORN) for code in ("rolled_right_thumb", "rolled_left_thumb")
    }
    row = intake(farmer, captures=captures(AT.date(), 46, flat_thumbs=None, **worn))
    receive(intakes=[row], by=CREW, at=AT)
    assert case_of(farmer).state is CaseState.DONE
    held = checked(row.id, AT)
    assert (held.state, held.missing_biometrics, held.fee_vnd) == (State.ACCEPTED, True, 0)
    in_the_hand(row.id, AT)
    assert life(row.id) == WHOLE


def test_a_child_of_eight_with_a_grandmother_is_due_on_request_since_july_2024(units):
    child = taken(person("Trần Minh Khôi", "10/2/2016", number="030216123456"))
    surveyed_before(AFTER_2024)
    assert (case_of(child).obligation, case_of(child).kind) == ("on_request", Kind.FIRST_ISSUE.value)
    row = intake(child, AFTER_2024, age=8, representative=GRANDMOTHER, signed=HELPED)
    assert not receive(intakes=[row], by=CREW, at=AFTER_2024).refused
    held = checked(row.id, AFTER_2024)
    assert (held.state, held.due_on) == (State.ACCEPTED, date(2024, 8, 14))
    in_the_hand(row.id, AFTER_2024)


def test_a_newborn_is_filed_online_numbered_and_never_touched(units):
    newborn = born_since(person("Lê Gia Bảo", "1/6/2024"))
    row = Filing(
        id=new_id(), person=newborn.id, filed_at=AFTER_2024, representative=replace(GRANDMOTHER, relation="mother")
    )
    assert not file_online(filings=[row], by=CREW, at=AFTER_2024).refused
    received = DossierMove(dossier=row.id, step=Step.RECEIVED, at=AFTER_2024 + timedelta(hours=2))
    assert move_dossiers(moves=[received], by=CREW, at=received.at).done == [row.id]
    assert checked(row.id, AFTER_2024).state is State.ACCEPTED
    number = register.states([newborn.id])[newborn.id].number
    assert (number[:6], len(number)) == ("030224", 12)  # Hải Dương, a boy of the 21st century, born in 2024
    in_the_hand(row.id, AFTER_2024)
    assert queries.packets(row.id, sealed=False)[0].captures == []
    assert life(row.id) == ["filed", *WHOLE]


def test_a_worker_registered_elsewhere_is_captured_here_and_credited_there(units):
    worker = taken(
        person("Vũ Thị Hạnh", "1/3/1995", sex=Sex.FEMALE, unit=HOP_TIEN, number="030195123456", occupation="worker")
    )
    row = intake(worker, age=26, place=Place.MOBILE)
    receive(intakes=[row], by=CREW, at=AT)
    received = [("dossier", "received")]
    counts = {
        side: [journal.count(unit=unit, metrics=received, side=side) for unit in (AN_LAM, HOP_TIEN)]
        for side in (Side.DONE, Side.RESIDENCE)
    }
    assert counts == {Side.DONE: [1, 0], Side.RESIDENCE: [0, 1]}
    assert checked(row.id, AT).state is State.ACCEPTED
    in_the_hand(row.id, AT)


def test_a_bedridden_veteran_is_taken_at_home_with_what_can_be_taken(units):
    veteran = taken(person("Phạm Văn Sơn", "1930", number="030030123456"))
    unable = {one.code: replace(one, quality=None, missing=Missing.UNABLE) for one in captures(AT.date(), 90)}
    flat = {code: None for code in unable if code.startswith("flat")}
    got = captures(AT.date(), 90, **{**unable, **flat, "photo": CaptureRecord("photo")})
    row = intake(veteran, captures=got, place=Place.HOME)
    assert not receive(intakes=[row], by=CREW, at=AT).refused
    held = checked(row.id, AT)
    assert (held.state, held.place, held.missing_biometrics) == (State.ACCEPTED, Place.HOME, True)
    in_the_hand(row.id, AT)


def test_a_year_alone_stays_a_year_and_is_due_as_surely_as_it_can_be(units):
    old, maybe = taken(
        person("Lê Thị Mai", "1951", sex=Sex.FEMALE, number="030151123456"),
        person("Lê Văn Tám", "2007", number="030207123456"),  # 13 or 14 on 8 May 2021
    )
    surveyed_before(AT)
    assert (case_of(old).certainty, case_of(maybe).certainty) == ("certain", "possible")
    rows = [intake(old, age=69), intake(maybe, age=14)]
    assert not receive(intakes=rows, by=CREW, at=AT).refused
    assert {line.id: line.birth.iso for line in register.lines([old.id, maybe.id])} == {
        old.id: "1951",
        maybe.id: "2007",
    }


def test_twins_are_not_one_person_because_they_are_alike(units):
    twins = taken(
        person("Trần Minh Anh", "10/2/2016", sex=Sex.FEMALE, number="030316123456"),
        person("Trần Minh Ánh", "10/2/2016", sex=Sex.FEMALE, number="030316654321"),
    )
    rows = [intake(one, AFTER_2024, age=8, representative=GRANDMOTHER, signed=HELPED) for one in twins]
    assert receive(intakes=rows, by=CREW, at=AFTER_2024).done == [row.id for row in rows]
    held = [checked(row.id, AFTER_2024) for row in rows]
    assert [one.state for one in held] == [State.RECEIVED, State.RECEIVED]  # a person decides; no score refuses
    assert all(one.suspect_duplicate for one in held)


@pytest.mark.parametrize(
    ("day", "kind", "fee"),
    [(AT, Kind.RE_ISSUE, 35_000), (AFTER_2024.replace(year=2025, month=3), Kind.RE_ISSUE, 70_000)],
)
def test_a_lost_card_is_stated_and_costs_what_its_day_says(units, day, kind, fee):
    held = CardRow(type=CardType.CCCD_CHIP, number="030075123456", issued_on=date(2021, 2, 1))
    citizen = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", cards=(held,)))
    alone = receive(intakes=[intake(citizen, day)], by=CREW, at=day)
    assert alone.refused[0].refusal.code == "not_due_now"
    row = intake(citizen, day, stated=frozenset({Ground.LOST}))
    assert not receive(intakes=[row], by=CREW, at=day).refused
    told = checked(row.id, day)
    assert (told.kind, told.fee_vnd, told.state) == (kind, fee, State.ACCEPTED)
    in_the_hand(row.id, day)


def test_what_is_captured_at_ten_past_one_belongs_to_the_evening_and_to_the_new_law(units):
    late = datetime(2024, 7, 1, 1, 10, tzinfo=ZONE)
    farmer = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    without_iris = intake(farmer, late, captures=captures(AT.date(), 49))
    assert "iris_missing" in receive(intakes=[without_iris], by=CREW, at=late).refused[0].refusal.values["faults"]
    row = intake(farmer, late, age=49)
    assert not receive(intakes=[row], by=CREW, at=late).refused
    (event,) = journal.life(row.id)
    assert (event.work_day, queries.states([row.id])[row.id].law_day) == (date(2024, 6, 30), date(2024, 7, 1))
