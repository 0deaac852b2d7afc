"""Several processes, on committed rows: each has a connection of its own."""

import multiprocessing
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from muster.events import recounting
from muster.register.operations.taking_in import UnitUnknown
from muster.rehearsal import crew
from muster.rehearsal.crew import WorkerFailed
from muster.rehearsal.people import hamlets, making, places
from muster.rehearsal.people.drafting import Draw
from muster.rehearsal.people.tasks import Task
from muster.units import operations
from muster.units import queries as unit_queries
from tests.rehearsal.people.conftest import AT, BY, ON, made, run_and_undo, sql

pytestmark = pytest.mark.django_db(transaction=True)
IN_ALL = 1375


@pytest.fixture
def country(monkeypatch):
    operations.load_reference(by=BY, at=AT)
    monkeypatch.setattr(making, "BATCH", 200)


def planned():
    """Return a task for each commune of Thanh Miện."""
    plan = places.plan(unit_queries.by_code("300", ON), scale=0.01, on=ON)
    homes, _ = hamlets.settle(plan.communes, on=ON, by=BY, at=AT)
    draw = Draw(2021, ON, plan.origins, plan.prefixes, plan.titles)
    return [Task([(one, homes[one.unit], False)], draw, BY, AT) for one in plan.communes]


def test_two_processes_make_the_same_people_as_one(country):
    alone = run_and_undo()
    told = []
    result = made(workers=2, progress=lambda done, _: told.append(done))
    assert (result.people, result.new) == (IN_ALL, IN_ALL)
    assert told == sorted(told)
    assert told[-1] == IN_ALL
    assert multiprocessing.active_children() == []
    assert [row[3:7] for row in alone["persons"]] == sql(
        "SELECT name, other_name, birth, sex FROM register_person ORDER BY id"
    )
    assert list(recounting.differences()) == []
    assert made(workers=2).new == 0


def test_a_refusal_comes_through_whole_and_ends_all(country):
    first, *others = planned()
    ((commune, places_, begun),) = first.communes
    nowhere = [(commune, [replace(hamlet, unit=999_999) for hamlet in places_], begun)]
    with pytest.raises(UnitUnknown, match="999999"):
        list(crew.work_all([*others[:2], replace(first, communes=nowhere)], 2))
    assert multiprocessing.active_children() == []


def test_an_error_of_a_worker_says_where_it_arose(country):
    first, second, *_ = planned()
    with pytest.raises(WorkerFailed, match=r"tasks\.py"):
        list(crew.work_all([first, replace(second, draw=None)], 2))
    assert multiprocessing.active_children() == []


def test_a_killed_worker_is_told_and_ends_the_others(country):
    steps = crew.work_all(planned(), 2)
    next(steps)
    multiprocessing.active_children()[0].kill()
    with pytest.raises(WorkerFailed, match="killed"):
        list(steps)
    assert multiprocessing.active_children() == []


def test_who_stops_listening_ends_all_workers(country):
    steps = crew.work_all(planned(), 2)
    next(steps)
    steps.close()
    assert multiprocessing.active_children() == []
    assert made().people == IN_ALL


SCRIPT = """
import django, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from muster.rehearsal.people import making
from tests.rehearsal.people.conftest import made
making.BATCH = 200
made(workers=2, progress=lambda done, people: print(done, flush=True))
"""


def test_when_the_command_is_killed_its_workers_leave_and_it_can_be_finished(country):
    alone = run_and_undo()
    database = connection.settings_dict["NAME"]
    root = Path(__file__).resolve().parents[3]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": f"{root}:{root / 'src'}"}
    command = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(database)], stdout=subprocess.PIPE, text=True, env=environment,
        start_new_session=True,
    )  # fmt: skip
    for line in command.stdout:
        if 0 < int(line) < IN_ALL:
            break
    command.kill()
    command.wait()
    deadline = time.monotonic() + 30
    while of_session(command.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert of_session(command.pid) == []
    ((there,),) = sql("SELECT count(*) FROM register_person")
    assert 0 < there < IN_ALL
    result = made()
    assert (result.people, result.new) == (IN_ALL, IN_ALL - there)
    assert [row[3:7] for row in alone["persons"]] == sql(
        "SELECT name, other_name, birth, sex FROM register_person ORDER BY id"
    )
    assert list(recounting.differences()) == []


def of_session(session):
    listed = subprocess.run(["ps", "-eo", "sid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 2) for line in listed.splitlines()]
    return [args for sid, state, args in lines if int(sid) == session and not state.startswith("Z")]
