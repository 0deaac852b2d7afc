"""Residence: permanent, temporary, a stay; KT1 to KT4 are history, derived and never stored."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from muster.kernel.dates import birthday
from muster.law.regimes import LAW_2014_STARTS
from muster.law.tables import Dated, the_one

RESIDENCE_LAW_STARTS = date(2021, 7, 1)


class ResidenceKind(StrEnum):
    """How somebody lives at a place that is not the permanent one."""

    STAY = "stay"  # lưu trú
    TEMPORARY = "temporary"  # tạm trú


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceRule(Dated):
    """From how many days living elsewhere is temporary residence, and for how many years one entry runs at most."""

    temporary_from_days: int
    temporary_years: int


RESIDENCE_RULES: tuple[ResidenceRule, ...] = (
    ResidenceRule(
        temporary_from_days=30,
        temporary_years=2,
        valid_from=LAW_2014_STARTS,
        valid_to=RESIDENCE_LAW_STARTS,
        source="Law 81/2006 Art. 30 (the terms of 2020 stand in)",
        assumed=True,
    ),
    ResidenceRule(
        temporary_from_days=30,
        temporary_years=2,
        valid_from=RESIDENCE_LAW_STARTS,
        source="Law 68/2020/QH14 Art. 2, 27",
    ),
)


def residence_kind(since: date, on: date) -> ResidenceKind:
    """Return what living away from the permanent place since a day has become by another day.

    :raises NoLawInForce: before 1 January 2016
    """
    rule = the_one(RESIDENCE_RULES, on, "residence")
    long = (on - since).days >= rule.temporary_from_days
    return ResidenceKind.TEMPORARY if long else ResidenceKind.STAY


def temporary_until(registered_on: date) -> date:
    """Return the last day an entry of temporary residence can run to before it is renewed.

    :raises NoLawInForce: before 1 January 2016
    """
    rule = the_one(RESIDENCE_RULES, registered_on, "residence")
    return birthday(registered_on, rule.temporary_years) - timedelta(days=1)
