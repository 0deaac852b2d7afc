"""Write many rows of one table at once, whatever the room: COPY in its binary form."""

from collections.abc import Iterable, Mapping
from typing import Any


def copy_rows(cursor: Any, table: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows by COPY, through a cursor of psycopg.

    :param columns: the columns and their PostgreSQL types, in the order of each row's values; the binary form asks
        for both
    """
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
