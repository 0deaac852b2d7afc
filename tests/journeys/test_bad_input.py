"""What is wrong is refused with a code and a sentence, row by row, by operations and by the stations' API alike."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from muster.audit import operations as audit
from muster.capture import queries
from muster.capture.moves import Step
from muster.capture.operations import move_dossiers, receive
from muster.capture.rows import PHOTO, CaptureRecord, DossierMove
from muster.capture.words import State
from muster.events import queries as journal
from muster.events.recounting import differences
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.dates import ImpossibleDate, PartialDate
from muster.kernel.ids import new_id
from muster.law.capture import PRINTS
from muster.people.operations import NewToken, make_tokens
from muster.people.words import Role
from muster.register.operations import take_in
from muster.register.rows import HouseholdRow
from tests.api.test_stations import row as station_row
from tests.api.test_stations import send
from tests.capture.conftest import AFTER_2024, CREW, GRANDMOTHER, HELPED, captures, intake
from tests.people.factories import SYSTEM, assignment, officer
from tests.register.conftest import AN_LAM, AT, BY, HOP_TIEN, person, taken
from tests.web.accounts.conftest import at, clock

__all__ = ["clock"]

RECEIVED = [("dossier", "received")]

pytestmark = pytest.mark.usefixtures("clock", "units")


def refusals(result):
    """Return place and code of each row refused, once it is sure that both sentences say something."""
    for row in result.refused:
        assert row.refusal.text("vi")
        assert row.refusal.text("en")
        assert row.refusal.text("vi") != row.refusal.text("en")
    return [(row.index, row.refusal.code) for row in result.refused]


def answered(told):
    """Return the same of an answer of the API."""
    status, answer = told
    assert status == 200
    for row in answer["refused"]:
        assert row["vi"]
        assert row["en"]
    return [(row["index"], row["code"]) for row in answer["refused"]]


def received():
    return journal.count(unit=1, metrics=RECEIVED)


def token_of(unit, moment=AT):
    """Return the token of a crew at a unit, while the campaign's clock shows a moment."""
    audit.set_clock(clock=PlayedClock(at(9), moment, paused=True), by=SYSTEM, at=at(9))
    one = officer(f"kit.{new_id().hex[-8:]}", unit_id=unit)
    assignment(one, Role.CREW)
    row = NewToken(new_id(), one.id, "kit-017", at(9) + timedelta(days=30))
    ((_, text),) = make_tokens(tokens=[row], by=SYSTEM, at=at(9)).done
    return text


@pytest.fixture
def good(units):
    return taken(person("Nguyễn Văn Hoà", "1/3/1975"))


def test_an_unknown_unit(good):
    lost = replace(person("Lê Văn Mai", "1975"), unit=999)
    home = HouseholdRow(id=lost.household, unit=999, head=lost.id)
    fine = person("Lê Văn Hai", "1975")
    homes = [home, HouseholdRow(id=fine.household, unit=fine.unit, head=fine.id)]
    result = take_in(households=homes, persons=[lost, fine], by=BY, at=AT)
    assert refusals(result) == [(0, "unit_unknown")]
    assert result.done == [fine.id]
    rows = [intake(good, unit=999), intake(fine)]
    taken_in = receive(intakes=rows, by=CREW, at=AT)
    assert (refusals(taken_in), taken_in.done) == ([(0, "unit_unknown")], [rows[1].id])
    told = answered(send(token_of(AN_LAM), "/dossiers", [station_row(good, unit=999), station_row(good)]))
    assert told == [(0, "row_unreadable")]  # a station tells no unit: its token does
    assert received() == 2


@pytest.mark.parametrize("typed", ["29/02/2021", "31/04/1975", "30/02/2020"])
def test_an_impossible_date(good, typed):
    with pytest.raises(ImpossibleDate) as refused:
        PartialDate.parse(typed)
    assert refused.value.code == "impossible_date"
    assert typed.split("/")[0] in refused.value.text("vi")
    other = taken(person("Lê Văn Mai", "1975"))
    rows = [station_row(other, taken_at="2021-02-30T10:00:00+07:00"), station_row(good)]
    assert answered(send(token_of(AN_LAM), "/dossiers", rows)) == [(0, "impossible_moment")]
    assert received() == 1


def test_a_biometric_of_a_four_year_old(good):
    small = taken(person("Lê Gia Bảo", "1/6/2020"))
    fine = intake(good, AFTER_2024, age=49)
    for record in (CaptureRecord(PHOTO), CaptureRecord(PRINTS[0].code, 60), CaptureRecord("left_iris")):
        row = intake(small, AFTER_2024, captures=(record,), representative=GRANDMOTHER, signed=HELPED)
        result = receive(intakes=[row, fine], by=CREW, at=AFTER_2024)
        assert (refusals(result), result.done) == ([(0, "filed_online")], [fine.id])
    rows = [station_row(small, taken_at=AFTER_2024.isoformat())]
    assert answered(send(token_of(AN_LAM, AFTER_2024), "/dossiers", rows)) == [(0, "filed_online")]
    assert queries.of_person(small.id) == []


def test_an_iris_before_july_2024(good):
    early, other = (
        intake(good, captures=(*captures(AT.date(), 46), CaptureRecord("left_iris"))),
        taken(person("Lê Văn Mai", "1975")),
    )
    fine = intake(other)
    result = receive(intakes=[early, fine], by=CREW, at=AT)
    assert (refusals(result), result.done) == ([(0, "capture_faults")], [fine.id])
    assert "iris_not_allowed" in result.refused[0].refusal.values["faults"]
    sent = station_row(good)
    sent["captures"] = [*sent["captures"], {"code": "right_iris"}]
    assert answered(send(token_of(AN_LAM), "/dossiers", [sent])) == [(0, "capture_faults")]
    assert received() == 1


def test_a_dossier_sent_twice(good):
    row = intake(good)
    first, again = (receive(intakes=[row], by=CREW, at=AT) for _ in range(2))
    assert (first.done, again.done, again.refused) == ([row.id], [row.id], [])
    other = taken(person("Lê Văn Mai", "1975"))
    assert refusals(receive(intakes=[row, replace(row, traits="x")], by=CREW, at=AT)) == [(1, "dossier_differs")]
    assert refusals(receive(intakes=[intake(other, id=row.id)], by=CREW, at=AT)) == [(0, "dossier_differs")]
    assert refusals(receive(intakes=[intake(good)], by=CREW, at=AT)) == [(0, "already_on_its_way")]
    token, sent = token_of(AN_LAM), station_row(other)
    assert [send(token, "/dossiers", [sent, sent])[1]["done"] for _ in range(2)] == [[sent["id"]] * 2] * 2
    assert answered(send(token, "/dossiers", [sent, sent | {"traits": "x"}])) == [(1, "dossier_differs")]
    assert answered(send(token, "/dossiers", [sent | {"person": str(good.id)}])) == [(0, "dossier_differs")]
    assert answered(send(token, "/dossiers", [station_row(other)])) == [(0, "already_on_its_way")]
    assert received() == 2
    assert list(differences()) == []


def test_a_move_from_the_wrong_state(good):
    other = taken(person("Lê Văn Mai", "1975"))
    rows = [intake(good), intake(other)]
    receive(intakes=rows, by=CREW, at=AT)
    moves = [
        DossierMove(dossier=rows[0].id, step=Step.HANDED_OVER, at=AT),
        DossierMove(dossier=rows[1].id, step=Step.ACCEPTED, at=AT),
    ]
    result = move_dossiers(moves=moves, by=CREW, at=AT)
    assert (refusals(result), result.done) == ([(0, "wrong_state")], [rows[1].id])
    token = token_of(AN_LAM)
    sent = station_row(taken(person("Lê Văn Ba", "1975")))
    send(token, "/dossiers", [sent])
    mended = sent | {"attempt": 2, "packet": str(new_id())}  # it never came back to be mended
    assert answered(send(token, "/dossiers", [mended])) == [(0, "wrong_state")]
    assert [one.state for one in queries.states([row.id for row in rows]).values()].count(State.ACCEPTED) == 1


def test_an_officer_outside_the_unit(good):
    row, other = intake(good), intake(taken(person("Lê Văn Mai", "1975")), unit=HOP_TIEN)
    result = receive(intakes=[row, other], by=CREW, at=AT)  # An Lâm's crew brings what Hợp Tiến took
    assert (refusals(result), result.done) == ([(1, "outside_unit")], [row.id])
    elsewhere = Actor(officer=BY.officer, unit=HOP_TIEN, purpose=Purpose.CHECK)
    move = DossierMove(dossier=row.id, step=Step.ACCEPTED, at=AT)
    assert refusals(move_dossiers(moves=[move], by=elsewhere, at=AT)) == [(0, "outside_unit")]
    status, told = send(token_of(HOP_TIEN), f"/dossiers/{row.id}", None, "get")
    assert (status, told["code"], bool(told["vi"]), bool(told["en"])) == (404, "no_such_dossier", True, True)
    assert queries.states([row.id])[row.id].state is State.RECEIVED


def test_ten_thousand_dossiers_with_37_bad_ones(units):
    people = [person("Nguyễn Văn Hoà", "1/3/1975") for _ in range(10_000)]
    homes = [HouseholdRow(id=one.household, unit=one.unit, head=one.id) for one in people]
    assert not take_in(households=homes, persons=people, by=BY, at=AT).refused
    rows = [intake(one) for one in people]
    ways = {
        "capture_faults": {"captures": rows[0].captures[1:]}, "unknown_person": {"person": new_id()},
        "not_signed": {"signed": frozenset()}, "outside_unit": {"unit": HOP_TIEN},
        "taken_in_future": {"taken_at": datetime(2021, 6, 8, tzinfo=ZONE)},
    }  # fmt: skip
    codes = list(ways)
    bad = {place: codes[number % len(codes)] for number, place in enumerate(range(7, 9_997, 270))}
    assert len(bad) == 37
    rows = [replace(row, **ways[bad[place]]) if place in bad else row for place, row in enumerate(rows)]
    result = receive(intakes=rows, by=CREW, at=AT)
    assert refusals(result) == sorted(bad.items())
    assert len(result.done) == received() == 9_963
    assert list(differences()) == []


def test_a_thousand_dossiers_with_37_bad_ones_by_the_api(units):
    people = taken(*[person("Nguyễn Văn Hoà", "1/3/1975") for _ in range(1_000)])
    rows = [station_row(one) for one in people]
    bad = range(3, 1_000, 27)
    wrong = [
        {"taken_at": "2021-02-30T10:00:00+07:00"}, {"person": str(new_id())}, {"captures": rows[0]["captures"][1:]},
        {"place": "moon"},
    ]  # fmt: skip
    codes = ["impossible_moment", "unknown_person", "capture_faults", "row_unreadable"]
    for number, place in enumerate(bad):
        rows[place] |= wrong[number % 4]
    told = send(token_of(AN_LAM), "/dossiers", rows)
    assert answered(told) == [(place, codes[number % 4]) for number, place in enumerate(bad)]
    assert (len(bad), len(told[1]["done"]), received()) == (37, 963, 963)
