"""The kits of a unit: where each stands now, its state, its rate and by whose word; and the crews."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.plan import queries
from muster.plan.queries import CrewLine, KitLine
from muster.plan.words import Post
from muster.ui.parts import Badge, Cell, Column, Row, Table, Tone
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import where

TONES: dict[str, Tone] = {"ready": "good", "broken": "bad", "retired": "plain"}


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show kits and crews."""
    unit = where.unit_asked(request)
    kits, crews = queries.kits(unit.id, campaign_time(request)), queries.crews(unit.id, campaign_day(request))
    values = where.frame(request, "kits", unit) | {"kits": _kits(request, kits), "crews": _crews(request, crews)}
    return render(request, "plan/kits.html", values)


def _kits(request: Visit, kits: list[KitLine]) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [
        Column("code", say("plan.kit")),
        Column("state", say("plan.state")),
        Column("unit", say("plan.held_by")),
        Column("now", say("plan.works_now")),
        Column("rate", say("plan.rate"), numeric=True),
        Column("source", say("plan.source")),
    ]
    rows: list[Row] = [
        {
            "code": kit.code,
            "state": Cell("", badge=Badge(say(f"plan.kit_state.{kit.state}"), TONES[kit.state])),
            "unit": kit.unit_name,
            "now": kit.venue_name or formats.NOTHING,
            "rate": formats.count(kit.rate, language),
            "source": Cell(kit.source, note=say("plan.assumed") if kit.assumed else ""),
        }
        for kit in kits
    ]
    return Table(say("plan.kits_of", count=formats.count(len(kits), language)), columns, rows, say("plan.no_kits"))


def _crews(request: Visit, crews: list[CrewLine]) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [Column("name", say("plan.crew")), Column("unit", say("plan.unit"))]
    columns += [Column(post.value, say(f"plan.post.{post}")) for post in Post]
    rows: list[Row] = [
        {
            "name": crew.name,
            "unit": crew.unit_name,
            **{post.value: ", ".join(name for held, _, name in crew.members if held == post) for post in Post},
        }
        for crew in crews
    ]
    return Table(say("plan.crews_of", count=formats.count(len(crews), language)), columns, rows, say("plan.no_crews"))
