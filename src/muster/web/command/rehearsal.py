"""A rehearsal beside the report it replays: what was done by when, how sure that is, and what it was played from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.people.rights import NotAllowed, may_anywhere
from muster.rehearsal import runs
from muster.rehearsal.campaign.band import Band
from muster.rehearsal.campaign.inputs import FREE, Told
from muster.rehearsal.campaign.rehearsing import Day, Rehearsal, curve, target
from muster.ui import charts
from muster.ui.parts import Badge, Cell, Column, Row, Table, Tile
from muster.web.accounts import words
from muster.web.accounts.visit import Visit
from muster.web.language import language_of

MOVES = ("received", "accepted", "produced", "handed_over")


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the rehearsal played last.

    :raises NotAllowed: somebody who reads no counts
    """
    if request.officer_grants is None or not may_anywhere(request.officer_grants, "counts.read", Purpose.COMMAND):
        raise NotAllowed(action="counts.read")
    latest = runs.latest()
    if latest is None:
        return render(request, "command/rehearsal.html", {"name": "", "told": "", "tiles": []})
    what, until, band = latest
    days = _lived(what, until)
    told = what.told
    values = {
        "name": told.en if language_of(request) == "en" else told.vi,
        "told": _told(request, what, until),
        "tiles": _tiles(request, what, days),
        "chart": _chart(request, what, days),
        "report": _report(request, what, days),
        "band": _band(request, what, band) if band else None,
        "inputs": _inputs(request, list(replace(told.inputs, kits=what.whole_kits).told())),
    }
    return render(request, "command/rehearsal.html", values)


def _lived(what: Rehearsal, until: datetime | None) -> list[Day]:
    """Return the days that have been played, the last one perhaps in part."""
    if until is None:
        return []
    inputs = what.told.inputs
    return [day for day in curve(what) if inputs.moment(day.day, 0, 0) <= until]


def _told(request: Visit, what: Rehearsal, until: datetime | None) -> str:
    say = words.saying(request)
    kits = formats.count(what.whole_kits, language_of(request))
    when = formats.moment(until) if until else formats.NOTHING
    return say("rehearsal.told", scale=str(what.scale), seed=what.seed, kits=kits, until=when)


def _tiles(request: Visit, what: Rehearsal, days: Sequence[Day]) -> list[Tile]:
    say, language, wanted = words.saying(request), language_of(request), target(what)
    last = days[-1] if days else None
    return [
        Tile(
            say(f"metric.dossier_{move}"),
            formats.count(getattr(last, move) if last else 0, language),
            say("rehearsal.of_target", share=formats.share(getattr(last, move) if last else 0, wanted, 1, language)),
        )
        for move in MOVES
    ]


def _chart(request: Visit, what: Rehearsal, days: Sequence[Day]) -> charts.Chart | None:
    if len(days) < 2:  # noqa: PLR2004 - one point is no line
        return None
    say, language, inputs = words.saying(request), language_of(request), what.told.inputs
    labels = [f"{day.day:%d/%m}" for day in days]
    planned = _planned(what, days)
    series = [charts.Series(say(f"rehearsal.{move}"), [getattr(day, move) for day in days]) for move in MOVES]
    series.append(charts.Series(say("rehearsal.plan"), planned, dashed=True))
    title = say("rehearsal.curves")
    told = say("rehearsal.curves_told", first=formats.day(inputs.first_day), last=formats.day(days[-1].day))
    return charts.chart(title, lambda size: charts.line(title, told, labels, series, language, size))


def _planned(what: Rehearsal, days: Sequence[Day]) -> list[int | None]:
    """Return the target spread evenly over the days until the deadline."""
    inputs, wanted = what.told.inputs, target(what)
    whole = (inputs.last_day - inputs.first_day).days + 1
    return [wanted * ((day.day - inputs.first_day).days + 1) // whole for day in days]


def _report(request: Visit, what: Rehearsal, days: Sequence[Day]) -> Table:
    """Return the report's two figures beside those of the rehearsal, at its scale."""
    say, language, inputs, wanted = words.saying(request), language_of(request), what.told.inputs, target(what)
    finished = next((day.day for day in days if day.received >= wanted), None)
    on = next((day.received for day in days if day.day == inputs.reported_on), None)
    scaled = round(inputs.reported * wanted / inputs.target)
    columns = [
        Column("what", say("rehearsal.what")),
        Column("report", say("rehearsal.by_report"), numeric=True),
        Column("scaled", say("rehearsal.at_scale"), numeric=True),
        Column("here", say("rehearsal.here"), numeric=True),
    ]
    rows: list[Row] = [
        {
            "what": say("rehearsal.target_by", day=formats.day(inputs.last_day)),
            "report": formats.count(inputs.target, language),
            "scaled": formats.count(wanted, language),
            "here": say("rehearsal.reached", day=formats.day(finished)) if finished else say("rehearsal.not_reached"),
        },
        {
            "what": say("rehearsal.done_on", day=formats.day(inputs.reported_on)),
            "report": formats.count(inputs.reported, language),
            "scaled": formats.count(scaled, language),
            "here": formats.count(on, language) if on is not None else say("rehearsal.not_played"),
        },
    ]
    return Table(say("rehearsal.report"), columns, rows)


def _band(request: Visit, what: Rehearsal, band: Band) -> Table:
    """Return the day of the target over many seeds, and what other numbers of kits would do to it."""
    say, language = words.saying(request), language_of(request)
    low, middle, high = (formats.day(day) if day else say("rehearsal.after") for day in band.finish())
    sums = [formats.count(one, language) for one in band.captured()]
    columns = [
        Column("kits", say("rehearsal.kits"), numeric=True),
        Column("seeds", say("rehearsal.seeds"), numeric=True),
        Column("reached", say("rehearsal.target_reached"), numeric=True),
        Column("by_report", say("rehearsal.done_on", day=formats.day(what.told.inputs.reported_on)), numeric=True),
    ]
    rows: list[Row] = [
        {
            "kits": formats.count(what.whole_kits, language),
            "seeds": str(len(band.runs)),
            "reached": Cell(middle, note=f"{low} – {high}"),
            "by_report": Cell(sums[1], note=f"{sums[0]} – {sums[2]}"),
        }
    ]
    rows += [
        {
            "kits": formats.count(run.kits, language),
            "seeds": "1",
            "reached": formats.day(run.finished) if run.finished else say("rehearsal.after"),
            "by_report": formats.count(run.by_report, language),
        }
        for run in sorted(band.beside, key=lambda run: run.kits)
    ]
    return Table(say("rehearsal.band"), columns, rows, note=say("rehearsal.band_note"))


def _inputs(request: Visit, inputs: Sequence[Told]) -> list[Table]:
    """Return what was taken from a source, and apart from it what was set free."""
    say, language = words.saying(request), language_of(request)
    columns = [
        Column("what", say("rehearsal.input")),
        Column("value", say("rehearsal.value"), numeric=True),
        Column("source", say("rehearsal.source")),
    ]
    tables = []
    for free in (False, True):
        rows: list[Row] = [
            {
                "what": one.en if language == "en" else one.vi,
                "value": Cell(_value(one, request), note=say(f"rehearsal.unit.{one.unit}") if one.unit else ""),
                "source": Cell("", badge=Badge(say("rehearsal.free"), "warn")) if free else one.source,
            }
            for one in inputs
            if (one.source == FREE) is free
        ]
        tables.append(Table(say("rehearsal.set_free" if free else "rehearsal.sourced"), columns, rows))
    return tables


def _value(one: Told, request: Visit) -> str:
    value, language = one.value, language_of(request)
    if one.unit.startswith("share"):
        return f"{formats.decimal(value * 100, 1, language)} %"
    if isinstance(value, float):
        return formats.decimal(value, 2 if value < 1 else 1, language)
    if isinstance(value, int):
        return formats.count(value, language)
    return formats.day(value) if hasattr(value, "year") else f"{value:%H:%M}"
