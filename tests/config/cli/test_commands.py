"""The commands as an operator types them, each on the tests' own database."""

import json
import re
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
from django_otp.plugins.otp_totp.models import TOTPDevice

from muster.audit import operations as audit
from muster.audit.operations import Subject
from muster.config.cli import main
from muster.events import operations as events
from muster.events.journal import Move
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.people.models import Officer
from tests.people.factories import officer, province

AT = datetime(2021, 3, 1, 9, 0, tzinfo=ZONE)
BY = Actor(officer=None, unit=1, purpose=Purpose.ADMINISTER)

pytestmark = pytest.mark.django_db


def three_moves():
    events.place_units([(1, [1]), (2, [1, 2])])
    moves = [Move(thing=new_id(), kind="dossier", move="receive", unit_done=2, occurred_at=AT) for _ in range(3)]
    recorded = events.record(moves=moves, by=BY, at=AT)
    audit.record(by=BY, at=AT, action="test.receive", subjects=[Subject("dossier", moves[0].thing)], events=recorded)


def damage(statement, table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_recount_finds_a_wrong_counter_and_puts_it_right(capsys):
    three_moves()
    assert main(["recount"]) == 0
    assert capsys.readouterr().out == "Every counter is what the journal says.\n"
    damage("UPDATE events_open SET n = 5", "events_open")
    assert main(["recount"]) == 1
    told = capsys.readouterr().out
    assert "leaf of unit 2, dossier.receive, work day 2021-03-01" in told
    assert "stored 5, counted 3\n" in told
    assert "hour of unit 2, dossier.receive, work day 2021-03-01" in told
    assert main(["recount", "--repair"]) == 0
    assert main(["recount"]) == 0


def test_audit_is_sealed_verified_and_handed_out(capsys, tmp_path):
    three_moves()
    assert main(["audit", "seal"]) == 0
    assert main(["audit", "seal"]) == 0
    assert capsys.readouterr().out == "Seal 1 is signed.\nNothing has happened since the last seal.\n"
    assert main(["audit", "export"]) == 0
    handed_out = tmp_path / "seal.json"
    handed_out.write_text(capsys.readouterr().out, encoding="utf-8")
    assert json.loads(handed_out.read_text())["no"] == 1
    assert main(["audit", "verify", "--against", str(handed_out)]) == 0
    assert capsys.readouterr().out.startswith("The audit is whole")


def test_audit_verify_names_the_damaged_row(capsys):
    three_moves()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM events_event ORDER BY position LIMIT 1")
        (event,) = cursor.fetchone()
    damage(f"UPDATE events_event SET reason = 'other' WHERE id = '{event}'", "events_event")
    assert main(["audit", "verify"]) == 1
    assert capsys.readouterr().out == f"event {event}: edited\n1 rows are damaged.\n"


def test_a_seal_that_is_not_there_is_refused_with_its_code(capsys):
    assert main(["audit", "export", "--no", "7"]) == 1
    assert capsys.readouterr().err == "There is no seal number 7. [no_such_seal]\n"


def test_the_first_administrator_is_made_once(capsys, monkeypatch):
    province()
    monkeypatch.setattr("getpass.getpass", lambda _: "một câu dài dễ nhớ")
    assert main(["officer", "first", "an.nguyen", "Nguyễn Văn An"]) == 0
    assert isinstance(Officer.objects.get(username="an.nguyen", is_demo=False).id, UUID)
    assert main(["officer", "first", "b.tran", "Trần Thị B"]) == 1
    assert re.search(r"\[administrator_exists\]", capsys.readouterr().err)


def test_an_account_is_confirmed_by_whoever_holds_the_server_once_it_has_a_phone(capsys):
    one = officer("tham.tra", confirmed_at=None)
    assert main(["officer", "confirm", "tham.tra"]) == 1
    assert "[no_phone_yet]" in capsys.readouterr().err
    TOTPDevice.objects.create(user=one, name="phone", confirmed=True)
    assert main(["officer", "confirm", "tham.tra"]) == 0
    one.refresh_from_db()
    assert (one.confirmed_at is not None, one.confirmed_by) == (True, None)
    assert main(["officer", "confirm", "nobody"]) == 1
    assert "[unknown_officer]" in capsys.readouterr().err


def test_two_different_passwords_make_nobody(capsys, monkeypatch):
    province()
    typed = iter(["một câu dài dễ nhớ", "một câu khác hẳn"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    assert main(["officer", "first", "an.nguyen", "Nguyễn Văn An"]) == 1
    assert "nothing was done" in capsys.readouterr().err
    assert not Officer.objects.exists()


def test_the_clock_is_played_paused_and_set_real_again(capsys):
    events.place_units([(1, [1])])
    for command, told in (
        ("show", r", real time\n"),
        ("play|08/05/2021 17:00|--speed|60", r"08/05/2021 17:00:\d\d, played, speed 60\n"),
        ("pause", r"08/05/2021 17:\d\d:\d\d, played, paused, speed 60\n"),
        ("jump|2021-05-09 06:30", r"09/05/2021 06:30:00, played, paused, speed 60\n"),
        ("speed|1", r"09/05/2021 06:30:00, played, paused, speed 1\n"),
        ("resume", r"09/05/2021 06:30:0\d, played, speed 1\n"),
        ("real", r", real time\n"),
    ):
        assert main(["clock", *command.split("|")]) == 0
        assert re.search(told, capsys.readouterr().out)
    assert main(["clock", "play", "08/05/2021 17:00"]) == 1
    assert "[clock_would_run_back]" in capsys.readouterr().err
    assert main(["clock", "jump", "31/02/2021 10:00"]) == 1
    assert "[bad_moment]" in capsys.readouterr().err
    assert main(["audit", "verify"]) == 0
