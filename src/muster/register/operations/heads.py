"""Another head for a household: who lives in it is related to that head from then on, not to the former one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.law.duty import LifeStatus
from muster.people.rights import Grants
from muster.register import queries
from muster.register.operations.asked import HeadChange
from muster.register.operations.changes import remember, update
from muster.register.operations.held import CORRECT, each, result_of
from muster.register.operations.numbers import tell
from muster.register.queries import PersonState
from muster.register.words import LifeEventKind, Relation


class NotAMember(Refusal):
    """A head is a living member of the household."""

    code = "not_a_member"
    vi = "Chủ hộ mới phải là người đang sống trong hộ."
    en = "The new head must be a living member of the household."


class OnlyOneHead(Refusal):
    """The others of a household are something else to its head than head themselves."""

    code = "only_one_head"
    vi = "Một hộ chỉ có một chủ hộ; hãy chọn quan hệ khác cho những người còn lại."
    en = "A household has one head; choose another relation for everybody else."


@transaction.atomic
def change_heads(*, changes: Sequence[HeadChange], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Name another head of households; what the others are to the new head is told anew.

    The former head gets the relation given; of the others, whoever is not told of becomes `Relation.UNKNOWN`, because
    what they were to the former head says nothing of the new one. The dead keep what they were when they died.

    :param grants: as with `correct`
    :returns: the heads, in the order given; refused are rows with `NotAMember`, `OnlyOneHead` and `NotAllowed`
    """
    others: set[UUID] = set()

    def do(row: HeadChange, state: PersonState) -> None:
        if state.household != row.household or state.life in {LifeStatus.DEAD, LifeStatus.DELETED}:
            raise NotAMember
        if Relation.HEAD in {row.former_relation, *row.relations.values()}:
            raise OnlyOneHead
        members = queries.relations_in(row.household)
        if not row.relations.keys() <= members.keys():
            raise NotAMember
        if state.is_head:
            return
        told = _told(row, members)
        _relate(told)
        update(state, {"relation": Relation.HEAD.value})
        with connection.cursor() as cursor:
            cursor.execute("UPDATE register_household SET head = %s WHERE id = %s", [state.id, row.household])
        remember(state, LifeEventKind.BECAME_HEAD, "", row.paper, {"before": state.relation.value}, by, at)
        others.update(told)

    heads = [row.head for row in changes]
    queries.hold_households([row.household for row in changes])
    refused, done = each(changes, heads, do, CORRECT, grants, by)
    tell(done, "become_head", "register.change_head", by, at)
    states = queries.states(others - {state.id for state in done})
    tell([states[person] for person in sorted(states)], "relate", "register.change_head", by, at)
    return result_of(heads, refused)


def _told(row: HeadChange, members: Mapping[UUID, Relation]) -> dict[UUID, Relation]:
    """Return what everybody but the new head is to that head."""
    former = {person: row.former_relation for person, relation in members.items() if relation is Relation.HEAD}
    told = {**dict.fromkeys(members, Relation.UNKNOWN), **row.relations, **former}
    return {person: relation for person, relation in told.items() if person != row.head}


def _relate(told: Mapping[UUID, Relation]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE register_person AS person SET relation = told.relation, version = version + 1
            FROM unnest(%s::uuid[], %s::text[]) AS told (id, relation)
            WHERE person.id = told.id AND person.relation <> told.relation
            """,
            [list(told), [relation.value for relation in told.values()]],
        )
