"""Each guard of the tables, biting."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from muster.units.models import LoadedLists, Renaming, Succession, Unit
from tests.units.factories import OPENED, root, unit

pytestmark = pytest.mark.django_db
CHANGE = dt.date(2025, 7, 1)
LOADED = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)


@contextmanager
def refused_by(constraint: str):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == constraint


def test_one_code_opens_once_a_day():
    unit(2, code="30", valid_to=CHANGE)
    with refused_by("units_unit_code_from"):
        unit(3, code="30", valid_to=CHANGE)


def test_one_code_never_holds_twice_on_a_day():
    unit(2, code="30", valid_to=CHANGE)
    with refused_by("units_unit_code_once"):
        unit(3, code="30", valid_from=CHANGE - dt.timedelta(days=1))
    unit(4, code="30", valid_from=CHANGE)  # the day it closes another may open


def test_a_unit_closes_after_it_opens():
    with refused_by("units_unit_days"):
        unit(2, valid_to=OPENED)


def test_a_level_is_one_of_five():
    with refused_by("units_unit_level"):
        unit(2, level="canton")


def test_only_viet_nam_is_a_country_and_has_no_parent():
    unit(2)
    with refused_by("units_unit_root"):
        Unit.objects.filter(id=2).update(parent=None)
    with refused_by("units_unit_root"):
        unit(3, level="country")
    with refused_by("units_unit_root"):
        Unit.objects.filter(id=1).update(level="province")


@pytest.mark.parametrize("field", ["code", "type_vi", "name", "name_key"])
def test_a_unit_is_named(field):
    with refused_by("units_unit_named"):
        unit(2, **{field: ""})


@pytest.mark.parametrize("position", [(91, 0), (None, 105), (10, None), (float("nan"), 100)])
def test_a_position_is_whole_and_on_earth(position):
    lat, lon = position
    with refused_by("units_unit_position"):
        unit(2, lat=lat, lon=lon)


def test_ancestors_are_those_of_the_parent_and_itself():
    province = unit(2)
    for wrong in ([1, 3], [1, 2], [3], [2, 1, 3], [1, 2, 3, 3]):
        with refused_by("units_unit_ancestors"):
            unit(3, province, level="district", ancestors=wrong)


def test_the_root_is_its_own_only_ancestor():
    root()
    with refused_by("units_unit_ancestors"):
        Unit.objects.filter(id=1).update(ancestors=[1, 1])


def test_a_moved_parent_takes_its_children_along_or_stays():
    one, other = unit(2), unit(3)
    district = unit(4, one, level="district")
    unit(5, district, level="commune")
    with refused_by("units_unit_ancestors"):
        Unit.objects.filter(id=district.id).update(parent=other, ancestors=[1, 3, 4])


def test_no_unit_stands_below_itself():
    hamlet = unit(3, unit(2), level="hamlet")
    inner = unit(4, hamlet, level="hamlet")
    with refused_by("units_unit_ancestors"):
        Unit.objects.filter(id=3).update(parent_id=4, ancestors=[1, 2, 4, 3])
    with refused_by("units_unit_ancestors"):
        Unit.objects.filter(id=4).update(parent=F("id"), ancestors=[*inner.ancestors, 4])


def test_a_level_stands_below_its_own_but_hamlets_nest():
    commune = unit(3, unit(2), level="commune")
    with refused_by("units_unit_below"):
        unit(4, commune, level="district")
    with refused_by("units_unit_below"):
        unit(4, commune, level="commune")
    unit(5, unit(4, commune, level="hamlet"), level="hamlet")


def test_a_parent_holds_on_all_days_of_its_children():
    province = unit(2, valid_to=CHANGE)
    with refused_by("units_unit_parent_valid"):
        unit(3, province, level="commune")
    with refused_by("units_unit_parent_valid"):
        unit(3, province, level="commune", valid_from=OPENED - dt.timedelta(days=1), valid_to=CHANGE)
    unit(3, province, level="commune", valid_to=CHANGE)
    with refused_by("units_unit_parent_valid"):
        Unit.objects.filter(id=2).update(valid_to=CHANGE - dt.timedelta(days=1))


def succession(old: int = 2, new: int = 3, share: str = "whole", people: str = "whole", on: dt.date = CHANGE):
    return Succession.objects.create(predecessor_id=old, successor_id=new, on=on, share=share, people=people)


def test_a_succession_joins_a_closing_and_an_opening():
    unit(2, valid_to=CHANGE), unit(3, valid_from=CHANGE), unit(4)
    for old, new in ((3, 2), (4, 3), (2, 4)):
        with refused_by("units_succession_day"):
            succession(old, new)
    with refused_by("units_succession_day"):
        succession(on=OPENED)
    with refused_by("units_succession_day"):
        succession(2, 2)
    succession()
    with refused_by("units_succession_day"):
        Unit.objects.filter(id=2).update(valid_to=None)


def test_a_succession_is_said_once():
    unit(2, valid_to=CHANGE), unit(3, valid_from=CHANGE)
    succession(share="part", people="part")
    with refused_by("units_succession_once"):
        succession(share="part", people="part")


def test_all_the_land_goes_to_one():
    unit(2, valid_to=CHANGE), unit(3, valid_from=CHANGE), unit(4, valid_from=CHANGE)
    succession(people="none")
    with refused_by("units_succession_whole"):
        succession(2, 4, people="none")
    with refused_by("units_succession_whole_alone"):
        succession(2, 4, share="part", people="none")
    succession(2, 4, share="none", people="part")  # its people may go elsewhere


def test_all_the_people_go_to_one():
    unit(2, valid_to=CHANGE), unit(3, valid_from=CHANGE), unit(4, valid_from=CHANGE)
    succession(2, 3, share="part")
    with refused_by("units_succession_all_people"):
        succession(2, 4, share="part")
    with refused_by("units_succession_whole_alone"):
        succession(2, 4, share="part", people="part")
    succession(2, 4, share="part", people="none")  # land may


def test_something_goes_over():
    unit(2, valid_to=CHANGE), unit(3, valid_from=CHANGE)
    for share, people in (("none", "none"), ("most", "part"), ("part", "most")):
        with refused_by("units_succession_shares"):
            succession(share=share, people=people)


def test_a_unit_is_renamed_while_it_holds_and_once_a_day():
    unit(2, valid_to=CHANGE)
    named = {"unit_id": 2, "type_vi": "Thành phố", "name": "Số 2", "name_key": "sô4 20"}
    for day in (OPENED, CHANGE):
        with refused_by("units_renaming_day"):
            Renaming.objects.create(on=day, **named)
    Renaming.objects.create(on=dt.date(2020, 1, 1), **named)
    with refused_by("units_renaming_once"):
        Renaming.objects.create(on=dt.date(2020, 1, 1), **named)
    with refused_by("units_renaming_named"):
        Renaming.objects.create(on=dt.date(2021, 1, 1), **{**named, "name": ""})


def test_the_loaded_lists_are_one_row_with_a_whole_digest():
    LoadedLists.objects.create(digest="0" * 64, loaded_at=LOADED)
    with refused_by("units_loaded_lists_one"):
        LoadedLists.objects.create(id=2, digest="0" * 64, loaded_at=LOADED)
    with refused_by("units_loaded_lists_digest"):
        LoadedLists.objects.update(digest="0" * 63)
