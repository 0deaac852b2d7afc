"""Seal, erase, rotate, and bring record keys back from escrow. Who may do so is decided in the rooms above."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from muster.kernel.errors import Refusal
from muster.keys import escrow, provider, queries
from muster.keys.models import KeyFolder
from muster.keys.provider import KEY_BYTES, MasterKeyMissing
from muster.keys.sealing import context, seal_texts

CHUNK = 5_000
SEALING = (7305, 1)  # advisory lock, shared: whoever holds it may be wrapping under the master key it found newest

Record = tuple[str, UUID]


class RecordErased(Refusal):
    """The record's key was erased; nothing is sealed under its name again."""

    code = "record_erased"
    vi = "Hồ sơ {record} đã được xóa vĩnh viễn."
    en = "Record {record} has been erased for good."


class KeyFolderDiffers(Refusal):
    """The key folder is another than the one this database was sealed with."""

    code = "key_folder_differs"
    vi = "Thư mục khóa không phải của cơ sở dữ liệu này; hãy đưa bản sao của đúng thư mục trở lại."
    en = "The key folder is not the one this database is sealed with; bring back a copy of the right one."


@transaction.atomic
def hold_to_folder() -> None:
    """Tie this database to the key folder at their first meeting, and refuse any other folder ever after.

    A lost folder would else be made anew without a word, and numbers, indexes and seals go on under other secrets.

    :raises KeyFolderDiffers: the database is sealed with another folder
    :raises MasterKeyMissing: a master key that record keys are wrapped under is not in the folder
    """
    holder = provider.current()
    identity = holder.derive("identity")
    held, _ = KeyFolder.objects.get_or_create(id=1, defaults={"identity": identity})
    if bytes(held.identity) != identity:
        raise KeyFolderDiffers
    if (used := queries.newest_used()) > holder.newest:
        raise MasterKeyMissing(name=f"master-{used}")


@transaction.atomic
def give_up_lost() -> int:
    """Go on with the key folder that is here, without the record keys that only a lost one could open.

    What was sealed under them opens no more (`queries.is_lost`); those records get a new key when something is sealed
    for them again. Erased records stay erased. With the folder of this database nothing is given up.

    :returns: how many record keys were given up
    """
    identity = provider.current().derive("identity")
    whole = not queries.is_of_this_folder()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                DELETE FROM keys_record WHERE wrapped IS NOT NULL AND (%s OR master = ANY(%s)) RETURNING kind, record
            )
            INSERT INTO keys_lost (kind, record) SELECT kind, record FROM gone ON CONFLICT DO NOTHING
            """,
            [whole, [] if whole else queries.masters_missing()],
        )
        count = int(cursor.rowcount)
    KeyFolder.objects.update(identity=identity)
    return count


@transaction.atomic
def seal(rows: Sequence[tuple[str, UUID, bytes]], *, fresh: bool = False) -> list[bytes]:
    """Seal texts, each under its record's own key; a record without a key gets one.

    :param rows: kind, id and text of each record
    :param fresh: the caller knows that none of the records has a key yet (a bulk load), which spares the look-up
    :returns: the sealed texts, in the order given
    :raises RecordErased: a record's key has been erased
    """
    names = [(kind, record) for kind, record, _ in rows]
    keys: dict[Record, bytes | None] = {} if fresh else queries.keys_of(names)
    for name, key in keys.items():
        if key is None:
            raise RecordErased(record=name[1])
    missing = [name for name in dict.fromkeys(names) if name not in keys]
    keys |= _make(missing, fresh=fresh)
    if any(name not in keys for name in names):  # another transaction made some of them first
        return seal(rows)
    texts = ((keys[name] or b"", plain, context(*name)) for name, (_, _, plain) in zip(names, rows, strict=True))
    return seal_texts(texts, len(rows))


def _make(names: Sequence[Record], *, fresh: bool) -> dict[Record, bytes]:
    """Draw and store a key for each record; those that somebody else just stored are left out of the answer."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", SEALING)
    drawn = os.urandom(KEY_BYTES * len(names))
    made = {name: drawn[KEY_BYTES * place : KEY_BYTES * (place + 1)] for place, name in enumerate(sorted(names))}
    version, wrapped = provider.current().wrap([(key, context(*name)) for name, key in made.items()])
    if fresh and _copied(list(made), version, wrapped):
        return made
    return {name: made[name] for name in _insert(list(made), version, wrapped)}


def _copied(names: Sequence[Record], master: int, wrapped: Sequence[bytes]) -> bool:
    """Write keys by COPY: all of them or, where a record has one after all, none; say which."""
    try:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            connection.wrap_database_errors,  # Django leaves those of COPY as the driver raises them
            cursor.copy("COPY keys_record (kind, record, master, wrapped) FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.set_types(["varchar", "uuid", "int2", "bytea"])
            for (kind, record), key in zip(names, wrapped, strict=True):
                copy.write_row((kind, record, master, key))
    except IntegrityError:
        return False
    return True


def _insert(names: Sequence[Record], master: int, wrapped: Sequence[bytes]) -> list[Record]:
    kinds, records = zip(*names, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO keys_record (kind, record, master, wrapped)
            SELECT kind, record, %s, wrapped
            FROM unnest(%s::text[], %s::uuid[], %s::bytea[]) AS made (kind, record, wrapped)
            ON CONFLICT DO NOTHING
            RETURNING kind, record
            """,
            [master, list(kinds), list(records), list(wrapped)],
        )
        stored: list[Record] = cursor.fetchall()
    return stored


@transaction.atomic
def erase(records: Iterable[Record], *, at: datetime) -> int:
    """Erase the keys of records: what was sealed under them opens no more, here and in every backup.

    Erasing is for good and may be repeated; a record that never had a key is marked erased too.

    :returns: how many keys were erased now
    """
    kinds, ids = zip(*sorted(set(records)), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO keys_record (kind, record, master, wrapped, erased_at)
            SELECT kind, record, 0, NULL, %s FROM unnest(%s::text[], %s::uuid[]) AS asked(kind, record)
            ON CONFLICT (kind, record) DO UPDATE SET wrapped = NULL, erased_at = excluded.erased_at
            WHERE keys_record.erased_at IS NULL
            """,
            [at, list(kinds), list(ids)],
        )
        return int(cursor.rowcount)


def rotate(*, progress: Callable[[int], None] | None = None) -> int:
    """Make a new master key and wrap every record key under it, in chunks; return its version.

    Other programs may seal meanwhile. Interrupted, it leaves every key readable, and the next call finishes that
    rotation instead of beginning another. Old master keys stay in the folder.

    :raises MasterKeyMissing: a master key that record keys are wrapped under is not in the folder
    :raises KeyFolderDiffers: the database is sealed with another folder
    """
    hold_to_folder()
    if not queries.to_rewrap():
        provider.current().rotate()
    done = rewrap(progress=progress)
    _wait_for_sealers()
    rewrap(progress=progress, done=done)
    return provider.current().newest


def rewrap(*, progress: Callable[[int], None] | None = None, done: int = 0) -> int:
    """Wrap what is still under an older master key under the newest; return how many keys that were.

    :param done: how many had been wrapped before, which progress and answer count too
    """
    last: Record | None = ("", UUID(int=0))
    while last:
        count, last = _rewrap_chunk(last)
        done += count
        if progress and count:
            progress(done)
    return done


@transaction.atomic
def _rewrap_chunk(after: Record) -> tuple[int, Record | None]:
    """Wrap the next keys anew; return how many, and the last of them where there may be more."""
    holder = provider.current()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind, record, master, wrapped FROM keys_record
            WHERE (kind, record) > (%s, %s) AND master < %s AND wrapped IS NOT NULL
            ORDER BY kind, record LIMIT %s FOR UPDATE
            """,
            [*after, holder.newest, CHUNK],
        )
        rows = cursor.fetchall()
        names = [(kind, record) for kind, record, *_ in rows]
        bound = [context(*name) for name in names]
        keys = [holder.unwrap(row[2], bytes(row[3]), name) for row, name in zip(rows, bound, strict=True)]
        version, wrapped = holder.wrap(list(zip(keys, bound, strict=True)))
        cursor.execute(
            """
            UPDATE keys_record SET master = %s, wrapped = made.wrapped
            FROM unnest(%s::text[], %s::uuid[], %s::bytea[]) AS made (kind, record, wrapped)
            WHERE keys_record.kind = made.kind AND keys_record.record = made.record
            """,
            [version, [kind for kind, _ in names], [record for _, record in names], wrapped],
        )
    return len(rows), names[-1] if len(rows) == CHUNK else None


def _wait_for_sealers() -> None:
    """Wait for the transactions that may still seal under an older master key; those that begin now take the newest.

    They are waited for by name, not by asking for the lock: whoever asks would hold up everybody who comes later.
    """
    waited = queries.sealers(SEALING)
    while waited & queries.sealers(SEALING):
        time.sleep(0.05)


@transaction.atomic
def import_records(file: BinaryIO) -> int:
    """Bring the record keys of an escrow file into this database; return how many there were.

    A key erased here stays erased, and one that is erased in the escrow is erased here too.

    :raises EscrowDamaged: the file was cut short or altered; nothing was brought in
    """
    count = 0
    with connection.cursor() as cursor:
        for rows in escrow.read(file, CHUNK):
            kinds, records, masters, wrapped, erased = zip(*rows, strict=True)
            cursor.execute(
                """
                INSERT INTO keys_record (kind, record, master, wrapped, erased_at)
                SELECT * FROM unnest(%s::text[], %s::uuid[], %s::smallint[], %s::bytea[], %s::timestamptz[])
                ON CONFLICT (kind, record) DO UPDATE
                SET master = excluded.master, wrapped = excluded.wrapped, erased_at = excluded.erased_at
                WHERE keys_record.erased_at IS NULL
                """,
                [list(kinds), list(records), list(masters), list(wrapped), list(erased)],
            )
            count += len(rows)
    return count
