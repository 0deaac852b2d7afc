"""Capture: the desk order of each day and age, and every fault a capture can have."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.law.capture import (
    CAPTURE_RULES,
    IRISES,
    PRINTS,
    REPRESENTATIVE_FIELDS,
    STEP_TEXTS,
    Captured,
    CaptureFault,
    Fault,
    Representative,
    StepCode,
    capture_faults,
    capture_order,
    capture_rule,
)
from muster.law.duty import duty_at
from muster.law.regimes import LAW_2014_STARTS
from muster.law.tables import NoLawInForce

BEFORE, SINCE = date(2024, 6, 30), date(2024, 7, 1)
ALL_PRINTS = frozenset(capture.position for capture in PRINTS)
BOTH_IRISES = frozenset(iris.code for iris in IRISES)
PARENT = Representative(name="Nguyễn Thị Bưởi", number="001190000001", relation="mẹ", signed=True)
FULL_2021 = Captured(photo=True, prints=ALL_PRINTS, traits=True)
FULL_2024 = replace(FULL_2021, irises=BOTH_IRISES)


def codes(on: date, age: int) -> str:
    return " ".join(step.code for step in capture_order(on, age))


def test_the_order_of_2021():
    assert codes(date(2021, 7, 1), 30) == (
        "look_up kind_and_traits fingerprints photo citizen_signs officer_signs population_forms fee "
        "old_card_taken appointment_slip to_sorting_desk"
    )


def test_the_thirteen_captures_of_2021_in_their_order():
    (step,) = (step for step in capture_order(date(2021, 7, 1), 30) if step.captures)
    assert [capture.code for capture in step.captures] == [
        "flat_right_four",
        "flat_left_four",
        "flat_thumbs",
        *(f"rolled_right_{finger}" for finger in ("thumb", "index", "middle", "ring", "little")),
        *(f"rolled_left_{finger}" for finger in ("thumb", "index", "middle", "ring", "little")),
    ]


def test_flat_and_rolled_prints_each_take_ten_fingers():
    for rolled in (True, False):
        fingers = [finger for capture in PRINTS if capture.rolled is rolled for finger in capture.fingers]
        assert sorted(fingers) == list(range(1, 11))


def test_the_order_of_2024_by_age():
    grown = "compare photo fingerprints iris traits citizen_signs appointment_slip return"
    assert codes(SINCE, 14) == grown
    assert codes(SINCE, 90) == grown
    assert codes(SINCE, 13) == codes(SINCE, 6) == grown.replace("citizen", "representative")
    assert (
        codes(SINCE, 5)
        == codes(SINCE, 0)
        == ("representative_files compare representative_signs appointment_slip return")
    )


def test_both_irises_since_the_law_of_2023_and_never_before():
    assert [iris.code for iris in capture_rule(SINCE, 14).irises] == ["right_iris", "left_iris"]
    assert capture_rule(BEFORE, 14).irises == ()
    assert all(not rule.irises for rule in CAPTURE_RULES if rule.valid_from < SINCE)


def test_nothing_biometric_is_taken_under_six():
    rule = capture_rule(SINCE, 5)
    assert (rule.photo, rule.prints, rule.irises, rule.traits, rule.representative) == (False, (), (), False, True)


def test_no_child_is_captured_before_the_law_of_2023():
    with pytest.raises(NoLawInForce):
        capture_order(BEFORE, 13)
    assert capture_faults(BEFORE, 13, FULL_2021) == (CaptureFault(Fault.NO_CARD_AT_THIS_AGE),)


def test_the_desk_order_before_july_2021_is_assumed():
    assert capture_rule(date(2021, 6, 30), 20).assumed
    assert not capture_rule(date(2021, 7, 1), 20).assumed
    assert codes(date(2021, 6, 30), 20) == codes(date(2021, 7, 1), 20)


@given(on=st.dates(LAW_2014_STARTS, date(2030, 1, 1)), age=st.integers(0, 110))
def test_whoever_may_have_a_card_has_one_order(on: date, age: int):
    fitting = [r for r in CAPTURE_RULES if r.holds(on) and r.age_from <= age and (r.age_to is None or age < r.age_to)]
    assert len(fitting) == (duty_at(on, age).obligation is not None)


def test_every_step_has_words_in_both_languages():
    assert set(STEP_TEXTS) == set(StepCode)
    assert all(vi and en for vi, en in STEP_TEXTS.values())


def found(on: date, age: int, captured: Captured) -> list[str]:
    return [f"{fault.fault} {fault.what}".strip() for fault in capture_faults(on, age, captured)]


CHILD = replace(FULL_2024, representative=PARENT)
BABY = Captured(representative=PARENT)
FAULTS = [
    (BEFORE, 20, FULL_2021, []),
    (SINCE, 20, FULL_2024, []),
    (SINCE, 10, CHILD, []),
    (SINCE, 3, BABY, []),
    # nothing biometric under six
    (SINCE, 5, replace(BABY, photo=True), ["photo_not_allowed"]),
    (SINCE, 5, replace(BABY, prints=frozenset({1})), ["prints_not_allowed"]),
    (SINCE, 5, replace(BABY, irises=BOTH_IRISES), ["iris_not_allowed"]),
    (SINCE, 5, replace(BABY, traits=True), ["traits_not_allowed"]),
    # no iris before the law
    (BEFORE, 20, FULL_2024, ["iris_not_allowed"]),
    # what is missing
    (SINCE, 20, replace(FULL_2024, photo=False), ["photo_missing"]),
    (SINCE, 20, replace(FULL_2024, traits=False), ["traits_missing"]),
    (SINCE, 20, replace(FULL_2024, irises=frozenset({"left_iris"})), ["iris_missing right_iris"]),
    (SINCE, 20, FULL_2021, ["iris_missing right_iris", "iris_missing left_iris"]),
    (BEFORE, 20, replace(FULL_2021, prints=ALL_PRINTS - {8}), ["print_missing rolled_left_middle"]),
    (BEFORE, 20, replace(FULL_2021, prints=ALL_PRINTS - {13}), ["print_missing flat_right_four"]),
    # a missing finger is no fault when it is described; a slap only when all its fingers are
    (BEFORE, 20, replace(FULL_2021, prints=ALL_PRINTS - {8}, missing_fingers={8: "cụt đốt 2"}), []),
    (
        BEFORE,
        20,
        replace(FULL_2021, prints=ALL_PRINTS - {8}, missing_fingers={8: " "}),
        ["print_missing rolled_left_middle"],
    ),
    (
        BEFORE,
        20,
        replace(FULL_2021, prints=ALL_PRINTS - {13, 2}, missing_fingers={2: "cụt"}),
        ["print_missing flat_right_four"],
    ),
    (
        BEFORE,
        20,
        replace(FULL_2021, prints=ALL_PRINTS - {13, 2, 3, 4, 5}, missing_fingers=dict.fromkeys((2, 3, 4, 5), "cụt")),
        [],
    ),
    (SINCE, 20, replace(FULL_2024, irises=frozenset({"left_iris"}), missing_irises={"right_iris": "mắt giả"}), []),
    # a representative with name, number, relation and signature under 14, or where capacity is lost
    (SINCE, 13, FULL_2024, ["representative_missing"]),
    (SINCE, 5, Captured(), ["representative_missing"]),
    (SINCE, 14, FULL_2024, []),
    (SINCE, 13, replace(CHILD, representative=replace(PARENT, signed=False)), ["representative_incomplete signed"]),
    (
        SINCE,
        13,
        replace(CHILD, representative=Representative(name="Nguyễn Thị Bưởi")),
        [f"representative_incomplete {name}" for name in REPRESENTATIVE_FIELDS[1:]],
    ),
    (SINCE, 13, replace(CHILD, representative=replace(PARENT, name="\u00a0 ")), ["representative_incomplete name"]),
    (SINCE, 40, replace(FULL_2024, lost_capacity=True), ["representative_missing"]),
    (SINCE, 40, replace(FULL_2024, lost_capacity=True, representative=PARENT), []),
]


@pytest.mark.parametrize(("on", "age", "captured", "faults"), FAULTS)
def test_the_faults_of_a_capture(on: date, age: int, captured: Captured, faults: list[str]):
    assert found(on, age, captured) == faults
