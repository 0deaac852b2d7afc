"""Who reads, and what they owe: by role at a unit, as the commander named for it, or as the owner of an action."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.people.rights import Grants, NotAllowed, may, scope
from muster.plan import queries as plan
from muster.reporting import queries
from muster.reporting.explaining import State, Step
from muster.reporting.queries import ExplanationLine
from muster.web.accounts.visit import Visit, campaign_time

READ, ANSWER, DECIDE = "explanation.read", "explanation.answer", "explanation.decide"


@dataclass(frozen=True, slots=True)
class Reader:
    """An officer who reads explanations: the units they answer for by name, and where they hold which right."""

    officer: UUID
    grants: Grants
    unit: int
    commands: frozenset[int]

    def holds(self, action: str, path: Sequence[int]) -> bool:
        """Say whether a right is held at a unit."""
        return may(self.grants, action, path, Purpose.COMMAND)

    def sees(self, line: ExplanationLine) -> bool:
        """Say whether an explanation is shown: by right, to who commands the unit, to who owns the action."""
        return self.holds(READ, line.path) or line.unit in self.commands or self.owns(line)

    def owns(self, line: ExplanationLine) -> bool:
        """Say whether the action that was decided is this officer's."""
        return line.decision is not None and line.decision.owner == self.officer

    def may(self, step: Step, line: ExplanationLine) -> bool:
        """Say whether a move that starts where the explanation stands is this officer's to make."""
        if step is Step.ANSWER:
            return line.unit in self.commands or self.holds(ANSWER, line.path)
        if step is Step.FOLLOW_UP:
            return self.owns(line) or self.holds(ANSWER, line.path)
        if not self._above(line):
            return False
        return step is Step.WITHDRAW or line.answer is None or line.answer.officer != self.officer

    def _above(self, line: ExplanationLine) -> bool:
        return not scope(self.grants, DECIDE, Purpose.COMMAND).isdisjoint(line.path[:-1])

    def owes_answer(self, line: ExplanationLine) -> bool:
        """Say whether an answer is asked of this officer's own unit."""
        own = line.unit in self.commands or (line.unit == self.unit and self.holds(ANSWER, line.path))
        return line.owed and own

    def owes_decision(self, line: ExplanationLine) -> bool:
        """Say whether a decision is this officer's: the right is held at the unit right above."""
        at_once = line.above in scope(self.grants, DECIDE, Purpose.COMMAND)
        return line.state is State.ANSWERED and at_once and self.may(Step.DECIDE, line)


@dataclass(frozen=True, slots=True)
class Owed:
    """What waits for one officer: answers, decisions, actions."""

    answers: Sequence[ExplanationLine]
    decisions: Sequence[ExplanationLine]
    actions: Sequence[ExplanationLine]


def reader_of(request: Visit) -> Reader:
    """Return who reads.

    :raises NotAllowed: nobody is signed in
    """
    grants, officer = request.officer_grants, request.officer
    if grants is None or officer is None:
        raise NotAllowed(action=READ)
    commands = plan.commanded_by(officer.id, work_day(campaign_time(request)))
    return Reader(officer.id, grants, officer.unit_id, frozenset(commands))


def owed_by(reader: Reader) -> Owed:
    """Return what waits for an officer, what has waited longest first."""
    near = {reader.unit, *reader.commands, *scope(reader.grants, DECIDE, Purpose.COMMAND)}
    lines = queries.explanations_commanded(near)
    return Owed(
        [one for one in lines if reader.owes_answer(one)],
        [one for one in lines if reader.owes_decision(one)],
        queries.explanations_owned(reader.officer),
    )
