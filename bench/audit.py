"""What the audit costs: entries a second against plain INSERT, and how fast and in how much memory it is verified.

The plain peers write the same batch and entries into tables with the same columns, constraints and indexes: no chain,
no hash, no function of the database. Verifying is done in a process of its own, so that its memory can be told.
"""

import random
import resource
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median

from django.db import connection, transaction

from bench import country, frame, journal
from muster.audit import operations
from muster.audit.operations import Subject
from muster.audit.verification import verify
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id

AT = datetime(2021, 5, 8, 9, tzinfo=ZONE)
BY = Actor(officer=new_id(), unit=country.COMMUNES[0], purpose=Purpose.CAPTURE, device="bench")
ROUNDS = {1: 300, 20: 200, 1_000: 30}
LOOKS, EVENTS_OF_A_BATCH = 1_000, 10_000  # verified: so many looks at 20 people each; the rest are large batches


def main(argv: Sequence[str]) -> int:
    """Measure writing with 1 and 16 writers, then seal, then verify."""
    asked = frame.arguments("audit", argv, rows=(300_000, "entries and events to verify"), seconds=(10, "for one size"))
    with frame.database(keep=asked.keep) as told:
        country.place()
        for size in ROUNDS:
            _alone(told, size, asked.seconds)
        for size in (1, 20):
            _together(told, size, writers=16, seconds=asked.seconds / 2)
        _verification(told, asked.rows)
    return len(told.missed)


def record(people: Sequence[Subject]) -> None:
    """Write a look at some people."""
    operations.record(by=BY, at=AT, action="bench.look", subjects=people)


@transaction.atomic
def insert(people: Sequence[Subject]) -> None:
    """Write the same batch and entries plainly."""
    batch = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO bench_batch (id, shard, no, at, officer, unit, purpose, device, action, detail, entries, leaves,
                                     root, previous, hash)
            VALUES (%s, 0, (random() * 9e15)::bigint, %s, %s, %s, %s, %s, 'bench.look', '', %s, %s, %s, %s, %s)
            """,
            [batch, AT, BY.officer, BY.unit, BY.purpose.value, BY.device, len(people), bytes(32 * len(people)),
             bytes(32), bytes(32), bytes(32)],
        )  # fmt: skip
        values = [value for place, one in enumerate(people) for value in (batch, place, one.kind, one.id)]
        cursor.execute(
            f"""
            INSERT INTO bench_entry (batch_id, position, subject_kind, subject)
            VALUES {", ".join(["(%s, %s, %s, %s)"] * len(people))}
            """,
            values,
        )


def people(size: int) -> list[Subject]:
    """Return that many people nobody has looked at before."""
    return [Subject("person", new_id()) for _ in range(size)]


WAYS: dict[str, Callable[[Sequence[Subject]], None]] = {"audit.record": record, "plain INSERT": insert}


def _alone(told: frame.Told, size: int, seconds: float) -> None:
    """Compare the two ways for one writer, in turns."""
    with connection.cursor() as cursor:
        for table in ("batch", "entry"):
            cursor.execute(f"CREATE TABLE IF NOT EXISTS bench_{table} (LIKE audit_{table} INCLUDING ALL)")
    works = {name: partial(_one, way, size) for name, way in WAYS.items()}
    taken = frame.in_turns(works, rounds=ROUNDS[size], within=seconds)
    share = median(taken["plain INSERT"]) / median(taken["audit.record"])
    for name in WAYS:
        beside = f"{share:.0%} of plain INSERT" if name == "audit.record" else ""
        told.rate(f"{name}, entries of {size:,}, writers: 1", taken[name], of=size, beside=beside)


def _one(way: Callable[[Sequence[Subject]], None], size: int) -> None:
    way(people(size))


def _together(told: frame.Told, size: int, writers: int, seconds: float) -> None:
    """Compare the two ways for many writers at once, each a process with a connection of its own."""
    with frame.workers(writers) as pool:
        for name in WAYS:
            taken = pool.starmap(write_for, [(name, size, seconds)] * writers, chunksize=1)
            rate = sum(size * len(each) / sum(each) for each in taken)
            told.fact(f"{name}, entries of {size:,}, writers: {writers}", f"{rate:,.0f}/s", n=sum(map(len, taken)))


def write_for(name: str, size: int, seconds: float) -> list[float]:
    """Write looks for some time; return the seconds of each."""
    work = partial(_one, WAYS[name], size)
    return frame.times_of(iter(lambda: work, None), within=seconds)


def _verification(told: frame.Told, rows: int) -> None:
    """Verify some large batches of events, many small looks and the seals over them."""
    chance = random.Random(4)
    units = country.communes_of(country.PROVINCES[0])
    for _ in range(LOOKS):
        record(people(20))
    for _ in range(max(1, (rows - 20 * LOOKS) // (2 * EVENTS_OF_A_BATCH))):
        journal.record_and_audit(journal.moves(EVENTS_OF_A_BATCH, units, chance))
    told.time("seal over all of it", [frame.timed(partial(operations.seal, at=AT))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM audit_entry) + (SELECT count(*) FROM events_event)")
        (there,) = cursor.fetchone()
    with frame.workers(1) as pool:
        before = pool.apply(memory)
        seconds, damages = pool.apply(verified)
        megabytes = pool.apply(memory) - before
    told.rate("verify, entries and events", [seconds], of=there)
    told.fact("verify, memory beyond Python and Django", f"{megabytes:,.0f} MB", limit="<= 200 MB",
              held=megabytes <= 200)  # fmt: skip
    told.fact("rows that verify names", f"{damages}", limit="none", held=damages == 0)


def verified() -> tuple[float, int]:
    """Verify everything; return the seconds, and how many rows were named."""
    found: list[object] = []
    seconds = frame.timed(lambda: found.extend(verify()))
    return seconds, len(found)


def memory() -> float:
    """Return the most memory this process has had, in megabytes."""
    status = Path("/proc/self/status")  # getrusage would tell the parent's where that had more
    if status.exists():
        return int(status.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
