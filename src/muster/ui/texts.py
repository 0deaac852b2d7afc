"""Every sentence of the screens, in Vietnamese and in English, by key.

The files of the folder ``texts`` hold tables such as::

    [shell.skip]
    vi = "Đến nội dung chính"
    en = "Skip to the content"

and ``text("shell.skip", "vi")`` returns the first. Values in braces are filled in: ``text("x.y", "en", unit=name)``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType
from typing import Any

from muster.kernel.formats import Language

LANGUAGES: tuple[Language, ...] = ("vi", "en")  # the first is the language of the house
Catalogue = Mapping[str, Mapping[str, str]]


class UnknownText(KeyError):
    """No text has this key, or not in this language: a fault of the house, never of a request."""


def text(key: str, language: str = "vi", **values: object) -> str:
    """Return the text of a key in ``vi`` or ``en``, with the values in their places.

    :raises UnknownText: there is none
    :raises KeyError: a place has no value
    """
    try:
        found = catalogue()[key][language]
    except KeyError:
        raise UnknownText(f"{key} ({language})") from None
    return found.format(**values) if values else found


@cache
def catalogue() -> Catalogue:
    """Return all texts, by key and language, read once from the package."""
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted(files("muster.ui").joinpath("texts").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for key, entry in _flat(tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in found:
                    raise UnknownText(f"{key} stands twice")
                found[key] = MappingProxyType(entry)
    return MappingProxyType(found)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    for name, value in table.items():
        if any(isinstance(inner, dict) for inner in value.values()):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def faults(texts: Catalogue | None = None) -> list[str]:
    """Return what is wrong with the texts: a language that is missing or empty, places that differ."""
    return [fault for key, entry in (texts or catalogue()).items() for fault in _faults(key, entry)]


def _faults(key: str, entry: Mapping[str, str]) -> Iterator[str]:
    for language in LANGUAGES:
        if not entry.get(language, "").strip():
            yield f"{key}: no text in {language}"
    for other in sorted(entry.keys() - set(LANGUAGES)):
        yield f"{key}: {other} is no language of the house"
    places = {language: _places(entry[language]) for language in LANGUAGES if language in entry}
    if len(set(places.values())) > 1:
        yield f"{key}: the places differ: " + "; ".join(f"{name} {sorted(found)}" for name, found in places.items())


def _places(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)
