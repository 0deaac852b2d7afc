"""The counts of any unit of one's area: the total, day by day, and unit by unit below; as known at any moment."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.events import queries as journal
from muster.events.journal import AgeBand
from muster.events.queries import DayCount, Side, UnitCounts
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.errors import Refusal
from muster.people.rights import NotAllowed, may
from muster.ui import charts
from muster.ui.parts import Cell, Column, Error, Field, Link, Row, Table, Tile
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web import files
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.command.question import Question, metric_in_words, metrics, read
from muster.web.language import language_of

RIGHT = "counts.read"
LONGEST_CHART = 400  # days; a longer time is shown in the table alone


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the counts that were asked for."""
    question, faults = read(request.GET.dict(), _unit(request))
    below = _below(request, question)
    return render(request, "command/counts.html", _values(request, question, faults, below))


@require_GET
def table_csv(request: Visit) -> HttpResponse:
    """Give the table of units below as a file, with the figures of the page to the digit.

    :raises Refusal: a field cannot be read; a file has no place to say so
    """
    question, faults = read(request.GET.dict(), _unit(request))
    for refusal in faults.values():
        raise refusal
    metric, side = ".".join(question.metric), question.side.value
    rows: list[list[object]] = [[question.unit.code, str(question.unit), metric, side, _total(question)]]
    for unit, counted in _below(request, question):
        rows.append([unit.code, str(unit), metric, side, counted.counts[question.metric]])
    written = files.as_csv(["code", "unit", "metric", "side", "count"], rows)
    return files.attached(written, files.CSV, f"counts-{question.unit.code}.csv")


def _unit(request: Visit) -> Unit:
    """Return the unit asked for, one's own without; within one's area only.

    :raises NotAllowed: the unit is not there, or not in one's area
    """
    grants, officer = request.officer_grants, request.officer
    asked = request.GET.get("unit", "")
    own = officer.unit if officer else None
    unit = units.by_number(asked) if asked.isdecimal() else own
    if grants is None or unit is None or not may(grants, RIGHT, unit.ancestors, Purpose.COMMAND):
        raise NotAllowed(action=RIGHT)
    return unit


def _total(question: Question) -> int:
    return journal.count(
        unit=question.unit.id, metrics=[question.metric], side=question.side, days=question.days, bands=question.bands,
        known_at=question.known_at,
    )  # fmt: skip


def _by_day(question: Question) -> list[DayCount]:
    return journal.series(
        unit=question.unit.id, metrics=[question.metric], side=question.side, days=question.days, bands=question.bands,
        known_at=question.known_at,
    )  # fmt: skip


def _below(request: Visit, question: Question) -> list[tuple[Unit, UnitCounts]]:
    """Return the units right below with their counts, the highest first."""
    children = {unit.id: unit for unit in units.children(question.unit.id, campaign_day(request))}
    counted = journal.table(
        units=list(children), metrics=[question.metric], side=question.side, days=question.days, bands=question.bands,
        known_at=question.known_at,
    )  # fmt: skip
    ranked = sorted(counted, key=lambda one: (-one.counts[question.metric], children[one.unit].code))
    return [(children[one.unit], one) for one in ranked]


def _values(
    request: Visit, question: Question, faults: dict[str, Refusal], below: Sequence[tuple[Unit, UnitCounts]]
) -> dict[str, object]:
    total = _total(question)
    errors = {name: words.error(request, refusal) for name, refusal in faults.items()}
    return {
        "unit": str(question.unit),
        "trail": _trail(request, question),
        "fields": _fields(request, question, errors),
        "faults": list(errors.items()),
        "own": question.unit.id,
        "tile": _tile(request, question, total),
        "chart": _chart(request, question),
        "table": _table(request, question, total, below),
        "csv": question.address(reverse("command:counts_csv")) if below and not faults else "",
    }


def _trail(request: Visit, question: Question) -> list[Link]:
    """Return the units above that one may ask about, and this one."""
    grants = request.officer_grants
    shown = [
        unit
        for unit in units.ancestors(question.unit)
        if grants and may(grants, RIGHT, unit.ancestors, Purpose.COMMAND)
    ]
    page = reverse("command:counts")
    return [Link(question.address(page, unit.id), str(unit), here=unit.id == question.unit.id) for unit in shown]


def _fields(request: Visit, question: Question, errors: dict[str, Error]) -> list[Field]:
    say, typed = words.saying(request), question.typed
    bands = [("", say("counts.all_ages")), *((str(int(band)), _band(say, band)) for band in AgeBand)]
    sides = [(side.value, say(f"counts.side.{side.value}")) for side in (Side.RESIDENCE, Side.DONE)]
    return [
        Field("metric", say("counts.metric"), typed["metric"], kind="select", options=metrics(say, journal.metrics())),
        Field("side", say("counts.side_label"), typed["side"], kind="select", options=sides),
        Field("band", say("counts.band"), typed["band"], kind="select", options=bands),
        Field("first", say("counts.first"), typed["first"], error=errors.get("first"), inputmode="numeric"),
        Field("last", say("counts.last"), typed["last"], error=errors.get("last"), inputmode="numeric"),
        Field("known", say("counts.known"), typed["known"], hint=say("counts.known_hint"), error=errors.get("known")),
    ]


def _band(say: words.Say, band: AgeBand) -> str:
    return say(f"counts.band_{band.name.lower()}")


def _tile(request: Visit, question: Question, total: int) -> Tile:
    say = words.saying(request)
    told = [say(f"counts.side.{question.side.value}")]
    if question.typed["first"] or question.typed["last"]:
        ends = (question.typed["first"] or formats.NOTHING, question.typed["last"] or formats.NOTHING)
        told.append(say("counts.between", first=ends[0], last=ends[1]))
    if question.band is not None:
        told.append(_band(say, question.band))
    if question.known_at:
        told.append(say("counts.as_known", at=formats.moment(question.known_at)))
    figure = formats.count(total, language_of(request))
    return Tile(metric_in_words(say, question.metric), figure, " · ".join(told))


def _chart(request: Visit, question: Question) -> charts.Chart | None:
    """Return the count of every day from the first to the last on which there was any; none for a single day."""
    say, language = words.saying(request), language_of(request)
    counted = {row.work_day: row.n for row in _by_day(question)}
    days = _every_day(min(counted), max(counted)) if counted else []
    if not 1 < len(days) <= LONGEST_CHART:
        return None
    title, labels = say("counts.by_day"), [f"{day:%d/%m}" for day in days]
    series = [charts.Series(metric_in_words(say, question.metric), [counted.get(day, 0) for day in days])]
    told = say("counts.by_day_told", first=formats.day(days[0]), last=formats.day(days[-1]))
    return charts.chart(title, lambda size: charts.stacked(title, told, labels, series, language, size))


def _every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


def _table(request: Visit, question: Question, total: int, below: Sequence[tuple[Unit, UnitCounts]]) -> Table:
    say, language, page = words.saying(request), language_of(request), reverse("command:counts")
    columns = [
        Column("unit", say("counts.unit")),
        Column("place", say("counts.place"), numeric=True),
        Column("count", say("counts.count"), numeric=True),
        Column("share", say("counts.share"), numeric=True),
    ]
    rows: list[Row] = []
    for place, (unit, counted) in enumerate(below, 1):
        n = counted.counts[question.metric]
        rows.append(
            {
                "place": str(place),
                "unit": Cell(str(unit), href=question.address(page, unit.id), note=unit.code),
                "count": formats.count(n, language),
                "share": formats.percent(n, total, 1, language),
            }
        )
    caption = say("counts.table", unit=str(question.unit), count=formats.count(total, language))
    return Table(caption, columns, rows, say("counts.none_below"))
