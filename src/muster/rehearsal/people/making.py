"""Make a synthetic people: out of the census into the register, by the operations a clerk uses.

What is drawn follows from seed and place alone, and ids with it; only the personal numbers come from the register's
secret order. A chunk is one transaction of whole hamlets: interrupted and started again, what is there is passed
over and the rest is added, the same people as in one go.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db import DatabaseError, connection

from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import Refusal
from muster.register import queries as register
from muster.rehearsal import crew
from muster.rehearsal.people import drafting, hamlets, places
from muster.rehearsal.people.drafting import Draw, ids_of
from muster.rehearsal.people.places import Commune, Plan
from muster.rehearsal.people.tasks import MadeOtherwise, Task, villages_there
from muster.units import queries as units

SEED = 2021
MAKING = 20_190_401, 1  # the lock of who makes people in this database: the day of the census
BATCH = 20_000  # people of the communes that are made one after the other, about

Progress = Callable[[int, int], None]  # people that are there, of all


class DayAhead(Refusal):
    """People are made as of a day that has come."""

    code = "day_ahead"
    vi = "Ngày {on} chưa tới: đồng hồ chiến dịch đang ở ngày {today}."
    en = "The day {on} has not come: the campaign's clock shows {today}."


class SeedOutOfBounds(Refusal):
    """A seed is a whole number from nought on."""

    code = "seed_out_of_bounds"
    vi = "Số gieo {seed} không hợp lệ: phải là số nguyên không âm."
    en = "The seed {seed} is not a whole number from 0 on."


class BeingMade(Refusal):
    """People are made by one program at a time: two would open the same hamlets and take in the same people."""

    code = "people_being_made"
    vi = "Một lệnh khác đang tạo dân cư trong cơ sở dữ liệu này; hãy đợi lệnh đó xong rồi chạy lại."
    en = "Another command is making people in this database; wait for it, then start again."


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the people now there, how many of them are new, and the hamlets opened for them."""

    people: int
    new: int
    hamlets: int


def make(
    *,
    unit: str,
    scale: float | Fraction,
    on: date,
    by: Actor,
    at: datetime,
    seed: int = SEED,
    progress: Progress | None = None,
    workers: int = 1,
) -> Made:
    """Make the people of a unit at a scale, as they are on a day; who is there already is passed over.

    Hamlets are opened where a commune has none. With several workers as many processes take in communes side by
    side, each over a connection of its own.

    :param unit: code of a commune or of any unit above it, valid on the day ``on``
    :param progress: is told now and then how many people are there, of all
    :raises BeingMade: another program is making people in this database
    :raises Refusal: those of this module and of `places`; ``units.UnknownUnit``: no such unit on that day
    """
    if on > local(at).date():
        raise DayAhead(on=f"{on:%d/%m/%Y}", today=f"{local(at):%d/%m/%Y}")
    if seed < 0:
        raise SeedOutOfBounds(seed=seed)
    plan = places.plan(units.by_code(unit, on), scale=scale, on=on)
    with _alone():
        return _make(plan, Draw(seed, on, plan.origins, plan.prefixes, plan.titles), by, at, progress, workers)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of making for this connection: over its many transactions, and no longer than it lives.

    :raises BeingMade: somebody else holds it
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", MAKING)
        if not cursor.fetchone()[0]:
            raise BeingMade
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:  # a broken connection has let go of it already
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", MAKING)


def _make(plan: Plan, draw: Draw, by: Actor, at: datetime, progress: Progress | None, workers: int) -> Made:
    on, seed = draw.on, draw.seed
    settled = [commune for commune in plan.communes if commune.people]
    there, begun = _there(settled, seed)
    homes, _ = hamlets.settle([one for one in settled if one.unit in begun], on=on, by=by, at=at)
    for one in settled:
        if one.unit in begun:
            villages_there(one, drafting.villages(one, homes[one.unit], draw), draw)  # refused before a row is written
    homes, opened = hamlets.settle(settled, on=on, by=by, at=at)
    tasks = [
        Task([(one, homes[one.unit], one.unit in begun) for one in batch], draw, by, at)
        for batch in _batches([one for one in settled if one.unit not in there])
    ]
    done, new = sum(one.people for one in settled if one.unit in there), 0
    tell = progress or (lambda _done, _people: None)
    tell(done, plan.people)
    for passed, taken in crew.work_all(tasks, workers):
        done, new = done + passed + taken, new + taken
        tell(done, plan.people)
    return Made(plan.people, new, opened)


def _there(communes: Sequence[Commune], seed: int) -> tuple[set[int], set[int]]:
    """Return the units of the communes whose people of this seed are there, and of those that were begun.

    :raises MadeOtherwise: a commune has more people of this seed than would be made
    """
    marks = {}
    for one in communes:
        ids = ids_of(one, seed)
        marks[one.unit] = ids.person(0), ids.person(one.people - 1), ids.person(one.people)
    known = register.known_persons([mark for three in marks.values() for mark in three])
    for one in communes:
        if marks[one.unit][2] in known:
            raise MadeOtherwise(commune=one.code, seed=seed)
    whole = {unit for unit, (_, last, _) in marks.items() if last in known}
    return whole, {unit for unit, (first, _, _) in marks.items() if first in known} - whole


def _batches(communes: Sequence[Commune]) -> Iterator[list[Commune]]:
    """Yield the communes in their order, as many together as have about a batch of people."""
    batch: list[Commune] = []
    people = 0
    for one in communes:
        batch.append(one)
        people += one.people
        if people >= BATCH:
            yield batch
            batch, people = [], 0
    if batch:
        yield batch
