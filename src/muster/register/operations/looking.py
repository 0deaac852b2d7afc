"""Look somebody up. Each look is written into the audit with its purpose, in the same transaction that reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.audit import queries as told
from muster.audit.queries import Look
from muster.kernel.actor import Actor
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.people import rights
from muster.people.rights import Grants
from muster.register import queries
from muster.register.queries import PersonLine, PersonPage
from muster.register.sensitive import KIND


class NobodyFound(Refusal):
    """There is no such person here; who is registered under another unit is not shown."""

    code = "nobody_found"
    vi = "Không tìm thấy người này trong địa bàn của bạn."
    en = "There is no such person in your area."


@transaction.atomic
def look_up(*, text: str, grants: Grants, by: Actor, at: datetime) -> list[PersonLine]:
    """Return whom a personal number, an old number or a card's QR code names, within the officer's area.

    :param by: the officer and the purpose, which decides with ``grants`` what is shown
    :raises NotANumber: the text is none of the three
    :raises NotACardCode: it has the form of a QR code, and a field is wrong
    :raises NotAllowed: the officer may look up nobody for this purpose
    """
    _require(grants, "register.look_up", by)
    found = queries.by_text(text)
    return _shown(found, "register.look_up", grants, by, at)


@transaction.atomic
def search(
    *, name: str, grants: Grants, by: Actor, at: datetime, birth: PartialDate | None = None, unit: int | None = None
) -> list[PersonLine]:
    """Return people of the officer's area whose name is alike and whose birth or unit fits, the most alike first.

    :raises SearchTooWide: neither a birth nor a commune is given
    :raises NotAllowed: the officer may search for nobody for this purpose
    """
    _require(grants, "register.search", by)
    return _shown(queries.find(name, birth=birth, unit=unit), "register.search", grants, by, at)


def _require(grants: Grants, action: str, by: Actor) -> None:
    if not rights.may_anywhere(grants, action, by.purpose):
        raise rights.NotAllowed(action=action)


def _shown(found: Sequence[PersonLine], action: str, grants: Grants, by: Actor, at: datetime) -> list[PersonLine]:
    """Keep whom the officer may see, and write down that they were seen, and how many were not shown."""
    seen = [line for line in found if rights.may(grants, action, line.path, by.purpose)]
    subjects = [audit.Subject(KIND, line.id) for line in seen]
    audit.record(by=by, at=at, action=action, subjects=subjects, detail=f"elsewhere {len(found) - len(seen)}")
    return seen


@transaction.atomic
def open_person(*, person: UUID, grants: Grants, by: Actor, at: datetime) -> PersonPage:
    """Return a person's page, with the sensitive fields that the officer's role and purpose open.

    :raises NobodyFound: there is no such person in the officer's area
    """
    lines = queries.lines([person])
    if not lines or not rights.may(grants, "register.look_up", lines[0].path, by.purpose):
        raise NobodyFound
    allowed = rights.fields(grants, lines[0].path, by.purpose)
    page = queries.person_page(person, allowed=allowed, line=lines[0])
    if page is None:
        raise NobodyFound
    fields = " ".join(sorted(page.sensitive))
    audit.record(by=by, at=at, action="register.open", subjects=[audit.Subject(KIND, person)], detail=fields[:200])
    return page


@dataclass(frozen=True, slots=True)
class Looks:
    """Who looked at a person; ``line`` is ``None`` for who may see the looks and not the person."""

    unit: int
    line: PersonLine | None
    looks: Sequence[Look]
    older: UUID | None  # the look before which the next page begins; none on the last page


@transaction.atomic
def looks_at(
    *,
    person: UUID,
    grants: Grants,
    by: Actor,
    at: datetime,
    before: UUID | None = None,
    limit: int = told.PAGE,
) -> Looks:
    """Return who looked at a person or changed them, and why, the newest first; this look is written down too.

    :param before: the look before which the page begins
    :raises NobodyFound: there is no such person where the officer may see who looked
    """
    lines = queries.lines([person])
    if not lines or not rights.may(grants, "register.looks", lines[0].path, by.purpose):
        raise NobodyFound
    found = told.looks_at(KIND, person, before=before, limit=limit + 1)
    audit.record(by=by, at=at, action="register.looks", subjects=[audit.Subject(KIND, person)])
    shown = lines[0] if rights.may(grants, "register.look_up", lines[0].path, by.purpose) else None
    older = found[limit - 1].batch if len(found) > limit else None
    return Looks(lines[0].unit, shown, found[:limit], older)
