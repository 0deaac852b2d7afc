"""How fast received dossiers are checked and accepted, in batches of 1,000, and how many wait for a person and why.

The people are synthetic, made through the register, so the register holds the namesakes, vague dates and old numbers
that a province holds; every dossier is checked for differences and against everybody for a double. Then the same
batches in their parts: the search for doubles alone, the accepting alone.
"""

from collections.abc import Sequence
from fractions import Fraction

from django.db import connection, transaction

from bench import frame
from bench.dossiers import AT, BY, CENSUS, ON, UNIT, intakes, received
from muster.events import recounting
from muster.kernel.names import ascii_key
from muster.processing import queries
from muster.processing.operations import check_dossiers
from muster.rehearsal.people.making import make
from muster.units.operations import load_reference

SIZE = 1_000
LEAST = 5_000  # dossiers a second, checked and accepted


def main(argv: Sequence[str]) -> int:
    """Take dossiers in, check and accept them; count what waits; recount."""
    asked = frame.arguments(
        "processing", argv, people=(150_000, "people in the register"), dossiers=(20_000, "dossiers to check")
    )
    with frame.database(keep=asked.keep) as told:
        load_reference(by=BY, at=AT)
        make(unit=UNIT, scale=Fraction(min(asked.people, CENSUS), CENSUS), on=ON, seed=2021, by=BY, at=AT, workers=2)
        rows = list(intakes(asked.dossiers))
        taken = [one for start in range(0, len(rows), SIZE) for one in received(rows[start : start + SIZE])]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        batches = [taken[start : start + SIZE] for start in range(0, len(taken) - SIZE + 1, SIZE)]
        told.rate("doubles looked for", [frame.timed(lambda some=some: _doubles(some)) for some in batches], SIZE)
        accepted: list[int] = []
        since = frame.spent()
        seconds = [frame.timed(lambda some=some: accepted.append(_check(some))) for some in batches]
        told.rate("checked and accepted", seconds, SIZE, least=LEAST, beside=frame.each(since, len(batches) * SIZE))
        _tell(told, sum(accepted), len(batches) * SIZE)
        wrong = list(recounting.differences())
        told.fact("counters that differ from a recount", f"{len(wrong):,}", limit="none", held=not wrong)
    return len(told.missed)


def _doubles(dossiers: Sequence[object]) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "SELECT person.id, birth, name FROM capture_dossier AS dossier "
            "JOIN register_person AS person ON person.id = person_id WHERE dossier.id = ANY(%s)",
            [list(dossiers)],
        )
        asked = [(person, birth, ascii_key(name).rsplit(" ", 1)[-1]) for person, birth, name in cursor.fetchall()]
        queries.candidates(asked)


def _check(dossiers: Sequence[object]) -> int:
    return len(check_dossiers(dossiers=dossiers, by=BY, at=AT).accepted)  # type: ignore[arg-type]


def _tell(told: frame.Told, accepted: int, checked: int) -> None:
    told.fact("accepted by the machine", f"{accepted / checked:.1%}", n=checked)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, count(DISTINCT dossier_id) FROM processing_finding GROUP BY 1 ORDER BY 2 DESC")
        for code, count in cursor.fetchall():
            told.fact(f"  wait for {code}", f"{count / checked:.2%}", n=count)
        cursor.execute("SELECT count(*) FROM processing_suspicion")
        (count,) = cursor.fetchone()
        told.fact("  pairs to look at, per dossier", f"{count / checked:.2%}", n=count)
        cursor.execute("SELECT signs, count(*) FROM processing_suspicion GROUP BY 1 ORDER BY 2 DESC LIMIT 6")
        for signs, count in cursor.fetchall():
            told.fact(f"    {' '.join(signs)}", f"{count:,}", n=count)
