"""The register's small province, and a commune of another one."""

from datetime import date

import pytest

from muster.events import operations as journal
from muster.kernel.names import syllable_key
from muster.units.models import Unit
from tests.processing.conftest import lan, tam
from tests.register.conftest import COUNTRY, units

__all__ = ["lan", "tam", "units"]

BAC_GIANG, VIET_YEN, TANG_TIEN = 24, 221, 1003


@pytest.fixture
def elsewhere(units):
    """Return a commune of another province."""
    tree = {
        BAC_GIANG: ("24", "province", "Bắc Giang", [COUNTRY, BAC_GIANG]),
        VIET_YEN: ("222", "district", "Việt Yên", [COUNTRY, BAC_GIANG, VIET_YEN]),
        TANG_TIEN: ("07777", "commune", "Tăng Tiến", [COUNTRY, BAC_GIANG, VIET_YEN, TANG_TIEN]),
    }
    for number, (code, level, name, ancestors) in tree.items():
        Unit.objects.create(
            id=number, code=code, level=level, type_vi=level, name=name, name_key=syllable_key(name),
            ancestors=ancestors, valid_from=date(2019, 1, 1), parent_id=ancestors[-2],
        )  # fmt: skip
    journal.place_units((number, ancestors) for number, (*_, ancestors) in tree.items())
    return TANG_TIEN
