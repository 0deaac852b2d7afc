"""Privacy: which data the law calls sensitive, and the clock that starts when data is breached."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from muster.law.regimes import DATA_LAW_STARTS
from muster.law.tables import Dated, NoLawInForce

DATA_DECREE_STARTS = date(2023, 7, 1)
DATA_LAW = "Law 91/2025/QH15"
DATA_DECREE = "Decree 13/2023"


class DataClass(StrEnum):
    """Kinds of data the law treats apart; one register field, image or secret belongs to one of them at most."""

    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    HEALTH = "health"
    BIOMETRICS = "biometrics"
    CARD_IMAGE = "card_image"
    LOGIN = "login"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveRule(Dated):
    """Data that is sensitive in law while the row is in force, and the fields of ours it covers."""

    data: DataClass
    fields: tuple[str, ...]


_FIELDS: tuple[tuple[DataClass, tuple[str, ...], bool], ...] = (
    # class, fields (names of the register and of the dossier), named by the decree of 2023 already
    (DataClass.ETHNICITY, ("ethnicity",), True),
    (DataClass.RELIGION, ("religion",), True),
    (DataClass.HEALTH, ("blood_group", "lost_capacity"), True),
    (DataClass.BIOMETRICS, ("photo", "fingerprints", "iris", "traits"), True),
    (DataClass.CARD_IMAGE, ("card_image",), False),
    (DataClass.LOGIN, ("password", "login_token"), False),
)

SENSITIVE_RULES: tuple[SensitiveRule, ...] = (
    *(
        SensitiveRule(
            data=data,
            fields=fields,
            valid_from=DATA_DECREE_STARTS,
            valid_to=DATA_LAW_STARTS,
            source=f"{DATA_DECREE} Art. 2(4) (not seen)",
            assumed=True,
        )
        for data, fields, named in _FIELDS
        if named
    ),
    *(
        SensitiveRule(
            data=data,
            fields=fields,
            valid_from=DATA_LAW_STARTS,
            source=f"{DATA_LAW}; Decree 356/2025",
        )
        for data, fields, _ in _FIELDS
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachRule(Dated):
    """Within how many hours of its discovery a breach is reported."""

    hours: int


BREACH_RULES: tuple[BreachRule, ...] = (
    BreachRule(
        hours=72,
        valid_from=DATA_DECREE_STARTS,
        valid_to=DATA_LAW_STARTS,
        source=f"{DATA_DECREE} Art. 23 (not seen)",
        assumed=True,
    ),
    BreachRule(hours=72, valid_from=DATA_LAW_STARTS, source=DATA_LAW),
)


def sensitive_fields() -> frozenset[str]:
    """Return every field any law so far calls sensitive: the house protects them all, whatever the day."""
    return frozenset(field for row in SENSITIVE_RULES for field in row.fields)


def is_sensitive(field: str, on: date) -> bool:
    """Say whether the law in force on a day calls a field sensitive."""
    return any(field in row.fields and row.holds(on) for row in SENSITIVE_RULES)


def report_breach_by(discovered_at: datetime) -> datetime:
    """Return the moment by which a breach discovered at a moment (aware, local zone) is to be reported.

    :raises NoLawInForce: discovered before 1 July 2023
    """
    on = discovered_at.date()
    for row in BREACH_RULES:
        if row.holds(on):
            return discovered_at + timedelta(hours=row.hours)
    raise NoLawInForce(subject="breach", on=on.isoformat())
