"""Counts of cases, by whatever stands in them, of any unit and all below it; in one question each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from muster.survey.words import Group, State

CASES = frozenset({State.OPEN, State.DONE})  # who counts as due


class Axis(StrEnum):
    """By what cases are counted."""

    CHILD = "child"  # the unit right below the one asked about; itself for those registered in it directly
    UNIT = "unit"
    STATE = "state"
    BAND = "band"
    GROUP = "group"
    GROUND = "ground"
    OBLIGATION = "obligation"
    CERTAINTY = "certainty"
    CHANNEL = "channel"
    CONTACT = "contact"
    HARD = "hard"  # empty: none


_COLUMNS = {
    Axis.CHILD: "coalesce(place.ancestors[array_position(place.ancestors, %(unit)s) + 1], %(unit)s)",
    Axis.UNIT: "held.unit_id",
    Axis.GROUP: "held.group_code",
}
Counts = dict[tuple[Any, ...], int]


def count(
    *, campaign: UUID, unit: int, by: Sequence[Axis] = (), states: Collection[State] = CASES
) -> Counts:  # fmt: skip
    """Return how many cases a unit and all below it have, by these axes: codes in the order of ``by``, as stored.

    Combinations that nobody has are left out; without axes the answer is ``{(): n}``.
    """
    # What stands in the cases is counted first, unit by unit, from the index alone; then units are put together.
    own = [axis for axis in by if axis not in {Axis.CHILD, Axis.UNIT}]
    columns = [f"{_COLUMNS.get(axis, f'held.{axis.value}')} AS axis_{axis.value}" for axis in own]
    inner = "".join(f", {column}" for column in columns)
    outer = [_COLUMNS[axis] if axis in {Axis.CHILD, Axis.UNIT} else f"held.axis_{axis.value}" for axis in by]
    places = ", ".join(str(place) for place in range(1, len(by) + 1))
    grouped = ", ".join(str(place) for place in range(1, len(own) + 2))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {"".join(f"{column}, " for column in outer)} sum(held.n)::bigint
            FROM (
                SELECT held.unit_id{inner}, count(*) AS n FROM survey_case AS held
                WHERE campaign_id = %(campaign)s AND state = ANY(%(states)s)
                  AND unit_id = ANY(ARRAY(SELECT id FROM units_unit WHERE ancestors @> ARRAY[%(unit)s]))
                GROUP BY {grouped}
            ) AS held JOIN units_unit AS place ON place.id = held.unit_id
            {f"GROUP BY {places}" if by else ""}
            """,
            {"campaign": campaign, "unit": unit, "states": [state.value for state in states]},
        )
        return {tuple(row[:-1]): int(row[-1] or 0) for row in cursor.fetchall()}


def excluded(*, campaign: UUID, unit: int) -> dict[tuple[int, str], int]:
    """Return how many people of a unit and all below it are no case, by age band and coded reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT band, reason, sum(n)::bigint FROM survey_excluded JOIN units_unit AS place ON place.id = unit_id
            WHERE campaign_id = %s AND place.ancestors @> ARRAY[%s] GROUP BY band, reason
            """,
            [campaign, unit],
        )
        return {(band, reason): n for band, reason, n in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class OrganisationCount:
    """How many open cases of a group one school, company or office has."""

    group: Group
    organisation: str
    n: int


def organisations(*, campaign: UUID, unit: int, limit: int = 200) -> list[OrganisationCount]:
    """Return the schools, companies and offices of the open cases of a unit, the largest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT held.group_code, person.organisation, count(*) AS n
            FROM survey_case AS held JOIN register_person AS person ON person.id = held.person_id
            WHERE held.campaign_id = %s AND held.state = 'open' AND person.organisation <> ''
              AND held.unit_id = ANY(ARRAY(SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s]))
            GROUP BY 1, 2 ORDER BY n DESC, 2, 1 LIMIT %s
            """,
            [campaign, unit, limit],
        )
        return [OrganisationCount(Group(group), name, n) for group, name, n in cursor.fetchall()]
