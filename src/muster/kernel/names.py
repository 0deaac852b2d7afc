"""Vietnamese names: one clean form to store, keys to compare by, and a key to sort by.

``normalise`` is what the register stores. ``syllable_key`` is the same for two spellings of one name (the
place of the tone mark, i or y, capital letters); ``ascii_key`` is the same for a name and what is left of it
when all marks are lost. ``sort_key`` puts people in the order of a Vietnamese list: by given name, family
name, middle name. All keys are text to compare byte by byte (COLLATE "C"): no server needs a locale.
"""

import re
import unicodedata
from functools import lru_cache

_TOKENS_KEPT = 1 << 16  # syllables in use are some 7,000; the rest is room for foreign names and slips

# Letters that look like Đ and are not: Icelandic eth, African D, and their small forms (cleaning rule NM02).
_LOOK_ALIKES = {0x00D0: "Đ", 0x0189: "Đ", 0x00F0: "đ", 0x0256: "đ"}
_APOSTROPHES = dict.fromkeys((0x2018, 0x2019, 0x02BC, 0x00B4, 0x0060), "'")  # as in H'Hen, typed in many ways
_HYPHENS = dict.fromkeys((*range(0x2010, 0x2015), 0x2212, 0xFE63, 0xFF0D), "-")  # as in Niê-Kđăm, from a word processor
# What copying from chats, contacts and PDFs brings along: soft hyphens, joiners, marks of direction, variants.
_INVISIBLE = dict.fromkeys((0x00AD, 0x034F, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
_INVISIBLE |= dict.fromkeys((*range(0xFE00, 0xFE10), 0xFEFF))
_TO_REPAIR = {**_LOOK_ALIKES, **_APOSTROPHES, **_HYPHENS, **_INVISIBLE}
_REPAIRS = str.maketrans(_TO_REPAIR)
_REPAIRABLE = re.compile(f"[{''.join(map(chr, _TO_REPAIR))}]")  # most names have none of it, and a search is quicker

_PUNCTUATION = re.compile(r"[-'.]")

# Tones in the order of a dictionary: ngang 0, huyền 1, hỏi 2, ngã 3, sắc 4, nặng 5.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_LEVEL_TONE = "0"

# Letters in the order of a Vietnamese dictionary, the four foreign ones where Latin has them.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANKS = dict(zip(_ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
_FOREIGN_RANK = "Z"  # anything else comes after every letter, in the order of code points

# In an open syllable i and y right after the first consonant are one sound, written either way: hi/hy, Lí/Lý,
# Mĩ/Mỹ, Vĩ/Vỹ, Quí/Quý ("qu" is a consonant here). Decision 240 of 1984 says so for h k l m s t, Decision
# 1989/QĐ-BGDĐT of 2018, art. 9, for every consonant, and it leaves names as their bearers write them, so both
# spellings live on in papers (counts in cleaning rule NM05). After a vowel they are two sounds: Thúy, Thúi.
_OPEN_I = re.compile(r"(qu|[bcdđfghjklmnprstvwxz]+)y")


def normalise(text: str) -> str:
    """Return a name in its clean form: NFC, the right Đ, plain hyphens, single spaces; capitals as given."""
    repaired = text.translate(_REPAIRS) if _REPAIRABLE.search(text) else text
    return " ".join(unicodedata.normalize("NFC", repaired).split())


def syllable_key(name: str) -> str:
    """Return the key all spellings of one name share: letters with their marks, then the tone as a digit.

    ``Nguyễn Thị Hoà`` and ``NGUYỄN THỊ HÒA`` are both ``nguyên3 thi5 hoa1``.
    """
    return " ".join(map(_syllable, _tokens(name)))


def ascii_key(name: str) -> str:
    """Return the name in small letters without any mark, đ as d: ``nguyen thi hoa``."""
    return " ".join(map(_bare, _tokens(name)))


def sort_key(name: str) -> str:
    """Return text that sorts names, compared byte by byte, as a Vietnamese list does.

    By given name, then family name, then middle names; inside each by letters (a ă â b c d đ e ê ...), then
    by tone (ngang huyền hỏi ngã sắc nặng). The text is for sorting only and is not meant to be read.
    """
    return " ".join(map(_rank, _by_given(_tokens(name))))


def keys(name: str) -> tuple[str, str, str]:
    """Return syllable key, ASCII key and sort key of a name, quicker than one by one."""
    tokens = _tokens(name)
    return " ".join(map(_syllable, tokens)), " ".join(map(_bare, tokens)), " ".join(map(_rank, _by_given(tokens)))


def split(name: str) -> tuple[str, str, str]:
    """Return family, middle and given name: the first word, what is between, and the last word.

    A name of one word is a given name. Families of two words (Tôn Thất) count by their first, as lists do.
    """
    family, *rest = normalise(name).split(" ")
    if not rest:
        return "", "", family
    *middle, given = rest
    return family, " ".join(middle), given


def same_name(one: str, other: str) -> bool:
    """Say whether two texts are spellings of one name; a name whose marks are lost is another name."""
    return syllable_key(one) == syllable_key(other)


def _by_given(tokens: list[str]) -> list[str]:
    """Return the words of a name in the order it is sorted by: given name, family name, middle names."""
    return [tokens[-1], *tokens[:-1]] if len(tokens) > 1 else tokens or [""]


def _tokens(name: str) -> list[str]:
    plain = normalise(name).lower()
    if _PUNCTUATION.search(plain):
        plain = plain.replace("-", " ").replace("'", "").replace(".", " ")
    return plain.split()


@lru_cache(_TOKENS_KEPT)
def _toneless(token: str) -> tuple[str, str]:
    """Return a token without its tone marks, and its tone as a digit; several only in foreign words."""
    parts = unicodedata.normalize("NFD", token)
    tones = "".join(_TONES[char] for char in parts if char in _TONES)
    letters = "".join(char for char in parts if char not in _TONES)
    return unicodedata.normalize("NFC", letters), tones or _LEVEL_TONE


@lru_cache(_TOKENS_KEPT)
def _syllable(token: str) -> str:
    letters, tone = _toneless(token)
    return (letters[:-1] + "i" if _OPEN_I.fullmatch(letters) else letters) + tone


@lru_cache(_TOKENS_KEPT)
def _bare(token: str) -> str:
    parts = unicodedata.normalize("NFD", token).replace("đ", "d")
    return "".join(char for char in parts if not unicodedata.combining(char))


@lru_cache(_TOKENS_KEPT)
def _rank(token: str) -> str:
    letters, tone = _toneless(token)
    ranks = "".join(_RANKS.get(char) or _FOREIGN_RANK + char for char in letters)
    return f"{ranks} {tone}"  # a space is lower than every rank: Hoa before Hoan, whatever the tones
