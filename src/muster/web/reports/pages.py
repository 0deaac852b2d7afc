"""One slot of a unit and those below it: state, figures, notes; sign, correct and certify in place."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.engines.plausibility import Finding
from muster.events.queries import Side
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import local
from muster.kernel.errors import Refusal
from muster.people.rights import scope
from muster.reporting import queries
from muster.reporting.moves import Step, steps_from
from muster.reporting.queries import ReportLine
from muster.reporting.words import BANDS, FIGURES, Cause, Figure, State
from muster.ui.parts import Badge, Cell, Column, Field, Happening, Link, Row, Table, Tile, Tone
from muster.units import queries as units
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.accounts.words import Say
from muster.web.language import language_of
from muster.web.reports import files
from muster.web.reports import sheet as sheets
from muster.web.reports.sheet import Sheet, may_do

TONES: dict[State, Tone] = {
    State.FROZEN: "info", State.LATE: "bad", State.SIGNED: "plain", State.CERTIFIED: "good", State.DISPUTED: "warn",
}  # fmt: skip
SHOWN = (Figure.CAPTURED, Figure.ACCEPTED, Figure.PRINTED, Figure.HANDED_OVER, Figure.RECEIVED_2, Figure.ACTIVATED_2)


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the slot that was asked for, the newest without."""
    return page(request)


def page(request: Visit, refusals: list[Refusal] | None = None) -> HttpResponse:
    """Return the page, with what was refused above it."""
    sheet = sheets.read(request)
    values = _frame(request, sheet) | {"refused": [words.error(request, one) for one in refusals or []]}
    if sheet.slot is not None:
        values |= _slot(request, sheet)
    return render(request, "reports/slot.html", values, status=422 if refusals else 200)


def address(sheet: Sheet, **more: object) -> str:
    """Return the address of this page about this slot and unit, or with other values."""
    asked = {"unit": sheet.unit.id, "slot": sheet.slot.id if sheet.slot else "", "side": sheet.side.value} | more
    return f"{reverse('reports:show')}?{urlencode({key: value for key, value in asked.items() if value != ''})}"


def _frame(request: Visit, sheet: Sheet) -> dict[str, Any]:
    say = words.saying(request)
    above = [one for one in units.ancestors(sheet.unit) if may_do(request, sheets.READ, one.ancestors)]
    return {
        "unit": sheet.title,
        "own_unit": sheet.unit.id,
        "slot": sheet.slot,
        "campaign": sheet.campaign.name if sheet.campaign else "",
        "trail": [Link(address(sheet, unit=one.id), str(one), here=one.id == sheet.unit.id) for one in above],
        "tabs": [
            Link(
                address(sheet, slot=one.id),
                f"{local(one.at):%H:%M %d/%m}",
                here=bool(sheet.slot and one.id == sheet.slot.id),
            )
            for one in sheet.slots
        ],
        "sides": [
            Link(address(sheet, side=side.value), say(f"counts.side.{side.value}"), here=side is sheet.side)
            for side in Side
        ],
        "timetable": _timetable(request, sheet),
        "next": say("reports.next", at=formats.moment(sheet.next)) if sheet.next else "",
    }


def _timetable(request: Visit, sheet: Sheet) -> dict[str, Any] | None:
    """Return the form of the hours at which a campaign reports, for who may set them."""
    if sheet.campaign is None or not may_do(request, "report.set", sheet.campaign.path):
        return None
    say, tomorrow = words.saying(request), campaign_day(request) + timedelta(days=1)
    hours = queries.hours(sheet.campaign.id, tomorrow)
    minutes = [str(term // timedelta(minutes=1)) for term in (hours.sign_within, hours.chase_every)]
    times = ", ".join(f"{one:%H:%M}" for one in hours.times)
    return {
        "campaign": sheet.campaign.id,
        "fields": [
            Field("times", say("reports.times"), times, hint=say("reports.times_hint")),
            Field("since", say("reports.since"), formats.day(tomorrow), inputmode="numeric"),
            Field("sign_within", say("reports.sign_within"), minutes[0], inputmode="numeric"),
            Field("chase_every", say("reports.chase_every"), minutes[1], inputmode="numeric"),
        ],
    }


def _slot(request: Visit, sheet: Sheet) -> dict[str, Any]:
    return {
        "told": _told(request, sheet),
        "tiles": _tiles(request, sheet) if sheet.own else [],
        "own": _own(request, sheet, sheet.own) if sheet.own else None,
        "table": _table(request, sheet),
        "odd": [(sheet.names[unit], [odd(request, one) for one in found]) for unit, found in sheet.odd.items()],
        "owing": _owing(request, sheet),
        "digest": files.digest(sheet),
        "csv": address(sheet).replace(reverse("reports:show"), reverse("reports:csv"), 1),
        "xlsx": address(sheet).replace(reverse("reports:show"), reverse("reports:xlsx"), 1),
        "board": f"{reverse('command:board')}?unit={sheet.unit.id}",
        "certify_all": _certifiable(request, sheet),
    }


def _told(request: Visit, sheet: Sheet) -> str:
    say, slot = words.saying(request), sheet.slot
    if slot is None:
        return ""
    late = say("reports.made_late", at=formats.moment(slot.frozen_at)) if slot.frozen_at > slot.sign_by else ""
    owed = say("reports.owed", count=len(sheet.owing)) if sheet.owing else ""
    told = say("reports.slot_told", at=formats.moment(slot.at), by=formats.hour(slot.sign_by), count=slot.reports)
    return " ".join(part for part in (told, owed, late) if part)


def _tiles(request: Visit, sheet: Sheet) -> list[Tile]:
    say, language, line = words.saying(request), language_of(request), sheet.own
    if line is None:
        return []
    tiles = []
    for figure in (one for one in SHOWN if one in queries.CURVES or line.reported(one, sheet.side)):
        total = line.reported(figure, sheet.side)
        base = say("reports.base", share=formats.share(total, line.due, 1, language))
        today = say("reports.today", count=formats.count(line.today(figure, sheet.side), language))
        tiles.append(Tile(say(f"reports.figure.{figure.value}"), formats.count(total, language), f"{today} · {base}"))
    return tiles


def badge(say: Say, line: ReportLine) -> Badge:
    """Return the state of a report as one word with its tone."""
    return Badge(say(f"reports.state.{line.state.value}"), TONES[line.state])


def _own(request: Visit, sheet: Sheet, line: ReportLine) -> dict[str, Any]:
    say = words.saying(request)
    able = steps_from(line.state)
    corrects = Step.CORRECT in able and may_do(request, "report.correct", line.path)
    return {
        "id": line.id,
        "badge": badge(say, line),
        "sign": Step.SIGN in able and may_do(request, "report.sign", line.path),
        "correct": _correction(request, sheet.side) if corrects else None,
        "note": Field("note", say("reports.note"), kind="area", hint=say("reports.note_hint")),
        "history": _history(request, sheet, line),
        "hash": line.hash.hex()[:16],
        "bands": _bands(request, sheet, line),
    }  # fmt: skip


def _correction(request: Visit, side: Side) -> list[Field]:
    say = words.saying(request)
    figures = [(one.value, say(f"reports.figure.{one.value}")) for one in FIGURES]
    bands = [(str(int(one)), say(f"counts.band_{one.name.lower()}")) for one in reversed(BANDS)]
    causes = [(one.value, say(f"reports.cause.{one.value}")) for one in Cause]
    sides = [(one.value, say(f"counts.side.{one.value}")) for one in Side]
    return [
        Field("figure", say("reports.figure_label"), kind="select", options=figures),
        Field("band", say("counts.band"), kind="select", options=bands),
        Field("side", say("counts.side_label"), side.value, kind="select", options=sides),
        Field("value", say("reports.value"), inputmode="numeric", hint=say("reports.value_hint"), required=True),
        Field("cause", say("reports.cause_label"), kind="select", options=causes),
        Field("why", say("reports.why"), required=True),
    ]


def _history(request: Visit, sheet: Sheet, line: ReportLine) -> list[Happening]:
    say, name = words.saying(request), sheet.people
    told: list[tuple[Any, Happening]] = []
    if line.signed:
        one = line.signed
        what = say("reports.did.signed_late" if one.late else "reports.did.signed")
        told.append((one.at, Happening(formats.moment(one.at), what, _by(name.get(one.officer), one.note))))
    for fix in line.corrections:
        figure = FIGURES[fix.place // (len(Side) * len(BANDS))]
        what = say("reports.did.corrected", figure=say(f"reports.figure.{figure.value}"), value=fix.value)
        told.append((fix.at, Happening(formats.moment(fix.at), what, _by(name.get(fix.officer), fix.why))))
    if line.said:
        last = line.said
        what = say("reports.did.certified" if last.certified else "reports.did.disputed")
        why = last.why and f"{say(f'reports.cause.{last.cause}')}: {last.why}"
        told.append((last.at, Happening(formats.moment(last.at), what, _by(name.get(last.officer), why))))
    return [happening for _, happening in sorted(told, key=lambda one: one[0])]


def _by(name: str | None, text: str) -> str:
    return " – ".join(part for part in (name or "", text) if part)


def _bands(request: Visit, sheet: Sheet, line: ReportLine) -> Table:
    """Return every figure by age band, frozen and as reported, on the side asked for."""
    say, language = words.saying(request), language_of(request)
    columns = [Column("figure", say("reports.figure_label"))]
    columns += [Column(band.name, say(f"counts.band_{band.name.lower()}"), numeric=True) for band in BANDS[1:]]
    columns += [Column(key, say(f"reports.{key}"), numeric=True) for key in ("total", "frozen", "certified")]
    rows: list[Row] = []
    for figure in FIGURES:
        row: dict[str, Cell | str] = {"figure": say(f"reports.figure.{figure.value}")}
        for band in BANDS[1:]:
            row[band.name] = formats.count(line.reported(figure, sheet.side, band), language)
        certified = line.certified(figure, sheet.side)
        row["total"] = formats.count(line.reported(figure, sheet.side), language)
        row["frozen"] = formats.count(line.frozen(figure, sheet.side), language)
        row["certified"] = formats.NOTHING if certified is None else formats.count(certified, language)
        rows.append(row)
    caption = say("reports.by_band", side=say(f"counts.side.{sheet.side.value}"))
    return Table(caption, columns, rows, note=say("reports.base_told", count=formats.count(line.due, language)))


def _table(request: Visit, sheet: Sheet) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [Column("unit", say("counts.unit")), Column("state", say("reports.state_label"))]
    columns += [Column("today", say("home.today"), numeric=True), Column("share", say("reports.share"), numeric=True)]
    shown = _shown(sheet)
    columns += [Column(one.value, say(f"reports.figure.{one.value}"), numeric=True) for one in shown]
    columns += [Column("certified", say("reports.certified"), numeric=True)]
    columns += [Column("note", say("reports.note"))]
    rows: list[Row] = [_row(request, sheet, line) for line in sheet.below]
    total: Row | None = None
    if sheet.below:
        summed = {one.value: formats.count(sheets.total(sheet, one), language) for one in shown}
        today = sum(line.today(Figure.CAPTURED, sheet.side) for line in sheet.below)
        certified = sum(line.certified(Figure.CAPTURED, sheet.side) or 0 for line in sheet.below)
        due = sum(line.due for line in sheet.below)
        total = {
            "unit": say("reports.sum_below"), "today": formats.count(today, language), **summed,
            "share": formats.share(sheets.total(sheet, Figure.CAPTURED), due, 1, language),
            "certified": formats.count(certified, language),
        }  # fmt: skip
    return Table(say("reports.below", unit=sheet.title), columns, rows, say("reports.none_below"), total=total)


def _shown(sheet: Sheet) -> list[Figure]:
    """Return the figures of the table: captured stands with its base, accounts only where there are any."""
    return [one for one in SHOWN[1:] if one in queries.CURVES or sheets.total(sheet, one)]


def _row(request: Visit, sheet: Sheet, line: ReportLine) -> Row:
    say, language, side = words.saying(request), language_of(request), sheet.side
    captured = line.reported(Figure.CAPTURED, side)
    certified = line.certified(Figure.CAPTURED, side)
    marks = [Badge(say("reports.odd_mark"), "bad")] if line.unit in sheet.odd else []
    note = line.signed.note if line.signed else ""
    if line.said and not line.said.certified and line.state is State.DISPUTED:
        note = f"{note} {say('reports.denied', why=line.said.why)}".strip()
    return {
        "unit": Cell(sheet.names[line.unit], href=address(sheet, unit=line.unit), note=sheet.codes[line.unit]),
        "state": Cell("", badge=badge(say, line)),
        "today": Cell(
            formats.count(line.today(Figure.CAPTURED, side), language), badge=marks[0] if marks else None
        ),
        **{one.value: formats.count(line.reported(one, side), language) for one in _shown(sheet)},
        "share": formats.share(captured, line.due, 1, language),
        "certified": formats.NOTHING if certified is None else formats.count(certified, language),
        "note": note,
    }  # fmt: skip


def odd(request: Visit, found: Finding) -> str:
    """Return what does not fit in words."""
    say, language = words.saying(request), language_of(request)
    told, can_be = (formats.count(round(number), language) for number in (found.told, found.can_be))
    return say(f"odd.{found.oddity.value}", told=told, can_be=can_be)


def _owing(request: Visit, sheet: Sheet) -> Table | None:
    """Return who has not signed, those asked furthest up the line first."""
    late = [line for line in sheet.owing if line.state is State.LATE]
    if not late:
        return None
    say = words.saying(request)
    columns = [Column("unit", say("counts.unit")), Column("state", say("reports.state_label"))]
    columns += [Column("chased", say("reports.chased"), numeric=True)]
    rows: list[Row] = [
        {
            "unit": Cell(sheet.names[line.unit], href=address(sheet, unit=line.unit)),
            "state": Cell("", badge=badge(say, line)),
            "chased": str(line.chased),
        }
        for line in late
    ]
    return Table(say("reports.owing", count=len(rows)), columns, rows)


def _certifiable(request: Visit, sheet: Sheet) -> dict[str, Any] | None:
    """Return the reports below that one may certify now, and the fields to deny one of them."""
    grants = request.officer_grants
    held = scope(grants, "report.certify", Purpose.COMMAND) if grants else frozenset()
    mine = [line for line in sheet.below if not held.isdisjoint(line.path[:-1]) and line.state is State.SIGNED]
    mine = [line for line in mine if line.signed and request.officer and line.signed.officer != request.officer.id]
    if not mine:
        return None
    say = words.saying(request)
    causes = [(one.value, say(f"reports.cause.{one.value}")) for one in Cause]
    return {
        "ids": [str(line.id) for line in mine],
        "label": say("reports.certify_all", count=len(mine)),
        "fields": [
            Field("report", say("counts.unit"), kind="select",
                  options=[(str(line.id), sheet.names[line.unit]) for line in mine]),
            Field("cause", say("reports.cause_label"), kind="select", options=causes),
            Field("why", say("reports.why"), required=True),
        ],
    }  # fmt: skip
