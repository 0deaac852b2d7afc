"""Open a dossier beside the register, or two persons side by side: each look is written into the audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.capture import queries as dossiers_now
from muster.capture.queries import DossierState, PacketLine
from muster.capture.words import KIND as DOSSIER
from muster.kernel.actor import Actor
from muster.kernel.errors import Refusal
from muster.people import rights
from muster.people.rights import Grants
from muster.processing import queries
from muster.processing.queries import FindingLine, PairLine
from muster.processing.words import KIND
from muster.register import queries as register
from muster.register.queries import PersonPage
from muster.register.sensitive import KIND as PERSON

READ = "checking.read"


class NothingHere(Refusal):
    """There is no such dossier or pair in the checker's area; what is elsewhere is not told."""

    code = "nothing_here"
    vi = "Không tìm thấy hồ sơ này trong địa bàn của bạn."
    en = "There is no such dossier in your area."


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDossier:
    """A dossier with everything a checker weighs: the register's page, the packets, findings, pairs."""

    dossier: DossierState
    page: PersonPage
    packets: Sequence[PacketLine]
    findings: Sequence[FindingLine]
    pairs: Sequence[PairLine]


@dataclass(frozen=True, slots=True)
class OpenPair:
    """Two persons side by side, each with the dossier that is on its way, if there is one."""

    pair: PairLine
    one: PersonPage
    other: PersonPage
    dossiers: dict[UUID, UUID]


@transaction.atomic
def open_dossier(*, dossier: UUID, grants: Grants, by: Actor, at: datetime) -> OpenDossier:
    """Return a dossier with its person, as a checker may see both; the person may live elsewhere.

    :raises NothingHere: there is no such dossier in the checker's area
    """
    held = dossiers_now.states([dossier]).get(dossier)
    if held is None or not rights.may(grants, READ, held.path, by.purpose):
        raise NothingHere
    page = _page(held.person, grants, held.path, by)
    found = OpenDossier(
        dossier=held, page=page, packets=dossiers_now.packets(dossier, sealed=True),
        findings=queries.findings(dossier), pairs=queries.pairs_of([held.person]),
    )  # fmt: skip
    subjects = [audit.Subject(DOSSIER, dossier), audit.Subject(PERSON, held.person)]
    audit.record(by=by, at=at, action="processing.open", subjects=subjects)
    return found


@transaction.atomic
def open_pair(*, pair: UUID, grants: Grants, by: Actor, at: datetime) -> OpenPair:
    """Return the two persons of a pair that is asked in the checker's area; one of them may live elsewhere.

    :raises NothingHere: there is no such pair in the checker's area
    """
    line = queries.pair(pair)
    if line is None or not rights.may(grants, READ, line.path, by.purpose):
        raise NothingHere
    one, other = (_page(person, grants, line.path, by) for person in (line.one, line.other))
    subjects = [audit.Subject(KIND, pair), audit.Subject(PERSON, line.one), audit.Subject(PERSON, line.other)]
    audit.record(by=by, at=at, action="processing.open_pair", subjects=subjects)
    return OpenPair(line, one, other, dossiers_now.open_of([line.one, line.other]))


def _page(person: UUID, grants: Grants, path: Sequence[int], by: Actor) -> PersonPage:
    page = register.person_page(person, allowed=rights.fields(grants, path, by.purpose))
    if page is None:
        raise NothingHere
    return page
