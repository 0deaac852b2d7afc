"""The text in the QR code of an identity card.

2021: ``number|old number or empty|name|ddmmyyyy|Nam or Nữ|address|ddmmyyyy of issue``, seven fields. The card of
2024 adds cancelled numbers and, under 14, the parents; their order is not verified (law notes), so what follows
the seventh field is accepted and kept as it is.
"""

import re
from dataclasses import dataclass
from datetime import date

from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.names import normalise
from muster.kernel.numbers import PersonalNumber, Sex, old_number

FIELDS = 7
_SEXES = {"nam": Sex.MALE, "nữ": Sex.FEMALE}
_WRITTEN = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
_SEPARATOR = re.compile(r"\s*\|\s*")


class NotACardCode(Refusal):
    """The text is not that of a card's QR code."""

    code = "not_a_card_code"
    vi = "Mã QR này không phải của thẻ căn cước ({field})."
    en = "This QR code is not that of an identity card ({field})."


@dataclass(frozen=True, slots=True)
class CardCode:
    """What a card's QR code says."""

    number: str
    old_number: str
    name: str
    birth: PartialDate
    sex: Sex
    address: str
    issued_on: date
    more: tuple[str, ...] = ()


def looks_like_a_card_code(text: str) -> bool:
    """Say whether a scanned or typed text can be a card's QR code: it has the fields' separators."""
    return text.count("|") >= FIELDS - 1


def parse(text: str) -> CardCode:
    """Read a card's QR code.

    :raises NotACardCode: a field is missing or is not what stands there on a card; the sentence names it
    """
    parts = [part.strip() for part in text.strip().split("|")]
    if len(parts) < FIELDS:
        raise NotACardCode(field="7 fields")
    number, old, name, born, sex, address, issued, *more = parts
    try:
        return CardCode(
            number=str(PersonalNumber.parse(number)),
            old_number=old_number(old) if old else "",
            name=normalise(name),
            birth=PartialDate.from_digits(born),
            sex=_SEXES[normalise(sex).lower()],
            address=normalise(address),
            issued_on=PartialDate.from_digits(issued).earliest,
            more=tuple(more),
        )
    except Refusal as refusal:
        raise NotACardCode(field=refusal.code) from None
    except KeyError:
        raise NotACardCode(field="sex") from None


def write(code: CardCode) -> str:
    """Return the text of a card's QR code: what `parse` reads is what was written, in its clean form.

    A day or month of birth that is not known is written as zeros. A separator inside a name or an address becomes a
    comma, for it would move every field behind it.
    """
    birth = code.birth
    fields = (
        code.number, code.old_number, normalise(code.name), f"{birth.day or 0:02}{birth.month or 0:02}{birth.year:04}",
        _WRITTEN[code.sex], normalise(code.address), f"{code.issued_on:%d%m%Y}", *code.more,
    )  # fmt: skip
    return "|".join(_SEPARATOR.sub(", ", field).strip() for field in fields)
