"""The identity papers a synthetic person has held: each of a kind that was issued on its day, to somebody of age.

What a kind of paper is, when it was issued and until when it is good stands in `law.cards`; here is only who got
which. Everything is reckoned from the latest day the register lets somebody be born on, so that nobody known by the
year alone holds a paper that could be too early.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from muster.kernel.dates import PartialDate, birthday
from muster.law.cards import CardType, next_exchange, rule_of
from muster.law.regimes import CHIP_ONLY_STARTS, LAW_2014_STARTS, LAW_2023_STARTS

FIRST_AGE = 14
CMND = rule_of(CardType.CMND_9)
# Assumed shares and days.
NO_PAPER = 0.04
FIRST_YEAR_WITHOUT = 0.7  # of those who turned 14 within the last year
OLDEST_PAPER_DAYS = 20 * 365  # the longest anybody goes on with a paper: some have long expired
BARCODE = 0.6  # of papers issued since 2016
CMND_BEFORE_BARCODE = 0.8
OTHER_CMND = 0.02  # of holders of an old paper: an earlier one with another number, from another province
CHIP_DRIVE_STARTS, CHIP_DRIVE_ENDS, CHIP_REACHED = date(2021, 3, 1), date(2023, 6, 30), 0.97
CHIP_INTAKE_STOPPED = date(2024, 6, 25)  # for the switch to the new law
RENEWED = 0.8  # of those without a good card since July 2024
PLACES_OF_OLD_NUMBERS = 1_000_000_000
_SPREADING, _OF_SEED = 618_033_989, 324_717_957  # odd, no multiple of 5: places and numbers are one to one

POLICE_OF_PROVINCE = "Công an {province}"
REGISTRY_DEPARTMENT = "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư"
ORDER_DEPARTMENT = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
ORDER_DEPARTMENT_SINCE = date(2018, 10, 10)
MINISTRY = "Bộ Công an"


@dataclass(frozen=True, slots=True)
class Paper:
    """An identity paper that was issued."""

    type: CardType
    number: str
    issued_on: date
    expires_on: date | None
    issued_by: str


def old_number(place: int, seed: int) -> str:
    """Return the 9-digit number at a place in the order of all people: places differ, so do numbers of one seed."""
    return f"{(place * _SPREADING + seed * _OF_SEED) % PLACES_OF_OLD_NUMBERS:09}"


def papers(
    birth: PartialDate, number: str, old_numbers: tuple[str, str], province: str, on: date, random: Random
) -> list[Paper]:
    """Return the papers somebody has held by a day, the first one first.

    :param number: the personal number; who has none holds no paper that carries it
    :param old_numbers: two 9-digit numbers that nobody else holds
    :param province: the province whose police issued old papers
    """
    first = birthday(birth.latest, FIRST_AGE)
    if first >= on or random.random() < NO_PAPER:
        return []
    if (on - first).days < 365 and random.random() < FIRST_YEAR_WITHOUT:  # noqa: PLR2004 - a year
        return []
    held = _before_chips(birth, first, number, old_numbers, province, on, random)
    if number and on > CHIP_ONLY_STARTS:
        held += _with_chip(birth, first, held, number, on, random)
    return held


def _before_chips(
    birth: PartialDate, first: date, number: str, old_numbers: tuple[str, str], province: str, on: date, random: Random
) -> list[Paper]:
    """Return the papers of the time before chips: a paper card, a card with a bar code, or one after the other."""
    last = min(on, CHIP_ONLY_STARTS) - timedelta(days=1)
    if last < first:
        return []
    issued = _day(max(first, last - timedelta(days=OLDEST_PAPER_DAYS)), last, random)
    police = POLICE_OF_PROVINCE.format(province=province)
    if number and issued >= LAW_2014_STARTS and random.random() < BARCODE:
        held = [_card(CardType.CCCD_BARCODE, birth, number, issued)]
        if first < LAW_2014_STARTS and random.random() < CMND_BEFORE_BARCODE:
            before = _day(max(first, issued - timedelta(days=OLDEST_PAPER_DAYS)), LAW_2014_STARTS, random)
            held.insert(0, _cmnd(old_numbers[0], before, police))
    else:
        held = [_cmnd(old_numbers[0], issued, police)]
    earliest = max(first, CMND.valid_from)
    if held[0].type is CardType.CMND_9 and earliest < held[0].issued_on and random.random() < OTHER_CMND:
        held.insert(0, _cmnd(old_numbers[1], _day(earliest, held[0].issued_on, random), police))
    return held


def _with_chip(
    birth: PartialDate, first: date, held: list[Paper], number: str, on: date, random: Random
) -> list[Paper]:
    """Return the cards with a chip: of the drive that began in 2021, and since July 2024 of the new law."""
    cards = []
    drive = (CHIP_DRIVE_ENDS - CHIP_DRIVE_STARTS).days
    reached = min(max((on - CHIP_DRIVE_STARTS).days / drive, 0.0), 1.0) * CHIP_REACHED
    start, last = max(first, CHIP_DRIVE_STARTS), min(on, CHIP_INTAKE_STOPPED)
    if start < last and random.random() < reached:
        cards.append(_card(CardType.CCCD_CHIP, birth, number, _day(start, last, random)))
    latest = [*held, *cards][-1:]
    good = any(paper.expires_on is None or paper.expires_on > on for paper in latest)
    if on > LAW_2023_STARTS and not good and random.random() < RENEWED:
        lapsed = max([paper.expires_on for paper in latest if paper.expires_on], default=first)
        start = max(first, LAW_2023_STARTS, lapsed)
        if start < on:
            cards.append(_card(CardType.CAN_CUOC, birth, number, _day(start, on, random)))
    return cards


def _day(first: date, end: date, random: Random) -> date:
    """Return a day from the first one up to the end, the end left out unless it is the first."""
    return first + timedelta(days=int(random.random() * (end - first).days))


def _cmnd(number: str, issued: date, police: str) -> Paper:
    return Paper(CardType.CMND_9, number, issued, birthday(issued, CMND.years or 0), police)


def _card(kind: CardType, birth: PartialDate, number: str, issued: date) -> Paper:
    department = ORDER_DEPARTMENT if issued >= ORDER_DEPARTMENT_SINCE else REGISTRY_DEPARTMENT
    by = MINISTRY if kind is CardType.CAN_CUOC else department
    return Paper(kind, number, issued, next_exchange(birth.latest, issued), by)
