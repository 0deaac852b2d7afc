"""What became of units: who holds the land and the people of one on another day, through every merger and split.

A succession says how much of one unit went to another: the whole, a part, nothing. Over several days the parts of a
unit are followed and put together again. Where a piece went into a unit that was itself divided later, nobody wrote
down which way the piece went: that is told as ``PERHAPS``, never guessed.

A unit without a succession of its own goes by the units right below it (what became of a district is what became of
its communes), and where there are none by the unit above (a hamlet lies wherever its commune went).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import connection
from django.db.models import Q

from muster.units.models import Share, Succession, Unit


class Held(StrEnum):
    """How much of the older unit lies in the newer one."""

    WHOLE = "whole"
    PART = "part"
    PERHAPS = "perhaps"  # some of it or nothing: a unit on the way was divided
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Holder:
    """A unit that holds another's land or people on a day; the shares are always those of the older of the two."""

    unit: Unit
    land: Held
    people: Held


@dataclass(frozen=True, slots=True)
class Move:
    """One succession as it was written: the unit at its other end, the day, and the words of the source."""

    unit: Unit
    on: dt.date
    land: Share
    people: Share
    note: str


Pieces = Mapping[int, Held]  # by unit


def came_from(unit: Unit) -> list[Move]:
    """Return what a unit was made of when it opened, by code; nothing for one that is older than the lists."""
    rows = Succession.objects.filter(successor=unit).select_related("predecessor").order_by("predecessor__code")
    return [Move(row.predecessor, row.on, Share(row.share), Share(row.people), row.note) for row in rows]


def went_to(unit: Unit) -> list[Move]:
    """Return what became of a unit when it closed, by code; nothing while it holds."""
    rows = Succession.objects.filter(predecessor=unit).select_related("successor").order_by("successor__code")
    return [Move(row.successor, row.on, Share(row.share), Share(row.people), row.note) for row in rows]


def origins(successors: Collection[int]) -> list[tuple[int, int, str]]:
    """Return where the people of units came from: unit, predecessor, and how many of its people: whole, part, none."""
    found = Succession.objects.filter(successor__in=list(successors)).order_by("successor", "predecessor")
    return list(found.values_list("successor_id", "predecessor_id", "people"))


def at(unit: Unit, on: dt.date) -> list[Holder]:
    """Return what holds a unit's land and people on any day, the surest first: itself while it stands."""
    return holders([unit], on)[unit.id]


def successors(unit: Unit, on: dt.date) -> list[Holder]:
    """Return what holds a unit's land and people on a later day; nothing for a day before it closed."""
    return at(unit, on) if unit.valid_to and unit.valid_to <= on else []


def predecessors(unit: Unit, on: dt.date) -> list[Holder]:
    """Return what held on an earlier day the land and people a unit was made of; nothing after it opened."""
    return at(unit, on) if unit.valid_from > on else []


def holders(units: Iterable[Unit], on: dt.date) -> dict[int, list[Holder]]:
    """Return for each unit what `at` says; the same few questions for any number of units."""
    asked = {unit.id: unit for unit in units}
    closed = [unit for unit in asked.values() if unit.valid_to and unit.valid_to <= on]
    unborn = [unit for unit in asked.values() if unit.valid_from > on]
    found = {number: [Holder(unit, Held.WHOLE, Held.WHOLE)] for number, unit in asked.items() if unit.valid_on(on)}
    return found | (_later(closed, on) if closed else {}) | (_earlier(unborn, on) if unborn else {})


_LATER = """
    WITH RECURSIVE reach (id) AS (
        SELECT unnest(%(units)s::int[])
        UNION
        SELECT following.id FROM reach JOIN units_unit AS unit ON unit.id = reach.id AND unit.valid_to <= %(on)s
        CROSS JOIN LATERAL (
            SELECT successor_id AS id FROM units_succession WHERE predecessor_id = unit.id
            UNION ALL
            SELECT near.id FROM (
                SELECT unit.parent_id AS id
                UNION ALL
                SELECT id FROM units_unit WHERE parent_id = unit.id AND valid_to = unit.valid_to
            ) AS near WHERE NOT EXISTS (SELECT FROM units_succession WHERE predecessor_id = unit.id)
        ) AS following
    )
    SELECT id FROM reach
"""

# Where a unit has no predecessor the one above stands for it, and `above` says so.
_EARLIER = """
    WITH RECURSIVE reach (asked, id, above) AS (
        SELECT unit, unit, false FROM unnest(%(units)s::int[]) AS unit
        UNION
        SELECT reach.asked, preceding.id, reach.above OR preceding.above
        FROM reach JOIN units_unit AS unit ON unit.id = reach.id AND unit.valid_from > %(on)s
        CROSS JOIN LATERAL (
            SELECT predecessor_id AS id, false AS above FROM units_succession WHERE successor_id = unit.id
            UNION ALL
            SELECT unit.parent_id, true
            WHERE NOT EXISTS (SELECT FROM units_succession WHERE successor_id = unit.id)
        ) AS preceding
    )
    SELECT reach.asked, reach.id, bool_or(reach.above) FROM reach JOIN units_unit AS unit ON unit.id = reach.id
    WHERE unit.valid_from <= %(on)s GROUP BY reach.asked, reach.id
"""


def _later(units: Sequence[Unit], on: dt.date) -> dict[int, list[Holder]]:
    with connection.cursor() as cursor:
        cursor.execute(_LATER, {"units": [unit.id for unit in units], "on": on})
        reached = [number for (number,) in cursor.fetchall()]
    known = Unit.objects.in_bulk(reached)
    rows = list(Succession.objects.filter(Q(predecessor__in=reached) | Q(successor__in=reached), on__lte=on))
    land, people = _Side.of(known, rows, on, people=False), _Side.of(known, rows, on, people=True)
    return {unit.id: _in_order(known, land.held(unit.id), people.held(unit.id)) for unit in units}


def _earlier(units: Sequence[Unit], on: dt.date) -> dict[int, list[Holder]]:
    """Go back to all that can have led to these units, then ask each of those what became of it."""
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, {"units": [unit.id for unit in units], "on": on})
        rows = cursor.fetchall()
    known = Unit.objects.in_bulk({number for _, number, _ in rows})
    older: dict[int, dict[int, bool]] = defaultdict(dict)
    for asked, number, above in rows:
        older[asked][number] = above
    found: dict[int, list[Holder]] = {}
    for day in sorted({unit.valid_from for unit in units}):
        opened = [unit for unit in units if unit.valid_from == day]
        onward = holders([known[number] for unit in opened for number in older[unit.id]], day)
        found |= {unit.id: _before(unit, older[unit.id], known, onward) for unit in opened}
    return found


def _before(
    unit: Unit, older: Mapping[int, bool], known: Mapping[int, Unit], onward: Mapping[int, Sequence[Holder]]
) -> list[Holder]:
    """Return of each older unit how much is in this one; of one that only led to the unit above, that some may be."""
    unsure = Held.PART if len(older) == 1 else Held.PERHAPS
    land: dict[int, Held] = {}
    people: dict[int, Held] = {}
    for number, above in older.items():
        one = next((one for one in onward[number] if one.unit.id == unit.id), None)
        if one or above:
            land[number] = one.land if one else unsure
            people[number] = one.people if one else unsure
    return _in_order(known, land, people)


def _in_order(known: Mapping[int, Unit], land: Pieces, people: Pieces) -> list[Holder]:
    found = [Holder(known[key], land.get(key, Held.NONE), people.get(key, Held.NONE)) for key in {*land, *people}]
    sure = list(Held)
    return sorted(found, key=lambda one: (sure.index(one.land), sure.index(one.people), one.unit.code))


@dataclass(frozen=True, slots=True)
class _Edge:
    successor: int
    whole: bool
    alone: bool  # the successor was made of this piece and nothing else


@dataclass(slots=True)
class _Side:
    """The land, or the people, of a set of units followed up to a day. Every unit on the way is in ``known``."""

    known: Mapping[int, Unit]
    on: dt.date
    edges: dict[int, list[_Edge]]
    gone: set[int]  # units with a succession, be it of the other side alone
    children: dict[int, list[int]]
    found: dict[int, Pieces] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Mapping[int, Unit], rows: Sequence[Succession], on: dt.date, *, people: bool) -> "_Side":
        """Return the side of these successions that tells of people, or of land."""
        gave = [(row, row.people if people else row.share) for row in rows]
        made: dict[int, int] = defaultdict(int)
        for row, share in gave:
            made[row.successor_id] += share != Share.NONE
        edges: dict[int, list[_Edge]] = defaultdict(list)
        for row, share in gave:
            if share != Share.NONE:
                edge = _Edge(row.successor_id, share == Share.WHOLE, made[row.successor_id] == 1)
                edges[row.predecessor_id].append(edge)
        children: dict[int, list[int]] = defaultdict(list)
        for unit in known.values():
            parent = known.get(unit.parent_id or 0)
            if parent and unit.valid_to == parent.valid_to:
                children[parent.id].append(unit.id)
        return cls(known, on, edges, {row.predecessor_id for row in rows}, children)

    def held(self, unit: int) -> Pieces:
        """Return how much of a unit lies in which units on the day."""
        if unit not in self.found:
            self.found[unit] = {unit: Held.WHOLE} if self.known[unit].valid_on(self.on) else self._followed(unit)
        return self.found[unit]

    def _followed(self, unit: int) -> Pieces:
        below = self._below(unit)
        return self._above(unit) if below is None else below

    def _below(self, unit: int) -> Pieces | None:
        """Return what a unit's own successions say, or those of the units below it; nothing where none is known."""
        if unit in self.gone:
            edges = self.edges[unit]
            complete = len(edges) > 1 or all(edge.whole for edge in edges)
            return _gathered([self._through(edge) for edge in edges], complete=complete)
        pieces = [self._below(child) for child in self.children[unit]]
        known = [piece for piece in pieces if piece is not None]
        return _gathered(known, complete=len(known) == len(pieces)) if known else None

    def _above(self, unit: int) -> Pieces:
        """Return where the unit above went: what lies in all of it lies there, else perhaps."""
        parent = self.known[unit].parent_id
        if parent is None:
            return {}
        return {key: held if held is Held.WHOLE else Held.PERHAPS for key, held in self.held(parent).items()}

    def _through(self, edge: _Edge) -> Pieces:
        """Return where a piece lies that went into a unit, by what became of that unit."""
        later = self.held(edge.successor)
        if edge.alone:
            return later
        return {key: held if held is Held.WHOLE else Held.PERHAPS for key, held in later.items()}


def _gathered(pieces: Sequence[Pieces], *, complete: bool) -> Pieces:
    """Put the pieces of one unit together: it is whole where every piece is, and none is missing."""

    def told() -> Iterator[tuple[int, Held]]:
        for key in {key for piece in pieces for key in piece}:
            held = [piece.get(key, Held.NONE) for piece in pieces]
            if complete and set(held) == {Held.WHOLE}:
                yield key, Held.WHOLE
            else:
                yield key, Held.PART if {Held.WHOLE, Held.PART} & set(held) else Held.PERHAPS

    return dict(told())
