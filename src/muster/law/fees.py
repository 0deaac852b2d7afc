"""Fees: what a card costs in dong, the times of half price, and who pays nothing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from muster.law.cards import CardType
from muster.law.grounds import Ground, Kind
from muster.law.regimes import LAW_2014, LAW_2014_STARTS, LAW_2023
from muster.law.tables import Dated, NoLawInForce, in_force

CIRCULAR_2019_STARTS = date(2019, 10, 16)
CIRCULAR_2024_STARTS = date(2024, 10, 21)

_CMND = frozenset({CardType.CMND_9, CardType.CMND_12})
_CCCD = frozenset({CardType.CCCD_BARCODE, CardType.CCCD_CHIP})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule(Dated):
    """What a kind of issue costs in VND; ``cards`` narrows the row to people who hand in such a card."""

    kind: Kind
    cards: frozenset[CardType] | None
    vnd: int


_Span = tuple[date, date | None]
_FIRST: _Span = (LAW_2014_STARTS, CIRCULAR_2019_STARTS)
_SECOND: _Span = (CIRCULAR_2019_STARTS, CIRCULAR_2024_STARTS)
_THIRD: _Span = (CIRCULAR_2024_STARTS, None)


def _fees(span: _Span, old_cards: frozenset[CardType], source: str, *, assumed: bool = False) -> tuple[FeeRule, ...]:
    table: tuple[tuple[Kind, frozenset[CardType] | None, int], ...] = (
        (Kind.FIRST_ISSUE, None, 0),
        (Kind.EXCHANGE, old_cards, 30_000),
        (Kind.EXCHANGE, None, 50_000),
        (Kind.RE_ISSUE, None, 70_000),
        (Kind.IDENTITY_CERTIFICATE, None, 0),
    )
    return tuple(
        FeeRule(
            kind=kind,
            cards=cards,
            vnd=vnd,
            valid_from=span[0],
            valid_to=span[1],
            source=source,
            assumed=assumed or kind is Kind.IDENTITY_CERTIFICATE,
        )
        for kind, cards, vnd in table
    )


FEE_RULES: tuple[FeeRule, ...] = (
    *_fees(_FIRST, _CMND, "Circulars 170/2015, 331/2016 (the amounts of 2019 stand in)", assumed=True),
    *_fees(_SECOND, _CMND, "Circular 59/2019/TT-BTC Art. 4"),
    *_fees(_THIRD, _CMND | _CCCD, "Circular 73/2024/TT-BTC Art. 4"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount(Dated):
    """A time in which every fee is charged at ``percent`` of its amount."""

    percent: int


def _half(start: date, end: date, source: str, *, assumed: bool = False) -> Discount:
    return Discount(percent=50, valid_from=start, valid_to=end, source=source, assumed=assumed)


# fmt: off
DISCOUNTS: tuple[Discount, ...] = (
    _half(date(2021, 1, 1), date(2021, 7, 1), "Circular 112/2020/TT-BTC Art. 1"),
    _half(date(2021, 7, 1), date(2022, 1, 1), "Circular 47/2021/TT-BTC"),
    _half(date(2022, 1, 1), date(2022, 7, 1), "Circular 120/2021/TT-BTC"),
    _half(date(2023, 7, 1), date(2024, 1, 1), "Circular 44/2023/TT-BTC (not seen)", assumed=True),
    _half(date(2024, 7, 1), date(2025, 1, 1), "Circular 43/2024/TT-BTC (not seen)", assumed=True),
    _half(date(2025, 7, 1), date(2027, 1, 1), "Circular 64/2025/TT-BTC Art. 1"),
)
# fmt: on


class Exemption(StrEnum):
    """What frees a person, or a case, from the fee."""

    CHILD = "child"
    ELDERLY = "elderly"
    DISABLED = "disabled"
    POOR = "poor"
    BORDER_OR_ISLAND = "border_or_island"
    MERIT = "merit"  # people of merit to the revolution and their families
    AGENCY_ERROR = "agency_error"
    UNITS_REARRANGED = "units_rearranged"
    EXCHANGE_AGE = "exchange_age"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionRule(Dated):
    """An exemption; by age in completed years (``age_from`` to under ``age_to``) or by the ground where it can be."""

    exemption: Exemption
    age_from: int | None = None
    age_to: int | None = None
    ground: Ground | None = None


_C73 = "Circular 73/2024/TT-BTC Art. 5, Circular 71/2025/TT-BTC"
_C59 = "Circular 59/2019/TT-BTC Art. 5"

# fmt: off
EXEMPTION_RULES: tuple[ExemptionRule, ...] = (
    ExemptionRule(exemption=Exemption.CHILD, age_from=0, age_to=16, valid_from=CIRCULAR_2024_STARTS,
                  source=f"{_C73}; Law on Children 102/2016 Art. 1"),
    ExemptionRule(exemption=Exemption.ELDERLY, age_from=60, valid_from=CIRCULAR_2024_STARTS,
                  source=f"{_C73}; Law on the Elderly 39/2009 Art. 2"),
    ExemptionRule(exemption=Exemption.DISABLED, valid_from=CIRCULAR_2024_STARTS, source=_C73),
    ExemptionRule(exemption=Exemption.POOR, valid_from=LAW_2014_STARTS, source=f"{_C59}; {_C73}"),
    ExemptionRule(exemption=Exemption.BORDER_OR_ISLAND, valid_from=LAW_2014_STARTS, source=f"{_C59}; {_C73}",
                  assumed=True),
    ExemptionRule(exemption=Exemption.MERIT, valid_from=LAW_2014_STARTS, source=f"{_C59}; {_C73}"),
    ExemptionRule(exemption=Exemption.AGENCY_ERROR, valid_from=LAW_2014_STARTS,
                  source=f"{LAW_2014} Art. 32(3); {LAW_2023} Art. 38(3)"),
    ExemptionRule(exemption=Exemption.UNITS_REARRANGED, ground=Ground.UNITS_REARRANGED, valid_from=CIRCULAR_2019_STARTS,
                  source=f"{_C59}; {LAW_2023} Art. 38(3)"),
    ExemptionRule(exemption=Exemption.EXCHANGE_AGE, ground=Ground.AGE, valid_from=LAW_2014_STARTS,
                  source=f"{LAW_2014} Art. 32(3)(a); {LAW_2023} Art. 38(3)"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Fee:
    """What is to pay in VND, the full amount without discount, and the exemption or article it follows from."""

    vnd: int
    full_vnd: int
    exemption: Exemption | None
    source: str


@lru_cache(maxsize=4096)
def fee(
    kind: Kind,
    on: date,
    *,
    ground: Ground | None = None,
    card: CardType | None = None,
    exemptions: frozenset[Exemption] = frozenset(),
) -> Fee:
    """Return the fee of a dossier received on a day.

    ``card`` is the card handed in: an old kind exchanged for today's costs less. ``ground`` may free by itself.

    :raises NoLawInForce: before 1 January 2016
    """
    rule = _rule(kind, card, on)
    free = next(
        (
            row
            for row in in_force(EXEMPTION_RULES, on)
            if row.exemption in exemptions or (ground and row.ground is ground)
        ),
        None,
    )
    if free is not None:
        return Fee(0, rule.vnd, free.exemption, free.source)
    cut = next((row for row in DISCOUNTS if row.holds(on)), None)
    if cut is None or rule.vnd == 0:
        return Fee(rule.vnd, rule.vnd, None, rule.source)
    return Fee(rule.vnd * cut.percent // 100, rule.vnd, None, f"{rule.source}; {cut.source}")


def _rule(kind: Kind, card: CardType | None, on: date) -> FeeRule:
    for rule in in_force(FEE_RULES, on):
        if rule.kind is kind and (rule.cards is None or card in rule.cards):
            return rule
    raise NoLawInForce(subject="fee", on=on.isoformat())


@lru_cache(maxsize=4096)
def exemptions_of_age(age: int, on: date) -> frozenset[Exemption]:
    """Return the exemptions a person has on a day by age in completed years alone."""
    return frozenset(
        row.exemption
        for row in in_force(EXEMPTION_RULES, on)
        if row.age_from is not None and row.age_from <= age and (row.age_to is None or age < row.age_to)
    )
