"""How units are typed: with or without their type, with or without marks, types in full or by their first letters.

``bare`` is a name key without tones and marks: ``Hoà Bình``, ``HÒA BÌNH`` and ``hoa binh`` are all ``hoa binh``. The
database computes the same from the stored key (``Bare``), so that both sides of a comparison are made alike.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Func

from muster.kernel.names import normalise, syllable_key

_MARKED, _PLAIN = "ăâđêôơư", "aadeoou"
_UNMARKED = str.maketrans(_MARKED, _PLAIN)

# What the types of units are called, and what people write for them.
_SHORT: Mapping[str, tuple[str, ...]] = {
    "Nước": (),
    "Tỉnh": ("t",),
    "Thành phố": ("tp",),
    "Quận": ("q",),
    "Huyện": ("h",),
    "Thị xã": ("tx",),
    "Xã": ("x",),
    "Phường": ("p",),
    "Thị trấn": ("tt",),
    "Đặc khu": ("đk",),
    "Tổ dân phố": ("tdp", "tổ"),
    "Khu phố": ("kp",),
    "Thôn": (),
    "Ấp": (),
    "Bản": (),
    "Buôn": (),
    "Làng": (),
    "Xóm": (),
    "Phum": (),
    "Sóc": (),
    "Khóm": (),
    "Tiểu khu": (),
    "Khu": (),
}
HAMLET_TYPES = ("Thôn", "Xóm", "Ấp", "Bản", "Buôn", "Làng", "Phum", "Sóc", "Khu", "Tổ dân phố", "Khu phố", "Khóm",
                "Tiểu khu")  # fmt: skip
_URBAN = ("Phường", "Thị trấn")
NUMBERED = "Tổ dân phố"  # hamlets of this type are numbered, not named


def hamlet_type(above: str) -> str:
    """Return what hamlets below a unit of this type are called: residential groups in towns, villages elsewhere.

    Thôn stand below xã, tổ dân phố below phường and thị trấn (Circular 04/2012/TT-BNV Art. 2). It knows no đặc khu
    yet; those are islands of thôn but for Phú Quốc, so they have thôn here until a decree says otherwise: an
    assumption.
    """
    return NUMBERED if above in _URBAN else "Thôn"


def bare(text: str) -> str:
    """Return the key of a name without tones and marks."""
    return " ".join(token[:-1] for token in syllable_key(text).split()).translate(_UNMARKED)


_SPELT = {syllable_key(word): name for name, short in _SHORT.items() for word in (name, *short)}
_UNMARKED_SPELT = {bare(word): name for name, short in _SHORT.items() for word in (name, *short)}
_LONGEST = max(word.count(" ") + 1 for word in _SPELT)
_GLUED = re.compile(r"(\w+?)\.?(\d+)")  # P15, tp.3


@dataclass(frozen=True, slots=True)
class Typed:
    """A name as somebody typed it, parted from a type in front of it; the type is empty where none was read."""

    type_vi: str
    name: str


def read(text: str) -> Typed:
    """Part a type from a name: ``tp. Huế`` is the Thành phố named Huế. A type alone is a name."""
    words = normalise(text).replace(".", ". ").split()
    if words and (glued := _GLUED.fullmatch(words[0])) and _type(glued[1]):
        words = [*glued.groups(), *words[1:]]
    for count in range(min(_LONGEST, len(words) - 1), 0, -1):
        if type_vi := _type(" ".join(words[:count])):
            return Typed(type_vi, " ".join(words[count:]))
    return Typed("", " ".join(words))


def _type(words: str) -> str:
    """Return the type that words mean; marks may be left out all together, but wrong ones make another word."""
    return _SPELT.get(syllable_key(words)) or (_UNMARKED_SPELT.get(bare(words), "") if words.isascii() else "")


class Bare(Func):
    """``bare`` in the database, of a stored name key: each syllable without its tone, its letters without marks."""

    template = rf"translate(regexp_replace(%(expressions)s, '.( |$)', '\1', 'g'), '{_MARKED}', '{_PLAIN}')"


class Words(Func):
    """The words of a bare name as an array."""

    template = "string_to_array(%(expressions)s, ' ')"
    output_field = ArrayField(CharField())
