"""Ask about dossiers: one, those of a person, those waiting at a unit, and what operations must know first."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.capture.sealing import from_bytes
from muster.capture.words import KIND, OVER, Place, State
from muster.kernel.arrays import ids
from muster.kernel.dates import PartialDate, read_stored
from muster.kernel.reading import reader, word
from muster.keys import queries as keys
from muster.law.deadlines import PlaceKind
from muster.law.duty import Channel
from muster.law.grounds import Ground, Kind

_CITY = ("Quận", "Thị xã", "Thành phố", "Phường")  # types of units that are cities and towns (Law 59/2014 Art. 25)


class DossierState(NamedTuple):
    """A dossier as operations and pages see it; nothing sensitive."""

    id: UUID
    person: UUID
    kind: Kind
    ground: Ground
    channel: Channel
    place: Place
    state: State
    attempt: int
    law_day: date
    unit_done: int
    unit_residence: int
    kit: UUID | None
    session: UUID | None
    taken_at: datetime
    taken_by: UUID | None
    recorded_at: datetime
    state_since: datetime
    due_on: date | None
    owner: int | None
    answer_by: date | None
    reason: str
    form: str
    fee_vnd: int
    exemption: str
    old_card_taken: bool
    account_level: int
    missing_biometrics: bool
    poor_biometrics: bool
    suspect_duplicate: bool
    differs_from_register: bool
    version: int
    birth: PartialDate
    path: tuple[int, ...]  # the units above the one that took it, itself last
    near: frozenset[int]  # every unit from which an officer may act on it

    def overdue(self, on: date) -> bool:
        """Say whether the day on which it should have been ready, or mended, is past."""
        last = self.answer_by if self.state is State.RETURNED else self.due_on
        return last is not None and last < on and self.state not in OVER


_COLUMNS = {
    "person": "person_id", "unit_done": "unit_done_id", "unit_residence": "unit_residence_id", "owner": "owner_id",
    "birth": "person.birth", "path": "done.ancestors",
    "near": "done.ancestors || home.ancestors || coalesce(own.ancestors, '{}')",
}  # fmt: skip
_STATE = word(State)
_READ: Mapping[str, Callable[[Any], Any]] = {
    "kind": word(Kind), "ground": word(Ground), "channel": word(Channel), "place": word(Place), "state": _STATE,
    "birth": read_stored, "path": tuple, "near": frozenset,
}  # fmt: skip
_dossier = reader(DossierState, _READ)
_SELECT = f"""
    SELECT {", ".join(_COLUMNS.get(name, f"dossier.{name}") for name in DossierState._fields)}
    FROM capture_dossier AS dossier
    JOIN register_person AS person ON person.id = person_id
    JOIN units_unit AS done ON done.id = unit_done_id
    JOIN units_unit AS home ON home.id = unit_residence_id
    LEFT JOIN units_unit AS own ON own.id = owner_id
"""


def _dossiers(where: str, values: Sequence[Any]) -> list[DossierState]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} {where}", values)
        return [_dossier(row) for row in cursor.fetchall()]


def states(dossiers: Collection[UUID], *, lock: bool = False) -> dict[UUID, DossierState]:
    """Return dossiers by id; with ``lock`` they are held, in the order of their ids, to the transaction's end."""
    if lock:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM capture_dossier WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [ids(dossiers)]
            )
    return {one.id: one for one in _dossiers("WHERE dossier.id = ANY(%s::uuid[])", [ids(dossiers)])}


class Movable(NamedTuple):
    """What a move must know of a dossier, and no more: a batch has thousands. ``near`` is that of `DossierState`."""

    id: UUID
    person: UUID
    state: State
    version: int
    unit_done: int
    unit_residence: int
    kit: UUID | None
    form: str
    birth: PartialDate
    near: frozenset[int]


def hold(dossiers: Collection[UUID]) -> dict[UUID, Movable]:
    """Hold dossiers, in the order of their ids, to the transaction's end; return what a move must know of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, person_id, state, version, unit_done_id, unit_residence_id, kit, form,
                   (SELECT birth FROM register_person AS person WHERE person.id = person_id), owner_id
            FROM capture_dossier WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE
            """,
            [ids(dossiers)],
        )
        rows = cursor.fetchall()
    near = _near({(row[4], row[5], row[9]) for row in rows})
    return {row[0]: _movable(row, near[row[4], row[5], row[9]]) for row in rows}


def _movable(row: tuple[Any, ...], near: frozenset[int]) -> Movable:
    dossier, person, state, version, done, home, kit, form, birth, _ = row
    return Movable(dossier, person, _STATE(state), version, done, home, kit, form, read_stored(birth), near)


def _near(asked: Collection[tuple[int, int, int | None]]) -> dict[tuple[int, int, int | None], frozenset[int]]:
    """Return for each unit that took it, of residence, and owner: every unit from which an officer may act."""
    with connection.cursor() as cursor:
        units = {unit for three in asked for unit in three if unit is not None}
        cursor.execute("SELECT id, ancestors FROM units_unit WHERE id = ANY(%s)", [list(units)])
        paths = dict(cursor.fetchall())
    return {three: frozenset().union(*(paths[unit] for unit in three if unit is not None)) for three in asked}


class Comer(NamedTuple):
    """What taking somebody in must know of them besides the law's facts."""

    id: UUID
    birth: PartialDate
    unit: int


def hold_comers(persons: Collection[UUID]) -> dict[UUID, Comer]:
    """Hold persons, in the order of their ids, to the transaction's end; who is not in the register is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, birth, unit_id FROM register_person WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE",
            [ids(persons)],
        )
        return {person: Comer(person, read_stored(birth), unit) for person, birth, unit in cursor.fetchall()}


def open_of(persons: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for each person the dossier that is on its way, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, id FROM capture_dossier WHERE person_id = ANY(%s::uuid[]) AND state <> ALL(%s)",
            [ids(persons), [state.value for state in OVER]],
        )
        return dict(cursor.fetchall())


def commune_of(unit: int) -> int | None:
    """Return the commune a unit is, or stands in; nothing above communes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT above.id FROM units_unit AS unit JOIN units_unit AS above ON above.id = ANY(unit.ancestors)
            WHERE unit.id = %s AND above.level = 'commune'
            """,
            [unit],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def with_dossiers(persons: Collection[UUID]) -> set[UUID]:
    """Return those of the persons who have a dossier, open or ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM capture_dossier WHERE person_id = ANY(%s::uuid[])", [ids(persons)])
        return {person for (person,) in cursor.fetchall()}


def of_person(person: UUID) -> list[DossierState]:
    """Return all dossiers of a person, the newest first."""
    return _dossiers("WHERE person_id = %s ORDER BY dossier.taken_at DESC, dossier.id DESC", [person])


def waiting(unit: int, states: Collection[State], *, limit: int, skip: int = 0) -> list[DossierState]:
    """Return the dossiers in given states that a unit or one below it took or must mend, the longest waiting first."""
    where = """
        WHERE dossier.state = ANY(%s) AND coalesce(owner_id, unit_done_id) IN (
            SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s])
        ORDER BY dossier.state_since, dossier.id LIMIT %s OFFSET %s
    """
    return _dossiers(where, [[state.value for state in states], unit, limit, skip])


def how_many(unit: int) -> dict[State, int]:
    """Return how many dossiers of a unit and those below it are in each state; states without any are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT state, count(*) FROM capture_dossier WHERE coalesce(owner_id, unit_done_id) IN (
                SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s])
            GROUP BY state
            """,
            [unit],
        )
        return {State(state): count for state, count in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Unsent:
    """Dossiers that a unit's kits have announced and that have not arrived: how many, and since when the oldest."""

    count: int
    since: datetime


def unsent(units: Collection[int]) -> dict[int, Unsent]:
    """Return what has been announced and not received, of units and all below them; one without is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT above, count(*), min(taken_at) FROM capture_dossier AS dossier
            JOIN units_unit AS unit ON unit.id = dossier.unit_done_id CROSS JOIN LATERAL unnest(unit.ancestors) AS above
            WHERE state = 'announced' AND above = ANY(%s::int[]) GROUP BY above
            """,
            [list(units)],
        )
        return {unit: Unsent(count, since) for unit, count, since in cursor.fetchall()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketLine:
    """What one visit brought. ``told`` is what was sealed: traits, representative, corrections asked for."""

    id: UUID
    attempt: int
    kit: UUID | None
    taken_at: datetime
    taken_by: UUID | None
    recorded_at: datetime
    signed: list[str]
    captures: list[dict[str, Any]]
    told: dict[str, Any] | None


_PACKET = [one.name for one in fields(PacketLine)]
_PACKETS = """
    SELECT dossier_id, sealed, id, attempt, kit, taken_at, taken_by, recorded_at, signed, captures FROM capture_packet
    WHERE dossier_id = ANY(%s::uuid[]) ORDER BY dossier_id, attempt
"""


def packets(dossier: UUID, *, sealed: bool) -> list[PacketLine]:
    """Return the packets of a dossier, the first attempt first.

    :param sealed: whether the reader may see what is sealed; else ``told`` is ``None``
    """
    return list(brought([dossier], sealed=sealed).values())


def brought(dossiers: Collection[UUID], *, sealed: bool = True) -> dict[tuple[UUID, int], PacketLine]:
    """Return the packets of many dossiers, by dossier and attempt, in this order; see `packets`."""
    if not dossiers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PACKETS, [ids(dossiers)])
        rows = cursor.fetchall()
    kept = [(KIND, dossier, bytes(text)) for dossier, text, *_ in rows if text] if sealed else []
    opened = iter(keys.open_sealed(kept))
    found = {}
    for dossier, text, *plain, captures in rows:
        told = (next(opened) if text else b"") if sealed else None
        whole = [*plain, json.loads(captures), None if told is None else from_bytes(told)]
        line = PacketLine(**dict(zip(_PACKET, whole, strict=True)))
        found[dossier, line.attempt] = line
    return found


def places(units: Collection[int]) -> dict[int, tuple[PlaceKind, frozenset[int]]]:
    """Return for each unit its kind of place, and the units above it and itself; an unknown unit is left out.

    The kind follows from the type of its district, or of its commune where there is none. Which districts are mountain,
    border or island is not in the data: they count as elsewhere (15 days, not 20).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit.id, unit.ancestors, EXISTS (
                SELECT FROM units_unit AS above WHERE above.id = ANY(unit.ancestors) AND above.type_vi = ANY(%s)
                    AND (above.level = 'district' OR above.level = 'commune' AND above.type_vi = 'Phường'))
            FROM units_unit AS unit WHERE unit.id = ANY(%s)
            """,
            [list(_CITY), list(units)],
        )
        return {
            unit: (PlaceKind.CITY if city else PlaceKind.ELSEWHERE, frozenset(above))
            for unit, above, city in cursor.fetchall()
        }
