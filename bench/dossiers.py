"""How fast dossiers are taken in and moved: alone as a desk does it, and in batches as kits send them.

The people are a synthetic commune or more, made through the register; every intake holds the thirteen print captures
and the photo of 2021 and sealed traits, and is judged by the law. Beside it stands plain COPY of the dossiers' columns
into a bare table, the physical limit.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.db import connection

from bench import frame
from muster.capture.moves import Step
from muster.capture.operations import move_dossiers, receive
from muster.capture.rows import PHOTO, CaptureRecord, DossierMove, Intake
from muster.events import recounting
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.law.capture import PRINTS
from muster.law.forms import Signer
from muster.rehearsal.people.making import make
from muster.units.operations import load_reference
from muster.units.queries import ROOT

UNIT, CENSUS = "30", 1_892_254  # Hải Dương
ON, AT = date(2021, 5, 8), datetime(2021, 5, 8, 17, tzinfo=ZONE)
BY = Actor(officer=None, unit=ROOT, purpose=Purpose.CAPTURE, device="bench")
SIGNED = frozenset({Signer.CITIZEN, Signer.OFFICER})
CAPTURES = (*(CaptureRecord(one.code, 60) for one in PRINTS), CaptureRecord(PHOTO))
LEAST = 2_000  # dossiers a second, batch intake


def main(argv: Sequence[str]) -> int:
    """Take in and move dossiers in batches of 1, 100 and 1,000; then recount."""
    asked = frame.arguments("dossiers", argv, dossiers=(20_000, "dossiers to take in"), alone=(200, "one by one"))
    with frame.database(keep=asked.keep) as told:
        load_reference(by=BY, at=AT)
        scale = Fraction(asked.dossiers * 2 + 2_000, CENSUS)
        make(unit=UNIT, scale=scale, on=ON, seed=2021, by=BY, at=AT, workers=2)
        rows = iter(intakes(asked.dossiers + asked.alone + asked.alone * 100))
        taken = _take(told, rows, asked)
        _copied(told, len(taken))
        for step in (Step.ACCEPTED, Step.PRODUCED, Step.ARRIVED, Step.HANDED_OVER):
            _moved(told, taken, step)
        wrong = list(recounting.differences())
        told.fact("counters that differ from a recount", f"{len(wrong):,}", limit="none", held=not wrong)
    return len(told.missed)


def intakes(count: int) -> Iterator[Intake]:
    """Yield intakes of people who are due: grown up, without a chip card."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM register_person AS person WHERE birth_to < '2003-01-01' AND life = 'alive' AND NOT EXISTS (
                SELECT FROM register_card WHERE person_id = person.id AND type LIKE 'cccd%%')
                AND NOT EXISTS (SELECT FROM capture_dossier WHERE person_id = person.id) LIMIT %s
            """,
            [count],
        )
        people = [person for (person,) in cursor.fetchall()]
    for person in people:
        yield Intake(
            id=new_id(), person=person, taken_at=AT, captures=CAPTURES, signed=SIGNED, traits="Nốt ruồi dưới mắt trái"
        )


def _take(told: frame.Told, rows: Iterator[Intake], asked: frame.argparse.Namespace) -> list[UUID]:
    taken: list[UUID] = []
    for size, batches in ((1, asked.alone), (100, 20), (1_000, asked.dossiers // 1_000)):
        batch = [[row for _, row in zip(range(size), rows, strict=False)] for _ in range(batches)]
        since = frame.spent()
        seconds = [frame.timed(lambda some=some: taken.extend(received(some))) for some in batch]
        told.rate(
            f"taken in, batches of {size:,}",
            seconds,
            size,
            least=LEAST if size == 1_000 else None,
            beside=frame.each(since, size * batches),
        )
    return taken


def received(rows: Sequence[Intake]) -> Sequence[UUID]:
    result = receive(intakes=rows, by=BY, at=AT)
    assert not result.refused, result.refused[0].refusal
    return result.done


def _moved(told: frame.Told, dossiers: Sequence[UUID], step: Step) -> None:
    seconds, since = [], frame.spent()
    for start in range(0, len(dossiers) - 999, 1_000):
        moves = [DossierMove(dossier=one, step=step, at=AT) for one in dossiers[start : start + 1_000]]
        seconds.append(frame.timed(lambda moves=moves: move_dossiers(moves=moves, by=BY, at=AT)))
    told.rate(
        f"moved to {step.value}, batches of 1,000", seconds, 1_000, beside=frame.each(since, len(seconds) * 1_000)
    )


def _copied(told: frame.Told, rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bare AS SELECT * FROM capture_dossier LIMIT 0")
        with cursor.copy("COPY (SELECT * FROM capture_dossier) TO STDOUT (FORMAT BINARY)") as copy:
            whole = b"".join(bytes(part) for part in copy)

        def load() -> None:
            with cursor.copy("COPY bare FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(whole)

        told.rate("COPY of the same rows, bare", [frame.timed(load)], rows)
