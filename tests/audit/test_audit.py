import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from muster.audit import operations, queries, verification
from muster.audit.operations import BadAction, Subject
from muster.audit.verification import Finding, verify
from muster.events import operations as journal
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from tests.events.conftest import TREE, captured, local_time

pytestmark = pytest.mark.django_db
AT = local_time("2021-05-08T17:00")
OFFICER = new_id()
BY = Actor(officer=OFFICER, unit=4, purpose=Purpose.CAPTURE, device="desk-2")
ENTRY = "batch_id, position, subject_kind, subject"
AUDITED = ("audit_batch", "audit_entry", "audit_head", "audit_seal", "events_event")


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def look(*people, at=AT, action="register.look_up", **more):
    subjects = [Subject("person", one) for one in people]
    with transaction.atomic():  # as an operation does
        return operations.record(by=BY, at=at, action=action, subjects=subjects, **more)


def a_day_of_work():
    """Looks and changes of some officers, sealed in between: batches 1-3, seal 1 (batch 4), batches 5-6, seal 2 (7)."""
    journal.place_units(TREE)
    people = [new_id() for _ in range(3)]
    look(people[0])
    moves = [captured(4, f"2021-05-08T09:0{n}") for n in range(3)]
    operations.record(
        by=BY, at=AT, action="capture.receive", subjects=[Subject("person", one) for one in people],
        events=journal.record(moves=moves, by=BY, at=AT),
    )  # fmt: skip
    look(people[1], people[2])
    assert operations.seal(at=AT) == 1
    look(people[2])
    look(people[0])
    assert operations.seal(at=AT + timedelta(minutes=5)) == 2
    return people


def found(**more):
    return {(finding.what, finding.damage) for finding in verify(**more)}


def as_superuser(statement, *values):
    """Change a row as somebody can who owns the tables and switches every guard off."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in AUDITED:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for (name,) in sql("SELECT conname FROM pg_constraint WHERE conrelid = 'audit_entry'::regclass AND contype = 'f'"):
        sql(f"ALTER TABLE audit_entry DROP CONSTRAINT {name}")
    assert sql(statement, *values) > 0


def test_who_looked_at_somebody_and_why_is_told_newest_first():
    person, other = new_id(), new_id()
    first, second = look(person), look(person, other, action="register.read_sensitive", detail="fields 2")
    looks = queries.looks_at("person", person)
    assert [one.batch for one in looks] == [second, first]
    assert looks[0].action == "register.read_sensitive"
    assert (looks[0].officer, looks[0].unit, looks[0].purpose, looks[0].device) == (OFFICER, 4, "capture", "desk-2")
    assert (looks[0].entries, looks[0].detail, looks[0].at) == (2, "fields 2", AT)
    assert [one.batch for one in queries.looks_at("person", person, before=second)] == [first]
    assert [one.batch for one in queries.looks_at("person", other)] == [second]
    assert queries.looks_at("dossier", person) == []
    assert [one.batch for one in queries.by_officer(OFFICER)] == [second, first]
    assert [one.batch for one in queries.latest(limit=1)] == [second]


def test_what_the_audit_does_not_take_is_refused():
    for action in ("Look", "look up", "", "a..b"):
        with pytest.raises(BadAction):
            look(new_id(), action=action)
    with pytest.raises(BadAction):
        look(new_id(), detail="x" * 201)
    assert sql("SELECT count(*) FROM audit_batch") == [(0,)]


def test_an_untouched_audit_has_nothing_to_name():
    a_day_of_work()
    walked = []
    assert list(verify(progress=walked.append)) == []
    assert walked == [7]


def test_every_batch_is_walked_however_many_there_are(monkeypatch):
    monkeypatch.setattr(verification, "BATCHES", 3)
    a_day_of_work()
    walked = []
    assert list(verify(progress=walked.append)) == []
    assert walked == [3, 6, 7]
    monkeypatch.setattr(verification, "LEAVES", 4)
    assert list(verify(progress=walked.append)) == []
    assert walked[3:] == [1, 2, 5, 7]


def test_a_seal_is_made_only_when_something_happened():
    assert operations.seal(at=AT) is None
    look(new_id())
    assert operations.seal(at=AT) == 1
    assert operations.seal(at=AT) is None
    look(new_id())
    assert operations.seal(at=AT) == 2


@pytest.mark.parametrize("table", ["audit_batch", "audit_entry", "audit_seal", "audit_head"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_every_change(table, statement):
    a_day_of_work()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    column = {"audit_entry": "position", "audit_head": "shard", "audit_seal": "no", "audit_batch": "no"}[table]
    if table == "audit_head" and statement.startswith("UPDATE"):
        statement = "DELETE FROM {}"  # a head moves with every batch; a forged one is found by verify
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(statement.format(table, column, column))


EDITS = {
    "officer": "UPDATE audit_batch SET officer = gen_random_uuid() WHERE no = 2",
    "purpose": "UPDATE audit_batch SET purpose = 'survey' WHERE no = 2",
    "time": "UPDATE audit_batch SET at = at + interval '1 microsecond' WHERE no = 2",
    "detail": "UPDATE audit_batch SET detail = 'x' WHERE no = 2",
    "unit": "UPDATE audit_batch SET unit = 5 WHERE no = 2",
    "leaves": "UPDATE audit_batch SET leaves = leaves || sha256('') WHERE no = 2",
    "root": "UPDATE audit_batch SET root = sha256('x') WHERE no = 2",
    "previous": "UPDATE audit_batch SET previous = sha256('x') WHERE no = 2",
    "hash": "UPDATE audit_batch SET hash = sha256('x') WHERE no = 2",
}


@pytest.mark.parametrize("column", EDITS)
def test_an_edited_batch_is_named(column):
    a_day_of_work()
    as_superuser(EDITS[column])
    named = [finding for finding in verify() if finding.what == "batch"]
    assert named[0].damage == "edited"
    assert "/2 " in named[0].where


def test_a_removed_batch_is_named_also_the_last_one():
    a_day_of_work()
    shard = sql("SELECT DISTINCT shard FROM audit_batch")[0][0]
    as_superuser("DELETE FROM audit_batch WHERE no = 3")
    assert Finding("batch", f"{shard}/3", "missing") in set(verify())
    as_superuser("DELETE FROM audit_batch WHERE no = 7")
    assert Finding("batch", f"{shard}/7", "missing") in set(verify())


def test_two_swapped_batches_are_named():
    a_day_of_work()
    as_superuser("UPDATE audit_batch SET no = -no WHERE no IN (2, 3)")
    sql("UPDATE audit_batch SET no = CASE no WHEN -2 THEN 3 ELSE 2 END WHERE no < 0")
    named = [finding.where.split()[0].split("/")[1] for finding in verify() if finding.what == "batch"]
    assert {"2", "3"} <= set(named)


ADDED_ENTRY = f"""
    INSERT INTO audit_entry ({ENTRY}) SELECT batch_id, 3, subject_kind, subject FROM audit_entry WHERE position = 2
"""


@pytest.mark.parametrize(
    ("statement", "place", "damage"),
    [
        ("UPDATE audit_entry SET subject = gen_random_uuid() WHERE position = 2", 2, "edited"),
        ("UPDATE audit_entry SET subject_kind = 'dossier' WHERE position = 2", 2, "edited"),
        ("DELETE FROM audit_entry WHERE position = 2", 2, "missing"),
        (ADDED_ENTRY, 3, "added"),
    ],
    ids=["other person", "other kind", "dropped", "added"],
)
def test_a_damaged_entry_is_named_by_batch_and_place(statement, place, damage):
    a_day_of_work()
    (batch,) = sql("SELECT batch_id FROM audit_entry WHERE position = 2")[0]
    as_superuser(statement)
    assert list(verify()) == [Finding("entry", f"{batch} #{place}", damage)]


def test_two_swapped_entries_are_named_as_moved():
    a_day_of_work()
    (batch,) = sql("SELECT batch_id FROM audit_entry WHERE position = 2")[0]
    as_superuser("UPDATE audit_entry SET position = position + 10 WHERE batch_id = %s AND position < 2", batch)
    sql("UPDATE audit_entry SET position = 11 - position WHERE batch_id = %s AND position >= 10", batch)
    assert list(verify()) == [Finding("entry", f"{batch} #0", "moved"), Finding("entry", f"{batch} #1", "moved")]


@pytest.mark.parametrize(
    "column", ["reason = 'x'", "unit_done = 5", "occurred_at = now()", "age_band = 1", "thing = gen_random_uuid()"]
)
def test_an_edited_event_of_the_journal_is_named(column):
    a_day_of_work()
    (event,) = sql("SELECT id FROM events_event WHERE position = 1")[0]
    as_superuser(f"UPDATE events_event SET {column} WHERE position = 1")
    assert list(verify()) == [Finding("event", str(event), "edited")]


def test_dropped_added_and_moved_events_are_named():
    a_day_of_work()
    events = [event for (event,) in sql("SELECT id FROM events_event ORDER BY position")]
    as_superuser("DELETE FROM events_event WHERE position = 2")
    (batch,) = sql("SELECT batch FROM events_event LIMIT 1")[0]
    assert list(verify()) == [Finding("event", f"{batch} #2", "missing")]
    sql("UPDATE events_event SET position = 5 WHERE position = 0")
    assert list(verify()) == [Finding("event", str(events[0]), "moved"), Finding("event", f"{batch} #2", "missing")]


def test_an_event_that_no_operation_wrote_is_named():
    a_day_of_work()
    (event,) = journal.record(moves=[captured(4, "2021-05-08T10:00")], by=BY, at=AT).events
    assert list(verify()) == [Finding("event", str(event.id), "added")]


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE audit_seal SET root = sha256('x') WHERE no = 1", ("seal", "edited")),
        ("UPDATE audit_seal SET signature = sha256('x') WHERE no = 1", ("seal", "edited")),
        ("UPDATE audit_seal SET heads = '{}' WHERE no = 1", ("seal", "edited")),
        ("UPDATE audit_seal SET at = at + interval '1 second' WHERE no = 2", ("seal", "edited")),
        ("DELETE FROM audit_seal WHERE no = 1", ("seal", "missing")),
        ("DELETE FROM audit_seal WHERE no = 2", ("seal", "missing")),
        ("UPDATE audit_head SET hash = sha256('x')", ("head", "edited")),
        ("UPDATE audit_head SET no = no - 1", ("head", "edited")),
        ("DELETE FROM audit_head", ("head", "missing")),
    ],
)
def test_damaged_seals_and_heads_are_named(statement, finding):
    a_day_of_work()
    as_superuser(statement)
    assert finding in found()


def test_a_whole_chain_written_anew_differs_from_the_seal_that_was_handed_out():
    a_day_of_work()
    handed_out = [json.loads(json.dumps(queries.export_seal(1)))]
    assert list(verify(against=handed_out)) == []
    as_superuser("DELETE FROM audit_entry")
    for table in ("audit_batch", "audit_head", "audit_seal", "events_event"):
        sql(f"DELETE FROM {table}")
    for _ in range(7):
        look(new_id())
    assert found() == set()
    assert found(against=handed_out) == {("seal", "chains differ from what was sealed")}


def test_a_forged_handed_out_seal_is_named():
    a_day_of_work()
    for change in ({"size": 99}, {"signature": "00" * 64}, {"heads": {"3": [1, "00" * 32]}}, {"public_key": None}):
        assert found(against=[{**queries.export_seal(), **change}]) == {("seal", "forged")}


def test_the_newest_of_some_units_are_read_by_their_index():
    for unit in (4, 5, 6, 4, 6):
        operations.record(by=replace(BY, unit=unit), at=AT, action="register.open")
    newest = queries.latest()
    assert sorted(one.unit for one in newest) == [4, 4, 5, 6, 6]
    assert queries.latest(units=[4, 5, 99]) == [one for one in newest if one.unit != 6]
    older = [one for one in newest[2:] if one.unit != 5]
    assert queries.latest(units={4, 6}, limit=2, before=newest[1].batch) == older[:2]
    assert queries.latest(units=[]) == []
    sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plan = sql(f"EXPLAIN SELECT * FROM audit_batch AS batch {queries.OF_UNITS}", [4, 5], None, None, 50, 50)
    assert "Index Only Scan Backward using audit_batch_unit on audit_batch" in " ".join(line for (line,) in plan)


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_leave_whole_chains():
    def write():
        for _ in range(10):
            look(new_id(), new_id())
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    assert list(verify()) == []  # work that goes on meanwhile is no damage
    for thread in threads:
        thread.join(60)
    assert sql("SELECT sum(no) FROM audit_head") == [(200,)]
    assert operations.seal(at=AT) == 1
    assert list(verify()) == []
