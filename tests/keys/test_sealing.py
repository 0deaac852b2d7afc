import io
import threading
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from muster.kernel.ids import new_id
from muster.keys import operations, provider, queries
from muster.keys.escrow import EscrowDamaged
from muster.keys.operations import KeyFolderDiffers, RecordErased
from muster.keys.provider import KeyDamaged, MasterKeyMissing
from muster.keys.sealing import SealBroken

pytestmark = pytest.mark.django_db
AT = datetime(2021, 5, 8, 10, tzinfo=UTC)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def test_what_is_sealed_opens_and_does_not_show():
    people = [("person", new_id(), f"0912 {n}".encode()) for n in range(20)]
    sealed = operations.seal(people)
    assert queries.open_sealed([(kind, i, s) for (kind, i, _), s in zip(people, sealed, strict=True)]) == [
        p for *_, p in people
    ]
    assert not any(plain in text for (*_, plain), text in zip(people, sealed, strict=True))


def test_every_record_has_a_key_of_its_own_and_keeps_it():
    one, other = new_id(), new_id()
    first = operations.seal([("person", one, b"x"), ("person", other, b"x")])
    second = operations.seal([("person", one, b"x")])
    assert len({*first, *second}) == 3
    assert sql("SELECT count(*), count(DISTINCT wrapped) FROM keys_record") == [(2, 2)]


def test_the_same_record_twice_in_one_batch_has_one_key():
    one = new_id()
    sealed = operations.seal([("person", one, b"a"), ("person", one, b"b")])
    assert queries.open_sealed([("person", one, text) for text in sealed]) == [b"a", b"b"]


def test_a_sealed_text_moved_to_another_record_does_not_open():
    one, other = new_id(), new_id()
    sealed, _ = operations.seal([("person", one, b"mine"), ("person", other, b"yours")])
    with pytest.raises(SealBroken):
        queries.open_sealed([("person", other, sealed)])
    with pytest.raises(SealBroken):
        queries.open_sealed([("person", one, sealed[:-1])])
    with pytest.raises(SealBroken):
        queries.open_sealed([("person", one, b"\x02" + sealed[1:])])


def test_an_erased_record_opens_no_more_and_is_never_sealed_again():
    one, other = new_id(), new_id()
    sealed = operations.seal([("person", one, b"a"), ("person", other, b"b")])
    assert operations.erase([("person", one)], at=AT) == 1
    assert operations.erase([("person", one)], at=AT) == 0
    assert queries.open_sealed([("person", one, sealed[0]), ("person", other, sealed[1])]) == [None, b"b"]
    with pytest.raises(RecordErased):
        operations.seal([("person", one, b"again")])
    assert sql("SELECT wrapped, erased_at FROM keys_record WHERE record = %s", one) == [(None, AT)]


def test_a_bulk_load_finds_the_key_of_a_record_that_had_one_after_all():
    known, new = new_id(), new_id()
    (before,) = operations.seal([("person", known, b"before")])
    sealed = operations.seal([("person", known, b"a"), ("person", new, b"b")], fresh=True)
    rows = [("person", known, before), ("person", known, sealed[0]), ("person", new, sealed[1])]
    assert queries.open_sealed(rows) == [b"before", b"a", b"b"]
    operations.erase([("person", known)], at=AT)
    with pytest.raises(RecordErased):
        operations.seal([("person", new_id(), b"b"), ("person", known, b"a")], fresh=True)


def test_the_database_refuses_a_row_that_is_neither_key_nor_erasure():
    with pytest.raises(IntegrityError, match="keys_record_is_a_key_or_erased"), transaction.atomic():
        sql("INSERT INTO keys_record (kind, record, master) VALUES ('person', %s, 1)", new_id())


def test_rotation_wraps_every_key_anew_and_everything_still_opens(monkeypatch):
    monkeypatch.setattr(operations, "CHUNK", 7)
    people = [("person", new_id(), b"%d" % n) for n in range(20)]
    sealed = operations.seal(people)
    before = {bytes(wrapped) for (wrapped,) in sql("SELECT wrapped FROM keys_record")}
    steps = []
    version = operations.rotate(progress=steps.append)
    assert steps == [7, 14, 20]
    assert sql("SELECT DISTINCT master FROM keys_record") == [(version,)]
    assert not before & {bytes(wrapped) for (wrapped,) in sql("SELECT wrapped FROM keys_record")}
    assert queries.to_rewrap() == 0
    assert queries.open_sealed([(k, i, s) for (k, i, _), s in zip(people, sealed, strict=True)]) == [
        p for *_, p in people
    ]


def test_a_rotation_cut_short_is_finished_by_the_next_program_that_rotates(monkeypatch):
    people = [("person", new_id(), b"a") for _ in range(5)]
    sealed = operations.seal(people)
    version = provider.current().rotate()  # the program died here, before anything was wrapped anew
    provider._file_keys.cache_clear()
    assert queries.to_rewrap() == 5
    assert queries.open_sealed([(*people[0][:2], sealed[0])]) == [b"a"]
    monkeypatch.setattr(operations, "CHUNK", 2)
    assert operations.rotate() == version
    assert queries.to_rewrap() == 0
    assert queries.open_sealed([(*people[0][:2], sealed[0])]) == [b"a"]


def test_a_wrapped_key_moved_to_another_record_does_not_open():
    one, other = new_id(), new_id()
    sealed, _ = operations.seal([("person", one, b"mine"), ("person", other, b"yours")])
    sql("UPDATE keys_record SET wrapped = (SELECT wrapped FROM keys_record WHERE record = %s) WHERE record = %s",
        one, other)  # fmt: skip
    with pytest.raises(KeyDamaged):
        queries.open_sealed([("person", other, sealed)])


def test_a_database_is_held_to_the_key_folder_it_first_met(settings, tmp_path):
    operations.hold_to_folder()
    operations.hold_to_folder()
    settings.MUSTER_KEYS = tmp_path / "made anew because the old one was lost"
    with pytest.raises(KeyFolderDiffers):
        operations.hold_to_folder()


def test_a_lost_newer_master_key_is_named_before_anything_is_sealed(settings, tmp_path):
    settings.MUSTER_KEYS = tmp_path / "keys"
    operations.seal([("person", new_id(), b"x")])
    version = operations.rotate()
    (tmp_path / "keys" / f"master-{version}").unlink()
    for act in (operations.hold_to_folder, operations.rotate):
        with pytest.raises(MasterKeyMissing, match=f"master-{version}"):
            act()


def test_the_newest_escrow_brings_keys_back_but_no_erased_one():
    kept, gone = new_id(), new_id()
    sealed = operations.seal([("person", kept, b"kept"), ("person", gone, b"gone")])
    operations.erase([("person", gone)], at=AT)
    file = io.BytesIO()
    assert queries.export_records(file) == 2
    sql("DELETE FROM keys_record")
    file.seek(0)
    assert operations.import_records(file) == 2
    assert queries.open_sealed([("person", kept, sealed[0]), ("person", gone, sealed[1])]) == [b"kept", None]


def test_an_older_escrow_does_not_bring_back_what_is_erased_here():
    one = new_id()
    sealed = operations.seal([("person", one, b"x")])
    older = io.BytesIO()
    queries.export_records(older)
    operations.erase([("person", one)], at=AT)
    older.seek(0)
    operations.import_records(older)
    assert queries.open_sealed([("person", one, sealed[0])]) == [None]


def test_a_new_escrow_keeps_the_keys_and_the_erasures_that_only_the_old_one_knows():
    here, there, gone = new_id(), new_id(), new_id()
    sealed = operations.seal([("person", record, b"x") for record in (here, there, gone)])
    set_back = sql("SELECT * FROM keys_record WHERE record = %s", gone)
    operations.erase([("person", gone)], at=AT)
    old, new = io.BytesIO(), io.BytesIO()
    queries.export_records(old)
    sql("DELETE FROM keys_record WHERE record <> %s", here)  # the database is set back to before the erasure
    sql("INSERT INTO keys_record VALUES (%s, %s, %s, %s, %s)", *set_back[0])
    old.seek(0)
    assert queries.export_records(new, before=old) == 3
    sql("DELETE FROM keys_record")
    new.seek(0)
    operations.import_records(new)
    records = zip((here, there, gone), sealed, strict=True)
    assert queries.open_sealed([("person", record, text) for record, text in records]) == [b"x", b"x", None]


@pytest.mark.parametrize("damage", ["cut", "altered", "appended", "empty"])
def test_a_damaged_escrow_is_refused_and_nothing_is_brought_in(damage):
    operations.seal([("person", new_id(), b"x"), ("person", new_id(), b"y")])
    file = io.BytesIO()
    queries.export_records(file)
    whole = file.getvalue()
    sql("DELETE FROM keys_record")
    damaged = {"cut": whole[: whole.index(b"\n") + 1], "altered": whole.replace(b"person", b"pexson", 1), "empty": b""}
    with pytest.raises(EscrowDamaged):
        operations.import_records(io.BytesIO(damaged.get(damage, whole + b"[]\n")))
    assert sql("SELECT count(*) FROM keys_record") == [(0,)]


def test_the_index_of_a_secret_value_finds_it_and_tells_nothing_else():
    assert queries.blind_index("phone", "0551234567") == queries.blind_index("phone", "0551234567")
    assert queries.blind_index("phone", "0551234567") != queries.blind_index("email", "0551234567")
    assert len(queries.blind_index("phone", "0551234567")) == 16


@pytest.mark.django_db(transaction=True)
def test_writers_that_seal_the_same_new_record_agree_on_its_key():
    record, sealed = new_id(), []

    def seal(text):
        sealed.append(operations.seal([("person", record, text)])[0])
        connection.close()

    threads = [threading.Thread(target=seal, args=(b"%d" % n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(queries.open_sealed([("person", record, text) for text in sealed])) == [b"%d" % n for n in range(8)]


@pytest.mark.django_db(transaction=True)
def test_a_rotation_waits_for_those_who_began_to_seal_before_it():
    record, sealed, began, rotated = new_id(), [], threading.Event(), threading.Event()

    def seal():
        with transaction.atomic():
            sealed.extend(operations.seal([("person", record, b"x")]))
            began.set()
            assert not rotated.wait(0.5)  # it does not end while we are under way
        connection.close()

    thread = threading.Thread(target=seal)
    thread.start()
    began.wait()
    version = operations.rotate()
    rotated.set()
    thread.join()
    assert sql("SELECT record, master FROM keys_record") == [(record, version)]
    assert queries.open_sealed([("person", record, sealed[0])]) == [b"x"]


def test_keys_of_a_lost_folder_are_given_up_and_what_comes_later_is_sealed_and_guarded_anew(settings, tmp_path):
    one, gone, other = new_id(), new_id(), new_id()
    operations.hold_to_folder()
    before, _ = operations.seal([("person", one, b"old"), ("person", gone, b"gone")])
    operations.erase([("person", gone)], at=AT)
    assert operations.give_up_lost() == 0  # the folder is here
    settings.MUSTER_KEYS = tmp_path / "another"
    with pytest.raises(KeyFolderDiffers):
        operations.hold_to_folder()
    assert operations.give_up_lost() == 1
    operations.hold_to_folder()
    assert (queries.is_lost("person", one), queries.is_lost("person", gone)) == (True, False)
    after, own = operations.seal([("person", one, b"new"), ("person", other, b"own")])
    assert queries.open_sealed([("person", one, before), ("person", one, after)]) == [None, b"new"]
    with pytest.raises(RecordErased):
        operations.seal([("person", gone, b"x")])
    with pytest.raises(SealBroken):
        queries.open_sealed([("person", other, own[:-1])])
