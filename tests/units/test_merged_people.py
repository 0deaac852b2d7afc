"""A merger moves nothing silently: people stay with the unit they were written with, and `at` tells where it is now."""

from datetime import date, timedelta

import pytest

from muster.register import queries as register
from muster.units import operations, queries, storage
from muster.units.models import Unit
from muster.units.operations import Merger, NewUnit, Part
from tests.register.conftest import AN_LAM, AT, BY, HAMLET, HOP_TIEN, person, taken, units

pytestmark = pytest.mark.usefixtures("units")
MERGED = date(2025, 7, 1)
__all__ = ["units"]  # a fixture


def test_people_stay_where_they_were_written_and_are_found_where_they_are_now():
    storage.start_numbers()
    in_hamlet, in_commune = taken(
        person("Nguyễn Văn Hoà", "1975"), person("Trần Thị Mai", "1980", unit=HOP_TIEN, registered_unit=HOP_TIEN)
    )
    new = NewUnit("10610", "commune", "Xã", "An Hợp", "291", MERGED)
    merger = Merger(new, [Part("10609"), Part("10612")])
    result = operations.merge_units(mergers=[merger], on=MERGED, by=BY, at=AT)
    assert result.refused == []
    (merged,) = result.done
    assert register.person_page(in_hamlet.id, allowed=frozenset()).line.path[-2:] == (AN_LAM, HAMLET)
    assert register.person_page(in_commune.id, allowed=frozenset()).line.path[-1] == HOP_TIEN
    now = queries.holders(Unit.objects.filter(id__in=[AN_LAM, HOP_TIEN, HAMLET]), MERGED)
    assert [one.unit.id for one in now[AN_LAM]] == [one.unit.id for one in now[HOP_TIEN]] == [merged.id]
    (hamlet,) = now[HAMLET]
    assert (hamlet.unit.code, hamlet.unit.parent_id, hamlet.people) == ("10609.001", merged.id, "whole")
    assert queries.at(hamlet.unit, MERGED - timedelta(days=1))[0].unit.id == HAMLET
