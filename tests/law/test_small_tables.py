"""The small tables: agencies, residence, privacy, numbers."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.law.agencies import AGENCY_RULES, AgencyLevel, agencies_on
from muster.law.numbers import (
    NUMBER_PARTS,
    PREFIX_RULES,
    REESTABLISH_RULES,
    NumberState,
    PrefixBasis,
    WrongPart,
    may_move,
)
from muster.law.privacy import is_sensitive, report_breach_by, sensitive_fields
from muster.law.residence import RESIDENCE_RULES, ResidenceKind, residence_kind, temporary_until
from muster.law.tables import NoLawInForce, in_force, is_seamless

MINISTRY, PROVINCE, DISTRICT, COMMUNE = AgencyLevel
LOCAL = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("on", "levels"),
    [
        (date(2016, 1, 1), (MINISTRY, PROVINCE, DISTRICT)),
        (date(2025, 2, 28), (MINISTRY, PROVINCE, DISTRICT)),
        (date(2025, 3, 1), (MINISTRY, PROVINCE, COMMUNE)),
        (date(2026, 7, 1), (MINISTRY, PROVINCE, COMMUNE)),
    ],
)
def test_who_takes_dossiers(on: date, levels: tuple[AgencyLevel, ...]):
    assert agencies_on(on) == levels


def test_agencies_residence_and_prefixes_have_no_gap():
    assert is_seamless(AGENCY_RULES)
    assert is_seamless(RESIDENCE_RULES)
    assert is_seamless(PREFIX_RULES)


def test_thirty_days_make_a_temporary_residence():
    since = date(2025, 3, 1)
    assert residence_kind(since, date(2025, 3, 30)) is ResidenceKind.STAY
    assert residence_kind(since, date(2025, 3, 31)) is ResidenceKind.TEMPORARY


def test_a_temporary_residence_runs_two_years_at_most():
    assert temporary_until(date(2025, 3, 1)) == date(2027, 2, 28)
    assert temporary_until(date(2024, 2, 29)) == date(2026, 2, 28)


def test_sensitive_fields_are_the_ones_of_the_register_and_the_dossier():
    assert {"ethnicity", "religion", "blood_group", "fingerprints", "iris", "photo", "card_image"} <= sensitive_fields()
    assert not {"birth_name", "birth_date", "personal_number"} & sensitive_fields()


@pytest.mark.parametrize(
    ("field", "on", "sensitive"),
    [
        ("iris", date(2023, 6, 30), False),
        ("iris", date(2023, 7, 1), True),
        ("card_image", date(2025, 12, 31), False),
        ("card_image", date(2026, 1, 1), True),
        ("birth_name", date(2026, 1, 1), False),
    ],
)
def test_what_was_sensitive_when(field: str, on: date, sensitive: bool):  # noqa: FBT001
    assert is_sensitive(field, on) is sensitive


def test_a_breach_is_reported_within_72_hours():
    found = datetime(2026, 3, 1, 22, 30, tzinfo=LOCAL)
    assert report_breach_by(found) == datetime(2026, 3, 4, 22, 30, tzinfo=LOCAL)
    with pytest.raises(NoLawInForce):
        report_breach_by(datetime(2023, 6, 30, 12, 0, tzinfo=LOCAL))


def test_the_number_has_twelve_digits():
    assert [part.digits for part in NUMBER_PARTS] == [3, 1, 2, 6]


def test_an_unknown_prefix_is_never_refused_and_the_unit_stays_as_registered():
    assert {(rule.basis, rule.unknown_is_refused) for rule in PREFIX_RULES} == {(PrefixBasis.UNIT_AS_REGISTERED, False)}
    assert [rule.assumed for rule in PREFIX_RULES] == [False, True]


@given(on=st.dates(date(2016, 1, 1), date(2030, 1, 1)))
def test_a_number_is_made_anew_for_each_wrong_part_on_every_day(on: date):
    assert [rule.wrong for rule in in_force(REESTABLISH_RULES, on)] == list(WrongPart)


def test_a_row_goes_one_way_to_its_number():
    ways = [(a, b) for a in NumberState for b in NumberState if may_move(a, b)]
    assert ways == [
        (NumberState.UNCLEANED, NumberState.ELIGIBLE),
        (NumberState.ELIGIBLE, NumberState.NUMBERED),
    ]
