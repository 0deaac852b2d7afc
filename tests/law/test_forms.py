"""Forms: codes that changed their meaning in 2024, and who signs."""

from datetime import date

import pytest

from muster.law.forms import FORMS, FormUse, Signer, form_for, meaning_of, who_signs
from muster.law.tables import NoLawInForce

BEFORE, SINCE = date(2024, 6, 30), date(2024, 7, 1)
CITIZEN, REPRESENTATIVE, OFFICER = Signer.CITIZEN, Signer.REPRESENTATIVE, Signer.OFFICER


@pytest.mark.parametrize(
    ("code", "on", "circular", "use"),
    [
        ("CC01", BEFORE, "66/2015", FormUse.DECLARATION),
        ("CC02", BEFORE, "66/2015", FormUse.INTAKE),
        ("CC03", BEFORE, "66/2015", FormUse.APPOINTMENT_SLIP),
        ("CC01", SINCE, "17/2024", FormUse.INTAKE),
        ("CC02", SINCE, "17/2024", FormUse.APPOINTMENT_SLIP),
        ("CC03", SINCE, "17/2024", FormUse.REFUSAL),
        ("DC01", SINCE, "66/2015", FormUse.POPULATION_DATA),
        ("DC02", BEFORE, "66/2015", FormUse.POPULATION_UPDATE),
    ],
)
def test_what_a_code_meant_on_a_day(code: str, on: date, circular: str, use: FormUse):
    form = meaning_of(code, on)
    assert (form.circular, form.use) == (circular, use)
    assert form_for(use, on) == form


def test_a_code_has_one_meaning_a_day():
    for on in (date(2016, 2, 2), BEFORE, SINCE, date(2026, 7, 1)):
        codes = [form.code for form in FORMS if form.holds(on)]
        assert len(codes) == len(set(codes))


def test_forms_unknown_on_a_day_are_refused():
    with pytest.raises(NoLawInForce):
        form_for(FormUse.REFUSAL, BEFORE)
    with pytest.raises(NoLawInForce):
        meaning_of("CC01", date(2016, 2, 1))


@pytest.mark.parametrize(
    ("on", "age", "lost_capacity", "signers"),
    [
        (BEFORE, 14, False, (CITIZEN, OFFICER)),
        (BEFORE, 40, True, (REPRESENTATIVE, OFFICER)),
        (SINCE, 0, False, (REPRESENTATIVE,)),
        (SINCE, 5, False, (REPRESENTATIVE,)),
        (SINCE, 6, False, (REPRESENTATIVE, OFFICER)),
        (SINCE, 13, True, (REPRESENTATIVE, OFFICER)),
        (SINCE, 14, False, (CITIZEN, OFFICER)),
        (SINCE, 40, True, (REPRESENTATIVE, OFFICER)),
    ],
)
def test_who_signs_the_intake_form(on: date, age: int, lost_capacity: bool, signers: tuple[Signer, ...]):  # noqa: FBT001
    assert who_signs(on, age, lost_capacity=lost_capacity) == signers


def test_nobody_signs_for_a_child_before_the_law_of_2023():
    with pytest.raises(NoLawInForce):
        who_signs(BEFORE, 13)
