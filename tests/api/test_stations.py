from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F
from django.test import Client

from muster.audit import operations as audit
from muster.audit import queries as looks
from muster.capture import queries
from muster.events import queries as journal
from muster.kernel.clock import PlayedClock
from muster.kernel.ids import new_id
from muster.law.capture import PRINTS
from muster.people.models import Assignment, Officer, Token
from muster.people.operations import NewToken, end_tokens, make_tokens
from muster.people.words import Role
from tests.capture.conftest import AN_LAM, AT, HOP_TIEN, person, taken, units
from tests.people.factories import SYSTEM, assignment, officer
from tests.web.accounts.conftest import at, clock

__all__ = ["clock", "units"]


@pytest.fixture
def crew(units, clock):
    audit.set_clock(clock=PlayedClock(at(9), AT), by=SYSTEM, at=at(9))
    one = officer("kit.crew", unit_id=AN_LAM)
    assignment(one, Role.CREW)
    return one


@pytest.fixture
def token(crew):
    row = NewToken(new_id(), crew.id, "kit-017", at(9) + timedelta(days=30))
    ((_, text),) = make_tokens(tokens=[row], by=SYSTEM, at=at(9)).done
    return text


def send(token, path, rows, method="post"):
    client = Client(headers={"Authorization": f"Bearer {token}"})
    told = getattr(client, method)(f"/api/v1{path}", rows, content_type="application/json")
    return told.status_code, told.json()


def row(citizen, **changed):
    told = {
        "id": str(new_id()), "packet": str(new_id()), "person": str(citizen.id), "taken_at": AT.isoformat(),
        "captures": [{"code": one.code, "quality": 60} for one in PRINTS] + [{"code": "photo"}],
        "signed": ["citizen", "officer"], "traits": "Nốt ruồi", "kit": str(new_id()),
    }  # fmt: skip
    return told | changed


def test_a_batch_is_taken_and_each_bad_row_is_refused_by_its_place(crew, token):
    people = taken(*[person("Nguyễn Văn Hoà", "1/3/1975") for _ in range(4)])
    rows = [row(one) for one in people]
    rows[1]["captures"] = rows[1]["captures"][1:]
    rows[3]["person"] = str(new_id())
    status, told = send(token, "/dossiers", rows)
    assert status == 200
    assert told["done"] == [rows[0]["id"], rows[2]["id"]]
    assert [(one["index"], one["code"]) for one in told["refused"]] == [(1, "capture_faults"), (3, "unknown_person")]
    assert all(one["vi"] and one["en"] for one in told["refused"])
    assert send(token, "/dossiers", rows)[1]["done"] == told["done"]
    held = queries.states([UUID(rows[0]["id"])])[UUID(rows[0]["id"])]
    assert (held.unit_done, held.taken_by, held.place.value) == (AN_LAM, crew.id, "mobile")
    assert len(journal.life(held.id)) == 1
    assert looks.latest(limit=1)[0].device == "token:kit-017"


def test_a_kit_announces_then_brings_and_asks_where_the_dossier_is(token):
    citizen = taken(person("Nguyễn Văn Hoà", "1/3/1975"))
    sent = row(citizen)
    told = {name: sent[name] for name in ("id", "person", "taken_at", "kit")}
    assert send(token, "/dossiers/announced", [told]) == (200, {"done": [sent["id"]], "refused": []})
    where = f"/dossiers/{sent['id']}"
    assert send(token, where, None, "get")[1]["state"] == "announced"
    assert send(token, "/dossiers", [sent])[1]["done"] == [sent["id"]]
    status, answer = send(token, where, None, "get")
    assert (status, answer["state"], answer["due_on"]) == (200, "received", "2021-05-28")


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"taken_at": "2021-05-08T17:00:00"}, "impossible_moment", "2021-05-08T17:00:00"),
        ({"taken_at": "2021-02-31T17:00:00+07:00"}, "impossible_moment", "2021-02-31"),
        ({"captures": [{"code": "photo", "quality": 101}]}, "row_unreadable", "captures.0.quality"),
        ({"unit": 1}, "row_unreadable", "unit"),
        ({"signed": ["somebody"]}, "row_unreadable", "signed.0"),
        ({"id": "1"}, "row_unreadable", "id"),
        ({"account_level": 3}, "row_unreadable", "account_level"),
    ],
)
def test_a_row_that_is_not_of_the_form_described_is_refused_alone(token, changed, code, says):
    bad, good = taken(person("Nguyễn Văn Hoà", "1/3/1975"), person("Lê Văn Mai", "1/3/1975"))
    sent = [row(bad, **changed), row(good)]
    status, told = send(token, "/dossiers", sent)
    assert (status, told["done"]) == (200, [sent[1]["id"]])
    ((refused),) = told["refused"]
    assert (refused["index"], refused["code"]) == (0, code)
    assert says in refused["vi"]
    assert says in refused["en"]
    assert queries.of_person(bad.id) == []


def test_too_many_rows_and_none_at_all_are_refused(token):
    citizen = taken(person("Nguyễn Văn Hoà", "1/3/1975"))
    assert send(token, "/dossiers", [row(citizen)] * 1_001)[0] == 422
    assert send(token, "/dossiers", [])[0] == 422


def test_no_token_a_wrong_one_and_an_ended_one_open_nothing(crew, token):
    assert send("nonsense", "/dossiers", [])[0] == 401
    assert Client().post("/api/v1/dossiers", [], content_type="application/json").status_code == 401
    assert send(token, f"/dossiers/{new_id()}", None, "get") == (
        404,
        {"code": "no_such_dossier", "vi": "Không có hồ sơ này.", "en": "There is no such dossier."},
    )
    assert end_tokens(officers=[crew.id], by=SYSTEM, at=at(9)) == 1
    assert send(token, "/dossiers", [])[0] == 401
    assert Token.objects.get().hash != token.encode()


def test_who_takes_no_dossiers_or_no_longer_works_here_is_kept_out(crew, token):
    Assignment.objects.filter(officer=crew).update(valid_to=F("valid_from"))
    assert send(token, f"/dossiers/{new_id()}", None, "get")[0] == 403
    assignment(crew, Role.COMMANDER)
    assert send(token, f"/dossiers/{new_id()}", None, "get")[0] == 403
    Officer.objects.filter(id=crew.id).update(is_active=False, deactivated_at=at(9))
    assert send(token, f"/dossiers/{new_id()}", None, "get")[0] == 401


def test_a_dossier_of_another_commune_is_not_told(token):
    other = officer("other.crew", unit_id=HOP_TIEN)
    assignment(other, Role.CREW, unit_id=HOP_TIEN)
    named = NewToken(new_id(), other.id, "kit-018", at(9) + timedelta(days=1))
    ((_, text),) = make_tokens(tokens=[named], by=SYSTEM, at=at(9)).done
    sent = row(taken(person("Nguyễn Văn Hoà", "1/3/1975")))
    send(token, "/dossiers", [sent])
    assert send(text, f"/dossiers/{sent['id']}", None, "get")[0] == 404


@pytest.mark.parametrize(("device", "days"), [("", 1), ("kit", 0), ("kit", 400), ("k" * 41, 1)])
def test_a_token_has_a_device_and_an_end(crew, device, days):
    row = NewToken(new_id(), crew.id, device, at(9) + timedelta(days=days))
    (refused,) = make_tokens(tokens=[row], by=SYSTEM, at=at(9)).refused
    assert refused.refusal.code == "bad_token"


def test_the_api_is_described(client, units):
    told = client.get("/api/v1/openapi.json")
    assert told.status_code == 200
    assert set(told.json()["paths"]) == {
        "/api/v1/dossiers", "/api/v1/dossiers/announced", "/api/v1/dossiers/{dossier}",
    }  # fmt: skip
