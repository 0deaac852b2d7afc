"""The list of a session with names, for the desk and on paper: a look at everybody on it, written down as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.kernel.actor import Actor
from muster.people import rights
from muster.people.rights import Grants
from muster.plan import queries
from muster.plan.operations.sessions import UnknownSession
from muster.plan.queries import AppointmentLine, SessionLine
from muster.register import queries as register
from muster.register.queries import PersonLine

BOOK, PERSON = "plan.book", "person"


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session with the people booked into it, in the order of their slots."""

    session: SessionLine
    lines: Sequence[tuple[AppointmentLine, PersonLine]]


@transaction.atomic
def open_session_list(*, session: UUID, path: Sequence[int], grants: Grants, by: Actor, at: datetime) -> OpenedSession:
    """Return a session with the names of those booked into it; people from elsewhere who come here too.

    :param path: the ids from the root down to the unit of the session
    :raises NotAllowed: the officer books nobody there for this purpose
    :raises UnknownSession: there is none at that unit
    """
    rights.require(grants, BOOK, path, by.purpose)
    line = queries.session(session)
    if line is None or line.unit != path[-1]:
        raise UnknownSession(session=session)
    held = queries.appointments(session)
    people = {one.id: one for one in register.lines([one.person for one in held])}
    lines = [(one, people[one.person]) for one in held if one.person in people]
    subjects = [audit.Subject(PERSON, person) for person in people]
    audit.record(by=by, at=at, action="plan.open_list", subjects=subjects, detail=str(session))
    return OpenedSession(line, lines)
