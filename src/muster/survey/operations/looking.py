"""Open the list of a hamlet or a commune: read, print, export. Who is on it is written into the audit, each by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.kernel.actor import Actor
from muster.kernel.errors import Refusal
from muster.keys import queries as keys
from muster.people import rights
from muster.people.operations import ApprovalUse, use_approvals
from muster.people.operations.approvals import NeedsSecondPerson
from muster.people.rights import Grants
from muster.people.words import ApprovalKind, Field
from muster.register.sensitive import KIND, Sensitive
from muster.survey import queries
from muster.survey.operations.refusals import OutsideCampaign, UnknownCampaign
from muster.survey.queries import CampaignLine, Filter, ListLine
from muster.units.queries import Level, Unit

ALONE = 500  # lines that one officer takes away alone; more take a second person (people.rights, export.bulk)
READ, READ_REGISTER, EXPORT = "lists.read", "lists.read_register", "export.bulk"
NARROW = (Level.COMMUNE, Level.HAMLET)


class ListTooWide(Refusal):
    """A list is of a commune or a hamlet."""

    code = "list_too_wide"
    vi = "Danh sách chỉ lập cho xã, phường hoặc thôn, tổ dân phố; hãy chọn đơn vị nhỏ hơn."
    en = "Lists are of a commune or a hamlet; choose a smaller unit."


class How(StrEnum):
    """What becomes of a list: looked at on a screen, or taken away."""

    READ = "read"
    PRINT = "print"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A list as somebody may see it; without ``register`` it shows name, house and group alone."""

    campaign: CampaignLine
    unit: Unit
    lines: Sequence[ListLine]
    size: int
    register: bool
    addresses: Mapping[UUID, str]  # by case, for who may see them


@transaction.atomic
def open_list(
    *,
    campaign: UUID,
    unit: Unit,
    asked: Filter,
    grants: Grants,
    by: Actor,
    at: datetime,
    how: How = How.READ,
    after: UUID | None = None,
    only: UUID | None = None,
    limit: int | None = None,
    approval: UUID | None = None,
    real: datetime | None = None,
) -> OpenedList:
    """Return a page of a list, or the whole of it, and write down that it was opened.

    :param approval: the granted request by which more than `ALONE` lines are taken away; used up
    :param real: the real time, by which requests of two people run
    :raises NotAllowed: the officer may read no list of this unit for this purpose
    :raises ListTooWide: the unit is larger than a commune
    :raises UnknownCampaign, OutsideCampaign: there is no such list
    :raises NeedsSecondPerson: too many lines to be taken away alone
    """
    rights.require(grants, READ, unit.ancestors, by.purpose)
    line = _campaign(campaign, unit)
    size = queries.list_size(campaign=campaign, unit=unit.id, asked=asked)
    if how is not How.READ and size > ALONE:
        _by_two(unit, grants, by, approval, real or at)
    register = rights.may(grants, READ_REGISTER, unit.ancestors, by.purpose)
    addressed = register and Field.ADDRESS in rights.fields(grants, unit.ancestors, by.purpose)
    lines = queries.list_lines(
        campaign=campaign, unit=unit.id, asked=asked, after=after, only=only, limit=limit, sealed=addressed
    )
    _tell(lines, how, size, by, at)
    return OpenedList(line, unit, lines, size, register, _addresses(lines) if addressed else {})


def _campaign(campaign: UUID, unit: Unit) -> CampaignLine:
    if unit.level not in NARROW:
        raise ListTooWide
    line = queries.campaign(campaign)
    if line is None:
        raise UnknownCampaign(campaign=campaign)
    if line.unit not in unit.ancestors and unit.id not in line.path:
        raise OutsideCampaign(unit=unit, name=line.name)
    return line


def _by_two(unit: Unit, grants: Grants, by: Actor, approval: UUID | None, real: datetime) -> None:
    rights.require(grants, EXPORT, unit.ancestors, by.purpose)
    if approval is None:
        raise NeedsSecondPerson
    use = ApprovalUse(approval, ApprovalKind.BULK_EXPORT, "unit", unit.thing, unit.id)
    use_approvals(uses=[use], by=by, at=real)


def _addresses(lines: Sequence[ListLine]) -> dict[UUID, str]:
    """Return where people say they live, below the hamlet; nothing of whose key has been erased."""
    held = [line for line in lines if line.sealed]
    texts = keys.open_sealed([(KIND, line.person, line.sealed or b"") for line in held])
    told = {line.case: Sensitive.from_bytes(text) for line, text in zip(held, texts, strict=True) if text}
    return {case: one.current_address or one.address for case, one in told.items()}


def _tell(lines: Sequence[ListLine], how: How, size: int, by: Actor, at: datetime) -> None:
    subjects = [audit.Subject(KIND, line.person) for line in lines]
    audit.record(by=by, at=at, action=f"survey.list_{how}", subjects=subjects, detail=f"{len(lines)} of {size}")
