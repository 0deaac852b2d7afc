"""Reinforcement: what would help units that will miss, what it costs the donor, one decision, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.people.rights import NotAllowed
from muster.reporting import operations, queries
from muster.reporting.queries import EffectLine, PromiseLine, ReinforcementLine
from muster.reporting.reinforcing import DECIDE, READ, Part, State
from muster.reporting.rows import ReinforcementAsk, ReinforcementDecision
from muster.survey.queries import CampaignLine
from muster.ui.parts import Badge, Cell, Column, Link, Row, Table, Tone
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.accounts.words import Say
from muster.web.language import language_of
from muster.web.plan.asking import Asked, Doing, Fault, Form, answer, done
from muster.web.reports import sheet as sheets

TONES: Mapping[State, Tone] = {State.CARRIED_OUT: "info", State.MEASURED: "good", State.DECLINED: "plain"}
OPEN = 3  # proposals that stand open
PROMISED = ("unit", "left", "before", "after", "served")
DECIDED = ("what", "decision", "state", "receiver", "donor")


@dataclass(frozen=True, slots=True)
class Shown:
    """One proposal as the page shows it: in words, its two sides, and the forms of who decides."""

    id: str
    title: str
    badges: Sequence[Badge]
    what: str
    table: Table
    forms_of: Sequence[Form]
    open: bool


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show what is proposed to the units right below one, and what was decided; propose anew, accept, decline.

    :raises NotAllowed: not for this officer's eyes
    """
    unit = sheets.unit_asked(request)
    if not sheets.may_do(request, READ, unit.ancestors):
        raise NotAllowed(action=READ)
    campaign, day = sheets.campaign_of(unit), work_day(campaign_time(request))
    found = queries.proposed_reinforcements(campaign.id, unit.id, day) if campaign else []
    doings = _doings(request, unit, campaign, found) if campaign else {}
    there, fault = answer(request, doings, {"report_note": "reason"})
    if there:
        return there
    values = _frame(request, unit) | _values(request, unit, campaign, found, fault)
    return render(request, "command/reinforcement.html", values, status=422 if fault else 200)


def address(unit: int) -> str:
    """Return the address of what is proposed below a unit."""
    return f"{reverse('command:reinforcement')}?unit={unit}"


def _doings(
    request: Visit, unit: Unit, campaign: CampaignLine, found: Sequence[ReinforcementLine]
) -> Mapping[str, Doing]:
    def propose(_: Asked) -> str:
        if not sheets.may_do(request, DECIDE, unit.ancestors):
            raise NotAllowed(action=DECIDE)
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        row = ReinforcementAsk(campaign=campaign.id, unit=unit.id)
        operations.propose_reinforcements(asked=[row], by=by, at=at).whole()
        return address(unit.id)

    def deciding(line: ReinforcementLine, *, accept: bool) -> Doing:
        def decide(asked: Asked) -> str:
            by, at = acting(request, Purpose.COMMAND), campaign_time(request)
            row = ReinforcementDecision(
                id=asked.id("id"), reinforcement=line.id, accept=accept, reason=asked.text("reason")
            )
            grants = request.officer_grants
            done(operations.decide_reinforcements(decisions=[row], grants=grants, by=by, at=at))
            return f"{address(unit.id)}#decided"

        return decide

    told: dict[str, Doing] = {"propose": propose}
    for one in found:
        told[f"accept-{one.id}"] = deciding(one, accept=True)
        told[f"decline-{one.id}"] = deciding(one, accept=False)
    return told


def _frame(request: Visit, unit: Unit) -> dict[str, Any]:
    above = [one for one in units.ancestors(unit) if sheets.may_do(request, READ, one.ancestors)]
    return {
        "unit": str(units.title(unit.id, campaign_time(request).date())),
        "own": unit.id,
        "trail": [Link(address(one.id), str(one), here=one.id == unit.id) for one in above],
        "board": f"{reverse('command:board')}?unit={unit.id}",
    }


def _values(
    request: Visit, unit: Unit, campaign: CampaignLine | None, found: Sequence[ReinforcementLine], fault: Fault | None
) -> dict[str, Any]:
    decided = queries.decided_reinforcements(campaign.id, unit.id) if campaign else []
    named = {one for line in (*found, *decided) for one in line.units.values()}
    names = {one: str(title) for one, title in units.titles(named, campaign_time(request).date()).items()}
    decides = sheets.may_do(request, DECIDE, unit.ancestors)
    ask = Asked(request, "propose", fault)
    anew = ask.form(ask.say("reinforcing.anew"), [], ask.say("reinforcing.anew"), kind="plain", folded=bool(found))
    return {
        "campaign": campaign,
        "shown": [_shown(request, place, one, names, fault if decides else None, decides=decides)
                  for place, one in enumerate(found, 1)],
        "anew": anew if decides and campaign else None,
        "decided": _decided(request, decided, names) if decided else None,
    }  # fmt: skip


def what(say: Say, line: ReinforcementLine, names: Mapping[int, str]) -> str:
    """Return what is done, in a sentence."""
    values = {
        "donor": names[line.donor] if line.donor else "",
        "kits": ", ".join(line.kit_codes),
        "crews": ", ".join(line.crew_names),
        "first": formats.day(line.first),
        "last": formats.day(line.last),
    }
    return say(f"reinforcing.what.{line.kind.value}", **values)


def _shown(
    request: Visit, place: int, line: ReinforcementLine, names: Mapping[int, str], fault: Fault | None, *, decides: bool
) -> Shown:
    say, language = words.saying(request), language_of(request)
    columns = [Column(one, say(f"reinforcing.column.{one}"), numeric=one in ("left", "served")) for one in PROMISED]
    rows = [_promise(request, part, promise, names, line.deadline) for part, promise in line.promises.items()]
    badges = [_gain(request, line), Badge(say("reinforcing.turns", turns=formats.count(line.turns, language)))]
    return Shown(
        str(line.id), f"{place}. {names[line.receiver]}", badges, what(say, line, names),
        Table(say("reinforcing.effect"), columns, rows), _forms(request, line, fault) if decides else (),
        place <= OPEN or bool(fault and fault.act.endswith(str(line.id))),
    )  # fmt: skip


def _promise(request: Visit, part: Part, told: PromiseLine, names: Mapping[int, str], deadline: date) -> Row:
    say, language = words.saying(request), language_of(request)
    return {
        "unit": Cell(names[told.unit], note=say(f"reinforcing.part.{part.value}")),
        "left": formats.count(told.left, language),
        "before": _finish(request, told.finish_before, told.cautious_before, told.late_before, deadline),
        "after": _finish(request, told.finish_after, told.cautious_after, told.late_after, deadline),
        "served": Cell(
            formats.count(told.served_with, language),
            note=say("reinforcing.without", count=formats.count(told.served_without, language)),
        ),
    }


def _finish(request: Visit, finish: date | None, cautious: date | None, late: int, deadline: date) -> Cell:
    """Return a finish with its range: from the pace seen to the cautious end."""
    say, language = words.saying(request), language_of(request)
    if finish is None:
        told = say("reinforcing.late", count=formats.count(late, language), day=formats.day(deadline))
        return Cell("", badge=Badge(say("reinforcing.missed"), "bad"), note=told)
    if cautious is None:
        return Cell(formats.day(finish), note=say("reinforcing.may_miss"))
    return Cell(formats.day(finish), note=say("reinforcing.cautious", day=formats.day(cautious)))


def _gain(request: Visit, line: ReinforcementLine) -> Badge:
    """Return the days gained, at least so many where it would never be done; where none are, the people."""
    say, language, told = words.saying(request), language_of(request), line.promises[Part.RECEIVER]
    if not line.gained:
        return Badge(say("reinforcing.more", count=formats.count(told.late_before - told.late_after, language)), "good")
    least = "gained" if told.finish_before else "gained_least"
    return Badge(say(f"reinforcing.{least}", days=formats.count(line.gained, language)), "good")


def _forms(request: Visit, line: ReinforcementLine, fault: Fault | None) -> list[Form]:
    ask, no = Asked(request, f"accept-{line.id}", fault), Asked(request, f"decline-{line.id}", fault)
    reason = ask.field("reason", ask.say("reinforcing.reason"), ask.say("reinforcing.usual"), required=True)
    why = no.field("reason", no.say("reinforcing.why_not"), required=True)
    return [
        ask.form(ask.say("reinforcing.decide"), [reason], ask.say("reinforcing.accept")),
        no.form(no.say("reinforcing.or_decline"), [why], no.say("reinforcing.decline"), kind="danger", folded=True),
    ]


def _decided(request: Visit, found: Sequence[ReinforcementLine], names: Mapping[int, str]) -> Table:
    say = words.saying(request)
    columns = [Column(one, say(f"reinforcing.decided.{one}")) for one in DECIDED]
    return Table(
        say("reinforcing.past"), columns, [_decision(request, one, names) for one in found], "",
        say("reinforcing.past_note"),
    )  # fmt: skip


def _decision(request: Visit, line: ReinforcementLine, names: Mapping[int, str]) -> Row:
    say = words.saying(request)
    when = formats.moment(line.decided_at) if line.decided_at else ""
    return {
        "what": Cell(names[line.receiver], note=what(say, line, names)),
        "decision": Cell(line.reason, note=f"{line.decided_by_name}, {when}"),
        "state": Cell("", badge=Badge(say(f"reinforcing.state.{line.state.value}"), TONES.get(line.state, "plain"))),
        **{part.value: _came(request, line, part) for part in Part},
    }


def _came(request: Visit, line: ReinforcementLine, part: Part) -> Cell:
    """Return what was promised of a unit, and beside it what came."""
    say, language = words.saying(request), language_of(request)
    promise, effect = line.promises.get(part), line.effects.get(part)
    if promise is None or line.state is State.DECLINED:
        return Cell(formats.NOTHING)
    told = formats.decimal(promise.served_with / line.days, 1, language)
    without = formats.decimal(promise.served_without / line.days, 1, language)
    words_ = [say("reinforcing.promised", pace=told, without=without)]
    if effect is None:
        finish = formats.day(promise.finish_after) if promise.finish_after else say("reinforcing.missed")
        return Cell(say("reinforcing.until", day=formats.day(line.last)), note=f"{words_[0]} · {finish}")
    words_ += _measured(say, effect)
    was = formats.decimal(effect.was, 1, language) if effect.was is not None else formats.NOTHING
    came = say("reinforcing.came", pace=formats.decimal(effect.came, 1, language), was=was)
    return Cell(came, note=" · ".join(words_))


def _measured(say: Say, effect: EffectLine) -> list[str]:
    """Return how the forecast of the finish moved, where both are known."""
    if effect.finish_before is None or effect.finish_after is None:
        return []
    before, after = formats.day(effect.finish_before), formats.day(effect.finish_after)
    return [say("reinforcing.forecast", before=before, after=after)]
