"""Forms: what a form code meant on a day, and who signs the intake form. The codes changed meaning in 2024."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from muster.law.regimes import LAW_2014_STARTS, LAW_2023, LAW_2023_STARTS
from muster.law.tables import Dated, NoLawInForce


class FormUse(StrEnum):
    """What a form is for."""

    DECLARATION = "declaration"
    INTAKE = "intake"
    APPOINTMENT_SLIP = "appointment_slip"
    REFUSAL = "refusal"
    POPULATION_DATA = "population_data"
    POPULATION_UPDATE = "population_update"


class Signer(StrEnum):
    """Who signs."""

    CITIZEN = "citizen"
    REPRESENTATIVE = "representative"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Dated):
    """A form: its code is only known together with its circular, so both are stored with every dossier."""

    code: str
    circular: str
    use: FormUse
    vi: str
    en: str


_FORMS_2015 = date(2016, 2, 2)  # Circular 66/2015 comes into force


def _form(key: str, use: FormUse, texts: tuple[str, str], article: str = "", *, assumed: bool = False) -> Form:
    code, circular = key.split(" ")
    new = circular == "17/2024"
    return Form(
        code=code,
        circular=circular,
        use=use,
        vi=texts[0],
        en=texts[1],
        valid_from=LAW_2023_STARTS if new else _FORMS_2015,
        valid_to=None if new or code.startswith("DC") else LAW_2023_STARTS,
        source=f"Circular {circular} {article}".strip(),
        assumed=assumed,
    )


# fmt: off
FORMS: tuple[Form, ...] = (
    _form("CC01 66/2015", FormUse.DECLARATION, ("Tờ khai căn cước công dân", "Declaration for a card"), "Art. 7"),
    _form("CC02 66/2015", FormUse.INTAKE, ("Phiếu thu nhận thông tin căn cước công dân", "Intake form"), "Art. 8"),
    _form("CC03 66/2015", FormUse.APPOINTMENT_SLIP, ("Giấy hẹn trả thẻ", "Appointment slip"), assumed=True),
    _form("CC01 17/2024", FormUse.INTAKE, ("Phiếu thu nhận thông tin căn cước", "Intake form")),
    _form("CC02 17/2024", FormUse.APPOINTMENT_SLIP, ("Giấy hẹn trả kết quả", "Appointment slip")),
    _form("CC03 17/2024", FormUse.REFUSAL, ("Thông báo từ chối", "Refusal, with a reason")),
    _form("DC01 66/2015", FormUse.POPULATION_DATA, ("Phiếu thu thập thông tin dân cư", "Population data form")),
    _form("DC02 66/2015", FormUse.POPULATION_UPDATE,
          ("Phiếu cập nhật, chỉnh sửa thông tin dân cư", "Population data update form")),
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRule(Dated):
    """Who signs the intake form for people of ``age_from`` to under ``age_to`` years, in the order of signing."""

    age_from: int
    age_to: int | None
    lost_capacity: bool
    signers: tuple[Signer, ...]


_SELF, _HELPED = (Signer.CITIZEN, Signer.OFFICER), (Signer.REPRESENTATIVE, Signer.OFFICER)


def _signs(
    ages: tuple[int, int | None],
    signers: tuple[Signer, ...],
    source: str,
    *,
    lost_capacity: bool = False,
    assumed: bool = False,
) -> SignatureRule:
    new = LAW_2023 in source or "17/2024" in source
    return SignatureRule(
        age_from=ages[0],
        age_to=ages[1],
        lost_capacity=lost_capacity,
        signers=signers,
        valid_from=LAW_2023_STARTS if new else LAW_2014_STARTS,
        valid_to=None if new else LAW_2023_STARTS,
        source=source,
        assumed=assumed,
    )


# fmt: off
SIGNATURE_RULES: tuple[SignatureRule, ...] = (
    _signs((14, None), _SELF, "Circular 60/2021 Art. 5; Circular 66/2015 Art. 8"),
    _signs((14, None), _HELPED, "Circular 60/2021 (lost capacity not named)", lost_capacity=True, assumed=True),
    _signs((0, 6), (Signer.REPRESENTATIVE,), f"{LAW_2023} Art. 23(2)(a)"),
    _signs((6, 14), _HELPED, f"{LAW_2023} Art. 23(2)(b) (officer's signature not seen)", assumed=True),
    _signs((14, None), _SELF, "Circular 17/2024 (officer's signature not seen)", assumed=True),
    _signs((14, None), _HELPED, f"{LAW_2023} Art. 23(3) (who signs not seen)", lost_capacity=True, assumed=True),
)
# fmt: on


@lru_cache(maxsize=4096)
def form_for(use: FormUse, on: date) -> Form:
    """Return the form for a purpose on a day.

    :raises NoLawInForce: no such form is known for that day
    """
    for form in FORMS:
        if form.use is use and form.holds(on):
            return form
    raise NoLawInForce(subject=f"form {use}", on=on.isoformat())


def meaning_of(code: str, on: date) -> Form:
    """Return what a form code meant on a day: CC02 was the intake form before 1 July 2024, the slip since.

    :raises NoLawInForce: no form of that code is known for that day
    """
    for form in FORMS:
        if form.code == code and form.holds(on):
            return form
    raise NoLawInForce(subject=f"form {code}", on=on.isoformat())


@lru_cache(maxsize=4096)
def who_signs(on: date, age: int, *, lost_capacity: bool = False) -> tuple[Signer, ...]:
    """Return who signs the intake form of a day for an age in completed years, in the order of signing.

    :raises NoLawInForce: the law of that day gives no card at that age
    """
    found = None
    for rule in SIGNATURE_RULES:
        fits = rule.age_from <= age and (rule.age_to is None or age < rule.age_to)
        if fits and rule.holds(on) and (lost_capacity or not rule.lost_capacity):
            found = rule
    if found is None:
        raise NoLawInForce(subject=f"signing at age {age}", on=on.isoformat())
    return found.signers
