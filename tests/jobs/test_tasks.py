"""The scheduled work: each task done twice, and a real worker that finds it and does it."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from procrastinate.contrib.django import app

from muster.account import queries as accounts
from muster.account.operations import request_accounts
from muster.audit import operations as audit
from muster.audit.models import Seal
from muster.capture import operations as capture
from muster.capture.moves import Step
from muster.capture.rows import DossierMove
from muster.capture.words import Mend
from muster.card import queries as cards
from muster.events import operations as events
from muster.events import queries as journal
from muster.events.journal import Move
from muster.events.recounting import differences
from muster.jobs import tasks
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import PlayedClock
from muster.kernel.ids import new_id
from muster.people import operations as people
from muster.register.models import Person
from tests.account.conftest import request
from tests.capture.conftest import AFTER_2024, CREW, intake
from tests.card.conftest import accepted, made
from tests.processing.conftest import LATER, received
from tests.register.conftest import AN_LAM, PROVINCE, person, taken, units  # noqa: F401

NIGHT = datetime(2026, 3, 3, 20, 30, tzinfo=UTC)  # 03:30 on 4 March in Viet Nam
BY = Actor(officer=None, unit=1, purpose=Purpose.ADMINISTER)


def receive(at):
    events.place_units([(1, [1])])
    move = Move(thing=new_id(), kind="dossier", move="receive", unit_done=1, occurred_at=at)
    audit.record(by=BY, at=at, action="test.receive", events=events.record(moves=[move], by=BY, at=at))


@pytest.mark.django_db
def test_the_audit_is_sealed_when_something_happened_and_only_then():
    receive(NIGHT)
    tasks.seal_audit(int(NIGHT.timestamp()))
    tasks.seal_audit(int(NIGHT.timestamp()) + 300)
    (seal,) = Seal.objects.all()
    assert seal.at == NIGHT


@pytest.mark.django_db
def test_cards_are_made_of_what_is_accepted_and_what_cannot_be_printed_holds_nobody_up(units, monkeypatch):  # noqa: F811
    monkeypatch.setattr(tasks, "PRINTED_AT_ONCE", 1)
    accepted(taken(person("Bùi Thị Không Số", "1980")), age=41)
    good = [accepted(taken(person("Lê Văn Ba", "1980", number=f"03008000000{n}")), age=41) for n in range(2)]
    for _ in range(2):
        tasks.make_print_batches(int(LATER.timestamp()))
    assert set(cards.of_dossiers(good)) == set(good)
    assert [one.size for one in cards.batches(1, limit=9)] == [1, 1]


@pytest.mark.django_db
def test_guesses_are_forgotten_when_their_time_is_over():
    people.count_guess(limits={"number": 1}, at=NIGHT)
    for _ in range(2):
        tasks.forget_guesses(int(NIGHT.timestamp()) + 600)
    people.count_guess(limits={"number": 1}, at=NIGHT + timedelta(seconds=1))


@pytest.mark.django_db
def test_counters_are_summed_up_whatever_the_campaigns_clock_shows():
    shows = NIGHT - timedelta(days=1000)
    for days_ago in (0, 1, 2):
        receive(shows - timedelta(days=days_ago))
    events.set_clock(clock=PlayedClock(NIGHT, shows, paused=True), by=BY, at=NIGHT)
    before = journal.count(unit=1, metrics=[("dossier", "receive")])
    for _ in range(2):
        tasks.sum_up_counters(int(NIGHT.timestamp()))
        assert journal.open_since() is None
        assert journal.count(unit=1, metrics=[("dossier", "receive")]) == before == 3
    assert list(differences()) == []


@pytest.mark.django_db
def test_sessions_that_have_ended_are_deleted():
    for seconds in (-1, 600):
        session = SessionStore()
        session["next"] = "/"
        session.set_expiry(seconds)
        session.save()
    tasks.end_old_sessions(int(NIGHT.timestamp()))
    assert Session.objects.count() == 1


def test_cards_of_returned_dossiers_are_taken_out_of_print(units, monkeypatch):  # noqa: F811
    monkeypatch.setattr(tasks, "PRINTED_AT_ONCE", 1)
    people = [taken(person(f"Lê Văn {n}", "1980", number=f"03008000000{n}")) for n in range(3)]
    dossiers = [accepted(one, age=41) for one in people]
    printing = made(*dossiers)
    back = [DossierMove(dossier=one, step=Step.RETURNED, at=LATER, reason=Mend.POOR_PHOTO) for one in dossiers[:2]]
    assert not capture.move_dossiers(moves=back, by=CREW, at=LATER).refused
    for _ in range(2):
        tasks.recall_cards(int(LATER.timestamp()))
    states = [line.state for line in map(cards.lines(printing).__getitem__, printing)]
    assert states == ["recalled", "recalled", "printing"]
    assert [event.move for event in journal.life(printing[0])] == ["recalled"]


def test_received_dossiers_are_checked_and_accepted_once(units):  # noqa: F811
    citizen = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    dossier = received(citizen)
    for _ in range(2):
        tasks.check_received(int(LATER.timestamp()))
    life = [(event.move, event.unit_done, event.by_officer is None) for event in journal.life(dossier)]
    assert life == [("received", AN_LAM, False), ("accepted", PROVINCE, True)]


def test_accounts_wished_with_dossiers_are_asked_for_granted_once_accepted_and_told_of(units):  # noqa: F811
    citizen = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    dossier = intake(citizen, AFTER_2024, age=49, account_level=2)
    assert not capture.receive(intakes=[dossier], by=CREW, at=AFTER_2024).refused
    moment = int(AFTER_2024.timestamp())
    tasks.tend_accounts(moment)
    held = accounts.of_dossier(dossier.id)
    assert (held.state, held.unit_done) == ("requested", AN_LAM)
    tasks.check_received(moment)
    for _ in range(2):
        tasks.tend_accounts(moment + 300)
    life = [(event.kind, event.move, event.unit_done, event.by_officer) for event in journal.life(held.id)]
    assert life == [
        ("account_2", "requested", AN_LAM, None), ("account_2", "approved", PROVINCE, None),
        ("account_2", "notified", PROVINCE, None),
    ]  # fmt: skip


def test_accounts_that_are_refused_hold_nobody_up(units, monkeypatch):  # noqa: F811
    """Dossiers of whom the law offers no account come first in the order, more of them than a round takes."""
    monkeypatch.setattr(tasks, "ACCOUNTS_A_ROUND", 2)
    people = [taken(person(f"Lê Văn {n}", "1975", number=f"03007512345{n}")) for n in range(5)]
    rows = [intake(one, AFTER_2024, age=49, account_level=2) for one in people]
    assert not capture.receive(intakes=rows, by=CREW, at=AFTER_2024).refused
    young = [one.id for one in people[:3]]
    born = date(2024, 1, 1)
    Person.objects.filter(id__in=young).update(birth=born.isoformat(), birth_from=born, birth_to=born)
    tasks.tend_accounts(int(AFTER_2024.timestamp()))
    held = [accounts.of_dossier(row.id) for row in rows]
    assert [one.state if one else None for one in held] == [None, None, None, "requested", "requested"]
    assert accounts.to_request(limit=2) == {PROVINCE: [rows[0].id, rows[1].id]}
    assert accounts.to_request(limit=2, skip=2) == {PROVINCE: [rows[2].id]}


def test_accounts_of_the_dead_are_closed(units):  # noqa: F811
    citizen = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    account = request(citizen, at=AFTER_2024)
    assert not request_accounts(requests=[account], grants=None, by=CREW, at=AFTER_2024).refused
    Person.objects.filter(id=citizen.id).update(life="dead", died_on="2024-08-05")
    tasks.tend_accounts(int(AFTER_2024.timestamp()))
    held = accounts.states([account.id])[account.id]
    assert (held.state, held.reason) == ("closed", "died")


def test_every_task_is_scheduled_once():
    told = {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}
    assert {name.rsplit(".", 1)[-1]: cron for name, cron in told.items() if name.startswith("muster.")} == {
        "seal_audit": "*/5 * * * *",
        "check_received": "*/2 * * * *",
        "tend_accounts": "*/2 * * * *",
        "freeze_reports": "* * * * *",
        "rank_units": "30 21 * * *",
        "forecast_units": "40 21 * * *",
        "propose_reinforcements": "50 21 * * *",
        "chase_explanations": "*/10 * * * *",
        "settle_appointments": "*/10 * * * *",
        "sum_up_counters": "*/10 * * * *",
        "forget_guesses": "40 * * * *",
        "end_old_sessions": "10 20 * * *",
        "make_print_batches": "0 22 * * *",
        "recall_cards": "*/2 * * * *",
    }


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_is_queued_and_ends_on_request():
    receive(datetime.now(UTC))
    tasks.seal_audit.defer(timestamp=int(time.time()))
    name = connection.settings_dict["NAME"]
    program = (
        f"from django.conf import settings; settings.DATABASES['default']['NAME'] = {name!r}\n"
        "from muster.config.cli import main; raise SystemExit(main(['worker']))"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    worker = subprocess.Popen([sys.executable, "-c", program], env=os.environ | settings)
    try:
        deadline = time.monotonic() + 60
        while not Seal.objects.exists() and worker.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert Seal.objects.count() == 1
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
