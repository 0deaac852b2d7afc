"""Make named tuples of database rows, thousands in a batch: column by column what must be read, the rest as it is."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T", bound=NamedTuple)
E = TypeVar("E", bound=Enum)


def reader(kind: type[T], read: Mapping[str, Callable[[Any], Any]]) -> Callable[[Sequence[Any]], T]:
    """Return what makes a named tuple of a row whose columns are its fields, in their order.

    :param read: of the fields that are not as the driver gives them, how to read each
    """
    places = [(kind._fields.index(name), of) for name, of in read.items()]
    make = kind._make

    def row_read(row: Sequence[Any]) -> T:
        values = list(row)
        for place, of in places:
            values[place] = of(values[place])
        return make(values)

    return row_read


def word(kind: type[E]) -> Callable[[Any], E]:
    """Return what finds a word of a list by its value, in a fraction of the time that calling the list takes.

    It raises ``KeyError`` for a value that is none, which the database's own check lets nobody store.
    """
    return {one.value: one for one in kind}.__getitem__


def word_or_none(kind: type[E]) -> Callable[[Any], E | None]:
    """Return the same for columns that may be empty: null, or the empty text."""
    words: dict[Any, E | None] = {one.value: one for one in kind}
    return (words | {None: None, "": None}).__getitem__
