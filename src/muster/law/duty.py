"""Duty: who must have a card and who may, by age, since when; and who is out of a campaign's reach, and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from muster.law.grounds import Obligation
from muster.law.regimes import LAW_2014, LAW_2014_STARTS, LAW_2023, LAW_2023_STARTS
from muster.law.tables import Dated, NoLawInForce, in_force


class Channel(StrEnum):
    """How the dossier comes in."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class LifeStatus(StrEnum):
    """What keeps a person within or out of reach of a campaign."""

    ALIVE = "alive"
    DEAD = "dead"
    MISSING = "missing"
    RENOUNCED = "renounced"
    DELETED = "deleted"
    ABROAD = "abroad"
    IN_PRISON = "in_prison"
    ADDRESS_UNKNOWN = "address_unknown"


class Nationality(StrEnum):
    """What the register says of nationality, as far as this law asks."""

    VIETNAMESE = "vietnamese"
    UNDETERMINED = "undetermined"  # of Vietnamese origin, living in Viet Nam
    FOREIGN = "foreign"


class NotDue(StrEnum):
    """Why somebody is not due; the first seven are reasons of life, the others of law."""

    DEAD = "dead"
    MISSING = "missing"
    RENOUNCED = "renounced"
    DELETED = "deleted"
    ABROAD = "abroad"
    IN_PRISON = "in_prison"
    ADDRESS_UNKNOWN = "address_unknown"
    NOT_BORN = "not_born"
    FOREIGN = "foreign"
    UNDER_AGE = "under_age"  # the law of that day gives no card at that age
    CARD_GOOD = "card_good"
    NO_CERTIFICATE_YET = "no_certificate_yet"  # the law of that day knows no identity certificate
    RESIDENCE_TOO_SHORT = "residence_too_short"
    CERTIFICATE_GOOD = "certificate_good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Dated):
    """What the law wants of people from ``age_from`` to under ``age_to`` years; no obligation: no card for them."""

    age_from: int
    age_to: int | None
    obligation: Obligation | None
    channel: Channel
    prefiling_online: bool
    representative: bool


_MUST, _MAY = Obligation.MANDATORY, Obligation.ON_REQUEST


def _duty(
    ages: tuple[int, int | None],
    obligation: Obligation | None,
    channel: Channel,
    span: tuple[date, date | None],
    source: str,
    *,
    prefiling: bool = False,
    representative: bool = False,
) -> Duty:
    return Duty(
        age_from=ages[0],
        age_to=ages[1],
        obligation=obligation,
        channel=channel,
        prefiling_online=prefiling,
        representative=representative,
        valid_from=span[0],
        valid_to=span[1],
        source=source,
    )


_OLD, _NEW = (LAW_2014_STARTS, LAW_2023_STARTS), (LAW_2023_STARTS, None)

# fmt: off
DUTIES: tuple[Duty, ...] = (
    _duty((0, 14),    None,  Channel.IN_PERSON, _OLD, f"{LAW_2014} Art. 19(1)"),
    _duty((14, None), _MUST, Channel.IN_PERSON, _OLD, f"{LAW_2014} Art. 19(1), 22", prefiling=True),
    _duty((0, 6),     _MAY,  Channel.ONLINE,    _NEW, f"{LAW_2023} Art. 19(3), 23(2)(a)", representative=True),
    _duty((6, 14),    _MAY,  Channel.IN_PERSON, _NEW, f"{LAW_2023} Art. 19(3), 23(2)(b)", representative=True),
    _duty((14, None), _MUST, Channel.IN_PERSON, _NEW, f"{LAW_2023} Art. 19(2), 23(1)", prefiling=True),
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(Dated):
    """A state of life that takes a person out of a campaign, with the coded reason."""

    life: LifeStatus
    reason: NotDue


EXCLUSIONS: tuple[Exclusion, ...] = tuple(
    Exclusion(
        life=LifeStatus(reason.value),
        reason=reason,
        valid_from=LAW_2014_STARTS,
        source="Scope of a campaign; cleaning rules ST01, ST02",
    )
    for reason in (
        NotDue.DEAD,
        NotDue.MISSING,
        NotDue.RENOUNCED,
        NotDue.DELETED,
        NotDue.ABROAD,
        NotDue.IN_PRISON,
        NotDue.ADDRESS_UNKNOWN,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRule(Dated):
    """Who gets an identity certificate: nationality undetermined and ``months`` of unbroken residence."""

    months: int


CERTIFICATE_RULES: tuple[CertificateRule, ...] = (
    CertificateRule(months=6, valid_from=LAW_2023_STARTS, source=f"{LAW_2023} Art. 30(1)"),
)


@lru_cache(maxsize=4096)
def duties_on(on: date) -> tuple[Duty, ...]:
    """Return the duties of a day, youngest first; together they cover every age.

    :raises NoLawInForce: before 1 January 2016
    """
    duties = in_force(DUTIES, on)
    if not duties:
        raise NoLawInForce(subject="duty", on=on.isoformat())
    return duties


def duty_at(on: date, age: int) -> Duty:
    """Return the duty of a day for an age in completed years; an age below zero counts as zero.

    :raises NoLawInForce: before 1 January 2016
    """
    duties = duties_on(on)
    for row in reversed(duties):
        if row.age_from <= age:
            return row
    return duties[0]
