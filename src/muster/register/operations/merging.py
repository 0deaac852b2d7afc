"""Two rows of one person become one, by two people: one goes on, the other is closed and points to it.

The closed row keeps its name and its numbers, which are cancelled in history; its papers, old numbers and family ties
go to the row that goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.law.duty import LifeStatus
from muster.people import operations as people
from muster.people.operations.approvals import ApprovalUse
from muster.people.words import ApprovalKind
from muster.register import queries
from muster.register.operations.changes import HeadMustChange, close_household, remember, update
from muster.register.operations.numbers import UnknownPerson, tell
from muster.register.queries import PersonState
from muster.register.words import Kinship, LifeEventKind

MERGE = "merge"  # the kind of subject that a second person allows: exactly this row into exactly that
REASON = "merged"  # of a cancelled number

# The ties of two rows become those of one. Where both name another father, mother or spouse, what the row that goes on
# says holds, and the other stays with the closed row, where nobody is shown it as a tie of today.
KIN = (
    "DELETE FROM register_kin WHERE (person_id, other_id) IN ((%(gone)s, %(into)s), (%(into)s, %(gone)s))",
    """
    UPDATE register_kin AS tie SET person_id = %(into)s WHERE person_id = %(gone)s AND NOT EXISTS (
        SELECT FROM register_kin AS own WHERE own.person_id = %(into)s AND own.kinship = tie.kinship
        AND (own.other_id = tie.other_id OR tie.kinship <> %(many)s))
    """,
    """
    DELETE FROM register_kin AS tie WHERE person_id = %(gone)s AND EXISTS (
        SELECT FROM register_kin AS own
        WHERE (own.person_id, own.kinship, own.other_id) = (%(into)s, tie.kinship, tie.other_id))
    """,
    """
    UPDATE register_kin AS tie SET other_id = %(into)s WHERE other_id = %(gone)s AND NOT EXISTS (
        SELECT FROM register_kin AS own
        WHERE (own.person_id, own.kinship, own.other_id) = (tie.person_id, tie.kinship, %(into)s))
    """,
    "DELETE FROM register_kin WHERE other_id = %(gone)s",
)


class NotTwoRows(Refusal):
    """A row is merged into another row, and only once."""

    code = "not_two_rows"
    vi = "Chỉ hợp nhất được hai hồ sơ dân cư khác nhau, chưa hợp nhất với ai."
    en = "Only two different rows can be merged, neither of them merged before."


class NumberedGoesOn(Refusal):
    """Of two rows of which one has a number, the numbered one goes on."""

    code = "numbered_goes_on"
    vi = "Phải giữ lại hồ sơ đã có số định danh."
    en = "The row with a personal number is the one that goes on."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMerge:
    """A row to be closed, the one that goes on, and the approval of a second officer for exactly this."""

    gone: UUID
    into: UUID
    approval: UUID
    paper: str = ""


def merge_subject(gone: UUID, into: UUID) -> UUID:
    """Return what a second person is asked to allow: an id of this row into that row, and not the other way."""
    return uuid5(NAMESPACE_OID, f"muster.merge {gone} {into}")


@transaction.atomic
def merge_persons(*, merges: Sequence[PersonMerge], by: Actor, at: datetime, real: datetime) -> BatchResult[UUID]:
    """Merge rows two by two; each takes an approval of a second officer (`people`, kind ``merge``), which is used up.

    A head of others names another head first. What of the closed row is on its way elsewhere (dossiers) is ended by
    who calls, in the same transaction.

    :param real: the real time, by which approvals expire whatever the campaign's clock shows
    :returns: the closed rows, in the order given; refusals by the place in ``merges``
    """
    held = queries.states([person for row in merges for person in (row.gone, row.into)], lock=True)
    merged = set(queries.merged_into([person for row in merges for person in (row.gone, row.into)]))
    refused: dict[int, Refusal] = {}
    good: list[PersonMerge] = []
    for place, row in enumerate(merges):
        try:
            if {row.gone, row.into} & merged:
                raise NotTwoRows
            with transaction.atomic():
                _merge(row, held, by, at, real)
        except Refusal as refusal:
            refused[place] = refusal
        else:
            merged |= {row.gone, row.into}
            good.append(row)
    tell([held[row.gone] for row in good], "merge", "register.merge", by, at)
    return BatchResult([row.gone for row in good], [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _merge(row: PersonMerge, held: Mapping[UUID, PersonState], by: Actor, at: datetime, real: datetime) -> None:
    if row.gone == row.into:
        raise NotTwoRows
    for person in (row.gone, row.into):
        if person not in held:
            raise UnknownPerson(person=person)
    gone, into = held[row.gone], held[row.into]
    if gone.number and not into.number:
        raise NumberedGoesOn
    alone = not queries.others_in(gone.household, gone.id)
    if gone.is_head and not alone:
        raise HeadMustChange
    use = ApprovalUse(row.approval, ApprovalKind.MERGE, MERGE, merge_subject(gone.id, into.id), gone.unit)
    people.use_approvals(uses=[use], by=by, at=real)
    update(gone, {"life": LifeStatus.DELETED.value})
    update(into, {})
    if gone.is_head:
        close_household(gone.household, local(at).date())
    _rest(row, by, at)
    remember(gone, LifeEventKind.MERGED, "", row.paper, {"into": str(into.id)}, by, at)
    remember(into, LifeEventKind.MERGED, "", row.paper, {"gone": str(gone.id)}, by, at)


def _rest(row: PersonMerge, by: Actor, at: datetime) -> None:
    """Cancel the closed row's numbers, hand its papers and ties on, and point from it to the row that goes on."""
    pair: dict[str, Any] = {"gone": row.gone, "into": row.into, "today": local(at).date(), "reason": REASON}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_number SET until = %(today)s, reason = %(reason)s "
            "WHERE person = %(gone)s AND until IS NULL",
            pair,
        )
        cursor.execute(
            "INSERT INTO register_old_number (number, person_id) "
            "SELECT number, %(into)s FROM register_old_number WHERE person_id = %(gone)s ON CONFLICT DO NOTHING",
            pair,
        )
        cursor.execute("UPDATE register_card SET person_id = %(into)s WHERE person_id = %(gone)s", pair)
        for statement in KIN:
            cursor.execute(statement, pair | {"many": Kinship.REPRESENTATIVE.value})
        cursor.execute(
            "INSERT INTO register_merged (gone_id, into_id, recorded_at, by_officer, approval) "
            "VALUES (%(gone)s, %(into)s, %(at)s, %(by)s, %(approval)s)",
            pair | {"at": at, "by": by.officer, "approval": row.approval},
        )
