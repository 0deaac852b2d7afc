"""Propose reinforcement to the units below one, decide on it once and carry it out, let it expire, measure it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction

from muster.engines import reinforcement as engine
from muster.engines.reinforcement import Move, Outlook, Proposal, Side
from muster.events import queries as journal
from muster.events.journal import Move as Event
from muster.events.queries import Side as CountedBy
from muster.kernel.actor import Actor
from muster.kernel.clock import aware, work_day
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.kernel.periods import Period
from muster.people import rights
from muster.people.rights import Grants
from muster.plan.operations.common import Sieve, tell
from muster.reporting import queries
from muster.reporting.models import Effect, Promise, Reinforcement
from muster.reporting.operations.carrying import carry_out
from muster.reporting.operations.common import check_text, person
from muster.reporting.operations.refusals import SaidOtherwise
from muster.reporting.queries import ReinforcementLine
from muster.reporting.queries.capacity import DOSSIERS, Capacity
from muster.reporting.reinforcing import DECIDE, KIND, Part, State, Step, after
from muster.reporting.rows import ReinforcementAsk, ReinforcementDecision
from muster.reporting.words import Figure
from muster.survey import queries as survey
from muster.survey.operations.refusals import UnknownCampaign

PROPOSING = (7310, 6)  # advisory lock: one proposes or decides at a time
EACH, MOST = 2, 12  # proposals to one unit, and in all
ONE_DAY = timedelta(days=1)


class UnknownReinforcement(Refusal):
    """There is no such reinforcement."""

    code = "unknown_reinforcement"
    vi = "Không có đề xuất tăng cường {reinforcement}."
    en = "There is no reinforcement {reinforcement}."


class TooLate(Refusal):
    """A reinforcement is accepted before the day it begins."""

    code = "reinforcement_too_late"
    vi = "Đề xuất bắt đầu từ {day}, đã quá hạn quyết định; hãy lập đề xuất mới."
    en = "It was to begin on {day}; it is too late to accept it. Ask for new proposals."


class PlanChanged(Refusal):
    """The plan is no longer what the proposal was found in, and the move no longer helps."""

    code = "reinforcement_plan_changed"
    vi = "Kế hoạch đã thay đổi, đề xuất này không còn giúp được đơn vị nhận; hãy lập đề xuất mới."
    en = "The plan has changed and this no longer helps the receiver. Ask for new proposals."


class SinksDonor(Refusal):
    """By the figures of now the donor would not be done by the deadline at the cautious end."""

    code = "reinforcement_sinks_donor"
    vi = "Theo số liệu hiện tại, đơn vị cho mượn sẽ không chắc xong trước {day}; không chấp nhận được."
    en = "By the figures of now the donor might not be done by {day}; it cannot be accepted."


class NotAboveBoth(Refusal):
    """A commander above both units decides."""

    code = "reinforcement_not_above"
    vi = "Chỉ chỉ huy cấp trên của cả hai đơn vị mới quyết định về đề xuất này."
    en = "Only a commander above both units decides on this."


@transaction.atomic
def propose_reinforcements(*, asked: Sequence[ReinforcementAsk], by: Actor, at: datetime) -> BatchResult[int]:
    """Look for moves that help the units right below these, the best few of each, and keep them until tomorrow.

    What was proposed before and not found again has expired; what is found again that day stays as it is, and what
    was declined that day is not proposed again.

    :returns: the units, in the order of their rows
    Rows are refused with `UnknownCampaign`.
    """
    _alone()
    refused: dict[int, Refusal] = {}
    events: list[Event] = []
    for index, row in enumerate(asked):
        campaign = survey.campaign(row.campaign)
        if campaign is None:
            refused[index] = UnknownCampaign(campaign=row.campaign)
            continue
        found = queries.capacity(campaign, row.unit, aware(at))
        best = _best(engine.propose(found.problem)) if found else []
        new, kept = _fresh(found, best, at) if found else ([], set())
        events += _expire(queries.open_proposals(row.campaign, row.unit) - kept, at)
        Reinforcement.objects.bulk_create(one for one, _ in new)
        Promise.objects.bulk_create(promise for _, promises in new for promise in promises)
        events += [_event(one.id, one.receiver_id, Step.PROPOSE, at) for one, _ in new]
    tell(events, by, at, "reporting.propose_reinforcements", KIND)
    done = [row.unit for index, row in enumerate(asked) if index not in refused]
    return BatchResult(done, [RowRefusal(index, refused[index]) for index in sorted(refused)])


def _best(found: Sequence[Proposal]) -> list[Proposal]:
    """Return the best few for each receiver, each kind and donor once."""
    best: list[Proposal] = []
    for one in found:
        own = [held.move for held in best if held.move.receiver == one.move.receiver]
        like = any((held.kind, held.donor) == (one.move.kind, one.move.donor) for held in own)
        if not like and len(own) < EACH:
            best.append(one)
    return best[:MOST]


def _fresh(
    found: Capacity, best: Sequence[Proposal], at: datetime
) -> tuple[list[tuple[Reinforcement, list[Promise]]], set[UUID]]:
    """Return what is new, and what is there already."""
    there = {
        _content(one): one.id
        for one in Reinforcement.objects.filter(campaign_id=found.campaign.id, above_id=found.above, day=found.day)
    }
    inputs = sha256(repr(found.problem).encode()).digest()
    new: list[tuple[Reinforcement, list[Promise]]] = []
    kept: set[UUID] = set()
    for place, told in enumerate(best, 1):
        one = _row(found, told, place, inputs, at)
        if _content(one) in there:
            kept.add(there[_content(one)])
        else:
            new.append((one, _promises(found, told, one.id)))
    return new, kept


def _content(one: Reinforcement) -> tuple[object, ...]:
    return one.receiver_id, one.donor_id, one.kind, one.last, tuple(one.kits), tuple(one.crews)


def _row(found: Capacity, told: Proposal, place: int, inputs: bytes, at: datetime) -> Reinforcement:
    move = told.move
    return Reinforcement(
        id=new_id(), campaign_id=found.campaign.id, above_id=found.above, receiver_id=move.receiver,
        donor_id=move.donor, kind=move.kind.value, day=found.day, first=found.on(move.first),
        last=found.on(move.last), deadline=found.on(found.problem.deadline),
        kits=[found.kits[kit] for kit in move.kits], crews=[found.crews[crew] for crew in move.crews], place=place,
        gained=told.gained, turns=told.turns, inputs=inputs, proposed_at=at,
    )  # fmt: skip


def _promises(found: Capacity, told: Proposal, id_: UUID) -> list[Promise]:
    sides = {Part.RECEIVER: told.receiver} | ({Part.DONOR: told.donor} if told.donor else {})
    return [_promise(found, told.move, part, side, id_) for part, side in sides.items()]


def _promise(found: Capacity, move: Move, part: Part, side: Side, id_: UUID) -> Promise:
    unit = next(one for one in found.problem.units if one.key == side.unit)
    left, taken = sum(unit.left.values()), found.problem.taken
    until = replace(found.problem, deadline=move.last)
    late = [round(engine.standing(until, unit, moves).left) for moves in (taken, (*taken, move))]
    before, now = side.before, side.after
    return Promise(
        reinforcement_id=id_, part=part.value, unit_id=side.unit, left=left,
        finish_before=found.date_of(before.finish), cautious_before=found.date_of(before.cautious),
        late_before=round(before.left), finish_after=found.date_of(now.finish),
        cautious_after=found.date_of(now.cautious), late_after=round(now.left), served_without=left - late[0],
        served_with=left - late[1],
    )  # fmt: skip


@transaction.atomic
def decide_reinforcements(
    *, decisions: Sequence[ReinforcementDecision], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Accept or decline reinforcements, each once; what is accepted is carried out in the plan, or refused whole.

    Whether it still helps and sinks no donor is asked again of the figures of now. A decision sent again is passed
    over. With one accepted, the other proposals to or from its units expire: their figures are not true any more.
    Rows are refused with `UnknownReinforcement`, `SaidByAPerson`, `NotAllowed`, `NotAboveBoth`, `NoteTooLong`,
    `WrongState`, `TooLate`, `PlanChanged`, `SinksDonor`, `PlanRefuses` and `SaidOtherwise`.
    """
    _alone()
    ids = sorted({row.reinforcement for row in decisions})
    list(Reinforcement.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True).values_list("id"))
    held = queries.reinforcements_by_ids(ids)
    told = queries.reinforcement_decisions([row.id for row in decisions])
    events: list[Event] = []

    def check(row: ReinforcementDecision) -> None:
        line = held.get(row.reinforcement)
        if line is None:
            raise UnknownReinforcement(reinforcement=row.reinforcement)
        _check_right(line, grants, by)
        content = (row.reinforcement, row.accept, check_text(row.reason, needed=True), person(by))
        if row.id in told:
            if told[row.id] != content:
                raise SaidOtherwise
            return
        step = Step.ACCEPT if row.accept else Step.DECLINE
        state = after(line.state, step)
        if row.accept:
            _carry_out(line, by, at)
        _decide(row, state, content[2], by, at)
        told[row.id] = content
        events.append(_event(line.id, line.receiver, step, at, row.id))
        if row.accept:
            state = after(state, Step.CARRY_OUT)
            Reinforcement.objects.filter(id=line.id).update(state=state.value)
            events.append(_event(line.id, line.receiver, Step.CARRY_OUT, at))
            gone = queries.open_proposals(line.campaign, line.above, line.units.values())
            events.extend(_expire(gone, at))
            held.update({one: replace(held[one], state=State.EXPIRED) for one in gone & held.keys()})
        held[line.id] = replace(line, state=state)

    sieve = Sieve(decisions)
    sieve.keep(check)
    tell(events, by, at, "reporting.decide_reinforcements", KIND)
    return sieve.result(lambda row: row.reinforcement)


def _check_right(line: ReinforcementLine, grants: Grants | None, by: Actor) -> None:
    """Go on only if who acts commands both units from above.

    :raises NotAllowed: they hold no such right there
    :raises NotAboveBoth: they hold it at one of the two alone, or below
    """
    if grants is None:
        return
    for path in line.paths.values():
        rights.require_own(grants, DECIDE, path, by)
    if rights.scope(grants, DECIDE, by.purpose).isdisjoint(line.above_both()):
        raise NotAboveBoth


def _carry_out(line: ReinforcementLine, by: Actor, at: datetime) -> None:
    """Ask again whether a move helps and sinks nobody, and let the plan carry it out."""
    campaign, day = survey.campaign(line.campaign), work_day(aware(at))
    if day >= line.first:
        raise TooLate(day=f"{line.first:%d/%m/%Y}")
    found = queries.capacity(campaign, line.above, aware(at)) if campaign else None
    move = found.move(Reinforcement.objects.get(id=line.id)) if found else None
    if found is None or move is None or move.last > found.problem.deadline:
        raise PlanChanged
    problem, units = found.problem, {unit.key: unit for unit in found.problem.units}
    moves = (*problem.taken, move)
    if move.donor is not None:
        given = engine.standing(problem, units[move.donor], moves)
        if engine.outlook(given, problem.deadline) is not Outlook.HOLDS:
            raise SinksDonor(day=f"{found.on(problem.deadline):%d/%m/%Y}")
    was, now = (engine.standing(problem, units[move.receiver], some) for some in (problem.taken, moves))
    beyond = problem.days
    finish = [beyond if one.finish is None else one.finish for one in (was, now)]
    if (finish[1], now.left) >= (finish[0], was.left):
        raise PlanChanged
    carry_out(found, move, by, at)


def _decide(row: ReinforcementDecision, state: State, reason: str, by: Actor, at: datetime) -> None:
    Reinforcement.objects.filter(id=row.reinforcement).update(
        state=state.value, decision=row.id, decided_by_id=person(by), decided_at=at, reason=reason
    )


@transaction.atomic
def expire_reinforcements(*, reinforcements: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Let proposals expire whose first day has come; the others, and what was decided, stay."""
    rows = Reinforcement.objects.filter(
        id__in=reinforcements, state=State.PROPOSED.value, first__lte=work_day(aware(at))
    )
    held = list(rows.order_by("id").select_for_update(no_key=True).values_list("id", flat=True))
    tell(_expire(held, at), by, at, "reporting.expire_reinforcements", KIND)
    return BatchResult(held)


def _expire(ids: Collection[UUID], at: datetime) -> list[Event]:
    rows = Reinforcement.objects.filter(id__in=ids, state=State.PROPOSED.value).order_by("id")
    events = [_event(id_, unit, Step.EXPIRE, at) for id_, unit in rows.values_list("id", "receiver_id")]
    rows.update(state=State.EXPIRED.value)
    return events


@transaction.atomic
def measure_reinforcements(*, reinforcements: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Count what came of reinforcements whose days are over: dossiers taken in both units, and how forecasts moved.

    What lasts still, and what was measured before, is passed over.

    :returns: those that were measured now
    """
    rows = Reinforcement.objects.filter(
        id__in=reinforcements, state=State.CARRIED_OUT.value, last__lt=work_day(aware(at))
    )
    ids = list(rows.order_by("id").select_for_update(no_key=True).values_list("id", flat=True))
    held = queries.reinforcements_by_ids(ids)
    Effect.objects.bulk_create(
        _effect(held[id_], part, unit, at) for id_ in ids for part, unit in held[id_].units.items()
    )
    Reinforcement.objects.filter(id__in=ids).update(state=State.MEASURED.value)
    events = [_event(id_, held[id_].receiver, Step.MEASURE, at) for id_ in ids]
    tell(events, by, at, "reporting.measure_reinforcements", KIND)
    return BatchResult(ids)


def _effect(line: ReinforcementLine, part: Part, unit: int, at: datetime) -> Effect:
    campaign = survey.campaign(line.campaign)
    starts = campaign.starts if campaign else line.first
    since = max(line.first - line.days * ONE_DAY, starts)
    before = (line.first - since).days
    told = {
        when: _told(line.campaign, unit, until)
        for when, until in (("before", line.first - ONE_DAY), ("after", work_day(aware(at))))
    }
    dates = {f"{name}_{when}": day for when, days in told.items() for name, day in days.items()}
    return Effect(
        reinforcement_id=line.id, part=part.value, days_before=before, days=line.days,
        before=_taken(unit, since, line.first - ONE_DAY) if before else 0, after=_taken(unit, line.first, line.last),
        measured_at=at, **dates,
    )  # fmt: skip


def _taken(unit: int, first: date, last: date) -> int:
    days = Period.through(first, last)
    (row,) = journal.table(units=[unit], metrics=[DOSSIERS], side=CountedBy.DONE, days=days)
    return row.counts[DOSSIERS]


def _told(campaign: UUID, unit: int, until: date) -> Mapping[str, date | None]:
    for one in queries.told(campaign, [unit], Figure.CAPTURED, until):
        return {"finish": one.finish, "low": one.low, "high": one.high}
    return {"finish": None, "low": None, "high": None}


def _event(id_: UUID, unit: int, step: Step, at: datetime, event: UUID | None = None) -> Event:
    return Event(id=event or new_id(), thing=id_, kind=KIND, move=step.value, unit_done=unit, occurred_at=at)


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", PROPOSING)
