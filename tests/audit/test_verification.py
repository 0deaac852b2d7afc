"""Every single damage that somebody can do who owns the tables: exactly the row that was touched is named, no other."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from django.db import transaction

from muster.audit import operations
from muster.audit.chain import Header, batch_hash
from muster.audit.models import Batch
from muster.audit.operations import Subject
from muster.audit.verification import Finding, verify
from muster.events import operations as journal
from muster.kernel.ids import new_id
from tests.audit.test_audit import AT, AUDITED, BY, sql
from tests.events.conftest import TREE, captured

pytestmark = pytest.mark.django_db
TABLES = (*AUDITED, "events_metric")
GUARDS = "contype IN ('c', 'f', 'p', 'u')"
KEYS = {  # how a finding tells which row it is
    "audit_batch": "shard || '/' || no || ' ' || id",
    "audit_entry": "batch_id || ' #' || position",
    "audit_head": "shard::text",
    "audit_seal": "no::text",
    "events_event": "id::text",
    "events_metric": "kind || '.' || move",
}
WHAT = {table: table.split("_")[1] for table in TABLES}


def write_to(chain):
    """Let this connection write to one of the sixteen chains, whatever its own is."""
    (definition,) = sql("SELECT pg_get_functiondef('audit_append'::regproc)")[0]
    own = "chain smallint := "
    start = definition.index(own) + len(own)
    sql(definition[:start] + str(chain) + definition[definition.index(";", start) :])


def look(*people):
    operations.record(by=BY, at=AT, action="register.look_up", subjects=[Subject("person", one) for one in people])


def change(*moves):
    written = journal.record(moves=moves, by=BY, at=AT)
    subjects = [Subject("dossier", event.thing) for event in written.events]
    operations.record(by=BY, at=AT, action="capture.change", subjects=subjects, events=written)


@pytest.fixture(autouse=True)
def _work():
    """Two chains: 3 with seven batches and 5 with four, two seals; one batch has passed over a move sent before."""
    journal.place_units(TREE)
    people = [new_id() for _ in range(4)]
    received = [captured(4, f"2021-05-08T09:0{n}", residence=7, kit=new_id()) for n in range(4)]
    accepted = [replace(move, id=new_id(), move="accept") for move in received]
    write_to(3)
    look(people[0])
    change(*received[:3])
    look(people[1], people[2], people[3])
    assert operations.seal(at=AT) == 1
    write_to(5)
    look(people[1])
    change(received[0], accepted[0], received[1], received[3], accepted[1])
    write_to(3)
    change(*accepted[2:])
    look()
    write_to(5)
    look(people[0], people[3])
    write_to(3)
    assert operations.seal(at=AT + timedelta(minutes=5)) == 2
    write_to(5)
    look(people[2])
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for (name,) in sql(f"SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND {GUARDS}"):
            sql(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
    assert list(verify()) == []


def after(statement):
    """Return what is found after a change, which is then undone, and what the change returns."""
    with transaction.atomic():
        touched = [where for (where,) in sql(statement)]
        found = list(verify())
        transaction.set_rollback(True)
    return touched, found


BATCH = ("shard = 3 AND no = 1", "shard = 3 AND no = 2", "shard = 3 AND no = 7", "shard = 5 AND no = 2")
EDITED = {  # table: (which rows, {column: its new values})
    "audit_batch": (
        BATCH,
        {
            "id": ["gen_random_uuid()"],
            "at": ["at + interval '1 microsecond'"],
            "officer": ["gen_random_uuid()", "NULL"],
            "unit": ["unit + 1"],
            "purpose": ["'survey'"],
            "device": ["device || ' '"],
            "action": ["action || '.x'"],
            "detail": ["detail || 'x'", "'x'"],
            "entries": ["entries + 1", "-1", "99"],
            "events_batch": ["gen_random_uuid()", "CASE WHEN events_batch IS NULL THEN id END"],
            "leaves": ["leaves || sha256('')", "leaves || 'x'::bytea", "root", "''"],
            "root": ["sha256('x')"],
            "previous": ["sha256('x')"],
            "hash": ["sha256('x')"],
        },
    ),
    "audit_entry": (
        ("position = 0", "position = 1", "position = 2"),
        {"subject_kind": ["'dossiers'"], "subject": ["gen_random_uuid()"]},
    ),
    "audit_head": (("shard = 3", "shard = 5"), {"no": ["no - 1", "no + 1", "0", "-1"], "hash": ["sha256('x')"]}),
    "audit_seal": (
        ("no = 1", "no = 2"),
        {
            "at": ["at + interval '1 microsecond'"],
            "heads": ["'{}'", "'[]'", "'null'", """'{"3": 1, "x": [1, 2, 3]}'""", 'heads || \'{"9": [1, "00"]}\''],
            "size": ["size + 1"],
            "root": ["sha256('x')"],
            "previous": ["sha256('x')"],
            "key_id": ["'x'"],
            "signature": ["sha256('x')"],
        },
    ),
    "events_event": (
        ("position = 0", "position = 2", "position = 4"),
        {
            "id": ["gen_random_uuid()"],
            "metric_id": ["3 - metric_id", "999"],
            "thing": ["gen_random_uuid()"],
            "occurred_at": ["occurred_at + interval '1 microsecond'"],
            "recorded_at": ["recorded_at - interval '1 microsecond'"],
            "work_day": ["work_day + 1"],
            "by_officer": ["NULL", "gen_random_uuid()"],
            "unit_done": ["unit_done + 1"],
            "unit_residence": ["unit_residence + 1", "NULL"],
            "kit": ["NULL", "gen_random_uuid()"],
            "age_band": ["0"],
            "reason": ["'lost'"],
        },
    ),
    "events_metric": (("move = 'receive'",), {"kind": ["'packet'"], "move": ["'refuse'"]}),
}
MOVED = {  # table: {column that tells where a row stands: its new values}
    "audit_batch": {"shard": ["9"], "no": ["no + 50", "-no", "0"]},
    "audit_entry": {"batch_id": ["gen_random_uuid()"], "position": ["position + 7", "-1"]},
    "audit_head": {"shard": ["9"]},
    "audit_seal": {"no": ["no + 7", "-no"]},
    "events_event": {"batch": ["gen_random_uuid()"], "position": ["position + 7", "-1"]},
    "events_metric": {},
}


def columns(table):
    return {name for (name,) in sql("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                                    " AND NOT attisdropped", table)}  # fmt: skip


def test_no_column_is_left_out():
    for table in TABLES:
        told = EDITED[table][1].keys() | MOVED[table].keys()
        assert columns(table) == told | ({"id"} if table == "events_metric" else set()), table


def test_a_metric_that_lost_its_number_is_named():
    lost = sql("SELECT '#' || id FROM events_metric WHERE move = 'receive'")[0][0]
    for statement in ("UPDATE events_metric SET id = 99 WHERE {}", "DELETE FROM events_metric WHERE {}"):
        _, found = after(statement.format("move = 'receive'") + " RETURNING id")
        assert found == [Finding("metric", lost, "missing")]


@pytest.mark.parametrize(
    ("damage", "table"),
    [("edited", table) for table in TABLES] + [("moved", table) for table in TABLES if MOVED[table]],
)
def test_a_row_changed_in_any_column_is_named_and_no_other(table, damage):
    rows, edits = EDITED[table]
    values = edits if damage == "edited" else MOVED[table]
    for column, value in [(name, new) for name in values for new in values[name]]:
        done = 0
        for row in rows:
            chosen = f"SELECT min(ctid) FROM {table} WHERE {row} AND {column} IS DISTINCT FROM {value}"
            touched, found = after(
                f"UPDATE {table} SET {column} = {value} WHERE ctid = ({chosen}) RETURNING {KEYS[table]}"
            )
            assert found == [Finding(WHAT[table], where, damage) for where in touched], (row, column, value)
            done += len(touched)
        assert done > 0, (column, value)


REMOVED = {  # how a row that is gone is named
    "audit_batch": "shard || '/' || no",
    "events_event": "batch || ' #' || (SELECT count(*) FROM events_event AS other WHERE other.batch = gone.batch"
    " AND other.position < gone.position)",
    "events_metric": "'#' || id",
}


@pytest.mark.parametrize("table", TABLES)
def test_each_row_that_is_removed_is_named_and_no_other(table):
    rows = sql(f"SELECT ctid::text, {REMOVED.get(table, KEYS[table])} FROM {table} AS gone")
    for row, where in rows:
        _, found = after(f"DELETE FROM {table} WHERE ctid = '{row}' RETURNING 1")
        assert found == [Finding(WHAT[table], where, "missing")]
    assert len(rows) >= 2


PLACES = [  # the columns that say which row it is: rows that exchange them have exchanged all the others
    ("audit_batch", "shard, no", "moved"),
    ("audit_batch", "id", "edited"),
    ("audit_entry", "batch_id, position", "moved"),
    ("audit_head", "shard", "moved"),
    ("audit_seal", "no", "moved"),
    ("events_event", "batch, position", "moved"),
    ("events_event", "id", "edited"),
    ("events_metric", "kind, move", "edited"),
]


@pytest.mark.parametrize(("table", "columns", "damage"), PLACES)
def test_any_two_rows_that_are_exchanged_are_named_and_no_others(table, columns, damage):
    same = "subject_kind || subject" if table == "audit_entry" else "ctid::text"
    rows = sql(f"SELECT ctid::text, {same} FROM {table}")
    for (one, told), (other, of_other) in combinations(rows, 2):
        swapped = (
            f"SELECT {columns} FROM {table} AS old WHERE old.ctid IN ('{one}', '{other}') AND old.ctid <> new.ctid"
        )
        touched, found = after(
            f"UPDATE {table} AS new SET ({columns}) = ({swapped}) WHERE ctid IN ('{one}', '{other}')"
            f" RETURNING {KEYS[table]}"
        )
        named = {Finding(WHAT[table], where, damage) for where in touched} if told != of_other else set()
        assert set(found) == named
        assert len(found) == len(named)


def written_anew(shard, no, **other):
    """Edit a batch as somebody can who knows the formula: with the hash that its new content has."""
    batch = Batch.objects.get(shard=shard, no=no)
    for name, value in other.items():
        setattr(batch, name, value)
    header = Header(
        **{name: getattr(batch, name) for name in Header.__dataclass_fields__ if name != "root"},
        root=bytes(batch.root),
    )
    digest = batch_hash(bytes(batch.previous), batch.shard, batch.no, header.body())
    Batch.objects.filter(id=batch.id).update(**other, hash=digest)
    return f"{batch.shard}/{batch.no} {batch.id}"


def test_a_batch_written_anew_with_a_hash_of_its_own_is_betrayed_by_the_one_after_it():
    where = written_anew(3, 2, officer=new_id())
    found = list(verify())
    assert found[0] == Finding("batch", where, "edited")
    assert {finding.what for finding in found} == {"batch"}


def test_the_last_batch_written_anew_is_betrayed_by_the_head_and_the_first_by_its_beginning():
    written_anew(5, 4, officer=new_id())
    assert list(verify()) == [Finding("head", "5", "edited")]
    where = written_anew(3, 1, previous=b"x" * 32)
    assert Finding("batch", where, "edited") in set(verify())


@pytest.mark.parametrize("no", [5, 6, 9_000_000_000])
def test_a_batch_that_was_added_is_named_wherever_it_says_it_stands(no):
    last = Batch.objects.get(shard=5, no=4)
    sql("CREATE TEMPORARY TABLE forged ON COMMIT DROP AS SELECT * FROM audit_batch WHERE shard = 5 AND no = 4")
    sql("UPDATE forged SET id = gen_random_uuid(), no = %s, previous = hash, entries = 0, leaves = ''", no)
    sql("UPDATE forged SET root = sha256('')")
    sql("INSERT INTO audit_batch SELECT * FROM forged")
    where = written_anew(5, no, device="forged")
    assert bytes(Batch.objects.get(shard=5, no=no).previous) == bytes(last.hash)
    assert list(verify()) == [Finding("batch", where, "added")]
    sql("UPDATE audit_batch SET previous = sha256('x') WHERE shard = 5 AND no = %s", no)
    written_anew(5, no, device="forged")
    assert list(verify()) == [Finding("batch", where, "added")]
    sql("DELETE FROM audit_head WHERE shard = 5")
    assert Finding("head", "5", "missing") in set(verify())


def test_a_batch_of_garbage_that_was_added_is_named():
    sql("CREATE TEMPORARY TABLE forged ON COMMIT DROP AS SELECT * FROM audit_batch WHERE shard = 5 AND no = 4")
    sql("UPDATE forged SET id = gen_random_uuid(), no = 77, events_batch = NULL, entries = 0")
    (where,) = sql(f"INSERT INTO audit_batch SELECT * FROM forged RETURNING {KEYS['audit_batch']}")[0]
    assert [finding for finding in verify() if finding.where == where] == [Finding("batch", where, "added")]
