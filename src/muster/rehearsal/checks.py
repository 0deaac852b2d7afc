"""A handful of dossiers that a checker has to look at: what goes wrong in the field, made through the operations.

Their people are taken in beside the synthetic ones: a wrong sex and a wrong name, twins, a man whom two communes have
written down, prints that are poor, a row that is not clean, and one that is late; two have nothing against them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from muster.capture.operations import receive
from muster.capture.rows import PHOTO, CaptureRecord, Intake
from muster.kernel.actor import Actor, Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.law.capture import PRINTS
from muster.law.forms import Signer
from muster.processing.operations import check_dossiers
from muster.register.operations import allocate_numbers, take_in
from muster.register.rows import HouseholdRow, PersonRow
from muster.register.words import Relation

LATE = timedelta(days=26)  # past every deadline of 2021 for a commune: 15 working days


@dataclass(frozen=True, slots=True)
class Case:
    """One person and their dossier."""

    name: str
    birth: str
    sex: Sex = Sex.MALE
    numbered: bool = True
    clean: bool = True
    elsewhere: bool = False
    poor: bool = False
    late: bool = False
    taken: bool = True
    beside: str = ""  # lives in the household of this person
    corrections: Mapping[str, str] = field(default_factory=dict)


CASES = (
    Case("Phạm Thị Hạnh", "12/8/1979", Sex.FEMALE),
    Case("Vũ Đình Trọng", "3/11/1968", numbered=False),
    Case("Lê Thị Quỳnh", "22/4/1984", corrections={"sex": "female"}),
    Case("Đặng Văn Hòe", "9/9/1971", corrections={"name": "Đặng Văn Hoè Anh", "birth": "09/09/1970"}),
    Case("Trần Minh Anh", "10/2/2005"),
    Case("Trần Minh Ánh", "10/2/2005", beside="Trần Minh Anh"),
    Case("Nguyễn Văn Khuê", "1/3/1975"),
    Case("Nguyễn Văn Khuê", "1/3/1975", numbered=False, elsewhere=True, taken=False),
    Case("Bùi Thị Nhài", "5/5/1949", Sex.FEMALE, poor=True),
    Case("Hoàng Văn Thạch", "1938", numbered=False, clean=False),
    Case("Đỗ Thị Lụa", "17/6/1958", Sex.FEMALE, poor=True, late=True),
)


def few(*, home: int, elsewhere: int, at: datetime) -> Sequence[UUID]:
    """Take the people of the cases in, receive their dossiers and check them; return the dossiers.

    :param home: the commune that takes them
    :param elsewhere: another commune
    """
    by = Actor(officer=None, unit=home, purpose=Purpose.CAPTURE, device="demonstration")
    people: dict[str, PersonRow] = {}
    rows = [_person(case, people, elsewhere if case.elsewhere else home, home) for case in CASES]
    homes = [
        HouseholdRow(id=row.household, unit=row.unit, head=row.id) for row in rows if row.relation is Relation.HEAD
    ]
    take_in(households=homes, persons=rows, by=by, at=at - LATE).whole()
    numbered = [row.id for row, case in zip(rows, CASES, strict=True) if case.numbered]
    allocate_numbers(persons=numbered, by=by, at=at - LATE).whole()
    taken = [(row, case) for row, case in zip(rows, CASES, strict=True) if case.taken]
    for late in (True, False):
        intakes = [_intake(row, case, at) for row, case in taken if case.late is late]
        receive(intakes=intakes, by=by, at=at - LATE if late else at).whole()
        dossiers = [row.id for row in intakes]
        check_dossiers(dossiers=dossiers, by=replace(by, purpose=Purpose.CHECK), at=at)
    return dossiers


def _person(case: Case, people: dict[str, PersonRow], unit: int, registered: int) -> PersonRow:
    kin = people.get(case.beside)
    row = PersonRow(
        id=new_id(), name=case.name, sex=case.sex, birth=PartialDate.parse(case.birth), unit=unit,
        household=kin.household if kin else new_id(), relation=Relation.SIBLING if kin else Relation.HEAD,
        registered_unit=registered if case.clean else None,
    )  # fmt: skip
    people.setdefault(case.name, row)
    return row


def _intake(person: PersonRow, case: Case, at: datetime) -> Intake:
    prints = [CaptureRecord(one.code, 12 if case.poor and place % 4 == 0 else 61) for place, one in enumerate(PRINTS)]
    return Intake(
        id=new_id(), person=person.id, taken_at=at - LATE if case.late else at - timedelta(hours=2),
        captures=(*prints, CaptureRecord(PHOTO)), signed=frozenset({Signer.CITIZEN, Signer.OFFICER}),
        traits="Sẹo nhỏ cách 2 cm trên đuôi mày phải", corrections=case.corrections,
    )  # fmt: skip
