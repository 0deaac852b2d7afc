"""Who may be booked, and what they have booked already: for the desk and for citizens themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from muster.plan.queries.appointments import AppointmentHeld, SlotLine, appointments_held
from muster.survey.words import Group


@dataclass(frozen=True, slots=True)
class Bookable:
    """A person with the group of their open case (none without one) and the appointment that is live."""

    person: UUID
    group: Group | None
    held: AppointmentHeld | None


def bookable(persons: Collection[UUID]) -> dict[UUID, Bookable]:
    """Return what is to be known of people before they are booked."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (person_id) person_id, group_code FROM survey_case AS held
                JOIN survey_campaign AS campaign ON campaign.id = held.campaign_id
            WHERE person_id = ANY(%s) AND held.state = 'open' AND campaign.closed_at IS NULL
            ORDER BY person_id, found_at DESC
            """,
            [list(persons)],
        )
        groups = {person: Group(group) for person, group in cursor.fetchall()}
    live = {one.person: one for one in appointments_held((), persons)}
    return {person: Bookable(person, groups.get(person), live.get(person)) for person in persons}


def seats(
    wanted: Sequence[tuple[UUID, Group]], session: UUID, slot: datetime, free: Mapping[Group, Sequence[SlotLine]]
) -> dict[UUID, datetime]:
    """Return a slot for each of a family: the one chosen, and where it has no more room, the next of that session.

    :param free: the slots each group may book, in order of time
    """
    used: dict[datetime, int] = {}
    found = {}
    for person, group in wanted:
        for line in free.get(group, ()):
            if line.session == session and line.slot >= slot and line.free > used.get(line.slot, 0):
                used[line.slot] = used.get(line.slot, 0) + 1
                found[person] = line.slot
                break
    return found
