"""How fast a synthetic people is made, from the census to the audit: a million in under three minutes.

Then the same rows, chunk by chunk and in turns: taken in by the register's operation (names, keys, sealing, numbers,
cards, kin, events, counters, audit), and copied bare: the columns of the persons alone, made beforehand, into a table
with the same columns, once without any index or constraint (the physical limit) and once with the same ones.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from statistics import median
from typing import Any

from django.db import connection, transaction

from bench import frame
from muster.events import recounting
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.register.operations import take_in
from muster.register.operations.taking_in import PERSON, Family
from muster.rehearsal.people import drafting, hamlets, places, tasks
from muster.rehearsal.people.making import make
from muster.units import queries as units
from muster.units.operations import load_reference
from muster.units.queries import ROOT

UNIT, CENSUS = "30", 1_892_254  # Hải Dương
OTHER_UNIT, OTHER_CENSUS = "01", 8_053_663  # Hà Nội, whose people are compared
ON, AT = date(2021, 5, 8), datetime(2021, 5, 8, 9, tzinfo=ZONE)
BY = Actor(officer=None, unit=ROOT, purpose=Purpose.REGISTER, device="bench")
LEAST = 1_000_000 / 180  # people a second
CHUNKS = 11
COLUMNS = ", ".join(PERSON)


def main(argv: Sequence[str]) -> int:
    """Make people with several processes, recount, then compare the register's operation with bare COPY."""
    asked = frame.arguments(
        "people",
        argv,
        people=(1_000_000, f"people to make, {CENSUS:,} at most"),
        workers=(2, "processes"),
        seed=(2021, "another one draws other people"),
    )
    with frame.database(keep=asked.keep) as told:
        load_reference(by=BY, at=AT)
        seconds = frame.timed(lambda: _make(asked.people, asked.workers, asked.seed))
        what = f"{asked.people:,} people made by {asked.workers} processes"
        told.rate(what, [seconds], asked.people, least=LEAST, beside=f"{seconds:.0f} s in all")
        wrong = list(recounting.differences())
        told.fact("counters that differ from a recount", f"{len(wrong):,}", limit="none", held=not wrong)
        _compare(told, asked.seed)
    return len(told.missed)


def _make(people: int, workers: int, seed: int) -> None:
    scale = Fraction(people, CENSUS)
    assert make(unit=UNIT, scale=scale, on=ON, seed=seed, by=BY, at=AT, workers=workers).new == people


def _compare(told: frame.Told, seed: int) -> None:
    seconds: dict[str, list[float]] = {"taken in": [], "bare COPY": [], "COPY with the same keys and checks": []}
    sizes = []
    for households, persons in _chunks(seed):
        seconds["taken in"].append(frame.timed(partial(_take_in, households, persons)))
        rows = _rows([person.id for person in persons])
        seconds["bare COPY"].append(_copied(rows, "INCLUDING DEFAULTS"))
        seconds["COPY with the same keys and checks"].append(_copied(rows, "INCLUDING ALL"))
        sizes.append(len(persons))
    size, limit = round(median(sizes)), median(seconds["bare COPY"])
    for what, taken in seconds.items():
        told.rate(f"{what}, {size:,} people a batch", taken, size, beside=f"{median(taken) / limit:.1f} x bare COPY")


def _chunks(seed: int) -> Iterator[Family]:
    """Yield chunks of rows of people who are not there yet, with numbers reserved."""
    scale = Fraction(CHUNKS * 2 * tasks.CHUNK, OTHER_CENSUS)
    plan = places.plan(units.by_code(OTHER_UNIT, ON), scale=scale, on=ON)
    homes, _ = hamlets.settle(plan.communes, on=ON, by=BY, at=AT)
    draw = drafting.Draw(seed, ON, plan.origins, plan.prefixes, plan.titles)
    villages = (one for commune in plan.communes for one in drafting.villages(commune, homes[commune.unit], draw))
    for _ in range(CHUNKS):
        chunk: list[drafting.Village] = []
        while sum(one.people for one in chunk) < tasks.CHUNK:
            chunk.append(next(villages))
        yield tasks.drafted(chunk, draw)


def _take_in(households: Sequence[Any], persons: Sequence[Any]) -> None:
    assert not take_in(households=households, persons=persons, by=BY, at=AT).refused


def _rows(ids: Sequence[object]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM register_person WHERE id = ANY(%s)", [list(ids)])
        return cursor.fetchall()


def _copied(rows: Sequence[tuple[Any, ...]], like: str) -> float:
    """Return the seconds of a COPY of rows, its commit counted in, into a table made like that of the persons."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_person (LIKE register_person {like})")
        seconds = frame.timed(lambda: _copy(rows))
        cursor.execute("DROP TABLE bench_person")
    return seconds


@transaction.atomic
def _copy(rows: Sequence[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY bench_person ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(list(PERSON.values()))
        for row in rows:
            copy.write_row(row)
