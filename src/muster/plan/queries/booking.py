"""Who may be booked, and what they have booked already: for the desk and for citizens themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from muster.kernel.clock import work_day, work_day_bounds
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


WAITED = timedelta(hours=12)  # past the hour of an appointment; a later packet of a kit without network still counts


def settled(at: datetime, *, limit: int) -> list[tuple[UUID, str, str]]:
    """Return live appointments that a moment has settled: which, the move (`plan.moves`), the reason; by id.

    Kept are those of people whose dossier is in hand, once the appointment's work day has come. Before it, and where
    nobody is due any more, they are cancelled and their places free. Those booked for an hour that is long past, of
    people who are still due, were missed.
    """
    _, night = work_day_bounds(work_day(at))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT held.id,
                   CASE WHEN cases.open THEN 'miss'
                        WHEN cases.done AND held.slot < %(night)s THEN 'keep' ELSE 'cancel' END,
                   CASE WHEN cases.open THEN 'nobody_came' WHEN NOT cases.done THEN 'not_due'
                        WHEN held.slot < %(night)s THEN '' ELSE 'came_before' END
            FROM plan_appointment AS held
            CROSS JOIN LATERAL (
                SELECT bool_or(state = 'open') AS open, bool_or(state = 'done') AS done FROM survey_case
                WHERE person_id = held.person_id) AS cases
            WHERE held.state IN ('booked', 'to_rebook', 'missed')
              AND (NOT cases.open OR (held.state = 'booked' AND held.slot < %(late)s AND cases.open))
            ORDER BY held.id LIMIT %(limit)s
            """,
            {"night": night, "late": at - WAITED, "limit": limit},
        )
        return cursor.fetchall()  # type: ignore[no-any-return]
