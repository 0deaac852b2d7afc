"""Move cards along their table and their dossiers with them, as one batch in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from muster.audit import operations as audit
from muster.capture import operations as capture
from muster.capture.moves import Step as DossierStep
from muster.capture.rows import DossierMove
from muster.capture.words import State as DossierState
from muster.card.moves import MOVES, Step, way_of
from muster.card.operations.refusals import CardOutsideUnit, DossierMoved, TwiceInBatch, UnknownCard
from muster.card.queries import CardLine
from muster.card.words import KIND, Reject, State
from muster.events.journal import Recorded
from muster.kernel.actor import Actor
from muster.kernel.arrays import array, columns
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.people import rights
from muster.people.rights import Grants

PRINT, DELIVER, HAND_OVER, TAKE_BACK = "card.print", "card.deliver", "card.hand_over", "card.take_back"  # rights
TOLD_ONE_BY_ONE = 1000  # cards; a longer batch is told in the audit by its dossiers' events


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMove:
    """One step of a card; ``reason`` is a word of the step's list."""

    card: UUID
    step: Step
    at: datetime
    reason: str = ""
    event: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a batch of steps before anything of the cards is written: those to be done, those refused."""

    moves: Mapping[int, CardMove]  # by place; what was done before is not here
    refused: Mapping[int, Refusal]


def judge(
    moves: Sequence[CardMove], held: Mapping[UUID, CardLine], action: str, grants: Grants | None, by: Actor
) -> Judged:
    """Check each step by the table and by the right it takes; one that was done before is passed over."""
    good: dict[int, CardMove] = {}
    refused: dict[int, Refusal] = {}
    seen: set[UUID] = set()
    for place, move in enumerate(moves):
        try:
            card = _allowed(move, held, action, grants, by)
            if _stands(move, card, seen):
                good[place] = move
                seen.add(move.card)
        except Refusal as refusal:
            refused[place] = refusal
    return Judged(good, refused)


def _allowed(move: CardMove, held: Mapping[UUID, CardLine], action: str, grants: Grants | None, by: Actor) -> CardLine:
    """Return the card of a step, where the officer may do it."""
    card = held.get(move.card)
    if card is None:
        raise UnknownCard(card=move.card)
    if by.unit not in card.path:
        raise CardOutsideUnit
    rights.require_own(grants, action, card.path, by)
    return card


def _stands(move: CardMove, card: CardLine, seen: set[UUID]) -> bool:
    """Say whether a step is still to be done."""
    if move.card in seen:
        raise TwiceInBatch
    if card.state is MOVES[move.step].end and card.reason == move.reason:
        return False
    way_of(card.state, move.step)
    if move.reason == Reject.DOSSIER_ENDED and card.dossier_state in _AT_PRINTER:
        raise DossierMoved(reason=move.reason, state=card.dossier_state)
    return True


_AT_PRINTER = frozenset({DossierState.ACCEPTED, DossierState.PRODUCED})


def do(judged: Judged, held: Mapping[UUID, CardLine], by: Actor, at: datetime) -> Judged:
    """Move the dossiers, then the cards whose dossiers have moved; return what was done and all refusals."""
    refused = dict(judged.refused)
    good = dict(judged.moves)
    for round_ in (_first, _second):
        asked = {place: told for place, move in good.items() if (told := round_(move, held[move.card]))}
        result = capture.move_dossiers(moves=list(asked.values()), by=by, at=at)
        places = list(asked)
        for row in result.refused:
            refused[places[row.index]] = row.refusal
            del good[places[row.index]]
    _write([(move, held[move.card]) for move in good.values()])
    return Judged(good, refused)


def _first(move: CardMove, card: CardLine) -> DossierMove | None:
    """Return the dossier's move; of a card scrapped at the printer, that it was printed."""
    step = MOVES[move.step].dossier
    if step is DossierStep.PRINT_REJECTED:
        if card.dossier_state not in _AT_PRINTER:
            return None
        step = DossierStep.PRODUCED if card.dossier_state is DossierState.ACCEPTED else step
    return _dossier_move(move, card, step) if step else None


def _second(move: CardMove, card: CardLine) -> DossierMove | None:
    """Return that the print was scrapped, of a card whose dossier was not told as printed before."""
    if move.step is not Step.REJECTED or card.dossier_state is not DossierState.ACCEPTED:
        return None
    return _dossier_move(move, card, DossierStep.PRINT_REJECTED)


_AT_THE_UNIT = frozenset(
    {DossierStep.ARRIVED, DossierStep.UNDELIVERED, DossierStep.ARRIVED_AGAIN, DossierStep.HANDED_OVER}
)


def _dossier_move(move: CardMove, card: CardLine, step: DossierStep) -> DossierMove:
    before = step is DossierStep.PRODUCED and move.step is Step.REJECTED  # the first of two moves
    return DossierMove(
        dossier=card.dossier, step=step, at=move.at, reason="" if before else move.reason,
        unit=card.unit if step in _AT_THE_UNIT else None, event=new_id() if before else move.event,
    )  # fmt: skip


def _write(rows: Sequence[tuple[CardMove, CardLine]]) -> None:
    """Write the new states; a card handed over replaces the one that its holder had from here."""
    if not rows:
        return
    taken = [card.person for move, card in rows if move.step is Step.HANDED_OVER]
    with connection.cursor() as cursor:
        if taken:
            cursor.execute(
                "UPDATE card_card SET state = %s, state_since = now_.at FROM "
                "(SELECT person_id AS holder, max(at) AS at FROM unnest(%s::uuid[], %s::timestamptz[]) "
                "AS told (person_id, at) GROUP BY 1) AS now_ WHERE person_id = now_.holder AND state = %s",
                [
                    State.REPLACED.value, array(taken),
                    array(move.at for move, _ in rows if move.step is Step.HANDED_OVER),
                    State.HANDED_OVER.value,
                ],
            )  # fmt: skip
        cursor.execute(
            """
            UPDATE card_card AS card SET state = told.state, state_since = told.since, reason = told.reason,
                arrived_at = CASE WHEN told.state = 'arrived' THEN coalesce(arrived_at, told.since) ELSE arrived_at END
            FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[]) AS told (id, state, since, reason)
            WHERE card.id = told.id
            """,
            columns((card.id, MOVES[move.step].end.value, move.at, move.reason) for move, card in rows),
        )


def tell(cards: Iterable[UUID], action: str, by: Actor, at: datetime, *, events: Recorded | None = None) -> None:
    """Write what was done to cards into the audit, one by one where they are few."""
    told = list(cards)
    if told:
        subjects = [audit.Subject(KIND, card) for card in told] if len(told) <= TOLD_ONE_BY_ONE else []
        audit.record(by=by, at=at, action=action, subjects=subjects, events=events, detail=f"{len(told)}")


def result(cards: Sequence[UUID], refused: Mapping[int, Refusal]) -> BatchResult[UUID]:
    """Return the cards that are where they were told to go, in the order given, and the refusals by place."""
    done = [card for place, card in enumerate(cards) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])
