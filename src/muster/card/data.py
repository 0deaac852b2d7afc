"""What is printed on a card, kept sealed as it was printed; written from it: the zone, the QR code, both sides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from muster.engines import mrz
from muster.kernel.dates import PartialDate
from muster.kernel.numbers import Sex
from muster.law.cards import CardType
from muster.law.layouts import MRZ_NO_EXPIRY, NO_EXPIRY, CardLayout, Item, layout_for
from muster.register import qr

STATE = "VNM"
ZONE_DIGITS = 9  # of the number that the zone's document number holds, the last ones
_SEX = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
_ISSUERS = {CardType.CCCD_CHIP: "Cục trưởng Cục Cảnh sát quản lý hành chính về trật tự xã hội"}
_MINISTRY = "Bộ Công an"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardData:
    """What is printed on a card. ``age`` is that on the day of the dossier, which decides the layout.

    Places are the text that stands there; no ``expires_on``: without expiry, or a certificate, on which none stands.
    """

    type: CardType
    number: str
    name: str
    birth: PartialDate
    sex: Sex
    issued_on: date
    expires_on: date | None
    age: int
    nationality: str = "Việt Nam"
    native_place: str = ""
    birth_place: str = ""
    residence: str = ""
    traits: str = ""
    old_number: str = ""
    cancelled: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()

    @property
    def layout(self) -> CardLayout:
        """The layout by the law of the day of issue."""
        return layout_for(self.issued_on, self.age, certificate=self.type is CardType.IDENTITY_CERTIFICATE)

    def to_bytes(self) -> bytes:
        """Return the text that is sealed."""
        told = {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}
        kept = {name: value for name, value in told.items() if value not in ("", [], None)}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> Self:
        """Read it again."""
        told: dict[str, Any] = json.loads(text)
        expires_on = told.pop("expires_on", None)
        return cls(
            type=CardType(told.pop("type")),
            birth=PartialDate.parse(told.pop("birth")),
            sex=Sex(told.pop("sex")),
            issued_on=date.fromisoformat(told.pop("issued_on")),
            expires_on=date.fromisoformat(expires_on) if expires_on else None,
            cancelled=tuple(told.pop("cancelled", ())),
            parents=tuple(told.pop("parents", ())),
            **({"nationality": ""} | told),  # what was empty is not kept
        )


def _plain(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return value.iso
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def zone(data: CardData) -> mrz.Lines:
    """Return the machine-readable zone as Vietnamese cards have it.

    The document number is the last nine digits of the personal number; the whole number, two fillers and its own check
    digit follow (seen on cards of 2021 and 2024).

    :raises NotForTheZone: the name has no letter
    """
    return mrz.td1(
        mrz.Document(
            code="ID", state=STATE, number=data.number[-ZONE_DIGITS:],
            optional=f"{data.number}<<{mrz.check_digit(data.number)}", birth=data.birth, sex=data.sex,
            expires_on=data.expires_on or MRZ_NO_EXPIRY, nationality=STATE, name=data.name,
        )
    )  # fmt: skip


def qr_text(data: CardData) -> str:
    """Return the text of the QR code by the layout of the card.

    What follows the seventh field on cards since 1 July 2024 (cancelled numbers, then parents under 14) is written as
    one field each, in the order of the layout; trailing fields that are empty are left out.
    """
    more = [", ".join(getattr(data, _MORE[item])) for item in data.layout.qr if item in _MORE]
    while more and not more[-1]:
        more.pop()
    return qr.write(
        qr.CardCode(
            number=data.number, old_number=data.old_number, name=data.name, birth=data.birth, sex=data.sex,
            address=data.residence, issued_on=data.issued_on, more=tuple(more),
        )
    )  # fmt: skip


_MORE: Mapping[Item, str] = {Item.CANCELLED_NUMBERS: "cancelled", Item.PARENTS: "parents"}


def sides(data: CardData) -> tuple[dict[Item, str], dict[Item, str]]:
    """Return the texts of front and back in the order of the layout; pictures, chip and codes are left out."""
    told = {
        Item.NUMBER: data.number,
        Item.NAME: data.name.upper(),
        Item.BIRTH: str(data.birth),
        Item.SEX: _SEX[data.sex],
        Item.NATIONALITY: data.nationality,
        Item.NATIVE_PLACE: data.native_place,
        Item.BIRTH_PLACE: data.birth_place,
        Item.RESIDENCE: data.residence,
        Item.TRAITS: data.traits,
        Item.ISSUED_ON: f"{data.issued_on:%d/%m/%Y}",
        Item.EXPIRES_ON: f"{data.expires_on:%d/%m/%Y}" if data.expires_on else NO_EXPIRY,
        Item.ISSUER: _ISSUERS.get(data.type, _MINISTRY),
    }
    layout = data.layout
    front, back = ({item: told[item] for item in side if item in told} for side in (layout.front, layout.back))
    return front, back
