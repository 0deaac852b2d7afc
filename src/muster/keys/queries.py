"""Open what is sealed, find by a secret index, and write the keys out into escrow."""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction

from muster.keys import escrow, provider
from muster.keys.sealing import SealBroken, context, open_text

CHUNK = 5_000


def keys_of(names: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], bytes | None]:
    """Return the key of every record that has one; ``None`` where it was erased."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    kinds, records = zip(*wanted, strict=True)
    holder = provider.current()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind, record, master, wrapped FROM keys_record
            JOIN unnest(%s::text[], %s::uuid[]) AS asked(kind, record) USING (kind, record)
            """,
            [list(kinds), list(records)],
        )
        return {
            (kind, record): None if wrapped is None else holder.unwrap(master, bytes(wrapped), context(kind, record))
            for kind, record, master, wrapped in cursor.fetchall()
        }


def open_sealed(rows: Sequence[tuple[str, UUID, bytes]]) -> list[bytes | None]:
    """Return the texts of sealed records, in the order given; ``None`` where the record's key is erased or lost.

    :raises SealBroken: a sealed text was altered, or moved from another record
    :raises KeyDamaged: a wrapped key was altered, or moved from another record
    :raises MasterKeyMissing: the key folder lacks the master key
    """
    keys = keys_of((kind, record) for kind, record, _ in rows)
    return [_open(keys.get((kind, record)), bytes(sealed), kind, record) for kind, record, sealed in rows]


def _open(key: bytes | None, sealed: bytes, kind: str, record: UUID) -> bytes | None:
    if key is None:
        return None
    try:
        return open_text(key, sealed, kind, record)
    except SealBroken:
        if is_lost(kind, record):  # sealed under the key it had before
            return None
        raise


def is_lost(kind: str, record: UUID) -> bool:
    """Say whether a record's key was lost with its key folder; it may have a new one since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM keys_lost WHERE kind = %s AND record = %s)", [kind, record])
        return bool(cursor.fetchone()[0])


def folder_identity() -> bytes | None:
    """Return which key folder this database is sealed with; nothing before the two have met."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity FROM keys_folder")
        row = cursor.fetchone()
    return bytes(row[0]) if row else None


def is_of_this_folder() -> bool:
    """Say whether this database is sealed with the key folder that is here, or has met none yet."""
    return folder_identity() in {None, provider.current().derive("identity")}


def masters_missing() -> list[int]:
    """Return the versions of the master key that record keys are wrapped under and that the key folder lacks."""
    missing = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (master) kind, record, master, wrapped FROM keys_record WHERE wrapped IS NOT NULL"
        )
        for kind, record, master, wrapped in cursor.fetchall():
            try:
                provider.current().unwrap(master, bytes(wrapped), context(kind, record))
            except provider.MasterKeyMissing:
                missing.append(master)
            except provider.KeyDamaged:
                continue  # this one key: its master key is there
    return missing


def blind_index(label: str, value: str) -> bytes:
    """Return the 16-byte index under which a secret value is found without being readable (HMAC-SHA256, cut)."""
    return blind_indexes(label, [value])[0]


def blind_indexes(label: str, values: Iterable[str]) -> list[bytes]:
    """Return the indexes of many values, in their order; the key is derived once."""
    key = provider.current().derive(f"index/{label}")
    return [hmac.digest(key, value.encode(), sha256)[:16] for value in values]


def to_rewrap() -> int:
    """Return how many record keys are still under an older master key."""
    with connection.cursor() as cursor:
        newest = provider.current().newest
        cursor.execute("SELECT count(*) FROM keys_record WHERE wrapped IS NOT NULL AND master < %s", [newest])
        return int(cursor.fetchone()[0])


def newest_used() -> int:
    """Return the newest version of the master key that a record key is wrapped under; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(master), 0) FROM keys_record WHERE wrapped IS NOT NULL")
        return int(cursor.fetchone()[0])


def sealers(lock: tuple[int, int]) -> set[str]:
    """Return the transactions that hold an advisory lock, and those that wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT virtualtransaction FROM pg_locks
            WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND pid <> pg_backend_pid()
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            lock,
        )
        return {transaction for (transaction,) in cursor.fetchall()}


@transaction.atomic
def export_records(file: BinaryIO, *, before: BinaryIO | None = None) -> int:
    """Write every record key, still wrapped, and every erasure into an escrow file; return how many.

    :param before: the escrow file that this one will replace. A key that only it knows is kept: the database may be
        a new one, or set back to an earlier day, and the copies still need that key. What it says is erased stays so.
    :raises EscrowDamaged: the file to be replaced is not whole
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.keys_before")
        cursor.execute("CREATE TEMPORARY TABLE keys_before (LIKE keys_record) ON COMMIT DROP")
        if before:
            with cursor.copy("COPY keys_before (kind, record, master, wrapped, erased_at) FROM STDIN") as copy:
                for rows in escrow.read(before, CHUNK):
                    for row in rows:
                        copy.write_row(row)
        cursor.execute(
            """
            DECLARE every_key NO SCROLL CURSOR FOR
            SELECT kind, record, coalesce(now.master, before.master),
                   CASE WHEN erased IS NULL THEN coalesce(now.wrapped, before.wrapped) END, erased
            FROM keys_record AS now FULL JOIN keys_before AS before USING (kind, record)
            CROSS JOIN LATERAL (SELECT least(now.erased_at, before.erased_at) AS erased) AS either
            """
        )
        writer = escrow.Writer(file)
        while True:
            cursor.execute("FETCH %s FROM every_key", [CHUNK])
            rows = cursor.fetchall()
            if not rows:
                cursor.execute("CLOSE every_key")
                return writer.close()
            writer.write(rows)
