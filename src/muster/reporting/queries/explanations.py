"""What low units were asked for and what was said: one explanation, those of an area, those that are late."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

from django.db import connection

from muster.kernel.clock import work_day_bounds
from muster.reporting.explaining import OWED, Cause, Reason, State, Step, after
from muster.reporting.lowest import ASSUMED, Low, LowRule, Placed, low, planned
from muster.reporting.models import ExplainRule, Round
from muster.reporting.queries.ranking import ranking
from muster.survey.queries import CampaignLine


@dataclass(frozen=True, slots=True)
class Said:
    """One move of an explanation; the owner and the day are of a decision, the unit is that a chase asked."""

    id: UUID
    step: Step
    cause: Cause | None
    text: str
    owner: UUID | None
    owner_name: str
    due: date | None
    asked: int | None
    officer: UUID | None
    officer_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """An explanation with all that was said; ``path`` is the unit's, root first, ``top`` the campaign's unit."""

    id: UUID
    campaign: UUID
    top: int
    unit: int
    path: Sequence[int]
    day: date
    asked_at: datetime
    reason: Reason
    place: int
    among: int
    captured: int
    target: int
    planned: int
    state: State
    due_by: datetime | None
    chased: int
    answer_within: timedelta
    decide_within: timedelta
    chase_every: timedelta
    said: Sequence[Said] = ()

    @property
    def owed(self) -> bool:
        """Whether the unit owes an answer."""
        return self.state in OWED

    @property
    def above(self) -> int:
        """The unit right above: its commander decides."""
        return self.path[-2]

    @property
    def answer(self) -> Said | None:
        """What the unit answered last; none since it was sent back."""
        return self._last(Step.ANSWER, Step.SEND_BACK)

    @property
    def decision(self) -> Said | None:
        """What was decided."""
        return self._last(Step.DECIDE)

    def is_late(self, at: datetime) -> bool:
        """Say whether the next move is owed since before a moment."""
        return self.due_by is not None and self.due_by < at

    def line_up(self) -> Sequence[int]:
        """Return who is asked for the next move, from the first one up to the campaign's unit."""
        up = self.path[self.path.index(self.top) :][::-1]
        return up[1:] if self.state is State.ANSWERED else up

    def chases_due(self, at: datetime) -> int:
        """Return how often it should have been asked for by now; never past the campaign's unit."""
        if self.due_by is None or at <= self.due_by:
            return 0
        return min(1 + (at - self.due_by) // self.chase_every, len(self.line_up()))

    def owed_until(self, step: Step, at: datetime, due: date | None) -> datetime | None:
        """Return until when the move after this one is owed; none where there is none."""
        if step is Step.ANSWER:
            return at + self.decide_within
        if step is Step.SEND_BACK:
            return at + self.answer_within
        return work_day_bounds(due)[1] if step is Step.DECIDE and due else None

    def as_of(self, at: datetime) -> "ExplanationLine":
        """Return the explanation as it stood at a moment after it was asked."""
        first = replace(self, state=State.ASKED, due_by=self.asked_at + self.answer_within, chased=0, said=())
        return reduce(ExplanationLine._then, (one for one in self.said if one.at <= at), first)

    def _then(self, one: Said) -> "ExplanationLine":
        said = (*self.said, one)
        if one.asked is not None:
            chased = self.line_up().index(one.asked) + 1
            return replace(self, state=after(self.state, one.step), chased=chased, said=said)
        due_by = self.owed_until(one.step, one.at, one.due)
        return replace(self, state=after(self.state, one.step), due_by=due_by, chased=0, said=said)

    def _last(self, *steps: Step) -> Said | None:
        found = [one for one in self.said if one.step in steps]
        return found[-1] if found and found[-1].step is steps[0] else None


_LINES = """
    SELECT one.id, one.campaign_id, campaign.unit_id, one.unit_id, unit.ancestors, round.day, round.asked_at, reason,
           place, among, captured, target, planned, one.state, due_by, chased, round.answer_within,
           round.decide_within, round.chase_every
    FROM reporting_explanation AS one JOIN reporting_round AS round ON round.id = one.round_id
        JOIN units_unit AS unit ON unit.id = one.unit_id
        JOIN survey_campaign AS campaign ON campaign.id = one.campaign_id
    WHERE {where} ORDER BY due_by NULLS LAST, round.day DESC, unit.code COLLATE "C", one.id {limit}
"""
_SAID = """
    SELECT said.explanation_id, said.id, step, cause, text, owner_id, coalesce(owner.full_name, ''), due, asked_id,
           said.officer, coalesce(officer.full_name, ''), said.at
    FROM reporting_saying AS said LEFT JOIN people_officer AS owner ON owner.id = owner_id
        LEFT JOIN people_officer AS officer ON officer.id = said.officer
    WHERE explanation_id = ANY(%s::uuid[]) ORDER BY said.at, said.id
"""
_OPEN = "one.state NOT IN ('followed_up', 'withdrawn')"


def explanations_by_ids(ids: Collection[UUID]) -> dict[UUID, ExplanationLine]:
    """Return explanations by id."""
    return {one.id: one for one in _lines("one.id = ANY(%s::uuid[])", [list(ids)])}


def explanation(id: UUID) -> ExplanationLine | None:  # noqa: A002
    """Return one explanation, or nothing."""
    return explanations_by_ids([id]).get(id)


def open_explanations(units: Collection[int], *, until: datetime, limit: int = 500) -> list[ExplanationLine]:
    """Return the explanations of units and all below them that have not ended, those owed longest first."""
    where = f"{_OPEN} AND unit.ancestors && %s::int[] AND round.asked_at <= %s"
    return _lines(where, [list(units), until], limit)


def explanations_told(campaign: UUID, unit: int, at: datetime, since: datetime) -> list[ExplanationLine]:
    """Return what a unit and all below it owed at a moment, and what was said since another, as of that moment.

    What is owed longest stands first, what has ended last.
    """
    where = f"""one.campaign_id = %s AND round.asked_at <= %s AND unit.ancestors @> ARRAY[%s::int]
        AND ({_OPEN} OR EXISTS (SELECT FROM reporting_saying WHERE explanation_id = one.id AND at > %s))"""
    found = [one.as_of(at) for one in _lines(where, [campaign, at, unit, since])]
    return sorted(found, key=lambda one: (one.due_by is None, one.due_by or at))


def explanations_of_day(campaign: UUID, unit: int, day: date) -> list[ExplanationLine]:
    """Return what the ranking of a work day asked of a unit and all below it."""
    where = "one.campaign_id = %s AND round.day = %s AND unit.ancestors @> ARRAY[%s::int]"
    return _lines(where, [campaign, day, unit])


def explanations_of_unit(unit: int, *, limit: int = 12) -> list[ExplanationLine]:
    """Return what one unit was ever asked, the newest first."""
    found = _lines("one.unit_id = %s", [unit])
    return sorted(found, key=lambda one: one.asked_at, reverse=True)[:limit]


def explanations_owned(officer: UUID) -> list[ExplanationLine]:
    """Return the decided explanations whose action an officer owns."""
    where = """one.state = 'decided' AND EXISTS (
        SELECT FROM reporting_saying WHERE explanation_id = one.id AND step = 'decide' AND owner_id = %s)"""
    return _lines(where, [officer])


def explanations_commanded(units: Collection[int]) -> list[ExplanationLine]:
    """Return the open explanations of exactly these units, and of those right below them."""
    where = f"{_OPEN} AND (one.unit_id = ANY(%s::int[]) OR unit.parent_id = ANY(%s::int[]))"
    return _lines(where, [list(units), list(units)])


def late_explanations(at: datetime) -> list[UUID]:
    """Return the explanations whose next move is late, the longest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM reporting_explanation AS one WHERE {_OPEN} AND due_by < %s ORDER BY due_by, id", [at]
        )
        return [id_ for (id_,) in cursor.fetchall()]


def _lines(where: str, values: list[Any], limit: int | None = None) -> list[ExplanationLine]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(where=where, limit="" if limit is None else f"LIMIT {limit:d}"), values)
        rows = cursor.fetchall()
        cursor.execute(_SAID, [[row[0] for row in rows]])
        said: dict[UUID, list[Said]] = {}
        for explanation_, id_, step, cause, *more in cursor.fetchall():
            told = Said(id_, Step(step), Cause(cause) if cause else None, *more)
            said.setdefault(explanation_, []).append(told)
    return [_line(row, said.get(row[0], [])) for row in rows]


def _line(row: tuple[Any, ...], said: Sequence[Said]) -> ExplanationLine:
    told = list(row)
    told[7], told[13] = Reason(row[7]), State(row[13])
    told[16:] = [timedelta(minutes=one) for one in row[16:]]
    return ExplanationLine(*told, *[said])


def explain_rule(campaign: UUID, on: date) -> LowRule:
    """Return who of a campaign explains on a work day; what the house assumes where nobody has said."""
    rows = ExplainRule.objects.filter(campaign_id=campaign, since__lte=on).order_by("-since", "-set_at", "-id")
    one = rows.first()
    if one is None:
        return ASSUMED
    terms = [timedelta(minutes=term) for term in (one.answer_within, one.decide_within, one.chase_every)]
    return LowRule(one.weekday, frozenset(one.levels), one.lowest, one.below, one.slow, *terms)


def low_units(campaign: CampaignLine, day: date, rule: LowRule) -> list[Low]:
    """Return who of a campaign is low at the end of a ranked work day, from the highest level down."""
    found: list[Low] = []
    for level in ("province", "district", "commune"):
        if level in rule.levels:
            ranked = ranking(campaign=campaign, unit=campaign.unit, level=level, day=day)
            placed = [
                Placed(
                    one.it.unit, one.above, one.place, one.it.captured, one.it.target,
                    planned(one.it.target, campaign.starts, one.it.deadline, day),
                )
                for one in ranked
                if one.it.unit != campaign.unit
            ]  # fmt: skip
            found += low(placed, rule)
    return found


def asked_days(campaign: UUID, *, until: datetime, limit: int = 12) -> list[date]:
    """Return the work days whose rankings asked their low lists up to a moment, the newest first."""
    rows = Round.objects.filter(campaign_id=campaign, asked_at__lte=until).order_by("-day")
    return list(rows.values_list("day", flat=True)[:limit])


def owing_answers(campaign: UUID, units: Collection[int]) -> Mapping[int, UUID]:
    """Return by unit the explanation it still owes; others are left out."""
    found = _lines("one.campaign_id = %s AND one.unit_id = ANY(%s::int[]) AND one.state IN ('asked', 'overdue')",
                   [campaign, list(units)])  # fmt: skip
    return {one.unit: one.id for one in found}
