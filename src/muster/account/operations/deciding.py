"""Decide requests: granted as the law of their day wants it, or rejected by a person with a reason."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.account import queries
from muster.account.moves import Step, after
from muster.account.operations.moving import Asker, Change, judge_each, moved, officer, reasoned, write
from muster.account.operations.refusals import CardMissing, DecidedByAPerson, HolderNotAlive
from muster.account.operations.requesting import offered
from muster.account.queries import Held
from muster.account.rows import Decision
from muster.account.words import Rejection, State
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult
from muster.law.duty import LifeStatus
from muster.law.eid import card_counts
from muster.people.rights import Grants
from muster.register.facts import facts_of_many

REJECTIONS = frozenset(Rejection)


class _Bench:
    """What must be known of the holders before requests are decided."""

    def __init__(self, held: Collection[Held], decisions: Sequence[Decision], by: Actor) -> None:
        granted = {row.account for row in decisions if row.approve}
        asked = [one for one in held if one.id in granted and one.state is State.REQUESTED]
        persons = {one.person for one in asked}
        self.by = by
        self.facts, self.ended = facts_of_many(persons), queries.card_ended(persons)
        self.accepted = queries.accepted_dossiers(persons)
        machine = {row.account for row in decisions if officer(row, by) is None}
        self.against = queries.against([one.id for one in asked if one.id in machine])

    def judge(self, row: Decision, before: Held) -> Change:
        """Return what a decision makes of a request."""
        step = Step.APPROVED if row.approve else Step.REJECTED
        after(before.state, step)
        who = officer(row, self.by)
        if row.approve:
            reasoned(row, step)
            self._granting(row, before)
        else:
            reasoned(row, step, REJECTIONS)
        if who is None and (not row.approve or before.id in self.against):
            raise DecidedByAPerson
        return moved(row, step, before, decided_by=who)

    def _granting(self, row: Decision, before: Held) -> None:
        facts = self.facts[before.person]
        if facts.life is not LifeStatus.ALIVE:
            raise HolderNotAlive(life=facts.life.value)
        rules = offered(before.level, before.birth, local(before.requested_at).date())
        wanted = all(before.level in rule.card_for for rule in rules)
        card = facts.card if before.person not in self.ended else None
        held = card_counts(card, before.birth.earliest, local(row.at).date())
        if wanted and not held and before.person not in self.accepted:
            raise CardMissing


@transaction.atomic
def decide(*, decisions: Sequence[Decision], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Grant or reject accounts that are asked for, as the law of the day of each request wants it.

    A valid card is one on the day of the decision; an accepted dossier stands in for it. The machine (no officer)
    rejects nobody, and grants only where nothing stands against it.

    :returns: the accounts decided; refusals by the place in ``decisions``
    """
    held = queries.hold({row.account for row in decisions})
    bench = _Bench(held.values(), decisions, by)
    changes, result = judge_each(decisions, held, Asker(grants, by, lambda _: "account.decide"), bench.judge)
    write(changes, "account.decide", by, at)
    return result
