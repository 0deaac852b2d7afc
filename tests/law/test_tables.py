"""The shape every table of the law keeps: dated, sourced, without gap between regimes."""

import importlib
import pkgutil
from datetime import date
from pathlib import Path

import pytest

import muster.law
from muster.law.regimes import REGIMES, RegimeCode, regime_on
from muster.law.tables import Dated, NoLawInForce, is_seamless, months_after

ROOT = Path(__file__).resolve().parents[2]


def every_row() -> list[tuple[str, Dated]]:
    """Return every dated row of the room with the name of its table."""
    found = []
    for module in pkgutil.iter_modules(muster.law.__path__, "muster.law."):
        for name, table in vars(importlib.import_module(module.name)).items():
            if name.isupper() and isinstance(table, tuple):
                found += [(f"{module.name}.{name}", row) for row in table if isinstance(row, Dated)]
    return found


def test_every_row_names_its_source_and_has_a_first_day_before_its_last():
    rows = every_row()
    assert len(rows) > 60
    for name, row in rows:
        assert row.source.strip(), name
        assert "?" not in row.source, name
        assert row.valid_to is None or row.valid_from < row.valid_to, name


def test_the_regimes_follow_each_other_without_gap():
    assert is_seamless(REGIMES)
    assert [regime.code for regime in REGIMES] == list(RegimeCode)


@pytest.mark.parametrize(
    ("last_day", "first_day", "code"),
    [
        (date(2020, 12, 20), date(2020, 12, 21), RegimeCode.CHIP_INTAKE),
        (date(2021, 1, 22), date(2021, 1, 23), RegimeCode.CHIP_ONLY),
        (date(2021, 6, 30), date(2021, 7, 1), RegimeCode.DESK_ORDER),
        (date(2022, 10, 19), date(2022, 10, 20), RegimeCode.E_ID),
        (date(2024, 6, 30), date(2024, 7, 1), RegimeCode.IDENTITY_LAW),
        (date(2024, 12, 31), date(2025, 1, 1), RegimeCode.CMND_VOID),
        (date(2025, 2, 28), date(2025, 3, 1), RegimeCode.NO_DISTRICT_POLICE),
        (date(2025, 6, 30), date(2025, 7, 1), RegimeCode.TWO_TIER),
        (date(2025, 12, 31), date(2026, 1, 1), RegimeCode.DATA_LAW),
        (date(2026, 6, 30), date(2026, 7, 1), RegimeCode.AMENDED_LAW),
    ],
)
def test_a_regime_starts_on_its_day_and_not_before(last_day: date, first_day: date, code: RegimeCode):
    assert regime_on(first_day).code is code
    assert regime_on(last_day).code is list(RegimeCode)[list(RegimeCode).index(code) - 1]


def test_no_regime_is_known_before_2016():
    assert regime_on(date(2016, 1, 1)).code is RegimeCode.BARCODE_CARD
    with pytest.raises(NoLawInForce) as refusal:
        regime_on(date(2015, 12, 31))
    assert refusal.value.text("en") == "No rule on regime is known for 2015-12-31."


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 6, 30), 12, date(2025, 6, 30)),
    ],
)
def test_a_term_in_months_ends_on_the_corresponding_day(day: date, months: int, later: date):
    assert months_after(day, months) == later


def test_tables_that_leave_a_gap_or_overlap_are_not_seamless():
    def row(start: int, end: int | None) -> Dated:
        return Dated(valid_from=date(start, 1, 1), valid_to=end and date(end, 1, 1), source="x")

    assert is_seamless([row(2016, 2020), row(2020, None)])
    assert not is_seamless([row(2016, 2020), row(2021, None)])
    assert not is_seamless([row(2016, 2021), row(2020, None)])
    assert not is_seamless([row(2016, 2020), row(2020, 2024)])


def test_the_decision_record_lists_every_table_with_an_assumed_row():
    record = (ROOT / "docs" / "adr" / "0006-law-as-dated-tables.md").read_text(encoding="utf-8")
    assumed = {name.removeprefix("muster.law.") for name, row in every_row() if row.assumed}
    assert {name for name in assumed if f"`{name}`" not in record} == set()
