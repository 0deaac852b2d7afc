"""The ranking of units: several measures side by side, as they stood at the end of a work day; its file is the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.audit import operations as audit
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import local
from muster.plan import queries as plan
from muster.reporting import queries
from muster.reporting.queries import Ranked
from muster.survey.queries import CampaignLine
from muster.ui.parts import Badge, Cell, Column, Field, Link, Row, Table
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web import files, paging
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.accounts.words import Say
from muster.web.language import language_of
from muster.web.reports import sheet as sheets

EXPLAINED = "explanation.read"
LEVELS = ("province", "district", "commune")
NUMBERS = (
    "place", "moved", "captured", "target", "week", "due", "hard", "evening", "taken", "returned", "forced", "missing",
    "night", "impossible",
)  # fmt: skip
COLUMNS = ("unit", "share", "pace", "like", "week", "returned", "forced", "missing", "night", "finished")
FILE = ("code", "unit", *NUMBERS, "pace_percent", "like_percent", "finished_at", "in_command")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: below which unit, of which level, at the end of which day."""

    unit: Unit
    campaign: CampaignLine | None
    level: str
    days: Sequence[date]
    day: date | None
    found: Sequence[Ranked]

    def address(self, name: str, start: int = 0, unit: int | None = None) -> str:
        """Return the address of a page that asks the same, from a place on, perhaps of another unit."""
        typed = {"unit": unit or self.unit.id, "day": self.day.isoformat() if self.day else "", "from": start}
        level = {} if unit else {"level": self.level}
        return f"{reverse(name)}?{urlencode({key: one for key, one in (typed | level).items() if one})}"


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the ranking below a unit."""
    asked, start = _asked(request), paging.start_of(request)
    say = words.saying(request)
    above = [one for one in units.ancestors(asked.unit) if sheets.may_do(request, sheets.READ, one.ancestors)]
    levels = [(level, say(f"units.level.{level}")) for level in levels_below(asked.unit)]
    days = [(one.isoformat(), formats.day(one)) for one in asked.days]
    page = "command:ranking"
    values = {
        "unit": str(units.title(asked.unit.id, campaign_time(request).date())),
        "own": asked.unit.id,
        "trail": [Link(asked.address(page, unit=one.id), str(one), here=one.id == asked.unit.id) for one in above],
        "day": formats.day(asked.day) if asked.day else "",
        "campaign": asked.campaign.name if asked.campaign else "",
        "fields": [
            Field("level", say("units.level_label"), asked.level, kind="select", options=levels),
            Field("day", say("ranking.day"), asked.day.isoformat() if asked.day else "", kind="select", options=days),
        ],
        "table": table(request, asked, asked.found[start : start + paging.PAGE]) if asked.found else None,
        "pages": paging.pages(say, start, len(asked.found), lambda place: asked.address(page, place)),
        "explained": _explained(asked) if sheets.may_do(request, EXPLAINED, asked.unit.ancestors) else "",
        "csv": asked.address("command:ranking_csv"),
        "xlsx": asked.address("command:ranking_xlsx"),
    }
    return render(request, "command/ranking.html", values)


def _explained(asked: Asked) -> str:
    """Return the way to what the low units of a ranking explained."""
    return f"{reverse('explaining:show')}?{urlencode({'unit': asked.unit.id, 'day': asked.day or ''})}"


@require_GET
def table_csv(request: Visit) -> HttpResponse:
    """Give the whole ranking as CSV; who took it stands in the audit."""
    asked = _asked(request)
    return _taken(request, asked, files.as_csv(FILE, lines(asked)), files.CSV, "csv")


@require_GET
def table_xlsx(request: Visit) -> HttpResponse:
    """Give the whole ranking as a workbook; who took it stands in the audit."""
    asked = _asked(request)
    return _taken(request, asked, files.as_workbook("ranking", FILE, lines(asked), {1: 24}), files.XLSX, "xlsx")


def _taken(request: Visit, asked: Asked, written: bytes, kind: str, ending: str) -> HttpResponse:
    detail = f"{asked.unit.id} {asked.level} {asked.day} {len(asked.found)} {ending}"
    audit.record(
        by=acting(request, Purpose.COMMAND), at=campaign_time(request), action="reporting.export_ranking", detail=detail
    )
    return files.attached(written, kind, f"ranking-{asked.unit.code}-{asked.day or 'none'}.{ending}")


def levels_below(unit: Unit) -> list[str]:
    """Return the levels below a unit that are ranked; its own, where nothing is below."""
    first = LEVELS.index(unit.level) + 1 if unit.level in LEVELS else 0
    return list(LEVELS[first:] or LEVELS[-1:])


def _asked(request: Visit) -> Asked:
    """Return what was asked for; the newest day and the level right below, where nothing else was."""
    unit = sheets.unit_asked(request)
    campaign = sheets.campaign_of(unit)
    levels, typed = levels_below(unit), request.GET.get("level", "")
    level = typed if typed in levels else levels[0]
    days = queries.ranked_days(campaign.id) if campaign else []
    day = next((one for one in days if one.isoformat() == request.GET.get("day", "")), days[0] if days else None)
    return asked_of(unit, campaign, level, days, day)


def asked_of(
    unit: Unit, campaign: CampaignLine | None, level: str, days: Sequence[date], day: date | None
) -> Asked:  # fmt: skip
    """Return the ranking of a level below a unit at the end of a day; an empty one where there is no day."""
    found = queries.ranking(campaign=campaign, unit=unit.id, level=level, day=day) if campaign and day else []
    return Asked(unit, campaign, level, days, day, found)


def lines(asked: Asked) -> list[list[str | int | float]]:
    """Return the rows of the ranking's file; ``FILE`` names their columns."""
    numbers = [one.it.unit for one in asked.found]
    codes = dict(units.subtree(asked.unit.id).filter(id__in=numbers).values_list("id", "code"))
    names = units.titles(numbers, asked.day) if asked.day else {}
    held = plan.in_charge(numbers, asked.day) if asked.day else {}
    return [
        [codes[number], str(names[number]), *_figures(one), held.get(number, plan.InCharge()).name]
        for number, one in zip(numbers, asked.found, strict=True)
    ]


def _figures(one: Ranked) -> list[str | int | float]:
    told = {"place": one.place, "moved": one.moved}
    counts: list[str | int | float] = [told[name] if name in told else getattr(one.it, name) for name in NUMBERS]
    like = "" if one.like_share is None else round(100 * one.like_share, 1)
    return [*counts, round(100 * one.pace, 1), like, formats.moment(one.it.finished_at) if one.it.finished_at else ""]


def table(request: Visit, asked: Asked, shown: Sequence[Ranked]) -> Table:
    """Return some of the ranking as a page shows it."""
    say = words.saying(request)
    numeric = {"share", "pace", "like", "week", "returned", "forced", "missing", "night"}
    columns = [Column(one, say(f"ranking.column.{one}"), numeric=one in numeric) for one in COLUMNS]
    names = units.titles([one.it.unit for one in shown], asked.day) if asked.day else {}
    held = plan.in_charge([one.it.unit for one in shown], asked.day) if asked.day else {}
    rows = [_row(request, asked, one, str(names[one.it.unit]), held.get(one.it.unit)) for one in shown]
    return Table(say("ranking.table"), columns, rows, say("ranking.none"), say("ranking.note"))


def stamp(say: Say, at: datetime) -> str:
    """Return the day and the hour in which a target was reached; which minute a line let it through says nothing."""
    here = local(at)
    return say("ranking.stamp", hour=here.hour, day=formats.day(here.date()))


def _row(request: Visit, asked: Asked, one: Ranked, title: str, held: plan.InCharge | None) -> Row:
    say, language, it = words.saying(request), language_of(request), one.it
    moved = f"▲ {one.moved}" if one.moved > 0 else f"▼ {-one.moved}" if one.moved < 0 else ""
    like: dict[str, Any] = {
        "hard": say(f"ranking.hard_{one.like.hard}"),
        "evening": say(f"ranking.evening_{one.like.evening}"),
    }
    ahead = formats.NOTHING if one.ahead is None else f"{formats.decimal(100 * one.ahead, 1, language)}"
    odd = Badge(say("ranking.impossible", days=it.impossible), "bad") if it.impossible else None

    def share(part: int) -> str:
        return formats.share(part, it.taken, 1, language) if it.taken else formats.NOTHING

    return {
        "unit": Cell(
            f"{one.place}. {title}",
            href=asked.address("command:ranking", unit=it.unit),
            note=" · ".join(filter(None, [moved, say("command.told", name=held.name) if held and held.name else ""])),
        ),
        "share": Cell(formats.share(it.captured, it.target, 1, language), badge=odd),
        "pace": f"{formats.decimal(100 * one.pace, 0, language)}%",
        "like": Cell(ahead, note=say("ranking.like", units=one.like_units, **like)),
        "week": formats.count(it.week, language),
        "returned": share(it.returned),
        "forced": share(it.forced),
        "missing": share(it.missing),
        "night": share(it.night),
        "finished": stamp(say, it.finished_at) if it.finished_at else "",
    }
