"""Vietnamese mobile numbers, in the one form the register keeps: ten digits from 0.

Source of the prefixes: the numbering plan of Circular 22/2014/TT-BTTTT. In September to November 2018 every
mobile number of eleven digits lost one: 0121 became 079 and so on; old papers still carry the long form.
"""

import re
from dataclasses import dataclass
from typing import Self

from muster.kernel.errors import Refusal

_SEPARATORS = re.compile(r"[\s.()\-\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_COUNTRY = re.compile(r"(?:\+|00)?84(?=0?[1-9][0-9]{8,9}$)")  # 84 and a whole number behind it
_NATIONAL = re.compile(r"0?([1-9][0-9]{8,9})")  # a spreadsheet drops the leading zero

_NETWORKS = {
    "Viettel": (32, 33, 34, 35, 36, 37, 38, 39, 86, 96, 97, 98),
    "VinaPhone": (81, 82, 83, 84, 85, 88, 91, 94),
    "MobiFone": (70, 76, 77, 78, 79, 89, 90, 93),
    "Vietnamobile": (52, 56, 58, 92),
    "Gmobile": (59, 99),
    "without a net of their own": (55, 87),
}
_PREFIXES = frozenset(f"0{prefix}" for prefixes in _NETWORKS.values() for prefix in prefixes)
_CHANGED_2018 = {
    "0120": "070",  # MobiFone
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",  # VinaPhone
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",  # Vietnamobile
    "0188": "058",
    "0199": "059",  # Gmobile
} | {f"016{digit}": f"03{digit}" for digit in range(2, 10)}  # Viettel
_LENGTH = 10


class NotMobile(Refusal):
    code = "not_a_mobile_number"
    vi = "Đây không phải số điện thoại di động Việt Nam (10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09)."
    en = "This is not a Vietnamese mobile number (10 digits, beginning with 03, 05, 07, 08 or 09)."


@dataclass(frozen=True, slots=True, order=True)
class Phone:
    """A Vietnamese mobile number; ``national`` is its ten digits, which ``str()`` gives too."""

    national: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a mobile number: from 0, +84, 84 or 0084, with separators, or in the long form before 2018.

        :raises NotMobile: anything else, a landline or a foreign number too
        """
        match = _NATIONAL.fullmatch(_COUNTRY.sub("", _SEPARATORS.sub("", text)))
        national = _shortened(f"0{match[1]}") if match else ""
        if len(national) != _LENGTH or national[:3] not in _PREFIXES:
            raise NotMobile
        return cls(national)

    @property
    def e164(self) -> str:
        """The international form of ITU-T E.164: ``+84912345678``."""
        return f"+84{self.national[1:]}"

    @property
    def display(self) -> str:
        """The form people read and dictate: ``0912 345 678``."""
        return f"{self.national[:4]} {self.national[4:7]} {self.national[7:]}"

    @property
    def masked(self) -> str:
        """The form for a screen that many can see: ``0912 ••• 678``."""
        return f"{self.national[:4]} ••• {self.national[7:]}"

    def __str__(self) -> str:
        return self.national


def _shortened(national: str) -> str:
    if len(national) == _LENGTH:
        return national
    return _CHANGED_2018.get(national[:4], "") + national[4:]
