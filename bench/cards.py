"""How fast cards are made, printed, delivered and handed over, in batches of 1,000, through the operations; a recount.

The people are synthetic, made through the register; every fourth has an older card, which a hand-over ends.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from fractions import Fraction

from django.db import connection

from bench import frame
from bench.dossiers import AT, BY, CENSUS, ON, UNIT, intakes, received
from muster.capture.moves import Step
from muster.capture.operations import move_dossiers
from muster.capture.rows import DossierMove
from muster.card.operations import deliver, hand_over, make_batches, record_prints
from muster.card.rows import Delivery, HandOver, PrintResult
from muster.card.words import OldCard
from muster.events import recounting
from muster.law.handover import IdentityCheck
from muster.rehearsal.people.making import make
from muster.units.operations import load_reference

SIZE = 1_000
LEAST = 5_000  # cards a second
LATER = AT + timedelta(hours=1)


def main(argv: Sequence[str]) -> int:
    """Take dossiers in, accept them, carry their cards from the printer into the hand; recount."""
    asked = frame.arguments("cards", argv, people=(40_000, "people in the register"), cards=(10_000, "cards"))
    with frame.database(keep=asked.keep) as told:
        load_reference(by=BY, at=AT)
        make(unit=UNIT, scale=Fraction(min(asked.people, CENSUS), CENSUS), on=ON, seed=2021, by=BY, at=AT, workers=2)
        rows = list(intakes(asked.cards))
        dossiers = [one for start in range(0, len(rows), SIZE) for one in received(rows[start : start + SIZE])]
        numbered = _accepted(dossiers)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        batches = [numbered[start : start + SIZE] for start in range(0, len(numbered) - SIZE + 1, SIZE)]
        for what, work in STEPS.items():
            since = frame.spent()
            seconds = [frame.timed(lambda some=some, work=work: work(some)) for some in batches]
            told.rate(what, seconds, SIZE, least=LEAST, beside=frame.each(since, len(batches) * SIZE))
        told.fact("cards in the hand", f"{_in_the_hand():,}", n=len(batches) * SIZE)
        wrong = list(recounting.differences())
        told.fact("counters that differ from a recount", f"{len(wrong):,}", limit="none", held=not wrong)
    return len(told.missed)


def _accepted(dossiers: Sequence[object]) -> list[object]:
    """Accept the dossiers of people who have a number; return them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT dossier.id FROM capture_dossier AS dossier JOIN register_person AS person ON person.id = person_id "
            "WHERE dossier.id = ANY(%s) AND number IS NOT NULL ORDER BY dossier.id",
            [list(dossiers)],
        )
        numbered = [one for (one,) in cursor.fetchall()]
    for start in range(0, len(numbered), SIZE):
        moves = [DossierMove(dossier=one, step=Step.ACCEPTED, at=AT) for one in numbered[start : start + SIZE]]
        assert not move_dossiers(moves=moves, by=BY, at=AT).refused
    return numbered


def _cards(dossiers: Sequence[object], column: str = "id") -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {column} FROM card_card WHERE dossier_id = ANY(%s) ORDER BY 1", [list(dossiers)]
        )
        return [one for (one,) in cursor.fetchall()]


def _make(dossiers: Sequence[object]) -> None:
    assert not make_batches(dossiers=dossiers, grants=None, by=BY, at=AT).refused  # type: ignore[arg-type]


def _print(dossiers: Sequence[object]) -> None:
    prints = [PrintResult(card=card, at=AT) for card in _cards(dossiers)]  # type: ignore[arg-type]
    assert not record_prints(prints=prints, grants=None, by=BY, at=AT).refused


def _deliver(dossiers: Sequence[object]) -> None:
    parcels = [Delivery(batch=batch, at=AT) for batch in _cards(dossiers, "batch_id")]  # type: ignore[arg-type]
    assert not deliver(deliveries=parcels, grants=None, by=BY, at=AT).refused


def _hand_over(dossiers: Sequence[object]) -> None:
    rows = [
        HandOver(card=card, at=LATER, check=IdentityCheck.FACE, old_card=OldCard.TAKEN)  # type: ignore[arg-type]
        for card in _cards(dossiers)
    ]
    assert not hand_over(rows=rows, grants=None, by=BY, at=LATER).refused


STEPS: dict[str, Callable[[Sequence[object]], None]] = {
    "cards made, in print batches": _make,
    "prints recorded": _print,
    "parcels delivered": _deliver,
    "handed over, register and receipts included": _hand_over,
}


def _in_the_hand() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM card_card WHERE state = 'handed_over'")
        return int(cursor.fetchone()[0])
