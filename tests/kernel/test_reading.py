"""Named tuples are made of rows, column by column."""

from enum import StrEnum
from typing import NamedTuple

import pytest

from muster.kernel.reading import reader, word, word_or_none


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Thing(NamedTuple):
    no: int
    colour: Colour
    path: tuple[int, ...]


def test_reads_what_it_is_told_to_and_leaves_the_rest():
    read = reader(Thing, {"colour": word(Colour), "path": tuple})
    assert read((7, "red", [1, 2])) == Thing(7, Colour.RED, (1, 2))
    assert read([8, "green", []]).colour is Colour.GREEN


def test_a_row_of_another_width_is_no_such_thing():
    with pytest.raises(TypeError):
        reader(Thing, {})((1, "red"))


def test_a_field_that_is_not_there_is_a_fault_of_who_wrote_it():
    with pytest.raises(ValueError, match=r"tuple\.index"):
        reader(Thing, {"size": int})


def test_an_unknown_word_is_not_taken():
    with pytest.raises(KeyError):
        word(Colour)("blue")
    with pytest.raises(KeyError):
        word_or_none(Colour)("blue")


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_column_has_no_word(nothing: str | None):
    assert word_or_none(Colour)(nothing) is None
    assert word_or_none(Colour)("red") is Colour.RED
