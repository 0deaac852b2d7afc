"""A province with two communes, one of them with hamlets, and families to take in."""

from datetime import date, datetime
from uuid import UUID

import pytest

from muster.events import operations as journal
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.kernel.names import syllable_key
from muster.kernel.numbers import Sex
from muster.register.operations import take_in
from muster.register.rows import HouseholdRow, PersonRow
from muster.register.words import Relation
from muster.units.models import Unit

COUNTRY, PROVINCE, DISTRICT, AN_LAM, HOP_TIEN, HAMLET = 1, 30, 294, 1001, 1002, 2001
TREE = {
    COUNTRY: ("VN", "country", "Việt Nam", [COUNTRY]),
    PROVINCE: ("30", "province", "Hải Dương", [COUNTRY, PROVINCE]),
    DISTRICT: ("291", "district", "Nam Sách", [COUNTRY, PROVINCE, DISTRICT]),
    AN_LAM: ("10609", "commune", "An Lâm", [COUNTRY, PROVINCE, DISTRICT, AN_LAM]),
    HOP_TIEN: ("10612", "commune", "Hợp Tiến", [COUNTRY, PROVINCE, DISTRICT, HOP_TIEN]),
    HAMLET: ("10609.001", "hamlet", "An Lễ", [COUNTRY, PROVINCE, DISTRICT, AN_LAM, HAMLET]),
}
AT = datetime(2021, 5, 8, 17, tzinfo=ZONE)
BY = Actor(officer=UUID("01900000-0000-7000-8000-000000000001"), unit=AN_LAM, purpose=Purpose.REGISTER)


@pytest.fixture
def units(db):
    for number, (code, level, name, ancestors) in TREE.items():
        Unit.objects.create(
            id=number, code=code, level=level, type_vi=level, name=name, name_key=syllable_key(name),
            ancestors=ancestors, valid_from=date(2019, 1, 1), parent_id=ancestors[-2] if len(ancestors) > 1 else None,
        )  # fmt: skip
    journal.place_units((number, ancestors) for number, (*_, ancestors) in TREE.items())


def person(name, born, *, sex=Sex.MALE, household=None, relation=Relation.HEAD, unit=HAMLET, **more):
    return PersonRow(
        id=new_id(), name=name, sex=sex, birth=PartialDate.parse(born), unit=unit, household=household or new_id(),
        relation=relation, registered_unit=more.pop("registered_unit", AN_LAM), **more,
    )  # fmt: skip


def family(*members, unit=HAMLET):
    """Return one household of the members given, the first its head."""
    head = members[0]
    return [HouseholdRow(id=head.household, unit=unit, head=head.id)], list(members)


def taken(*persons):
    """Take each person in, alone in a household; return them."""
    homes = [HouseholdRow(id=one.household, unit=one.unit, head=one.id) for one in persons]
    result = take_in(households=homes, persons=persons, by=BY, at=AT)
    assert not result.refused
    return persons if len(persons) > 1 else persons[0]
