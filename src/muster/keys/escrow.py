"""The escrow file: the record keys as they are now, wrapped, one JSON line each, ended by a count and a checksum."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO
from uuid import UUID

from muster.kernel.errors import Refusal

Row = tuple[str, UUID, int, bytes | None, datetime | None]


class EscrowDamaged(Refusal):
    """The escrow file was cut short or altered."""

    code = "escrow_damaged"
    vi = "Tệp khóa dự phòng không nguyên vẹn."
    en = "The escrow file is not whole."


class Writer:
    """Writes rows as they come; `close` ends the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._count, self._digest = file, 0, sha256()

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        for kind, record, master, wrapped, erased in rows:
            fields = [kind, str(record), master, bytes(wrapped).hex() if wrapped else None]
            self._line([*fields, erased.isoformat() if erased else None])
            self._count += 1

    def close(self) -> int:
        """End the file; return how many rows it holds."""
        end = {"rows": self._count, "sha256": self._digest.hexdigest()}
        self._file.write(json.dumps(end).encode() + b"\n")
        return self._count

    def _line(self, fields: list[object]) -> None:
        line = json.dumps(fields, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        self._file.write(line)


def read(file: BinaryIO, chunk: int) -> Iterator[list[Row]]:
    """Yield the rows of an escrow file in chunks.

    :raises EscrowDamaged: at the end, when count or checksum do not fit: run it in a transaction
    """
    digest, count = sha256(), 0
    rows: list[Row] = []
    for line in file:
        fields = _parse(line)
        if isinstance(fields, dict):
            if rows:
                yield rows
            if fields != {"rows": count, "sha256": digest.hexdigest()} or file.read(1):
                raise EscrowDamaged
            return
        digest.update(line)
        count += 1  # noqa: SIM113 - the last line is not a row
        rows.append(_row(fields))
        if len(rows) == chunk:
            yield rows
            rows = []
    raise EscrowDamaged


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise EscrowDamaged from None


def _row(fields: list[Any]) -> Row:
    kind, record, master, wrapped, erased = fields
    moment = datetime.fromisoformat(erased) if erased else None
    return kind, UUID(record), master, bytes.fromhex(wrapped) if wrapped else None, moment
