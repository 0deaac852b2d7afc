"""Rest: how long an officer may work and must rest; between which figures a unit may choose, and never beyond them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from muster.law.tables import Dated, the_one

LABOUR_2012 = "Labour Code 10/2012/QH13"
LABOUR_2012_STARTS = date(2013, 5, 1)
LABOUR_2019 = "Labour Code 45/2019/QH14"
LABOUR_2019_STARTS = date(2021, 1, 1)


class RestLimit(StrEnum):
    """What of an officer's work is bound."""

    HOURS_A_DAY = "hours_a_day"  # on one work day
    REST_HOURS = "rest_hours"  # between two shifts
    PAUSE_MINUTES = "pause_minutes"  # of a break that ends no shift
    DAYS_IN_A_ROW = "days_in_a_row"  # of work, before a day off


@dataclass(frozen=True, slots=True, kw_only=True)
class RestRule(Dated):
    """From which figure to which a limit may be set: one end is the law's, the other keeps nonsense out."""

    limit: RestLimit
    least: int
    most: int

    def allows(self, value: int) -> bool:
        """Say whether a limit may be set to a figure."""
        return self.least <= value <= self.most


def _both(limit: RestLimit, least: int, most: int, of_2012: str, of_2019: str) -> tuple[RestRule, RestRule]:
    """Return a rule as both codes say it; that it binds the police, who work under no contract, is assumed."""
    old = RestRule(
        limit=limit, least=least, most=most, valid_from=LABOUR_2012_STARTS, valid_to=LABOUR_2019_STARTS,
        source=f"{LABOUR_2012} {of_2012}", assumed=True,
    )  # fmt: skip
    new = RestRule(
        limit=limit, least=least, most=most, valid_from=LABOUR_2019_STARTS, source=f"{LABOUR_2019} {of_2019}",
        assumed=True,
    )  # fmt: skip
    return old, new


# fmt: off
REST_RULES: tuple[RestRule, ...] = (
    *_both(RestLimit.HOURS_A_DAY,   1,  12, "Art. 106(2)(b)", "Art. 107(2)(b)"),
    *_both(RestLimit.REST_HOURS,    12, 24, "Art. 109",       "Art. 110"),
    *_both(RestLimit.PAUSE_MINUTES, 0,  60, "Art. 108",       "Art. 109"),  # the hour is this house's
    *_both(RestLimit.DAYS_IN_A_ROW, 1,  6,  "Art. 110",       "Art. 111(1)"),
)
# fmt: on


def rest_rule(limit: RestLimit, on: date) -> RestRule:
    """Return between which figures a limit may be set on a day.

    :raises NoLawInForce: before 1 May 2013
    """
    return the_one((row for row in REST_RULES if row.limit is limit), on, f"rest: {limit}")
