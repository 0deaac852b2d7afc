"""What units are called: a name and a type may change while the extent, and so the row, stays."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from muster.units.models import Renaming, Unit


@dataclass(frozen=True, slots=True)
class Title:
    """What a unit is called from a day on."""

    type_vi: str
    name: str
    since: dt.date

    def __str__(self) -> str:
        return f"{self.type_vi} {self.name}"


def title(unit_id: int, on: dt.date) -> Title:
    """Return what one unit is called on a day; parameters as for `titles`.

    :raises KeyError: there is no such unit
    """
    return titles([unit_id], on)[unit_id]


_CALLED = """
    COALESCE(later.type_vi, unit.type_vi), COALESCE(later.name, unit.name), COALESCE(later."on", unit.valid_from)
    FROM units_unit AS unit LEFT JOIN LATERAL (
        SELECT type_vi, name, "on" FROM units_renaming WHERE unit_id = unit.id AND "on" <= %(on)s
        ORDER BY "on" DESC LIMIT 1
    ) AS later ON true
"""


def titles(unit_ids: Iterable[int], on: dt.date) -> dict[int, Title]:
    """Return what units are called on a day, in one question.

    Before it opened a unit has its first name, after it closed its last: that is how papers of other days tell it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unit.id, {_CALLED} WHERE unit.id = ANY(%(asked)s)", {"asked": list(unit_ids), "on": on})
        return {number: Title(*told) for number, *told in cursor.fetchall()}


def named(unit_ids: Iterable[int], on: dt.date) -> tuple[dict[int, tuple[int, ...]], dict[int, Title]]:
    """Return the ids from the root down to each unit, and what all of these are called on a day, in one question.

    A unit that is not there is left out; names as `titles` tells them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT unit.id, unit.ancestors, unit.id = ANY(%(asked)s), {_CALLED}
            WHERE unit.id IN (SELECT unnest(ancestors) FROM units_unit WHERE id = ANY(%(asked)s))
            """,
            {"asked": list(unit_ids), "on": on},
        )
        rows = cursor.fetchall()
    paths = {number: tuple(ancestors) for number, ancestors, asked, *_ in rows if asked}
    return paths, {number: Title(*told) for number, _, _, *told in rows}


def history(unit: Unit) -> list[Title]:
    """Return every name and type a unit has borne or is to bear, the first one first."""
    later = Renaming.objects.filter(unit=unit).order_by("on").values_list("type_vi", "name", "on")
    return [Title(unit.type_vi, unit.name, unit.valid_from), *(Title(*row) for row in later)]
