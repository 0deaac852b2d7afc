"""Seal, erase, rotate, and bring record keys back from escrow. Who may do so is decided in the rooms above."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.errors import Refusal
from muster.keys import escrow, provider, queries
from muster.keys.provider import KEY_BYTES
from muster.keys.sealing import context, seal_text

CHUNK = 5_000

Record = tuple[str, UUID]


class RecordErased(Refusal):
    """The record's key was erased; nothing is sealed under its name again."""

    code = "record_erased"
    vi = "Hồ sơ {record} đã được xóa vĩnh viễn."
    en = "Record {record} has been erased for good."


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
    keys |= _make(missing)
    if len(keys) < len(set(names)):  # another transaction made some of them first
        return seal(rows)
    return [seal_text(keys[kind, record] or b"", plain, context(kind, record)) for kind, record, plain in rows]


def _make(names: Sequence[Record]) -> dict[Record, bytes]:
    """Draw and store a key for each record; those that somebody else just stored are left out of the answer."""
    if not names:
        return {}
    holder = provider.current()
    made = {name: os.urandom(KEY_BYTES) for name in sorted(names)}
    wrapped = [(*name, *holder.wrap(key, context(*name))) for name, key in made.items()]
    stored = _insert(wrapped)
    return {name: made[name] for name in stored}


def _insert(rows: Sequence[tuple[str, UUID, int, bytes]]) -> list[Record]:
    kinds, records, masters, wrapped = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO keys_record (kind, record, master, wrapped)
            SELECT * FROM unnest(%s::text[], %s::uuid[], %s::smallint[], %s::bytea[])
            ON CONFLICT DO NOTHING
            RETURNING kind, record
            """,
            [list(kinds), list(records), list(masters), list(wrapped)],
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
    """Make a new master key and wrap every record key under it, in chunks; return the new version.

    Interrupted, it leaves every key readable: `rewrap` finishes the work. Old master keys stay in the folder.
    """
    version = provider.current().rotate()
    rewrap(progress=progress)
    return version


def rewrap(*, progress: Callable[[int], None] | None = None) -> int:
    """Wrap what is still under an older master key under the newest; return how many keys that were."""
    done = 0
    while count := _rewrap_chunk():
        done += count
        if progress:
            progress(done)
    return done


@transaction.atomic
def _rewrap_chunk() -> int:
    holder = provider.current()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind, record, master, wrapped FROM keys_record
            WHERE master < %s AND wrapped IS NOT NULL
            ORDER BY kind, record LIMIT %s FOR UPDATE
            """,
            [holder.newest, CHUNK],
        )
        rows = cursor.fetchall()
        for kind, record, master, wrapped in rows:
            name = context(kind, record)
            version, again = holder.wrap(holder.unwrap(master, bytes(wrapped), name), name)
            cursor.execute(
                "UPDATE keys_record SET master = %s, wrapped = %s WHERE kind = %s AND record = %s",
                [version, again, kind, record],
            )
    return len(rows)


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
