"""Ask low units to explain, take the answer, decide, follow up, withdraw, and ask again up the line what is late."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import aware, work_day
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.people import rights
from muster.people.rights import Grants
from muster.plan import queries as plan
from muster.plan.operations.common import Sieve, UnknownOfficer, tell, update
from muster.plan.queries import InCharge
from muster.reporting import queries
from muster.reporting.explaining import KIND, RIGHTS, Step, after
from muster.reporting.models import ExplainRule, Explanation, Round, Saying, Standing
from muster.reporting.operations.common import check_text, ended_day, person
from muster.reporting.operations.refusals import SaidOtherwise
from muster.reporting.queries import ExplanationLine
from muster.reporting.rows import ExplainRuleRow, ExplanationAct, RankingRow
from muster.survey import queries as survey
from muster.survey.operations.refusals import UnknownCampaign
from muster.survey.queries import CampaignLine

SET, RULE = "explanation.set", "explain_rule"
ASKING = (7310, 5)  # advisory lock: one asks at a time
LEVELS = frozenset({"province", "district", "commune"})
ONE, LONGEST, ALL = timedelta(minutes=1), timedelta(days=7), 100


class NotTheWeekday(Refusal):
    """The campaign's rule asks after another day of the week."""

    code = "not_the_weekday"
    vi = "Ngày {day} không phải ngày yêu cầu giải trình của chiến dịch."
    en = "{day} is not the day of the week on which the campaign asks."


class NotRanked(Refusal):
    """Units of that day have not been ranked."""

    code = "not_ranked"
    vi = "Chưa xếp hạng ngày {day}, chưa thể yêu cầu giải trình."
    en = "Units have not been ranked at the end of {day}."


class UnknownExplanation(Refusal):
    """There is no such explanation."""

    code = "unknown_explanation"
    vi = "Không có yêu cầu giải trình {explanation}."
    en = "There is no explanation {explanation}."


class NoCause(Refusal):
    """An answer names a cause."""

    code = "explanation_no_cause"
    vi = "Giải trình phải nêu một nguyên nhân."
    en = "An answer names a cause."


class NoAction(Refusal):
    """A decision says what is done, by whom, and by which day, today or later."""

    code = "explanation_no_action"
    vi = "Quyết định phải nêu việc cần làm, người làm và hạn từ hôm nay trở đi."
    en = "A decision says what is done, by whom, and by which day, today or later."


class NotFromAbove(Refusal):
    """A unit above decides."""

    code = "explanation_not_above"
    vi = "Chỉ chỉ huy cấp trên mới quyết định về giải trình của đơn vị này."
    en = "Only a commander above decides on what this unit explains."


class OwnAnswer(Refusal):
    """Who answered does not decide."""

    code = "explanation_own_answer"
    vi = "Người đã giải trình không thể tự quyết định."
    en = "Who answered cannot decide."


class BadExplainRule(Refusal):
    """A rule has a day of the week, levels, percentages up to 100 and terms of a minute to a week."""

    code = "bad_explain_rule"
    vi = "Quy tắc cần thứ trong tuần, ít nhất một cấp, tỷ lệ từ 0 đến 100 và hạn từ 1 phút đến 7 ngày."
    en = "A rule has a day of the week, a level, percentages of 0 to 100, and terms of a minute to seven days."


class AlreadyAsked(Refusal):
    """Units were asked by the ranking of that day or a later one: the past keeps its rule."""

    code = "already_asked"
    vi = "Đã yêu cầu giải trình theo ngày {day}; hãy đặt quy tắc từ một ngày sau đó."
    en = "Units were asked after {day}; let the rule begin on a later day."


@transaction.atomic
def ask_explanations(*, rankings: Sequence[RankingRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Ask the low units of rankings to explain, by the campaign's rule of that day; one that asked is passed over.

    A unit that still owes an earlier answer is not asked a second time.

    :returns: the campaigns, in the order of their rows
    Rows are refused with `UnknownCampaign`, `DayNotOver`, `NotTheWeekday` and `NotRanked`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", ASKING)
    refused: dict[int, Refusal] = {}
    moves: list[Move] = []
    for index, row in enumerate(rankings):
        try:
            moves += _ask(row, by, at)
        except Refusal as refusal:
            refused[index] = refusal
    tell(moves, by, at, "reporting.ask_explanations", KIND)
    done = [row.campaign for index, row in enumerate(rankings) if index not in refused]
    return BatchResult(done, [RowRefusal(index, refused[index]) for index in sorted(refused)])


def _ask(row: RankingRow, by: Actor, at: datetime) -> list[Move]:
    campaign = ended_day(row.campaign, row.day, at)
    rule = queries.explain_rule(campaign.id, row.day)
    told = f"{row.day:%d/%m/%Y}"
    if row.day.isoweekday() != rule.weekday:
        raise NotTheWeekday(day=told)
    if Round.objects.filter(campaign_id=campaign.id, day=row.day).exists():
        return []
    if not Standing.objects.filter(campaign_id=campaign.id, day=row.day).exists():
        raise NotRanked(day=told)
    found = queries.low_units(campaign, row.day, rule)
    owing = queries.owing_answers(campaign.id, [one.unit for one in found])
    found = [one for one in found if one.unit not in owing]
    terms = [term // ONE for term in (rule.answer_within, rule.decide_within, rule.chase_every)]
    round_ = Round.objects.create(
        id=new_id(), campaign_id=campaign.id, day=row.day, asked_at=at, asked=len(found), answer_within=terms[0],
        decide_within=terms[1], chase_every=terms[2],
    )  # fmt: skip
    new = [
        Explanation(
            id=new_id(), round=round_, campaign_id=campaign.id, unit_id=one.unit, reason=one.reason.value,
            place=one.place, among=one.among, captured=one.captured, target=one.target, planned=one.planned,
            state=after(None, Step.ASK).value, due_by=at + rule.answer_within,
        )
        for one in found
    ]  # fmt: skip
    Explanation.objects.bulk_create(new)
    return [
        Move(
            thing=one.id, kind=KIND, move=Step.ASK.value, unit_done=by.unit, unit_residence=None, occurred_at=at,
            reason=f"{one.reason} {one.place}/{one.among}",
        )
        for one in new
    ]  # fmt: skip


@transaction.atomic
def move_explanations(
    *, acts: Sequence[ExplanationAct], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Answer, send back, decide, follow up or withdraw explanations; an act that was done before is passed over.

    Who commands the unit answers without a role, and who owns the action follows it up without one. Rows are refused
    with `UnknownExplanation`, `SaidByAPerson`, `NotAllowed`, `NotFromAbove`, `OwnAnswer`, `WrongState`, `NoCause`,
    `NoAction`, `UnknownOfficer`, `NoteTooLong` and `SaidOtherwise`.
    """
    held = _hold([row.explanation for row in acts])
    there = Saying.objects.in_bulk([row.id for row in acts])
    in_charge = plan.in_charge([line.unit for line in held.values()], work_day(aware(at)))
    serving = plan.officers_in_service({row.owner for row in acts if row.owner})
    said: list[Saying] = []
    moves: list[Move] = []

    def check(row: ExplanationAct) -> None:
        line = held.get(row.explanation)
        if line is None:
            raise UnknownExplanation(explanation=row.explanation)
        one = _saying(row, by, at, serving)
        _check_right(row.step, line, in_charge.get(line.unit, InCharge()), grants, by)
        if row.id in there:
            if _content(there[row.id]) != _content(one):
                raise SaidOtherwise
            return
        state = after(line.state, row.step)
        if row.step in (Step.DECIDE, Step.SEND_BACK) and line.answer and line.answer.officer == by.officer:
            raise OwnAnswer
        there[row.id] = one
        said.append(one)
        held[line.id] = replace(line, state=state, due_by=line.owed_until(row.step, at, row.due), chased=0)
        moves.append(_move(row, line, at))

    sieve = Sieve(acts)
    sieve.keep(check)
    Saying.objects.bulk_create(said)
    _write([held[one.explanation_id] for one in said])
    tell(moves, by, at, "reporting.move_explanations", KIND)
    return sieve.result(lambda row: row.explanation)


def _hold(ids: Sequence[UUID]) -> dict[UUID, ExplanationLine]:
    """Lock explanations in the order of their ids; return them."""
    list(Explanation.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True).values_list("id"))
    return queries.explanations_by_ids(ids)


def _saying(row: ExplanationAct, by: Actor, at: datetime, serving: Mapping[UUID, Sequence[int]]) -> Saying:
    """Return what is said as it is stored.

    :raises NoCause: an answer has none
    :raises NoAction: a decision names nobody, or no day from today on
    :raises UnknownOfficer: the owner does not work here
    """
    text = check_text(row.text, needed=True)
    decides, answers = row.step is Step.DECIDE, row.step is Step.ANSWER
    if answers and row.cause is None:
        raise NoCause
    if decides:
        if row.owner is None or row.due is None or row.due < work_day(aware(at)):
            raise NoAction
        if row.owner not in serving:
            raise UnknownOfficer(officer=row.owner)
    return Saying(
        id=row.id, explanation_id=row.explanation, step=row.step.value,
        cause=row.cause.value if row.cause and answers else "", text=text, owner_id=row.owner if decides else None,
        due=row.due if decides else None, officer=person(by), at=at,
    )  # fmt: skip


def _content(one: Saying) -> tuple[object, ...]:
    return one.explanation_id, one.step, one.cause, one.text, one.owner_id, one.due, one.officer


def _check_right(step: Step, line: ExplanationLine, held: InCharge, grants: Grants | None, by: Actor) -> None:
    """Go on only if who acts may do this step.

    :raises NotAllowed: they may not
    :raises NotFromAbove: a decision from no unit above
    """
    own = held.officer is not None and held.officer == by.officer
    owner = line.decision is not None and line.decision.owner == by.officer
    if grants is None or (step is Step.ANSWER and own) or (step is Step.FOLLOW_UP and owner):
        return
    action = RIGHTS.get(step, SET)
    rights.require_own(grants, action, line.path, by)
    if action == RIGHTS[Step.DECIDE] and rights.scope(grants, action, by.purpose).isdisjoint(line.path[:-1]):
        raise NotFromAbove


def _move(row: ExplanationAct, line: ExplanationLine, at: datetime) -> Move:
    reason = row.cause.value if row.cause and row.step is Step.ANSWER else ""
    return Move(
        id=row.id, thing=line.id, kind=KIND, move=row.step.value, unit_done=line.unit, occurred_at=at, reason=reason
    )


def _write(lines: Sequence[ExplanationLine]) -> None:
    last = {line.id: line for line in lines}
    update(
        "UPDATE reporting_explanation AS one SET state = new.state, due_by = new.due_by, chased = new.chased "
        "FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::smallint[]) AS new (id, state, due_by, chased) "
        "WHERE one.id = new.id",
        [(line.id, line.state.value, line.due_by, line.chased) for line in last.values()],
    )


@transaction.atomic
def chase_explanations(*, explanations: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Ask for what is late: of who owes it, then each time one unit further up, the campaign's unit last.

    How far, follows from the time since it was owed: asked again too soon nothing happens. What is not there, or has
    ended, is passed over.
    """
    said: list[Saying] = []
    moves: list[Move] = []
    chased: list[ExplanationLine] = []
    for line in _hold(explanations).values():
        due = line.chases_due(aware(at))
        if due <= line.chased:
            continue
        unit = line.line_up()[due - 1]
        chased.append(replace(line, state=after(line.state, Step.CHASE), chased=due))
        said.append(
            Saying(id=new_id(), explanation_id=line.id, step=Step.CHASE.value, asked_id=unit, officer=by.officer, at=at)
        )
        moves.append(
            Move(
                thing=line.id, kind=KIND, move=Step.CHASE.value, unit_done=by.unit, occurred_at=at,
                reason=f"{due} {unit}",
            )
        )  # fmt: skip
    Saying.objects.bulk_create(said)
    _write(chased)
    tell(moves, by, at, "reporting.chase_explanations", KIND)
    return BatchResult(list(explanations))


@transaction.atomic
def set_explain_rules(
    *, rules: Sequence[ExplainRuleRow], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Set from which work day on who of a campaign explains; days whose ranking has asked keep theirs.

    One that is set again is passed over. Rows are refused with `UnknownCampaign`, `NotAllowed`, `BadExplainRule`,
    `AlreadyAsked` and `SaidOtherwise`.
    """
    there = ExplainRule.objects.in_bulk([row.id for row in rules])
    new: list[ExplainRule] = []

    def check(row: ExplainRuleRow) -> None:
        campaign = survey.campaign(row.campaign)
        if campaign is None:
            raise UnknownCampaign(campaign=row.campaign)
        rights.require_own(grants, SET, campaign.path, by)
        one = _rule(row, by, at)
        if row.id in there:
            if _rule_content(there[row.id]) != _rule_content(one):
                raise SaidOtherwise
            return
        asked = _last_asked(campaign)
        if asked is not None and row.since <= asked:
            raise AlreadyAsked(day=f"{asked:%d/%m/%Y}")
        there[row.id] = one
        new.append(one)

    sieve = Sieve(rules)
    sieve.keep(check)
    ExplainRule.objects.bulk_create(new)
    if new:
        subjects = [audit.Subject(RULE, one.id) for one in new]
        audit.record(by=by, at=at, action="reporting.set_explain_rule", subjects=subjects)
    return sieve.result(lambda row: row.id)


def _last_asked(campaign: CampaignLine) -> date | None:
    return Round.objects.filter(campaign_id=campaign.id).order_by("-day").values_list("day", flat=True).first()


def _rule(row: ExplainRuleRow, by: Actor, at: datetime) -> ExplainRule:
    """Return the rule as it is stored.

    :raises BadExplainRule: it cannot be kept to
    """
    rule = row.rule
    terms = (rule.answer_within, rule.decide_within, rule.chase_every)
    sound = (
        rule.weekday in range(1, 8)
        and rule.levels
        and rule.levels <= LEVELS
        and all(0 <= one <= ALL for one in (rule.lowest, rule.below, rule.slow))
        and all(ONE <= term <= LONGEST for term in terms)
    )
    if not sound:
        raise BadExplainRule
    minutes = [term // ONE for term in terms]
    return ExplainRule(
        id=row.id, campaign_id=row.campaign, since=row.since, weekday=rule.weekday, levels=sorted(rule.levels),
        lowest=rule.lowest, below=rule.below, slow=rule.slow, answer_within=minutes[0], decide_within=minutes[1],
        chase_every=minutes[2], set_by=by.officer, set_at=at,
    )  # fmt: skip


def _rule_content(one: ExplainRule) -> tuple[object, ...]:
    return (
        one.campaign_id, one.since, one.weekday, sorted(one.levels), one.lowest, one.below, one.slow,
        one.answer_within, one.decide_within, one.chase_every,
    )  # fmt: skip
