"""A handbook as paper: exactly one A4, to be pinned to a wall."""

from dataclasses import asdict
from datetime import date
from functools import lru_cache
from importlib.resources import files

from muster import __version__
from muster.kernel import formats
from muster.kernel.formats import Language
from muster.ui.texts import text
from muster.web import typesetting
from muster.web.handbooks import words
from muster.web.handbooks.words import PICTURES, Book

SHEET = "handbooks/handbook.typ"


@lru_cache(maxsize=64)  # everybody may ask for the citizen's
def pdf(book: Book, language: Language, base: str, on: date) -> bytes:
    """Return the handbook of a role as PDF.

    :param base: where the product is opened, such as ``https://muster.example/``
    :param on: the day written on its foot
    """
    return typesetting.pdf(SHEET, told(book, language, base, on), PICTURES)


def told(book: Book, language: Language, base: str, on: date) -> dict[str, object]:
    """Return all that the sheet lays out."""
    found = words.handbook(book, language)
    return asdict(found) | {
        "language": language,
        "title": text("handbook.of", language, role=found.role),
        "mark": files("muster.ui").joinpath("static/ui/mark.svg").read_text(encoding="utf-8"),
        "address": text("handbook.address", language, base=base),
        "trouble": text("handbook.trouble", language),
        "whom": text("handbook.calls", language),
        "footer": text("handbook.footer", language, version=__version__, day=formats.day(on)),
    }
