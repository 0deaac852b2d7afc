"""Make a plan: change one thing and see when it finishes, and how far that is from the best possible."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.plan import operations, queries
from muster.plan.drafting import Asked, Drafted, draft
from muster.plan.queries import ScenarioLine
from muster.survey.queries import CampaignLine
from muster.ui import charts
from muster.ui.parts import Badge, Cell, Column, Error, Field, Row, Table, Tile, Tone
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import where

MAKE, ADOPT = "plan.make", "plan.adopt"
LONGEST, MOST_KITS, MOST_PER_CENT = 400, 500, 400
TONES: dict[str, Tone] = {"draft": "info", "adopted": "good", "replaced": "plain"}


class OutOfRange(Refusal):
    """Kits, rates and days are tried within bounds."""

    code = "out_of_range"
    vi = "Thiết bị thêm từ −500 đến 500, năng suất từ 1 đến 400 %, thời hạn sau ngày đầu và trong vòng 400 ngày."
    en = "Kits on top from −500 to 500, rates from 1 to 400 %, a deadline after the first day and within 400 days."


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show what a change would do; keep it as a scenario when asked to."""
    unit = where.unit_asked(request)
    where.require(request, MAKE, unit)
    values, campaign = where.frame(request, "make", unit), where.campaign_of(unit)
    if campaign is None:
        return render(request, "plan/make.html", values | {"fields": []})
    asked, fields, error = _asked(request, unit, campaign)
    drafted = draft(asked) if asked and asked.due and asked.kits else None
    if request.method == "POST" and asked:
        name = request.POST.get("name", "").strip() or formats.moment(campaign_time(request))
        operations.make_plan(
            id=new_id(), campaign=campaign.id, unit=unit.id, name=name, asked=asked,
            by=acting(request, Purpose.COMMAND), at=campaign_time(request),
        )  # fmt: skip
        return HttpResponseRedirect(where.address("make", unit))
    values |= {"fields": fields, "error": error, "asked": request.GET.urlencode(), "told": _told(request, asked)}
    values |= (
        {"tiles": [*_tiles(request, drafted), _crewed(request, unit, drafted)], "chart": _chart(request, drafted)}
        if drafted
        else {"tiles": []}
    )
    values["scenarios"] = _scenarios(request, queries.scenarios(unit.id))
    values["adoptable"] = _adoptable(request, unit)
    return render(request, "plan/make.html", values)


@require_POST
def adopt(request: Visit) -> HttpResponse:
    """Let a scenario become sessions."""
    typed = request.POST.get("scenario", "")
    try:
        line = queries.scenario(UUID(typed))
    except ValueError:
        line = None
    if line is None:
        raise Http404
    unit = where.unit_asked(request)
    if line.unit != unit.id:
        raise Http404
    where.require(request, ADOPT, unit)
    operations.adopt_plan(scenario=line.id, by=acting(request, Purpose.COMMAND), at=campaign_time(request))
    return HttpResponseRedirect(where.address("week", unit, day=line.first_day))


def _asked(request: Visit, unit: Unit, campaign: CampaignLine) -> tuple[Asked | None, list[Field], Error | None]:
    """Return what is tried, the fields by which it is changed, and what is wrong with them."""
    say = words.saying(request)
    tomorrow = campaign_day(request) + timedelta(days=1)
    first, wrong = where.day_typed(request, "first", max(tomorrow, campaign.starts))
    last, wrong_last = where.day_typed(request, "last", max(campaign.ends - timedelta(days=1), first))
    more, share = _number(request, "more", 0), _number(request, "share", 100)
    refusal = wrong or wrong_last
    if more is None or share is None or not _in_range(more, share, (last - first).days):
        refusal = refusal or OutOfRange()
    fields = [
        Field("first", say("plan.first_day"), request.GET.get("first") or formats.day(first), inputmode="numeric"),
        Field("last", say("plan.deadline"), request.GET.get("last") or formats.day(last), inputmode="numeric"),
        Field("more", say("plan.more_kits"), request.GET.get("more", "0"), hint=say("plan.more_hint")),
        Field("share", say("plan.share"), request.GET.get("share", "100"), hint=say("plan.share_hint")),
    ]
    if refusal or more is None or share is None:
        return None, fields, words.error(request, refusal or OutOfRange())
    due = queries.due_by_commune(campaign.id, unit.id)
    asked = queries.asked(unit=unit.id, first_day=first, last_day=last, due=due, more=more, per_cent=share)
    return asked, fields, None


def _number(request: Visit, name: str, otherwise: int) -> int | None:
    typed = request.GET.get(name, "").strip().replace("−", "-")
    try:
        return int(typed) if typed else otherwise
    except ValueError:
        return None


def _in_range(more: int, share: int, days: int) -> bool:
    return abs(more) <= MOST_KITS and 0 < share <= MOST_PER_CENT and 0 <= days <= LONGEST


def _told(request: Visit, asked: Asked | None) -> str:
    if asked is None:
        return ""
    say, language = words.saying(request), language_of(request)
    return say(
        "plan.made_of",
        people=formats.count(sum(one.any_time + one.late for one in asked.due), language),
        late=formats.count(sum(one.late for one in asked.due), language),
        communes=formats.count(len(asked.due), language),
        kits=formats.count(len(asked.kits), language),
        rate=formats.count(sum(kit.rate for kit in asked.kits) // max(len(asked.kits), 1), language),
        assumed=formats.count(sum(kit.assumed for kit in asked.kits), language),
    )


def _tiles(request: Visit, drafted: Drafted) -> list[Tile]:
    say, language = words.saying(request), language_of(request)
    plan, people = drafted.plan, drafted.problem.people
    late = drafted.finish is None
    gap = formats.NOTHING if drafted.gap is None else say("plan.days", count=formats.count(drafted.gap, language))
    longer = (plan.service_days - drafted.bound.service_days) / max(people, 1)
    return [
        Tile(
            say("plan.finish"),
            formats.day(drafted.finish) if drafted.finish else say("plan.not_in_time"),
            say("plan.served_of", share=formats.share(plan.served, people, 1, language)),
            "bad" if late else "good",
        ),
        Tile(say("plan.bound"), formats.day(drafted.bound_finish), say("plan.bound_base")),
        Tile(say("plan.gap"), gap, say("plan.gap_base", days=formats.decimal(longer, 1, language))),
        Tile(say("plan.transfers"), formats.count(plan.transfers, language), say("plan.transfers_base")),
    ]


def _crewed(request: Visit, unit: Unit, drafted: Drafted) -> Tile:
    """Return for how many kits in shifts a crew is free and rested: the plan of kits does not ask for people."""
    say, (there, wanted) = words.saying(request), queries.crewed(unit.id, drafted)
    figure = formats.share(there, wanted, 0, language_of(request))
    return Tile(say("plan.crewed"), figure, say("plan.crewed_base"), "good" if there == wanted else "warn")


def _chart(request: Visit, drafted: Drafted) -> charts.Chart:
    say, language = words.saying(request), language_of(request)
    counts = drafted.served_by_day()
    last = max((day for day, count in enumerate(counts) if count), default=0) + 1
    first = drafted.asked.first_day
    labels = [f"{first + timedelta(days=day):%d/%m}" for day in range(last)]
    series = [charts.Series(say("plan.served_a_day"), counts[:last])]
    title = say("plan.by_day")
    return charts.chart(title, lambda size: charts.stacked(title, title, labels, series, language, size))


def _scenarios(request: Visit, lines: Sequence[ScenarioLine]) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [
        Column("name", say("plan.scenario")),
        Column("state", say("plan.state")),
        Column("from", say("plan.first_day")),
        Column("finish", say("plan.finish")),
        Column("gap", say("plan.gap"), numeric=True),
        Column("served", say("plan.served"), numeric=True),
    ]
    rows: list[Row] = [
        {
            "name": Cell(line.name, note=formats.moment(line.made_at)),
            "state": Cell("", badge=Badge(say(f"plan.scenario_state.{line.state}"), TONES[line.state])),
            "from": formats.day(line.first_day),
            "finish": formats.day(line.finish) if line.finish else say("plan.not_in_time"),
            "gap": formats.NOTHING if line.gap is None else formats.count(line.gap, language),
            "served": formats.share(line.served, line.people, 1, language),
        }
        for line in lines
    ]
    return Table(say("plan.scenarios"), columns, rows, say("plan.no_scenarios"))


def _adoptable(request: Visit, unit: Unit) -> list[tuple[str, str]]:
    if not where.allowed(request, ADOPT, unit):
        return []
    drafts = [one for one in queries.scenarios(unit.id) if one.state == "draft" and one.unit == unit.id]
    return [(str(one.id), one.name) for one in drafts]
