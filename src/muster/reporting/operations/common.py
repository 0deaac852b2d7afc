"""What the writes of the reports share: reports held in key order, rows judged alone, moves written and told once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import connection

from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.arrays import columns
from muster.kernel.clock import aware, work_day
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.reporting import queries
from muster.reporting.models import Report
from muster.reporting.moves import Step, after
from muster.reporting.operations.refusals import DayNotOver, NoteTooLong, SaidByAPerson, UnknownReport
from muster.reporting.queries import ReportLine
from muster.reporting.words import KIND, State
from muster.survey import queries as survey
from muster.survey.operations.refusals import UnknownCampaign
from muster.survey.queries import CampaignLine

TOLD_ONE_BY_ONE = 1000  # reports; a longer batch is told in the audit by its events, which name each already
NOTE = 500  # letters


class OfReport(Protocol):
    """A row about one report."""

    @property
    def report(self) -> UUID:
        """The report."""
        ...


Row = TypeVar("Row", bound=OfReport)
Judged = TypeVar("Judged")


def hold(ids: Collection[UUID]) -> dict[UUID, ReportLine]:
    """Lock reports in the order of their ids; return them."""
    list(Report.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True).values_list("id"))
    return queries.by_ids(ids)


def person(by: Actor) -> UUID:
    """Return the officer who acts.

    :raises SaidByAPerson: it is the machine
    """
    if by.officer is None:
        raise SaidByAPerson
    return by.officer


def check_text(text: str, *, needed: bool) -> str:
    """Return a note or a reason without blanks at its ends.

    :raises NoteTooLong: it is longer than a note may be, or empty where something is needed
    """
    told = text.strip()
    if len(told) > NOTE or (needed and not told):
        raise NoteTooLong
    return told


def ended_day(campaign: UUID, day: date, at: datetime) -> CampaignLine:
    """Return the campaign of which a work day is over.

    :raises UnknownCampaign: there is none
    :raises DayNotOver: the day lasts still, or is none of the campaign's
    """
    found = survey.campaign(campaign)
    if found is None:
        raise UnknownCampaign(campaign=campaign)
    if day >= work_day(aware(at)) or not found.starts <= day < found.ends:
        raise DayNotOver(day=f"{day:%d/%m/%Y}")
    return found


def judge_each(
    rows: Sequence[Row], held: Mapping[UUID, ReportLine], judge: Callable[[Row, ReportLine], Judged | None]
) -> tuple[list[Judged], BatchResult[UUID]]:
    """Judge every row alone; ``None`` is one that was done before, or stands twice in the batch.

    :returns: what is to be written, and the batch's result
    """
    refused: dict[int, Refusal] = {}
    found: list[Judged] = []
    for index, row in enumerate(rows):
        try:
            if row.report not in held:
                raise UnknownReport(report=row.report)
            judged = judge(row, held[row.report])
        except Refusal as refusal:
            refused[index] = refusal
        else:
            if judged is not None:
                found.append(judged)
    done = [row.report for index, row in enumerate(rows) if index not in refused]
    return found, BatchResult(done, [RowRefusal(index, refused[index]) for index in sorted(refused)])


@dataclass(frozen=True, slots=True)
class Moved:
    """A report that moves, and what its event gives as the reason."""

    report: UUID
    unit: int
    state: State
    step: Step
    work_day: date | None = None
    reason: str = ""


def moved(line: ReportLine, step: Step, reason: str = "") -> Moved:
    """Return the move of a report.

    :raises WrongState: it does not start where the report is
    """
    return Moved(line.id, line.unit, after(line.state, step), step, None, reason)


def write_moves(moves: Sequence[Moved], by: Actor, at: datetime) -> None:
    """Move reports that are held, tell the journal and the audit; nothing of an empty batch."""
    if not moves:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE reporting_report AS report SET state = told.state
            FROM unnest(%s::uuid[], %s::text[]) AS told (id, state) WHERE report.id = told.id
            """,
            columns((one.report, one.state.value) for one in moves),
        )
    tell(moves, by, at)


def tell(moves: Sequence[Moved], by: Actor, at: datetime) -> None:
    """Tell the journal and the audit of moves, as one batch."""
    events = [
        Move(
            thing=one.report, kind=KIND, move=one.step.value, unit_done=one.unit, occurred_at=at, reason=one.reason,
            work_day=one.work_day,
        )
        for one in moves
    ]  # fmt: skip
    recorded = journal.record(moves=events, by=by, at=at)
    few = len(moves) <= TOLD_ONE_BY_ONE
    subjects = [audit.Subject(KIND, one.report) for one in moves] if few else []
    action = f"reporting.{moves[0].step.value}"
    audit.record(by=by, at=at, action=action, subjects=subjects, events=recorded, detail=f"{len(moves)}")
