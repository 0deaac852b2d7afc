"""Single cases: as the operations move them, and as a person's page shows them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import connection

from muster.kernel.arrays import ids
from muster.survey.words import Contact, Group, Hard, State


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as a move needs it; ``path`` is that of its unit, root first."""

    id: UUID
    unit: int
    path: Sequence[int]
    state: State
    band: int
    contact: Contact
    hard: Hard | None
    campaign_name: str
    campaign_closed: bool

    def marked(self, column: str, value: str) -> Self:
        """Return the case after a mark on ``contact`` or ``hard``."""
        word: Any = Contact(value) if column == "contact" else Hard(value) if value else None
        return replace(self, **{column: word})


def case_states(cases: Collection[UUID], *, lock: bool = False) -> dict[UUID, CaseState]:
    """Return cases by id, locked in the order of their ids if asked; those that are not there are left out."""
    if not cases:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT held.id, held.unit_id, place.ancestors, held.state, held.band, held.contact, held.hard,
                   campaign.name, campaign.closed_at IS NOT NULL
            FROM survey_case AS held
            JOIN units_unit AS place ON place.id = held.unit_id
            JOIN survey_campaign AS campaign ON campaign.id = held.campaign_id
            WHERE held.id = ANY(%s::uuid[]) ORDER BY held.id
            {"FOR UPDATE OF held FOR SHARE OF campaign" if lock else ""}
            """,
            [ids(cases)],
        )
        return {
            row[0]: CaseState(
                row[0],
                row[1],
                row[2],
                State(row[3]),
                row[4],
                Contact(row[5]),
                Hard(row[6]) if row[6] else None,
                *row[7:],
            )
            for row in cursor.fetchall()
        }


class Standing(NamedTuple):
    """A case as the dossier of its person ends or reopens it; a batch has thousands."""

    id: UUID
    campaign: UUID
    unit: int
    state: str
    band: int


def hold_open(persons: Iterable[UUID]) -> list[Standing]:
    """Return the cases of people in open campaigns, held in the order of their ids, and their campaigns held open."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, campaign_id, unit_id, state, band FROM survey_case WHERE person_id = ANY(%s::uuid[])
            ORDER BY id FOR UPDATE
            """,
            [ids(persons)],
        )
        cases = [Standing(*row) for row in cursor.fetchall()]
        if not cases:
            return []
        cursor.execute(
            """
            SELECT id FROM survey_campaign WHERE id = ANY(%s::uuid[]) AND closed_at IS NULL ORDER BY id FOR SHARE
            """,
            [ids({one.campaign for one in cases})],
        )
        campaigns = {campaign for (campaign,) in cursor.fetchall()}
    return [one for one in cases if one.campaign in campaigns]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A person's case in one campaign."""

    id: UUID
    campaign: UUID
    campaign_name: str
    unit: int
    state: State
    band: int
    group: Group
    ground: str
    kind: str
    obligation: str
    certainty: str
    channel: str
    contact: Contact
    hard: Hard | None
    found_at: datetime
    marked_at: datetime | None


def of_person(person: UUID) -> list[CaseLine]:
    """Return the cases of one person, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT held.id, campaign.id, campaign.name, held.unit_id, state, band, group_code, ground, kind, obligation,
                   certainty, channel, contact, hard, found_at, marked_at
            FROM survey_case AS held JOIN survey_campaign AS campaign ON campaign.id = held.campaign_id
            WHERE person_id = %s ORDER BY found_at DESC
            """,
            [person],
        )
        return [_case_line(row) for row in cursor.fetchall()]


def _case_line(row: tuple[Any, ...]) -> CaseLine:
    return CaseLine(
        id=row[0], campaign=row[1], campaign_name=row[2], unit=row[3], state=State(row[4]), band=row[5],
        group=Group(row[6]), ground=row[7], kind=row[8], obligation=row[9], certainty=row[10], channel=row[11],
        contact=Contact(row[12]), hard=Hard(row[13]) if row[13] else None, found_at=row[14], marked_at=row[15],
    )  # fmt: skip
