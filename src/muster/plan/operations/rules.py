"""Decisions on the figures the plan is bound by: named, from a coming day on, never looser than the law."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal
from muster.law.rest import RestLimit, rest_rule
from muster.people.rights import Grants, require_own
from muster.plan import queries
from muster.plan.models import Rule
from muster.plan.operations.common import IdTaken, Sieve, tell
from muster.plan.queries import RuleLine
from muster.plan.rows import RuleDecision
from muster.plan.words import OVERBOOK, RULE
from muster.units.queries import ROOT

DECIDE = "plan.rules"
OVERBOOKED = (0, 1000)  # per mille


class UnknownRule(Refusal):
    """There is no such rule."""

    code = "unknown_rule"
    vi = "Không có giới hạn {rule}."
    en = "There is no rule {rule}."


class DecidedByNobody(Refusal):
    """A limit is changed by a person, never by the machine."""

    code = "decided_by_nobody"
    vi = "Giới hạn chỉ do một người có tên quyết định, máy không tự đổi."
    en = "A limit is decided by a named person, never by the machine."


class DecisionUnnamed(Refusal):
    """A decision names its paper and says why."""

    code = "decision_unnamed"
    vi = "Phải ghi số quyết định và lý do thay đổi, mỗi mục không quá 120 chữ cái."
    en = "A decision names its paper and says why, each in at most 120 letters."


class LooserThanLaw(Refusal):
    """No decision goes below what the law keeps for everybody."""

    code = "looser_than_law"
    vi = "Mức {value} ngoài khoảng {least}–{most} mà pháp luật cho phép ({source})."
    en = "The figure {value} lies outside {least} to {most}, which the law allows ({source})."


class TooSoon(Refusal):
    """A limit changes from tomorrow on at the earliest, and not before the change decided last."""

    code = "rule_too_soon"
    vi = "Mức mới chỉ có hiệu lực từ ngày {day} trở đi."
    en = "A new figure holds from {day} on at the earliest."


class DecidedMeanwhile(Refusal):
    """Somebody decided on this limit after it was read."""

    code = "changed_meanwhile"
    vi = "Giới hạn này vừa có quyết định khác; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just decided on this limit; open it again."


@transaction.atomic
def decide_rules(
    *, decisions: Sequence[RuleDecision], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Let figures be others from a coming day on, each as read at its number; the same sent twice is decided once.

    The figure before stands as it was, and on the page. Who decided, by which paper and why is kept in the row, in the
    journal and in the audit. What is planned already beyond a stricter limit is listed (`queries.broken`).

    :param grants: what the officer holds; limits are the whole country's, and so is the right
    Rows are refused with `NotAllowed`, `DecidedByNobody`, `UnknownRule`, `DecisionUnnamed`, `LooserThanLaw`,
    `TooSoon`, `DecidedMeanwhile` and `IdTaken`.
    """
    last = dict(queries.latest_rules(lock=True))
    stored = {row.id: row for row in queries.rule_lines()}
    tomorrow = local(at).date() + timedelta(days=1)
    fresh: list[tuple[RuleDecision, RuleLine]] = []

    def check(row: RuleDecision) -> None:
        require_own(grants, DECIDE, (ROOT,), by)
        if by.officer is None:
            raise DecidedByNobody
        if row.name not in last:
            raise UnknownRule(rule=row.name)
        if row.id in stored:
            told = stored[row.id]
            if (told.name, told.value, told.valid_from) != (row.name, row.value, row.valid_from):
                raise IdTaken(id=row.id)
            return
        before = last[row.name]
        if before.number != row.number:
            raise DecidedMeanwhile
        _check_words(row)
        _check_lawful(row)
        if row.valid_from < (earliest := max(before.valid_from, tomorrow)):
            raise TooSoon(day=f"{earliest:%d/%m/%Y}")
        fresh.append((row, before))
        last[row.name] = _next(row, before, by, at)
        stored[row.id] = last[row.name]

    sieve = Sieve(decisions)
    sieve.keep(check)
    Rule.objects.bulk_create(_row(stored[row.id]) for row, _ in fresh)
    moves = [
        Move(
            thing=row.id, kind=RULE, move="decide", unit_done=ROOT, occurred_at=at,
            reason=f"{row.name} {before.value} > {row.value}: {row.source.strip()}",
        )
        for row, before in fresh
    ]  # fmt: skip
    tell(moves, by, at, "plan.decide_rules", RULE)
    return sieve.result(lambda row: row.id)


def _check_words(row: RuleDecision) -> None:
    for told in (row.source.strip(), row.reason.strip()):
        if not 0 < len(told) <= 120:  # noqa: PLR2004 - what a line of a form holds
            raise DecisionUnnamed


def _check_lawful(row: RuleDecision) -> None:
    """Go on only with a figure that law or house allow.

    :raises LooserThanLaw: it is none
    """
    least, most, source = (*OVERBOOKED, "‰")
    if row.name != OVERBOOK:
        rule = rest_rule(RestLimit(row.name), row.valid_from)
        least, most, source = rule.least, rule.most, rule.source
    if not least <= row.value <= most:
        raise LooserThanLaw(value=row.value, least=least, most=most, source=source)


def _next(row: RuleDecision, before: RuleLine, by: Actor, at: datetime) -> RuleLine:
    return replace(
        before, id=row.id, number=before.number + 1, valid_from=row.valid_from, value=row.value, assumed=False,
        source=row.source.strip(), decided_by=by.officer, decided_at=at, reason=row.reason.strip(),
    )  # fmt: skip


def _row(one: RuleLine) -> Rule:
    return Rule(
        id=one.id, name=one.name, number=one.number, valid_from=one.valid_from, value=one.value, measure=one.measure,
        source=one.source, assumed=one.assumed, decided_by_id=one.decided_by, decided_at=one.decided_at,
        reason=one.reason,
    )  # fmt: skip
