"""Agencies: which level of the police takes dossiers and answers for cards, over time."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from muster.law.regimes import AMENDMENT_STARTS, DISTRICT_POLICE_ENDS, LAW_2014, LAW_2014_STARTS, LAW_2023
from muster.law.tables import Dated, the_one


class AgencyLevel(StrEnum):
    """A level of the police, the highest first."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRule(Dated):
    """The levels whose desks take dossiers."""

    levels: tuple[AgencyLevel, ...]


_M, _P, _D, _C = AgencyLevel

AGENCY_RULES: tuple[AgencyRule, ...] = (
    AgencyRule(
        levels=(_M, _P, _D),
        valid_from=LAW_2014_STARTS,
        valid_to=DISTRICT_POLICE_ENDS,
        source=f"{LAW_2014} Art. 26; {LAW_2023} Art. 27",
    ),
    AgencyRule(
        levels=(_M, _P, _C),
        valid_from=DISTRICT_POLICE_ENDS,
        valid_to=AMENDMENT_STARTS,
        source="Rearrangement of the police of 1 March 2025 (communes and intake points; text not seen)",
        assumed=True,
    ),
    AgencyRule(levels=(_M, _P, _C), valid_from=AMENDMENT_STARTS, source=f"{LAW_2023} as amended from 1 July 2026"),
)


def agencies_on(on: date) -> tuple[AgencyLevel, ...]:
    """Return the levels whose desks take dossiers on a day, the highest first.

    :raises NoLawInForce: before 1 January 2016
    """
    return the_one(AGENCY_RULES, on, "agencies").levels
