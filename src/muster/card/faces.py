"""Both faces of a card as they are printed: the words that stand there, the texts, the zone, the QR code's text.

The words are those of the samples of 2021 (Circular 06/2021) and, as seen on cards, of 2024.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from muster.card.data import CardData, qr_text, sides, zone
from muster.law.cards import CardType
from muster.law.layouts import Item

PICTURES = (Item.PHOTO, Item.CHIP, Item.PRINTS)  # what is no text; the printer takes photo and prints by the dossier

_HEADS: Mapping[CardType, tuple[str, str]] = {
    CardType.CCCD_CHIP: ("CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card"),
    CardType.CAN_CUOC: ("CĂN CƯỚC", "Identity Card"),
    CardType.IDENTITY_CERTIFICATE: ("GIẤY CHỨNG NHẬN CĂN CƯỚC", "Identity Certificate"),
}
_WORDS_2021: Mapping[Item, str] = {
    Item.NUMBER: "Số / No.",
    Item.NAME: "Họ và tên / Full name",
    Item.BIRTH: "Ngày sinh / Date of birth",
    Item.SEX: "Giới tính / Sex",
    Item.NATIONALITY: "Quốc tịch / Nationality",
    Item.NATIVE_PLACE: "Quê quán / Place of origin",
    Item.RESIDENCE: "Nơi thường trú / Place of residence",
    Item.EXPIRES_ON: "Có giá trị đến / Date of expiry",
    Item.TRAITS: "Đặc điểm nhận dạng / Personal identification",
    Item.ISSUED_ON: "Ngày, tháng, năm / Date, month, year",
    Item.ISSUER: "",
}
_WORDS_2024: Mapping[Item, str] = {
    **_WORDS_2021,
    Item.NUMBER: "Số định danh cá nhân / Personal identification number",
    Item.NAME: "Họ, chữ đệm và tên khai sinh / Full name",
    Item.BIRTH: "Ngày, tháng, năm sinh / Date of birth",
    Item.BIRTH_PLACE: "Nơi đăng ký khai sinh / Place of birth",
    Item.RESIDENCE: "Nơi cư trú / Place of residence",
    Item.ISSUED_ON: "Ngày, tháng, năm cấp / Date of issue",
    Item.EXPIRES_ON: "Ngày, tháng, năm hết hạn / Date of expiry",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a card: what it is, the words that stand before it, and itself."""

    item: Item
    words: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side: its texts in the order of the layout; pictures; whether the QR code and the zone stand here."""

    lines: tuple[Line, ...]
    pictures: tuple[Item, ...]
    qr: bool
    zone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """What is printed on one card; an identity certificate has one side. ``qr`` is the text of the code."""

    type: CardType
    head: tuple[str, str]  # in Vietnamese, in English
    qr: str
    sides: tuple[Side, ...]


def faces(data: CardData) -> Faces:
    """Return both faces by the layout of the card's day of issue.

    :raises NotForTheZone: the name has no letter
    :raises NoLawInForce: no such card was printed on that day
    """
    words = _WORDS_2021 if data.type is CardType.CCCD_CHIP else _WORDS_2024
    layout = data.layout
    shown = tuple(
        Side(
            lines=tuple(Line(item, words[item], text) for item, text in told.items() if text),
            pictures=tuple(item for item in items if item in PICTURES),
            qr=Item.QR in items,
            zone=zone(data) if Item.MRZ in items else (),
        )
        for items, told in zip((layout.front, layout.back), sides(data), strict=True)
        if items
    )
    return Faces(type=data.type, head=_HEADS[data.type], qr=qr_text(data), sides=shown)


def for_printer(serial: str, dossier: str, data: CardData) -> bytes:
    """Return a card as one line of JSON for the printer: its serial, both faces, and the dossier of its pictures."""
    told = {"serial": serial, "dossier": dossier} | asdict(faces(data))
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
