"""Plan inspections that the unit does not know of, record what was found, cancel; and tell the audit who looked.

Until an inspection is done, journal and audit name it by its id alone, for the unit that planned it: nothing that the
inspected unit or its line may read says which unit it is about.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import aware, work_day
from muster.kernel.errors import BatchResult, Refusal
from muster.kernel.ids import new_id
from muster.people.rights import Grants, require_own, scope
from muster.plan import queries as plan
from muster.plan.operations.common import IdTaken, Known, Sieve, UnknownOfficer, tell
from muster.reporting import queries
from muster.reporting.inspecting import KIND, Step, after, is_in_line
from muster.reporting.models import FoundFault, Inspection
from muster.reporting.operations.common import check_text, person
from muster.reporting.queries import InspectionLine
from muster.reporting.rows import InspectionEnd, InspectionRow

PLAN = "inspection.plan"
RESULT = 1000


class UnknownInspection(Refusal):
    """There is no such inspection, or none that this officer may know of."""

    code = "unknown_inspection"
    vi = "Không có cuộc kiểm tra {inspection}."
    en = "There is no inspection {inspection}."


class InspectedFromAbove(Refusal):
    """A unit is inspected from one above it."""

    code = "inspection_not_above"
    vi = "Chỉ cấp trên của đơn vị mới đặt được kiểm tra đột xuất."
    en = "Only a unit above plans an inspection."


class OfTheLine(Refusal):
    """Nobody of the unit's line plans or leads its inspection: they are not to know."""

    code = "inspection_of_the_line"
    vi = "Cán bộ thuộc đơn vị bị kiểm tra hoặc cấp trung gian không được đặt hoặc dẫn đoàn."
    en = "An officer of the inspected unit's line neither plans nor leads it."


class BadInspection(Refusal):
    """An inspection has a day from today on and says what is looked at."""

    code = "bad_inspection"
    vi = "Cuộc kiểm tra cần ngày từ hôm nay trở đi và nội dung kiểm tra."
    en = "An inspection has a day, today or later, and says what is looked at."


@transaction.atomic
def plan_inspections(
    *, inspections: Sequence[InspectionRow], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Plan inspections from the unit acted for, which stands above the inspected one; sent again it is passed over.

    Rows are refused with `UnknownUnit`, `UnknownCampaign`, `NotAllowed`, `InspectedFromAbove`, `OfTheLine`,
    `UnknownOfficer`, `BadInspection`, `NoteTooLong`, `SaidByAPerson` and `IdTaken`.
    """
    known = Known([row.unit for row in inspections], [row.campaign for row in inspections])
    leads = {row.lead for row in inspections}
    serving = plan.officers_in_service(leads)
    places = queries.places_of([one for one in (*leads, by.officer) if one], work_day(aware(at)))
    there = Inspection.objects.in_bulk([row.id for row in inspections])
    new: list[Inspection] = []

    def check(row: InspectionRow) -> None:
        path = known.unit(row.unit)
        known.campaign(row.campaign)
        require_own(grants, PLAN, path, by)
        above = path[: path.index(by.unit) + 1] if by.unit in path[:-1] else ()
        if not above or (grants and scope(grants, PLAN, by.purpose).isdisjoint(above)):
            raise InspectedFromAbove
        if row.lead not in serving:
            raise UnknownOfficer(officer=row.lead)
        if any(is_in_line(places.get(one, ()), path, by.unit) for one in {row.lead, person(by)}):
            raise OfTheLine
        one = _inspection(row, by, at)
        if row.id in there:
            if _content(there[row.id]) != _content(one):
                raise IdTaken(id=row.id)
            return
        there[row.id] = one
        new.append(one)

    sieve = Sieve(inspections)
    sieve.keep(check)
    Inspection.objects.bulk_create(new)
    moves = [
        Move(thing=one.id, kind=KIND, move=Step.PLAN.value, unit_done=by.unit, occurred_at=at) for one in new
    ]  # fmt: skip
    tell(moves, by, at, "reporting.plan_inspections", KIND)
    return sieve.result(lambda row: row.id)


def _inspection(row: InspectionRow, by: Actor, at: datetime) -> Inspection:
    """Return the inspection as it is stored.

    :raises BadInspection: the day is over
    """
    if row.day < work_day(aware(at)):
        raise BadInspection
    return Inspection(
        id=row.id, campaign_id=row.campaign, unit_id=row.unit, planned_from_id=by.unit, lead_id=row.lead, day=row.day,
        what=check_text(row.what, needed=True), state=after(None, Step.PLAN).value, planned_by=person(by),
        planned_at=at,
    )  # fmt: skip


def _content(one: Inspection) -> tuple[object, ...]:
    return one.campaign_id, one.unit_id, one.planned_from_id, one.lead_id, one.day, one.what


@transaction.atomic
def end_inspections(
    *, ends: Sequence[InspectionEnd], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Finish inspections with what was found, or cancel them; who leads one finishes it without a role.

    From then on a finished one is known to the unit. Ended the same way by the same officer again nothing happens.
    Rows are refused with `UnknownInspection`, `NotAllowed`, `WrongState`, `NoteTooLong` and `SaidByAPerson`.
    """
    ids = [row.inspection for row in ends]
    list(Inspection.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True).values_list("id"))
    held = queries.held_inspections(ids)
    places = queries.places_of([by.officer], work_day(aware(at))) if by.officer else {}
    done: list[tuple[InspectionEnd, InspectionLine]] = []
    again: set[UUID] = set()

    def check(row: InspectionEnd) -> None:
        line = held.get(row.inspection)
        if line is None or is_in_line(places.get(person(by), ()), line.path, line.planned_from):
            raise UnknownInspection(inspection=row.inspection)
        if not (row.step is Step.FINISH and line.lead == by.officer):
            require_own(grants, PLAN, line.path[: line.path.index(line.planned_from) + 1], by)
        text = check_text(row.told, needed=True)
        if line.id in again or (line.ended_by == by.officer and line.told == text):
            return
        after(line.state, row.step)
        for fault in row.faults:
            check_text(fault.text, needed=True)
        again.add(line.id)
        done.append((row, line))

    sieve = Sieve(ends)
    sieve.keep(check)
    for row, line in done:
        _end(row, line, by, at)
    moves = [
        Move(
            thing=line.id, kind=KIND, move=row.step.value, occurred_at=at,
            unit_done=line.unit if row.step is Step.FINISH else line.planned_from,
        )
        for row, line in done
    ]  # fmt: skip
    tell(moves, by, at, "reporting.end_inspections", KIND)
    return sieve.result(lambda row: row.inspection)


def _end(row: InspectionEnd, line: InspectionLine, by: Actor, at: datetime) -> None:
    state = after(line.state, row.step)
    Inspection.objects.filter(id=line.id).update(
        state=state.value, told=row.told.strip(), ended_by=by.officer, ended_at=at
    )
    FoundFault.objects.bulk_create(
        FoundFault(id=new_id(), inspection_id=line.id, cause=one.cause.value, text=one.text.strip())
        for one in row.faults
        if row.step is Step.FINISH
    )


def look_at_inspections(*, inspections: Collection[UUID], by: Actor, at: datetime) -> None:
    """Tell the audit who saw inspections that their units do not know of; nothing of none."""
    if inspections:
        subjects = [audit.Subject(KIND, one) for one in sorted(inspections)]
        audit.record(by=by, at=at, action="reporting.look_at_inspections", subjects=subjects)
