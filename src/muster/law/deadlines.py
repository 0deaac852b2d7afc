"""Deadlines: working days with Tết and its compensatory days, terms of issue, intake stops, how long a desk keeps."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from muster.law.grounds import Kind
from muster.law.regimes import LAW_2014, LAW_2014_STARTS, LAW_2023, LAW_2023_STARTS
from muster.law.tables import Dated, NoLawInForce, months_after, the_one

if TYPE_CHECKING:
    from holidays import HolidayBase


class PlaceKind(StrEnum):
    """What kind of place takes the dossier; it mattered until 30 June 2024."""

    CITY = "city"  # cities and towns
    REMOTE = "remote"  # mountain, border and island districts
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Dated):
    """How many working days the whole may take, for dossiers received on the days [valid_from, valid_to)."""

    places: frozenset[PlaceKind]
    kinds: frozenset[Kind]
    working_days: int


_ALL_PLACES, _ALL_KINDS = frozenset(PlaceKind), frozenset(Kind)


def _deadline(places: frozenset[PlaceKind], kinds: frozenset[Kind], days: int, source: str) -> Deadline:
    new = source.startswith(LAW_2023)
    return Deadline(
        places=places,
        kinds=kinds,
        working_days=days,
        valid_from=LAW_2023_STARTS if new else LAW_2014_STARTS,
        valid_to=None if new else LAW_2023_STARTS,
        source=source,
    )


# fmt: off
DEADLINES: tuple[Deadline, ...] = (
    _deadline(frozenset({PlaceKind.CITY}), _ALL_KINDS - {Kind.RE_ISSUE}, 7,  f"{LAW_2014} Art. 25(1)"),
    _deadline(frozenset({PlaceKind.CITY}), frozenset({Kind.RE_ISSUE}),   15, f"{LAW_2014} Art. 25(1)"),
    _deadline(frozenset({PlaceKind.REMOTE}), _ALL_KINDS,                 20, f"{LAW_2014} Art. 25(2)"),
    _deadline(frozenset({PlaceKind.ELSEWHERE}), _ALL_KINDS,              15, f"{LAW_2014} Art. 25(3)"),
    _deadline(_ALL_PLACES, _ALL_KINDS,                                   7,  f"{LAW_2023} Art. 26"),
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTerm(Dated):
    """Within how many working days the desk sends a dossier on."""

    working_days: int


DESK_TERMS: tuple[DeskTerm, ...] = (
    DeskTerm(working_days=2, valid_from=LAW_2023_STARTS, source="Circular 17/2024 (article not seen)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MendTerm(Dated):
    """Within how many working days a unit mends a dossier that came back to it."""

    working_days: int


MEND_TERMS: tuple[MendTerm, ...] = (
    MendTerm(working_days=5, valid_from=LAW_2014_STARTS, source="House rule; no law names a term", assumed=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeStop(Dated):
    """Days [valid_from, valid_to) on which no dossier is taken in the whole country."""

    vi: str
    en: str


INTAKE_STOPS: tuple[IntakeStop, ...] = (
    IntakeStop(
        valid_from=date(2024, 6, 25),
        valid_to=LAW_2023_STARTS,
        vi="Tạm dừng thu nhận để chuyển sang Luật Căn cước.",
        en="Intake rests for the switch to the identity law.",
        source="Notice of the Ministry of Public Security, June 2024",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySwap(Dated):
    """A working day given free for a weekend day worked instead, which the package of holidays does not know."""

    free: date
    worked: date


DAY_SWAPS: tuple[DaySwap, ...] = (
    DaySwap(
        free=date(2026, 1, 2),
        worked=date(2026, 1, 10),
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1),
        source="Document 12729/VPCP-KGVX of 25 December 2025",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Dated):
    """How many months after capture the desk's own copy of dossier data is deleted at the latest."""

    months: int


RETENTIONS: tuple[Retention, ...] = (
    Retention(months=6, valid_from=LAW_2014_STARTS, source="Rule on desk copies (first day not seen)", assumed=True),
)


@lru_cache(maxsize=1)
def _calendar() -> "HolidayBase":
    from holidays import country_holidays  # noqa: PLC0415 - half a second, paid only where a deadline is asked

    return country_holidays("VN")


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Say whether offices work: Monday to Friday but no public holiday, or a weekend day worked in exchange.

    Holidays with their compensatory days (Labour Code 2019 Art. 111, 112) come from the package ``holidays``, and
    exchanged days it does not know from ``DAY_SWAPS``.
    """
    for swap in DAY_SWAPS:
        if day in (swap.free, swap.worked):
            return day == swap.worked
    return bool(_calendar().is_working_day(day))


@lru_cache(maxsize=4096)
def working_days_after(day: date, count: int) -> date:
    """Return the last day of a term of working days; the first one is the next working day after ``day``.

    The day of the event itself does not count (Civil Code 2015 Art. 147(2)).
    """
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def deadline(received_on: date, kind_of_place: PlaceKind, kind: Kind = Kind.EXCHANGE) -> date:
    """Return the last day on which the result of a dossier received on a day is in time.

    :raises NoLawInForce: received before 1 January 2016
    """
    for row in DEADLINES:
        if row.holds(received_on) and kind_of_place in row.places and kind in row.kinds:
            return working_days_after(received_on, row.working_days)
    raise NoLawInForce(subject="deadline", on=received_on.isoformat())


def desk_sends_by(received_on: date) -> date:
    """Return the last day on which the desk sends a dossier on in time.

    :raises NoLawInForce: received before 1 July 2024, when no such term is known
    """
    return working_days_after(received_on, the_one(DESK_TERMS, received_on, "desk term").working_days)


def mend_by(returned_on: date) -> date:
    """Return the last day on which a unit mends a dossier that came back on a day.

    :raises NoLawInForce: returned before 1 January 2016
    """
    return working_days_after(returned_on, the_one(MEND_TERMS, returned_on, "mending").working_days)


def intake_stop(on: date) -> IntakeStop | None:
    """Return why no dossier is taken on a day; ``None``: intake is open."""
    return next((stop for stop in INTAKE_STOPS if stop.holds(on)), None)


def delete_copy_by(captured_on: date) -> date:
    """Return the last day on which the desk may still hold its own copy of a dossier.

    :raises NoLawInForce: captured before 1 January 2016
    """
    return months_after(captured_on, the_one(RETENTIONS, captured_on, "retention").months)
