"""Cards of the register: one handed over is the one that counts, and ends those before it; one taken back ends."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.copying import copy_rows
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.register import queries
from muster.register.operations.numbers import UnknownPerson, tell
from muster.register.operations.taking_in import CARD
from muster.register.rows import CardIssue
from muster.register.words import CardEnd


class HolderTwice(Refusal):
    """One batch gives one person one card: which of two is the later, nobody could say."""

    code = "holder_twice"
    vi = "Một dòng trước đã giao một thẻ khác cho người này."
    en = "An earlier row hands another card to this holder."


@transaction.atomic
def issue_cards(*, issues: Sequence[CardIssue], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Write down cards that were handed over, one a person; whatever cards the person had before end on that day.

    A card that is there already is passed over, so a batch may be sent again. Rights are asked by who calls.

    :returns: the ids of the cards, in the order given; rows refused with `UnknownPerson` and `HolderTwice`
    """
    held = queries.states({row.person for row in issues}, lock=True)
    known = queries.known_cards([row.card.id for row in issues])
    refused: list[RowRefusal] = []
    good: list[CardIssue] = []
    new: dict[UUID, CardIssue] = {}
    for place, row in enumerate(issues):
        if row.person not in held:
            refused.append(RowRefusal(place, UnknownPerson(person=row.person)))
        elif row.card.id in known:
            good.append(row)
        elif row.person in new:
            refused.append(RowRefusal(place, HolderTwice()))
        else:
            good.append(row)
            new[row.person] = row
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE register_card AS card SET ended = %s, ended_on = told.since
            FROM unnest(%s::uuid[], %s::date[]) AS told (person, since)
            WHERE card.person_id = told.person AND card.ended_on IS NULL
            """,
            [CardEnd.REPLACED.value, list(new), [row.on for row in new.values()]],
        )
        copy_rows(
            cursor, "register_card", CARD,
            ((row.card.id, row.person, row.card.type.value, row.card.number, row.card.issued_on, row.card.expires_on,
              row.card.issued_by) for row in new.values()),
        )  # fmt: skip
    tell([held[person] for person in new], "issue_card", "register.issue_card", by, at)
    return BatchResult([row.card.id for row in good], refused)


@transaction.atomic
def end_cards(*, cards: Sequence[UUID], why: CardEnd, on: date, by: Actor, at: datetime) -> Sequence[UUID]:
    """End cards on a day; return those that were good until now. Ended before, or unknown, they are passed over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM register_card WHERE id = ANY(%s)", [list(cards)])
        held = queries.states([person for (person,) in cursor.fetchall()], lock=True)
        cursor.execute(
            "UPDATE register_card SET ended = %s, ended_on = %s WHERE id = ANY(%s) AND ended_on IS NULL "
            "RETURNING id, person_id",
            [why.value, on, list(cards)],
        )
        ended = cursor.fetchall()
    tell([held[person] for _, person in ended], "end_card", "register.end_card", by, at)
    return [card for card, _ in ended]
