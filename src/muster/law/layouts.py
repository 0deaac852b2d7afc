"""Layouts: what stands on the front, the back, in the QR code and in the machine-readable zone of each kind of card."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from muster.law.cards import CardType
from muster.law.regimes import CHIP_INTAKE_STARTS, LAW_2023, LAW_2023_STARTS
from muster.law.tables import Dated, NoLawInForce


class Item(StrEnum):
    """Something that stands on a card."""

    PHOTO = "photo"
    CHIP = "chip"
    QR = "qr"
    MRZ = "mrz"
    PRINTS = "prints"  # the two index fingers
    NUMBER = "number"
    NAME = "name"
    BIRTH = "birth"
    SEX = "sex"
    NATIONALITY = "nationality"
    NATIVE_PLACE = "native_place"
    BIRTH_PLACE = "birth_place"  # where the birth is registered
    RESIDENCE = "residence"
    TRAITS = "traits"
    ISSUED_ON = "issued_on"
    EXPIRES_ON = "expires_on"
    ISSUER = "issuer"
    OLD_NUMBER = "old_number"
    CANCELLED_NUMBERS = "cancelled_numbers"
    PARENTS = "parents"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLayout(Dated):
    """What stands where on cards issued on the days [valid_from, valid_to) for people of an age in completed years.

    The age is that on the day of the dossier: of a child who was five then, nothing was captured.
    """

    type: CardType
    age_from: int
    age_to: int | None
    front: tuple[Item, ...]
    back: tuple[Item, ...]
    qr: tuple[Item, ...]

    def shows(self, item: Item) -> bool:
        """Say whether something stands on either side."""
        return item in self.front or item in self.back


def _items(names: str) -> tuple[Item, ...]:
    return tuple(Item(name) for name in names.split())


_QR = "number old_number name birth sex residence issued_on"
_FRONT_2024 = "chip number name birth sex nationality"
_BACK_2024 = "residence birth_place issued_on expires_on issuer qr mrz"
_SAMPLES = "Circular 17/2024 on the samples of the card (articles not seen)"


def _2024(ages: tuple[int, int | None], front: str, more: str, source: str) -> CardLayout:
    return CardLayout(
        type=CardType.CAN_CUOC,
        age_from=ages[0],
        age_to=ages[1],
        front=_items(front),
        back=_items(_BACK_2024),
        qr=_items(f"{_QR} {more}"),
        valid_from=LAW_2023_STARTS,
        source=f"{LAW_2023} Art. 18; {source}",
        assumed=True,
    )


_CERTIFICATE = "number name birth sex birth_place native_place residence issued_on issuer"


def _certificate(ages: tuple[int, int | None], pictures: str) -> CardLayout:
    """Return the layout of the identity certificate: a paper of one printed side, without chip, zone or nationality.

    Its draft named ethnicity, religion, marital state and family too, which stay off until the final text was seen.
    """
    return CardLayout(
        type=CardType.IDENTITY_CERTIFICATE,
        age_from=ages[0],
        age_to=ages[1],
        front=_items(f"{pictures} {_CERTIFICATE}"),
        back=(),
        qr=_items(_QR),
        valid_from=LAW_2023_STARTS,
        source=f"{LAW_2023} Art. 30; Circular 16/2024 Art. 7 (paper, 74 x 105 mm), its draft for what is printed",
        assumed=True,
    )


# What follows the seventh field of the QR code of 2024 is told by users, in no text of law: those rows are assumed.
CARD_LAYOUTS: tuple[CardLayout, ...] = (
    CardLayout(
        type=CardType.CCCD_CHIP,
        age_from=14,
        age_to=None,
        front=_items("photo qr number name birth sex nationality native_place residence expires_on"),
        back=_items("traits prints issued_on issuer chip mrz"),
        qr=_items(_QR),
        valid_from=CHIP_INTAKE_STARTS,
        valid_to=LAW_2023_STARTS,
        source="Circular 06/2021 Art. 3",
    ),
    _2024((0, 6), _FRONT_2024, "cancelled_numbers parents", f"no photo under six; {_SAMPLES}"),
    _2024((6, 14), f"photo {_FRONT_2024}", "cancelled_numbers parents", _SAMPLES),
    _2024((14, None), f"photo {_FRONT_2024}", "cancelled_numbers", _SAMPLES),
    _certificate((0, 6), "qr"),
    _certificate((6, None), "photo qr prints"),
)


@lru_cache(maxsize=4096)
def layout_for(on: date, age: int, *, certificate: bool = False) -> CardLayout:
    """Return the layout of a card issued on a day to somebody of an age.

    :param certificate: of an identity certificate instead, for who is of Vietnamese origin and no citizen
    :raises NoLawInForce: no chip card, or no certificate, was printed on that day for that age
    """
    for row in reversed(CARD_LAYOUTS):
        if certificate is not (row.type is CardType.IDENTITY_CERTIFICATE):
            continue
        if row.holds(on) and row.age_from <= age and (row.age_to is None or age < row.age_to):
            return row
    raise NoLawInForce(
        subject=f"{'identity certificate' if certificate else 'chip card'} at age {age}", on=on.isoformat()
    )


NO_EXPIRY = "Không thời hạn"  # what stands for the day of expiry where there is none
MRZ_NO_EXPIRY = date(2099, 12, 31)  # what cards show in the zone instead, 991231: seen on cards, in no text of law
