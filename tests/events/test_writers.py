"""Many at once, on real connections: nobody waits for anybody, nothing is lost, nothing is counted twice."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from django.db import OperationalError, connection, transaction

from muster.events import operations, queries, recounting
from tests.events.conftest import BY, TREE, captured, local_time
from tests.events.test_counts import RECEIVED

pytestmark = pytest.mark.django_db(transaction=True)
AT = local_time("2021-05-08T17:00")


@pytest.fixture(autouse=True)
def _country():
    operations.place_units(TREE)
    operations.record(moves=[captured(4, "2021-05-08T08:00")], by=BY, at=AT)


@contextmanager
def at_once(*works):
    """Run works in threads, each on a connection of its own; fail with the first failure, or after a minute."""
    failures = []

    def run(work):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20s'")
            work()
        except Exception as error:  # noqa: BLE001 - told to the main thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert failures == []


def total():
    return queries.count(unit=1, metrics=RECEIVED)


def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_fifty_writers_on_hot_units_and_a_closing_beside_them():
    def writer(seed):
        random = Random(seed)

        def write():
            for _ in range(4):
                moves = [captured(random.choice([4, 7]), "2021-05-08T09:00", residence=4) for _ in range(6)]
                late = AT - timedelta(days=random.choice([0, 0, 2]))  # some on a closed day
                operations.record(moves=moves, by=BY, at=late)

        return write

    def close():
        for _ in range(10):
            operations.sum_up(through=date(2021, 5, 7))

    with at_once(*(writer(seed) for seed in range(50)), close):
        pass
    assert rows("events_event") == total() == 1 + 50 * 4 * 6
    assert list(recounting.differences()) == []
    operations.sum_up()
    assert rows("events_open") == 0
    assert total() == 1201
    assert list(recounting.differences()) == []


def test_two_transactions_that_write_the_same_units_in_opposite_order_both_go_through():
    meet = threading.Barrier(2, timeout=20)

    def write(first, second):
        with transaction.atomic():
            operations.record(moves=[captured(first, "2021-05-08T09:00")], by=BY, at=AT)
            meet.wait()
            operations.record(moves=[captured(second, "2021-05-08T09:00")], by=BY, at=AT)
            meet.wait()

    with at_once(lambda: write(4, 7), lambda: write(7, 4)):
        pass
    assert total() == 5
    assert list(recounting.differences()) == []


def test_writers_of_a_kind_of_move_that_never_was_agree_on_one_number():
    def write():
        moves = [replace(captured(4, "2021-05-08T09:00"), move=f"new_{number}") for number in range(5)]
        operations.record(moves=moves, by=BY, at=AT)

    with at_once(*[write] * 8):
        pass
    fresh = [("dossier", f"new_{number}") for number in range(5)]
    assert queries.metrics() == [*fresh, *RECEIVED]
    assert queries.count(unit=4, metrics=fresh) == 40


def test_a_batch_sent_twice_at_once_is_written_once():
    moves = [captured(4, "2021-05-08T09:00") for _ in range(30)]
    written = []

    def send():
        written.append(len(operations.record(moves=moves, by=BY, at=AT).events))

    with at_once(*[send] * 6):
        pass
    assert sorted(written) == [0, 0, 0, 0, 0, 30]
    assert total() == 31


def test_a_reader_sees_every_event_once_while_days_are_closed():
    for day in range(1, 8):
        moves = [captured(4, f"2021-05-0{day}T08:00", residence=7) for _ in range(20)]
        operations.record(moves=moves, by=BY, at=local_time(f"2021-05-0{day}T17:00"))
    seen, done = set(), threading.Event()

    def read():
        while not done.is_set():
            seen.add(total())
            seen.add(queries.count(unit=2, metrics=RECEIVED, known_at=AT))

    def close():
        for day in range(1, 8):
            operations.sum_up(through=date(2021, 5, day))
            time.sleep(0.02)
        done.set()

    with at_once(read, close):
        pass
    assert seen == {141}


def test_closing_leaves_open_what_a_writer_is_changing_and_does_not_wait():
    early = AT - timedelta(days=2)
    operations.record(moves=[captured(7, "2021-05-06T08:00"), captured(4, "2021-05-06T08:00")], by=BY, at=early)
    began, closed = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            operations.record(moves=[captured(4, "2021-05-06T09:00")], by=BY, at=early)
            began.set()
            assert closed.wait(20)

    def close():
        assert began.wait(20)
        assert operations.sum_up(through=date(2021, 5, 7)) == 1  # unit 7; unit 4 is being written
        closed.set()

    with at_once(write, close):
        pass
    assert total() == 4
    assert list(recounting.differences()) == []
    assert operations.sum_up(through=date(2021, 5, 7)) == 1
    assert list(recounting.differences()) == []


def test_a_writer_of_the_same_counters_does_not_wait_while_they_are_summed_up():
    written = threading.Event()

    def sum_up():
        with transaction.atomic():
            assert operations.sum_up() == 1
            write.start()
            assert written.wait(20)

    def record():
        operations.record(moves=[captured(4, "2021-05-08T09:00")], by=BY, at=AT)
        written.set()
        connection.close()

    write = threading.Thread(target=record)
    with at_once(sum_up):
        pass
    write.join()
    assert total() == 2
    assert operations.sum_up() == 1
    assert total() == 2
    assert list(recounting.differences()) == []


def test_while_counters_are_mended_writers_wait_and_then_count_right():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_open SET n = 9")
    mended = threading.Event()

    def mend():
        with transaction.atomic():
            assert {found.table for found in recounting.repair()} == {"leaf", "hour"}
            mended.set()
            time.sleep(0.3)

    def write():
        assert mended.wait(20)
        operations.record(moves=[captured(4, "2021-05-08T09:00")], by=BY, at=AT)

    with at_once(mend, write):
        pass
    assert total() == 2
    assert list(recounting.differences()) == []


def test_a_writer_that_is_killed_in_the_middle_leaves_nothing():
    program = """
import django, sys, time
from django.conf import settings as loaded
loaded.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.db import transaction
from muster.events import operations
from tests.events.conftest import BY, captured, local_time
with transaction.atomic():
    moves = [captured(4, "2021-05-08T09:00") for _ in range(500)]
    operations.record(moves=moves, by=BY, at=local_time("2021-05-08T17:00"))
    print("written", flush=True)
    time.sleep(60)
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "src:."}
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-c", program, name]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "written\n"
        writer.kill()
    _wait_until_alone()
    assert rows("events_event") == total() == 1
    assert list(recounting.differences()) == []
    operations.record(moves=[captured(4, "2021-05-08T09:00")], by=BY, at=AT)  # its stripe is free again
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(stripe) FROM events_open")
        assert cursor.fetchone() == (0,)


def _wait_until_alone():
    """Wait until the server has noticed that its client is gone."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise OperationalError("the killed writer's connection is still there")
