"""When units are done, as forecasts told it: the page in two readings with ranges, how right they were, the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isinf
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.audit import operations as audit
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.reporting import queries
from muster.reporting.queries import Horizon, HowRight, Told
from muster.reporting.words import Figure
from muster.survey.queries import CampaignLine
from muster.ui import charts
from muster.ui.parts import Badge, Cell, Column, Field, Link, Row, Table
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web import files
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.language import language_of
from muster.web.reports import sheet as sheets

COLUMNS = ("unit", "done", "rate_on", "finish", "range", "against")
FILE = ("code", "unit", "stage", "as_of", "done", "goal", "if_rate_stays", "if_like_others", "low", "high", "deadline")
RIGHT = ("took", "scored", "ours", "planned", "seven", "month", "held")
ENDLESS = "∞"
BEYOND = timedelta(days=21)  # that the picture shows beyond the last finish or the deadline


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: a unit with those right below it, a stage, and what was told up to which day."""

    unit: Unit
    campaign: CampaignLine | None
    stage: Figure
    days: Sequence[date]
    day: date | None
    children: Sequence[Unit]

    def address(self, name: str, unit: int | None = None) -> str:
        """Return the address of a page that asks the same, perhaps of another unit."""
        day = self.day.isoformat() if self.day else ""
        return f"{reverse(name)}?{urlencode({'unit': unit or self.unit.id, 'stage': self.stage.value, 'day': day})}"


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show when a unit and those right below it are done with a stage, and how right such forecasts have been."""
    asked, say = _asked(request), words.saying(request)
    above = [one for one in units.ancestors(asked.unit) if sheets.may_do(request, sheets.READ, one.ancestors)]
    stages = [(one.value, say(f"reports.figure.{one.value}")) for one in queries.STAGES]
    days = [(one.isoformat(), formats.day(one)) for one in asked.days]
    values = {
        "unit": str(units.title(asked.unit.id, campaign_time(request).date())),
        "own": asked.unit.id,
        "trail": [
            Link(asked.address("command:outlook", one.id), str(one), here=one.id == asked.unit.id) for one in above
        ],
        "campaign": asked.campaign.name if asked.campaign else "",
        "day": formats.day(asked.day) if asked.day else "",
        "fields": [
            Field("stage", say("outlook.stage"), asked.stage.value, kind="select", options=stages),
            Field("day", say("outlook.day"), asked.day.isoformat() if asked.day else "", kind="select", options=days),
        ],
        "xlsx": asked.address("command:outlook_xlsx"),
        "board": f"{reverse('command:board')}?{urlencode({'unit': asked.unit.id})}",
        **_figures(request, asked),
    }
    return render(request, "command/outlook.html", values)


def _figures(request: Visit, asked: Asked) -> dict[str, object]:
    """Return what depends on something having been told: the fan, the stages, those below, how right it was."""
    if asked.campaign is None or asked.day is None:
        return {"tables_of": [], "chart": None}
    campaign, say = asked.campaign, words.saying(request)
    numbers = [asked.unit.id, *(one.id for one in asked.children)]
    names = {one: str(title) for one, title in units.titles(numbers, asked.day).items()}
    deadlines = queries.deadlines(campaign, numbers, asked.stage)
    told = queries.told(campaign.id, numbers, asked.stage, asked.day)
    own = next((one for one in told if one.unit == asked.unit.id), None)
    tables = [_stages(request, asked, campaign)]
    if told:
        right = queries.how_right(campaign.id, asked.unit.id, asked.stage)
        links = {one.id: asked.address("command:outlook", one.id) for one in asked.children}
        tables.append(table(request, told, names, deadlines, right, links))
    rows = [_right(request, one) for one in queries.right_by_horizon(campaign.id, asked.unit.id, asked.stage)]
    columns = [Column(one, say(f"outlook.column.{one}"), numeric=True) for one in RIGHT]
    none, note = say("briefing.forecast.none_scored"), say("outlook.right_note")
    tables.append(Table(say("outlook.right"), columns, rows, none, note))
    fan = _fan(request, asked, campaign, own, deadlines[asked.unit.id]) if own else None
    return {"tables_of": tables, "chart": fan}


def table(
    request: Visit,
    told: Sequence[Told],
    names: Mapping[int, str],
    deadlines: Mapping[int, date],
    right: HowRight,
    links: Mapping[int, str] | None = None,
) -> Table:
    """Return what was told last of when units are done, and how right such forecasts have been."""
    say, language = words.saying(request), language_of(request)
    columns = [Column(one, say(f"briefing.forecast.{one}"), numeric=one != "unit") for one in COLUMNS]
    note = say("briefing.forecast.none_scored")
    if right.scored and right.error is not None:
        error = formats.decimal(100 * right.error, 0, language)
        held = formats.share(right.held, right.scored, 0, language)
        note = say("briefing.forecast.right", scored=right.scored, error=error, held=held)
    caption = say("briefing.forecast.caption", day=formats.day(max(one.day for one in told)))
    rows = [
        _row(request, one, Cell(names[one.unit], href=(links or {}).get(one.unit, "")), deadlines[one.unit])
        for one in told
    ]
    return Table(caption, columns, rows, note=note)


def _row(request: Visit, one: Told, title: Cell, deadline: date) -> Row:
    say, language = words.saying(request), language_of(request)
    late = (one.finish - deadline).days if one.finish else None
    badge = None
    if late is not None:
        told = say(f"briefing.forecast.{'late' if late > 0 else 'in_time' if late else 'on_day'}", days=abs(late))
        badge = Badge(told, "bad" if late > 0 else "good")
    done = one.done >= one.goal
    high = formats.day(one.high) if one.high else say("briefing.forecast.open")
    return {
        "unit": title,
        "done": formats.share(one.done, one.goal, 1, language),
        "rate_on": say("board.done") if done else formats.day(one.rate_on),
        "finish": say("board.done") if done else formats.day(one.finish),
        "range": f"{formats.day(one.low)} – {high}" if one.low and not done else formats.NOTHING,
        "against": Cell("", badge=badge) if badge and not done else "",
    }


def _stages(request: Visit, asked: Asked, campaign: CampaignLine) -> Table:
    """Return what was told of each stage of the unit itself."""
    say, day = words.saying(request), asked.day or campaign.last
    columns = [Column("unit", say("outlook.stage"))]
    columns += [Column(one, say(f"outlook.stage_column.{one}"), numeric=True) for one in COLUMNS[1:]]
    rows: list[Row] = []
    for stage in queries.STAGES:
        deadline = queries.deadlines(campaign, [asked.unit.id], stage)[asked.unit.id]
        name = Cell(say(f"reports.figure.{stage.value}"))
        told = queries.told(campaign.id, [asked.unit.id], stage, day)
        rows += [_row(request, one, name, deadline) for one in told]
    return Table(say("outlook.stages"), columns, rows, say("outlook.none"), say("outlook.note"))


def _right(request: Visit, one: Horizon) -> Row:
    say, language = words.saying(request), language_of(request)

    def error(of: float) -> str:
        return ENDLESS if isinf(of) else f"{formats.decimal(100 * of, 0, language)}%"

    best = one.ours <= min(one.planned, one.seven, one.month)
    return {
        "took": say("outlook.upto", days=one.upto) if one.upto else say("outlook.beyond"),
        "scored": formats.count(one.scored, language),
        "ours": Cell(error(one.ours), badge=Badge(say("outlook.best"), "good") if best else None),
        **{rule: error(getattr(one, rule)) for rule in ("planned", "seven", "month")},
        "held": formats.share(one.held, one.scored, 0, language),
    }


def _fan(request: Visit, asked: Asked, campaign: CampaignLine, own: Told, deadline: date) -> charts.Chart | None:
    """Return the unit's curve so far and from there a line to each day that was told: early, middle, late.

    A line to a day far off leaves the picture; its name says which day.
    """
    if own.finish is None or own.low is None:
        return None
    say, language, start = words.saying(request), language_of(request), campaign.starts
    curve = [done for _, done in queries.stage_curve(campaign, asked.unit.id, asked.stage, own.day)[1:]]
    ends = max(one for one in (own.finish, own.rate_on, deadline) if one) + BEYOND
    labels = [f"{start + timedelta(days=n):%d/%m}" for n in range((ends - start).days + 1)]

    def filled(values: list[int | None]) -> list[int | None]:
        return values + [None] * (len(labels) - len(values))

    def to(day: date) -> list[int | None]:
        whole, left = max((day - own.day).days, 1), own.goal - own.done
        line = [None] * (len(curve) - 1) + [round(own.done + left * n / whole) for n in range(whole + 1)]
        return filled(line[: len(labels)])

    ways = [("briefing.forecast.finish", own.finish), ("outlook.early", own.low), ("outlook.late", own.high),
            ("briefing.forecast.rate_on", own.rate_on)]  # fmt: skip
    series = [charts.Series(say(f"reports.figure.{asked.stage.value}"), filled([*curve]))]
    series += [charts.Series(f"{say(words_)}: {formats.day(day)}", to(day), dashed=True) for words_, day in ways if day]
    title = say("outlook.fan", unit=str(units.title(asked.unit.id, own.day)))
    done, finish = formats.share(own.done, own.goal, 1, language), formats.day(own.finish)
    told = say("outlook.fan_told", done=done, finish=finish, deadline=formats.day(deadline))
    return charts.chart(title, lambda size: charts.line(title, told, labels, series, language, size))


@require_GET
def table_xlsx(request: Visit) -> HttpResponse:
    """Give what the page shows of units and stages as a workbook; who took it stands in the audit."""
    asked = _asked(request)
    detail = f"{asked.unit.id} {asked.stage.value} {asked.day}"
    by, at = acting(request, Purpose.COMMAND), campaign_time(request)
    audit.record(by=by, at=at, action="reporting.export_forecast", detail=detail)
    written = files.as_workbook("forecast", FILE, lines(asked), {1: 28})
    return files.attached(written, files.XLSX, f"forecast-{asked.unit.code}-{asked.day or 'none'}.xlsx")


def lines(asked: Asked) -> list[list[str | int]]:
    """Return the rows of the file: each stage of the unit, and of those below the stage asked for; ISO days."""
    if asked.campaign is None or asked.day is None:
        return []
    campaign, day = asked.campaign, asked.day
    below = [one.id for one in asked.children]
    codes = {one.id: one.code for one in (asked.unit, *asked.children)}
    names = units.titles(list(codes), day)
    found: list[list[str | int]] = []
    for stage in queries.STAGES:
        numbers = [asked.unit.id, *(below if stage is asked.stage else ())]
        deadlines = queries.deadlines(campaign, numbers, stage)
        for one in queries.told(campaign.id, numbers, stage, day):
            days = (one.rate_on, one.finish, one.low, one.high, deadlines[one.unit])
            told = [value.isoformat() if value else "" for value in days]
            unit = [codes[one.unit], str(names[one.unit])]
            found.append([*unit, stage.value, one.day.isoformat(), one.done, one.goal, *told])
    return found


def _asked(request: Visit) -> Asked:
    """Return what was asked for; captures and the newest day that was told of, where nothing else was."""
    unit = sheets.unit_asked(request)
    campaign = sheets.campaign_of(unit)
    stage = next((one for one in queries.STAGES if one.value == request.GET.get("stage", "")), Figure.CAPTURED)
    days = queries.told_days(campaign.id, unit.id) if campaign else []
    day = next((one for one in days if one.isoformat() == request.GET.get("day", "")), days[0] if days else None)
    children = list(units.children(unit.id, day)) if day and unit.level != "commune" else []
    return Asked(unit, campaign, stage, days, day, children)
