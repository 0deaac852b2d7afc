"""Hand many values to PostgreSQL at once: each column is one array, written out as text.

A driver that looks at each value of a list on its own takes several times as long.
"""

from collections.abc import Iterable
from uuid import UUID


def ids(things: Iterable[UUID]) -> str:
    """Return ids as one value of type ``uuid[]``."""
    return f"{{{','.join([f'{one.int:032x}' for one in things])}}}"


def array(values: Iterable[object]) -> str:
    """Return texts, numbers, dates, moments or ids as one value of their array type; ``None`` is null."""
    return f"{{{','.join([_element(value) for value in values])}}}"


def columns(rows: Iterable[Iterable[object]]) -> list[str]:
    """Return rows as one array for each of their columns, as ``unnest`` takes them."""
    return [array(column) for column in zip(*rows, strict=True)]


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    text = str(value)
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
