"""What a handbook says, from ``ui/texts/handbook.toml``; words of the screens and addresses are put in by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from string import Formatter
from typing import Literal

from django.urls import reverse

from muster.kernel.formats import Language
from muster.ui.texts import catalogue, text

PICTURES = Path(__file__).parent / "pictures"


class Book(StrEnum):
    """Whose handbook it is, in the order of the list: the officers', then the citizen's. Officers by their role."""

    CREW = "crew"
    DESK_LEAD = "desk_lead"
    COMMANDER = "commander"
    PLANNER = "planner"
    CHECKER = "checker"
    TECHNICIAN = "technician"
    CITIZEN = "citizen"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence: plain text, a word of the screens, an address, a key to press."""

    kind: Literal["text", "word", "address", "key"]
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """One step, or one thing that goes wrong: its name, and what is done."""

    name: str
    do: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture cut from a screen, and the words under it."""

    file: str
    caption: str


@dataclass(frozen=True, slots=True)
class Handbook:
    """All that one page says, in one language."""

    role: str
    lead: str
    steps: Sequence[Told]
    troubles: Sequence[Told]
    calls: Sequence[Sequence[Piece]]
    pictures: Sequence[Picture]


def handbook(book: Book, language: Language) -> Handbook:
    """Return what the page of a role says."""
    own = f"handbook.{book}"
    return Handbook(
        role(book, language),
        text(f"{own}.lead", language),
        [_told(f"{own}.step.{no}", "name", language) for no in _numbers(f"{own}.step", ".do")],
        [_told(f"{own}.trouble.{no}", "what", language) for no in _numbers(f"{own}.trouble", ".do")],
        [pieces(text(f"{own}.call.{no}", language), language) for no in _numbers(f"{own}.call", "")],
        [
            Picture(file(book, name, language), text(f"{own}.picture.{name}", language))
            for name in pictures(book)
        ],
    )  # fmt: skip


def role(book: Book, language: Language) -> str:
    """Return whose handbook it is, in words."""
    return text("handbook.citizen.name" if book is Book.CITIZEN else f"people.role.{book}", language)


def pictures(book: Book) -> list[str]:
    """Return the names of a handbook's pictures, in the order of the page."""
    own = f"handbook.{book}.picture."
    return [key.removeprefix(own) for key in catalogue() if key.startswith(own)]


def file(book: Book, picture: str, language: Language) -> str:
    """Return the name of a picture's file in the folder of pictures."""
    return f"{book}-{picture}.{language}.png"


def pieces(sentence: str, language: Language) -> list[Piece]:
    """Return a sentence in pieces: ``{board.title}`` is a word, ``{go:command:board}`` an address, ``{key:J}`` a key.

    :raises UnknownText: a word is none of the screens
    :raises NoReverseMatch: a page is not there
    """
    return list(_pieces(sentence, language))


def _pieces(sentence: str, language: Language) -> Iterator[Piece]:
    for before, name, of, _ in Formatter().parse(sentence):
        if before:
            yield Piece("text", before)
        if name == "go":
            yield Piece("address", reverse(of or ""))
        elif name == "key":
            yield Piece("key", of or "")
        elif name is not None:
            yield Piece("word", text(name, language))


def _told(key: str, name: str, language: Language) -> Told:
    return Told(text(f"{key}.{name}", language), pieces(text(f"{key}.do", language), language))


def _numbers(key: str, ending: str) -> Iterator[int]:
    """Yield 1, 2, 3 … as far as there are texts."""
    for no in count(1):
        if f"{key}.{no}{ending}" not in catalogue():
            return
        yield no
