"""Survey units: judge everybody registered there by the law of the campaign, and write what is new or has changed.

A second run judges again and writes the differences alone; marks of contact and hard reasons are never touched.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from muster.events import operations as journal
from muster.events.journal import AgeBand, Move
from muster.kernel.actor import Actor
from muster.kernel.arrays import columns
from muster.kernel.copying import copy_rows
from muster.kernel.ids import new_id
from muster.register.facts import facts_of_many
from muster.survey import queries
from muster.survey.judging import Judge, Judged, group_of, judge_of, judged
from muster.survey.moves import Step
from muster.survey.operations.common import check_area, open_campaign, tell
from muster.survey.operations.refusals import OutsideCampaign
from muster.survey.queries import CampaignLine, RegisterRow
from muster.survey.words import KIND, Outside, State
from muster.units.queries import UnknownUnit

CHUNK = 10_000  # people judged and written together, about: whole units
COUNTED_AGAIN = frozenset({0, 8, 64})  # chunks after which the planner learns how large the table of cases has become
LOCK = 7305  # advisory: one survey of a unit at a time
CASE = {
    "id": "uuid", "campaign_id": "uuid", "person_id": "uuid", "unit_id": "int4", "state": "varchar", "band": "int2",
    "group_code": "varchar", "ground": "varchar", "kind": "varchar", "obligation": "varchar", "certainty": "varchar",
    "channel": "varchar", "contact": "varchar", "hard": "varchar", "found_at": "timestamptz",
}  # fmt: skip
EXCLUDED = {"campaign_id": "uuid", "unit_id": "int4", "band": "int2", "reason": "varchar", "n": "int4"}


@dataclass(slots=True)
class Surveyed:
    """What a survey found: people judged, the cases among them, and what of these was written, by step."""

    people: int = 0
    cases: int = 0
    steps: Counter[Step] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)  # by reason

    def add(self, other: "Surveyed") -> None:
        """Add what another survey found."""
        self.people += other.people
        self.cases += other.cases
        self.steps += other.steps
        self.excluded += other.excluded


Progress = Callable[[int, int], None]  # people judged, of all


@transaction.atomic
def survey_units(*, campaign: UUID, units: Sequence[int], by: Actor, at: datetime) -> Surveyed:
    """Survey units and everything below them, in one transaction; the rows pass in chunks, whatever the size.

    :raises UnknownCampaign, CampaignClosed: the campaign takes no survey
    :raises UnknownUnit: there is no such unit
    :raises OutsideCampaign: a unit lies outside the campaign
    :raises OutsideUnit: a unit lies outside the officer's area
    """
    line = open_campaign(campaign)
    _check(line, units, by)
    judge = judge_of(line.starts, line.ends, line.bands)
    found = Surveyed()
    for chunk in _chunks(queries.populated(campaign, units)):
        found.add(_survey(line, judge, chunk, by, at))
    return found


def survey_campaign(
    *, campaign: UUID, by: Actor, at: datetime, unit: int | None = None, progress: Progress | None = None
) -> Surveyed:
    """Survey a whole campaign, or a part of it, chunk by chunk, each in a transaction of its own.

    Interrupted, it keeps whole chunks; started again, it writes what is missing.

    :raises Refusal: those of `survey_units`
    """
    line = open_campaign(campaign)
    root = line.unit if unit is None else unit
    _check(line, [root], by)
    judge = judge_of(line.starts, line.ends, line.bands)
    people = queries.populated(campaign, [root])
    total, found = sum(people.values()), Surveyed()
    for place, chunk in enumerate(_chunks(people)):
        with transaction.atomic():
            found.add(_survey(open_campaign(campaign), judge, chunk, by, at))
        if place in COUNTED_AGAIN and found.steps:
            _tell_the_planner()
        if progress:
            progress(found.people, total)
    return found


def _tell_the_planner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE survey_case")


def _check(line: CampaignLine, units: Sequence[int], by: Actor) -> None:
    paths = queries.paths(units)
    for unit in units:
        if unit not in paths:
            raise UnknownUnit(unit=unit, on=line.starts.isoformat())
        if line.unit not in paths[unit]:
            raise OutsideCampaign(unit=unit, name=line.name)
        check_area(paths[unit], by)


def _chunks(people: "dict[int, int]") -> Iterable[list[int]]:
    """Yield units in the order of their numbers, as many together as have about a chunk of people."""
    chunk: list[int] = []
    size = 0
    for unit in sorted(people):
        chunk.append(unit)
        size += people[unit]
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


@dataclass(slots=True)
class _Writing:
    """What a chunk writes: new cases, changed ones, those dropped; and who is none, counted."""

    found: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Any, ...]] = field(default_factory=list)
    excluded: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    moves: list[Move] = field(default_factory=list)
    cases: int = 0


def _survey(line: CampaignLine, judge: Judge, units: Sequence[int], by: Actor, at: datetime) -> Surveyed:
    """Judge the people of units without any below them, and write the differences."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, unit) FROM unnest(%s::int[]) AS unit", [LOCK, sorted(units)])
    rows = queries.register_rows(line.id, line.unit, units)
    touched = facts_of_many([row.person for row in rows if row.touched])
    here, writing, told = frozenset(units), _Writing(), _Told(line, by, at)
    for row in rows:
        facts = touched.get(row.person)
        answer = judged(facts, line.starts, line.ends, line.bands) if facts else judge(row.law)
        _weigh(row, answer, here, writing, told)
    _write(line, units, writing)
    recorded = journal.record(moves=writing.moves, by=by, at=at)
    tell(by, at, "survey.run", [move.thing for move in writing.moves], recorded)
    reasons: Counter[str] = Counter()
    for (_, _, reason), n in writing.excluded.items():
        reasons[reason] += n
    steps = Counter(Step(move.move) for move in writing.moves)
    people = sum(reasons.values()) + writing.cases
    return Surveyed(people, writing.cases, steps, reasons)


@dataclass(frozen=True, slots=True)
class _Told:
    line: CampaignLine
    by: Actor
    at: datetime

    def move(self, case: UUID, step: Step, unit: int, band: int, reason: str) -> Move:
        return Move(
            thing=case, kind=KIND, move=step.value, unit_done=self.by.unit, unit_residence=unit, occurred_at=self.at,
            age_band=AgeBand(band), reason=reason,
        )  # fmt: skip


def _weigh(row: RegisterRow, answer: Judged, here: frozenset[int], writing: _Writing, told: _Told) -> None:
    """Put a person where they belong: a new case, a changed one, one dropped, or a count of those who are none."""
    held, reason = row.held, answer.reason
    if not row.inside:
        reason = Outside.MOVED_AWAY.value
    if reason and held and held.state is State.DONE:  # the card has come: done it stays
        writing.cases += row.unit in here
        return
    if reason:
        if row.unit in here:
            writing.excluded[row.unit, answer.band, reason] += 1
        if held and held.state is State.OPEN:
            writing.changed.append((held.case, State.DROPPED.value, held.unit, *held.content))
            writing.moves.append(told.move(held.case, Step.DROPPED, held.unit, held.content[0], reason))
        return
    writing.cases += row.unit in here
    content = (answer.band, group_of(answer.band, row.occupation, row.organisation).value, *answer[1:6])
    if held is None:
        case = new_id()
        writing.found.append((case, told.line.id, row.person, row.unit, "open", *content, "not_reached", "", told.at))
        writing.moves.append(told.move(case, Step.FOUND, row.unit, answer.band, answer.ground))
    elif held.state is State.DROPPED or (held.unit, held.content) != (row.unit, content):
        again = held.state is State.DROPPED
        state = State.OPEN if again else held.state
        writing.changed.append((held.case, state.value, row.unit, *content))
        step = Step.FOUND_AGAIN if again else Step.CHANGED
        writing.moves.append(told.move(held.case, step, row.unit, answer.band, answer.ground))


def _write(line: CampaignLine, units: Sequence[int], writing: _Writing) -> None:
    counted = ((line.id, unit, band, reason, n) for (unit, band, reason), n in sorted(writing.excluded.items()))
    with connection.cursor() as cursor:
        copy_rows(cursor, "survey_case", CASE, writing.found)
        if writing.changed:
            cursor.execute(_CHANGE, columns(writing.changed))
        cursor.execute(
            "DELETE FROM survey_excluded WHERE campaign_id = %s AND unit_id = ANY(%s)", [line.id, list(units)]
        )
        copy_rows(cursor, "survey_excluded", EXCLUDED, counted)


_CHANGE = """
    UPDATE survey_case AS held SET state = told.state, unit_id = told.unit, band = told.band,
        group_code = told.group_code, ground = told.ground, kind = told.kind, obligation = told.obligation,
        certainty = told.certainty, channel = told.channel
    FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::smallint[], %s::text[], %s::text[], %s::text[], %s::text[],
                %s::text[], %s::text[])
        AS told (id, state, unit, band, group_code, ground, kind, obligation, certainty, channel)
    WHERE held.id = told.id
"""
