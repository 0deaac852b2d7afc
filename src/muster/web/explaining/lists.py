"""The explanations of an officer: mine to answer, mine to decide, my actions, what is late below, each week's round."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.people.rights import NotAllowed
from muster.reporting import operations, queries
from muster.reporting.lowest import LowRule
from muster.reporting.operations.explaining import BadExplainRule
from muster.reporting.rows import ExplainRuleRow
from muster.survey.queries import CampaignLine
from muster.ui.parts import Link, Table, Tile
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.explaining import told
from muster.web.explaining.reader import READ, Owed, Reader, owed_by, reader_of
from muster.web.explaining.ways import tabs
from muster.web.language import language_of
from muster.web.plan.asking import Asked, AtField, Doing, Fault, Form, answer, done
from muster.web.reports import sheet as sheets

SET = "explanation.set"
HOUR = timedelta(hours=1)
LEVELS = {"both": ("district", "commune"), "district": ("district",), "commune": ("commune",)}


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show what waits for an officer and the rounds of a unit; set who is low, for who may."""
    reader = reader_of(request)
    unit = _unit(request, reader)
    campaign = sheets.campaign_of(unit)
    doings = {"rule": _setting(request, unit, campaign)} if campaign else {}
    there, fault = answer(request, doings, {})
    if there:
        return there
    return render(
        request, "explaining/list.html", _values(request, reader, unit, campaign, fault), status=_status(fault)
    )


def _status(fault: Fault | None) -> int:
    return 422 if fault else 200


def _unit(request: Visit, reader: Reader) -> Unit:
    """Return the unit asked for, one's own without.

    :raises NotAllowed: it is not there, or not in one's area and not under one's command
    """
    typed = request.GET.get("unit") or request.POST.get("unit") or ""
    own = request.officer.unit if request.officer else None
    unit = units.by_number(typed) if typed.isdecimal() else own
    if unit is None or not (reader.holds(READ, unit.ancestors) or unit.id in reader.commands or unit == own):
        raise NotAllowed(action=READ)
    return unit


def address(unit: Unit, **more: object) -> str:
    """Return the address of this page about a unit."""
    return f"{reverse('explaining:show')}?{urlencode({'unit': unit.id} | more)}"


def _values(
    request: Visit, reader: Reader, unit: Unit, campaign: CampaignLine | None, fault: Fault | None
) -> dict[str, Any]:
    at = campaign_time(request)
    owed = owed_by(reader)
    reads = reader.holds(READ, unit.ancestors)
    late = [one for one in queries.open_explanations([unit.id], until=at) if one.is_late(at)] if reads else []
    days = queries.asked_days(campaign.id, until=at) if campaign and reads else []
    day = next((one for one in days if one.isoformat() == request.GET.get("day", "")), days[0] if days else None)
    above = [one for one in units.ancestors(unit) if reader.holds(READ, one.ancestors)]
    return {
        "unit": str(units.title(unit.id, at.date())),
        "own": unit.id,
        "tabs": tabs(request),
        "trail": [Link(address(one), str(one), here=one.id == unit.id) for one in above],
        "tiles": _tiles(request, owed, len(late)),
        "mine": _mine(request, owed),
        "late": told.table(request, words.saying(request)("explaining.late_ones"), late, at) if late else None,
        "days": _days(unit, days, day),
        "round": _round(request, unit, campaign, day) if campaign and day else None,
        "rule": _form(request, campaign, fault) if campaign else None,
        "first": _first(request, campaign) if campaign and not days else "",
        "ranking": f"{reverse('command:ranking')}?unit={unit.id}",
    }


def _tiles(request: Visit, owed: Owed, late: int) -> list[Tile]:
    say, language = words.saying(request), language_of(request)
    counts = {
        "answers": len(owed.answers), "decisions": len(owed.decisions), "actions": len(owed.actions), "late": late,
    }  # fmt: skip
    return [
        Tile(
            say(f"explaining.tile.{name}"), formats.count(count, language), say(f"explaining.base.{name}"),
            "plain" if not count else "bad" if name == "late" else "warn",
        )
        for name, count in counts.items()
    ]  # fmt: skip


def _mine(request: Visit, owed: Owed) -> list[Table]:
    say, at = words.saying(request), campaign_time(request)
    named = (("answers", owed.answers), ("decisions", owed.decisions), ("actions", owed.actions))
    return [told.table(request, say(f"explaining.mine.{name}"), lines, at) for name, lines in named if lines]


def _days(unit: Unit, days: Sequence[date], day: date | None) -> list[Link]:
    return [Link(address(unit, day=one.isoformat()), formats.day(one), here=one == day) for one in days]


def _round(request: Visit, unit: Unit, campaign: CampaignLine, day: date) -> Table:
    lines = queries.explanations_of_day(campaign.id, unit.id, day)
    say = words.saying(request)
    return told.table(request, say("explaining.round", day=formats.day(day)), lines, campaign_time(request))


def _first(request: Visit, campaign: CampaignLine) -> str:
    rule = queries.explain_rule(campaign.id, campaign_day(request))
    return words.saying(request)("explaining.first", weekday=_weekday(request, rule))


def _weekday(request: Visit, rule: LowRule) -> str:
    return formats.weekday(date(2024, 1, rule.weekday), language_of(request))  # 1 January 2024 was a Monday


def _form(request: Visit, campaign: CampaignLine, fault: Fault | None) -> dict[str, Any]:
    """Return the rule in words, and its form for who may set it."""
    say, day = words.saying(request), campaign_day(request)
    rule = queries.explain_rule(campaign.id, day)
    levels = {frozenset(names): name for name, names in LEVELS.items()}.get(rule.levels, "both")
    hours = [term // HOUR for term in (rule.answer_within, rule.decide_within, rule.chase_every)]
    means = say(
        "explaining.rule_told", weekday=_weekday(request, rule), lowest=rule.lowest, below=rule.below, slow=rule.slow,
        level=say(f"explaining.level.{levels}"), answer=hours[0], decide=hours[1], chase=hours[2],
    )  # fmt: skip
    form = _rule_form(request, rule, levels, hours, fault) if sheets.may_do(request, SET, campaign.path) else None
    return {"told": means, "form": form}


def _rule_form(request: Visit, rule: LowRule, levels: str, hours: Sequence[int], fault: Fault | None) -> Form:
    ask, language = Asked(request, "rule", fault), language_of(request)
    tomorrow = campaign_day(request) + timedelta(days=1)
    weekdays = [(str(n), formats.weekday(date(2024, 1, n), language)) for n in range(1, 8)]
    names = [(name, ask.say(f"explaining.level.{name}")) for name in LEVELS]
    numbers = {"lowest": rule.lowest, "below": rule.below, "slow": rule.slow}
    terms = dict(zip(("answer_within", "decide_within", "chase_every"), hours, strict=True))
    fields = [
        ask.field("since", ask.say("reports.since"), formats.day(tomorrow), inputmode="numeric"),
        ask.field("weekday", ask.say("explaining.weekday"), str(rule.weekday), kind="select", options=weekdays),
        ask.field("levels", ask.say("units.level_label"), levels, kind="select", options=names),
        *(
            ask.field(name, ask.say(f"explaining.rule.{name}"), str(value), inputmode="numeric")
            for name, value in (numbers | terms).items()
        ),
    ]
    return ask.form(ask.say("explaining.rule_title"), fields, ask.say("explaining.rule_set"), folded=True)


def _setting(request: Visit, unit: Unit, campaign: CampaignLine) -> Doing:
    def set_(asked: Asked) -> str:
        terms = [asked.count(name) * HOUR for name in ("answer_within", "decide_within", "chase_every")]
        levels = LEVELS.get(asked.text("levels"))
        if levels is None:
            raise AtField("levels", BadExplainRule())
        rule = LowRule(
            asked.count("weekday"), frozenset(levels), asked.count("lowest"), asked.count("below"),
            asked.count("slow"), *terms,
        )  # fmt: skip
        row = ExplainRuleRow(id=asked.id("id"), campaign=campaign.id, since=asked.day("since"), rule=rule)
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.set_explain_rules(rules=[row], grants=request.officer_grants, by=by, at=at))
        return address(unit)

    return set_
