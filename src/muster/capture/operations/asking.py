"""What citizens ask and file themselves, without signing in: whoever knows all three answers is taken for the person.

A wrong answer is told from nothing at all by nobody: both are the same refusal. Each answer given is a look, and
written down as one.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muster.audit import operations as audit
from muster.capture import queries
from muster.capture.operations.opening import file_online
from muster.capture.queries import DossierState
from muster.capture.rows import Filing
from muster.kernel.actor import Actor, Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.names import ascii_key
from muster.law.capture import Representative
from muster.register import queries as register
from muster.register.queries import PersonLine
from muster.units.queries import ROOT

PERSON = "person"


class NobodyLikeThat(Refusal):
    """The three answers belong to nobody; which of them is wrong is not said."""

    code = "nobody_like_that"
    vi = "Không tìm thấy ai khớp cả ba câu trả lời. Hãy kiểm tra lại, hoặc hỏi công an xã, phường."
    en = "Nobody fits all three answers. Look again, or ask the police of your commune."


class NotYourChild(Refusal):
    """The register does not have the child as one of this parent or ward of this representative."""

    code = "not_your_child"
    vi = "Sổ dân cư chưa ghi trẻ này là con hoặc người được đại diện của bạn; hãy đến công an xã, phường."
    en = "The register does not have this child as yours; go to the police of your commune."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The three answers: number, name, birth."""

    number: str
    name: str
    birth: PartialDate


@transaction.atomic
def where_is_my_card(*, answers: Answers, at: datetime) -> tuple[PersonLine, DossierState | None]:
    """Return the person of three answers and their newest dossier, if there is one.

    :raises NobodyLikeThat: the answers do not belong together
    """
    person = _known(answers)
    audit.record(by=_citizen(ROOT), at=at, action="citizen.ask", subjects=[audit.Subject(PERSON, person.id)])
    return person, next(iter(queries.of_person(person.id)), None)


@transaction.atomic
def file_for_child(
    *,
    parent: Answers,
    child_name: str,
    child_birth: PartialDate,
    relation: str,
    signed: bool,
    row: Filing,
    at: datetime,
) -> DossierState:
    """File the dossier of a child under six for a parent or representative whom the register ties to the child.

    :param row: the ids of dossier and packet, made with the form; the rest of it is filled in here
    :raises NobodyLikeThat: the parent's answers do not belong together
    :raises NotYourChild: the register ties no such child to them
    :raises Refusal: whatever `file_online` refuses the row with
    """
    person = _known(parent)
    wards = [line for line in register.wards(person.id) if _same(line, child_name, child_birth)]
    if len(wards) != 1:
        raise NotYourChild
    child = wards[0]
    told = Representative(name=person.name, number=person.number, relation=relation, signed=signed)
    filing = Filing(
        id=row.id, packet=row.packet, person=child.id, filed_at=at, representative=told, account_level=row.account_level
    )
    file_online(filings=[filing], by=_citizen(_commune(child)), at=at).whole()
    return queries.states([row.id])[row.id]


def _known(answers: Answers) -> PersonLine:
    for line in register.by_number(answers.number):
        if line.number == answers.number and _same(line, answers.name, answers.birth):
            return line
    raise NobodyLikeThat


def _same(line: PersonLine, name: str, birth: PartialDate) -> bool:
    """Say whether name and birth are those of a person; marks may be missing, and nothing vaguer is taken."""
    return ascii_key(line.name) == ascii_key(name) and line.birth == birth


def _commune(line: PersonLine) -> int:
    return queries.commune_of(line.unit) or line.unit


def _citizen(unit: int) -> Actor:
    return Actor(officer=None, unit=unit, purpose=Purpose.CITIZEN, device="citizen")
