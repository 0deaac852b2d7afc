"""How many events a second: the journal's operation, alone and with its audit, against plain INSERT and COPY.

The plain peers write the same rows into a table with the same columns, constraints and indexes and without triggers, in
the same run and in turns. At the end 50 writers work on two hot units with a closing beside them, then everything is
recounted and the audit is walked.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, count
from statistics import median
from threading import Event, Thread
from typing import Any

from django.db import DatabaseError, connection, transaction

from bench import country, frame
from muster.audit import operations as audit
from muster.audit.verification import verify
from muster.events import operations, recounting
from muster.events.journal import AgeBand, Move
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id

AT = datetime(2021, 5, 8, 9, tzinfo=ZONE)
PROVINCE = country.PROVINCES[29]
COLUMNS = """
    id, metric_id, thing, occurred_at, recorded_at, work_day, by_officer, unit_done, unit_residence, kit, age_band,
    reason, batch, position
"""
ROUNDS = {1: 300, 100: 100, 1_000: 40}
READY = 120  # batches a process makes before it starts to write
HOT = country.COMMUNES[:2]
MOVES = ("announce", "receive", "accept", "produce")


def main(argv: Sequence[str]) -> int:
    """Measure batches of 1, 100 and 1,000, then 2 processes at once, then 50 writers on two units."""
    asked = frame.arguments("journal", argv, seconds=(20, "longest time for one size of batch"))
    with frame.database(keep=asked.keep) as told:
        country.place()
        for size in ROUNDS:
            _batches(told, size, asked.seconds)
        _processes(told, 1, asked.seconds / 3)
        _processes(told, 2, asked.seconds / 3)
        _hot(told, writers=50, seconds=asked.seconds / 2)
        wrong = list(recounting.differences())
        damaged = [finding for finding in verify() if finding.damage != "added"]  # added: what was recorded alone
        told.fact("counters that differ from a recount", f"{len(wrong):,}", limit="none", held=not wrong)
        told.fact("rows that the audit names", f"{len(damaged):,}", limit="none", held=not damaged)
    return len(told.missed)


def moves(size: int, units: Sequence[int], chance: random.Random) -> list[Move]:
    """Make up moves of dossiers, done in some units and credited to others."""
    return [
        Move(
            thing=new_id(), kind="dossier", move=chance.choice(MOVES), unit_done=chance.choice(units),
            unit_residence=chance.choice(units), age_band=chance.choice(list(AgeBand)), kit=KITS[chance.randrange(99)],
            occurred_at=AT - timedelta(seconds=chance.randrange(7_200)),
        )
        for _ in range(size)
    ]  # fmt: skip


KITS = [new_id() for _ in range(99)]
BY = Actor(officer=new_id(), unit=HOT[0], purpose=Purpose.CAPTURE, device="bench")


def record(batch: Sequence[Move]) -> None:
    """Write one batch as an operation does that needs no audit of its own."""
    operations.record(moves=batch, by=BY, at=AT)


@transaction.atomic
def record_and_audit(batch: Sequence[Move], at: datetime = AT) -> None:
    """Write one batch as every operation does: events, counters and audit in one transaction."""
    written = operations.record(moves=batch, by=BY, at=at)
    subjects = [audit.Subject("dossier", event.thing) for event in written.events]
    audit.record(by=BY, at=at, action="bench.receive", subjects=subjects, events=written)


def _batches(told: frame.Told, size: int, seconds: float) -> None:
    """Compare the four ways to write batches of one size, in turns."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_plain")
        cursor.execute("CREATE TABLE bench_plain (LIKE events_event INCLUDING ALL)")
    ways: dict[str, Callable[[Any], object]] = {
        "record": record, "record and audit": record_and_audit, "plain INSERT": insert, "COPY": copy,
    }  # fmt: skip
    chance, units = random.Random(size), country.communes_of(PROVINCE)
    works = {}
    for name, way in ways.items():
        batches = [moves(size, units, chance) for _ in range(ROUNDS[size] + 1)]
        works[name] = _one_by_one(way, list(map(_rows, batches)) if way in {insert, copy} else batches)
    taken = frame.in_turns(works, rounds=ROUNDS[size], within=seconds)
    plain = size / median(taken["plain INSERT"])
    for name in ways:
        beside = f"{size / median(taken[name]) / plain:.0%} of plain INSERT" if name != "plain INSERT" else ""
        least = 8_000 if size == 1_000 and name.startswith("record") else None
        told.rate(f"{name}, batches of {size:,}", taken[name], of=size, least=least, beside=beside)


def _one_by_one(way: Callable[[Any], object], batches: Sequence[Any]) -> Callable[[], object]:
    """Return a work that writes the next batch each time it is done."""
    left: Iterator[Any] = iter(batches)
    return lambda: way(next(left))


def _rows(batch: Sequence[Move]) -> list[tuple[object, ...]]:
    """Return the rows that the operation would write."""
    made = new_id()
    return [
        (
            move.id, MOVES.index(move.move) + 1, move.thing, move.occurred_at, AT, AT.date(), BY.officer,
            move.unit_done, move.unit_residence, move.kit, int(move.age_band), move.reason, made, position,
        )
        for position, move in enumerate(batch)
    ]  # fmt: skip


def insert(rows: Sequence[tuple[object, ...]]) -> None:
    """Write rows by one INSERT without any guard."""
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO bench_plain ({COLUMNS}) VALUES {', '.join([one] * len(rows))}",
            list(chain.from_iterable(rows)),
        )


def copy(rows: Sequence[tuple[object, ...]]) -> None:
    """Write rows by COPY without any guard: the fastest way there is."""
    with connection.cursor() as cursor, cursor.copy(f"COPY bench_plain ({COLUMNS}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


def _processes(told: frame.Told, writers: int, seconds: float) -> None:
    """Let processes write batches of 1,000 with their audit, all at once, each into a province of its own."""
    with frame.workers(writers) as pool:
        taken = pool.starmap(write_for, [(number, seconds) for number in range(writers)], chunksize=1)
    together = sum(1_000 * len(each) / sum(each) for each in taken)
    told.fact(
        f"record and audit, batches of 1,000, processes: {writers}", f"{together:,.0f}/s",
        limit=">= 8,000/s", held=together >= 8_000, n=sum(map(len, taken)),
    )  # fmt: skip


def write_for(number: int, seconds: float) -> list[float]:
    """Write batches of 1,000 for some time; return the seconds of each batch."""
    chance, units = random.Random(number), country.communes_of(country.PROVINCES[number])
    ready = [moves(1_000, units, chance) for _ in range(READY)]
    return frame.times_of(iter([partial(record_and_audit, batch) for batch in ready]), within=seconds)


def _hot(told: frame.Told, writers: int, seconds: float) -> None:
    """Let threads, each on a connection of its own, write small batches on two units while days are closed."""
    written, failures, stop = count(), list[Exception](), Event()

    def until_stopped(work: Callable[[], object]) -> None:
        try:
            while not stop.is_set():
                work()
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    def write() -> None:
        late = AT - timedelta(days=chance.choice([0, 0, 2]))  # some on a day that is being closed
        record_and_audit(moves(20, HOT, chance), at=late)
        next(written)

    def close() -> None:
        operations.sum_up(through=(AT - timedelta(days=1)).date())
        time.sleep(0.2)

    chance = random.Random(50)
    threads = [Thread(target=until_stopped, args=(work,)) for work in [write] * writers + [close]]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join(60)
    hung = sum(thread.is_alive() for thread in threads)
    batches = next(written)
    told.fact(f"{writers} writers on 2 units, batches of 20", f"{batches * 20 / seconds:,.0f}/s", n=batches)
    faults = len(failures) + hung
    told.fact("deadlocks, failures and writers that hang", f"{faults}", limit="none", held=not faults)
