"""The limits of rest: what holds today and by whose decision, what was decided, what it leaves to be changed."""

from collections.abc import Mapping
from datetime import timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.law.rest import RestLimit, rest_rule
from muster.people.rights import may
from muster.plan import operations, queries
from muster.plan.queries import RuleLine
from muster.plan.rows import RuleDecision
from muster.plan.words import OVERBOOK
from muster.ui.parts import Badge, Cell, Column, Row, Table
from muster.units.queries import ROOT, Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import where
from muster.web.plan.asking import Asked, Doing, Fault, Form, answer, done, shown

RULES, CREWS = "plan.rules", "plan.crews"
NAMES = (*(limit.value for limit in RestLimit), OVERBOOK)
FIELDS = {"looser_than_law": "value", "rule_too_soon": "since", "decision_unnamed": "source"}


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the limits, every decision on them, and what is planned beyond them; decide when asked to."""
    unit = where.unit_asked(request)
    went, fault = answer(request, {name: _deciding(request, name, unit) for name in NAMES}, FIELDS)
    if went:
        return went
    off = [name for name, held in queries.guards().items() if not held]
    say = words.saying(request)
    values = where.frame(request, "rules", unit) | {
        "title": say("rules.title"),
        "notice": say("rules.off", rules=", ".join(say(f"plan.limits.{name}") for name in off)) if off else "",
        "tables_of": [limits(request), _decisions(request), *_broken(request, unit)],
        "forms_of": _forms(request, fault) if _may(request) else [],
    }
    return shown(request, values, fault)


def _may(request: Visit) -> bool:
    grants = request.officer_grants
    return grants is not None and may(grants, RULES, (ROOT,), Purpose.COMMAND)


def _deciding(request: Visit, name: str, unit: Unit) -> Doing:
    def decide(asked: Asked) -> str:
        row = RuleDecision(
            id=asked.id("id"), name=name, number=asked.count("number"), value=asked.count("value"),
            valid_from=asked.day("since"), source=asked.text("source"), reason=asked.text("reason"),
        )  # fmt: skip
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.decide_rules(decisions=[row], grants=request.officer_grants, by=by, at=at))
        return where.address("rules", unit)

    return decide


def _forms(request: Visit, fault: Fault | None) -> list[Form]:
    """Return a form for each limit; what was decided last stands in it, whether it holds already or not."""
    latest = queries.latest_rules()
    return [_form(request, latest[name], fault) for name in NAMES if name in latest]


def _form(request: Visit, last: RuleLine, fault: Fault | None) -> Form:
    ask, day = Asked(request, last.name, fault), campaign_day(request)
    first = max(day + timedelta(days=1), last.valid_from)
    fields = [
        ask.field(
            "value", ask.say("plan.limit_value"), str(last.value), inputmode="numeric", hint=_span(request, last)
        ),
        ask.field("since", ask.say("rules.since"), formats.day(first), inputmode="numeric"),
        ask.field("source", ask.say("rules.paper"), hint=ask.say("rules.paper_hint"), required=True),
        ask.field("reason", ask.say("plan.reason"), required=True),
    ]
    hidden = {f"{last.name}.number": ask.text("number") or str(last.number)}
    title = ask.say("rules.decide_on", rule=ask.say(f"plan.limits.{last.name}"))
    return ask.form(title, fields, ask.say("rules.decide"), note=ask.say("rules.means"), folded=True, hidden=hidden)


def _span(request: Visit, line: RuleLine) -> str:
    """Return between which figures law or house let a limit be set."""
    say, language = words.saying(request), language_of(request)
    if line.name == OVERBOOK:
        least, most = operations.OVERBOOKED
    else:
        rule = rest_rule(RestLimit(line.name), campaign_day(request))
        least, most = rule.least, rule.most
    return say("rules.span", least=formats.count(least, language), most=formats.count(most, language))


def limits(request: Visit) -> Table:
    """Return what nobody works beyond today: the figure, by whose decision, and whether the database holds it."""
    say, language = words.saying(request), language_of(request)
    held, guards = queries.rules(campaign_day(request)), queries.guards()
    columns = [
        Column("what", say("plan.limit")),
        Column("value", say("plan.limit_value"), numeric=True),
        Column("source", say("plan.source")),
        Column("who", say("rules.who")),
        Column("guard", say("rules.guard")),
    ]
    rows: list[Row] = [
        {
            "what": Cell(say(f"plan.limits.{name}"), note=_span(request, held[name])),
            "value": formats.count(held[name].value, language),
            "source": Cell(held[name].source, note=say("plan.assumed") if held[name].assumed else ""),
            "who": _who(request, held[name]),
            "guard": Cell("", badge=_guard(say, guards, name)),
        }
        for name in NAMES
        if name in held
    ]
    return Table(say("plan.limits_of"), columns, rows, note=say("plan.limits_note"))


def _guard(say: words.Say, guards: Mapping[str, bool], name: str) -> Badge:
    return Badge(say("rules.on"), "good") if guards[name] else Badge(say("rules.guard_off"), "bad")


def _who(request: Visit, line: RuleLine) -> Cell:
    say = words.saying(request)
    if line.decided_at is None:
        return Cell(say("rules.house"))
    return Cell(line.decided_by_name or "", note=formats.moment(line.decided_at))


def _decisions(request: Visit) -> Table:
    """Return every decision, the newest first, those to come too."""
    say, language, day = words.saying(request), language_of(request), campaign_day(request)
    columns = [
        Column("what", say("plan.limit")),
        Column("value", say("rules.change"), numeric=True),
        Column("since", say("rules.since")),
        Column("paper", say("rules.paper")),
        Column("who", say("rules.who")),
    ]
    lines = queries.rule_lines()
    before = {(one.name, one.number): one.value for one in lines}
    decided = sorted((one for one in lines if one.decided_at), key=lambda one: str(one.decided_at), reverse=True)
    rows: list[Row] = [
        {
            "what": say(f"plan.limits.{one.name}"),
            "value": " → ".join(
                formats.count(value, language) for value in (before[one.name, one.number - 1], one.value)
            ),
            "since": Cell(
                formats.day(one.valid_from), badge=Badge(say("rules.to_come"), "info") if one.valid_from > day else None
            ),
            "paper": Cell(one.source, note=one.reason),
            "who": _who(request, one),
        }
        for one in decided
    ]
    return Table(say("rules.decisions"), columns, rows, say("rules.none"))


def _broken(request: Visit, unit: Unit) -> list[Table]:
    """Return what is planned beyond the limits, to whoever may change it."""
    if not where.allowed(request, CREWS, unit):
        return []
    say, language = words.saying(request), language_of(request)
    columns = [Column("who", say("plan.officer")), Column("day", say("plan.day")), Column("what", say("rules.breach"))]
    found = queries.broken(unit.id, campaign_day(request))
    rows: list[Row] = [
        {
            "who": one.name,
            "day": Cell(formats.day(one.day), href=where.address("week", unit, day=one.day)),
            "what": Cell("", badge=Badge(say(f"plan.breach.{one.breach}"), "bad")),
        }
        for one in found
    ]
    title = say("rules.broken", count=formats.count(len(found), language))
    return [Table(title, columns, rows, say("rules.none_broken"))]
