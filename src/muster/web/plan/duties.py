"""The duties of a week: what nobody holds first, who is away and who stands in, the person-turns of each unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from muster.audit import operations as audit
from muster.engines.rostering import Diary, Spell
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import local, work_day, work_day_bounds
from muster.plan import operations, queries
from muster.plan.queries import AbsenceLine, Candidate, SessionLine
from muster.plan.rows import AbsenceMove, AbsenceRow
from muster.plan.words import AbsenceKind
from muster.reporting import queries as reports
from muster.ui.parts import Badge, Cell, Column, Row, Table
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web import files
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import where
from muster.web.plan.asking import Asked, Doing, Fault, Form, answer, done

TELL = "plan.absences"
SHOWN, NAMED = 40, 3  # duties that nobody holds; crews named for each
MOMENT = timedelta(microseconds=1)
MOVES = ("end", "withdraw")
FILE = ("what", "unit", "who", "since", "until", "stands_in", "state")
FIELDS = {
    "bad_absence": "last", "away_already": "first", "duty_has_begun": "first", "on_duty": "stand_in",
    "stands_in_for_nobody": "stand_in", "not_trained": "stand_in", "officer_absent": "stand_in",
    "officer_busy": "stand_in", "too_little_rest": "stand_in", "too_many_hours": "stand_in", "no_day_off": "stand_in",
    "ill_is_enough": "note", "note_too_long": "note", "unknown_officer": "officer", "not_then": "what",
    "unknown_absence": "absence",
}  # fmt: skip


class Lacking(NamedTuple):
    """A kit of a planned session that nobody works yet, and the crews that are free and rested for it."""

    session: SessionLine
    kit: str
    free: Sequence[str]


@dataclass(frozen=True, slots=True)
class Week:
    """What a page or a file tells of a unit's week."""

    unit: Unit
    first: date
    last: date
    lacking: Sequence[Lacking]
    away: Sequence[AbsenceLine]


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the week in which a day lies; tell of an absence, end or withdraw one when asked to."""
    week = _week(request)
    went, fault = answer(request, {"tell": _telling(request, week.unit), "change": _changing(request, week)}, FIELDS)
    if went:
        return went
    say, unit = words.saying(request), week.unit
    values = where.frame(request, "duties", unit) | {
        "title": say("duties.week", first=formats.day(week.first), last=formats.day(week.last)),
        "before": where.address("duties", unit, day=week.first - timedelta(days=7)),
        "after": where.address("duties", unit, day=week.first + timedelta(days=7)),
        "xlsx": f"{reverse('plan:duties_xlsx')}?unit={unit.id}&day={formats.day(week.first)}",
        "tables_of": [_lacking(request, week), _away(request, week), _turns(request, week)],
        "forms_of": _forms(request, week, fault) if where.allowed(request, TELL, unit) else [],
    }
    return render(request, "plan/duties.html", values, status=422 if fault else 200)


def _week(request: Visit) -> Week:
    unit = where.unit_asked(request)
    day, _ = where.day_typed(request, "day", work_day(campaign_time(request)))
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    return Week(unit, first, last, _nobody_holds(request, unit, first, last), queries.absences_of(unit.id, first, last))


def _nobody_holds(request: Visit, unit: Unit, first: date, last: date) -> list[Lacking]:
    """Return the kits of planned sessions to come that have no crew, the first session first."""
    now = campaign_time(request)
    lines = {
        one.id: one
        for one in queries.sessions(unit.id, first, last)
        if one.state == "planned" and one.ends_at > now and len(one.crews) < len(one.kits)
    }
    rows = queries.sessions_as_rows(list(lines))
    near, limits = where.around(request, unit), queries.limits()
    if not lines:
        return []
    roster = queries.roster(near.id, first, last)
    names = queries.crew_names(set(roster.crews))
    diaries = {crew: Diary(roster.held.get(crew, ())) for crew in roster.crews}
    found = []
    for line in sorted(lines.values(), key=lambda one: (one.starts_at, one.venue_name)):
        spell = Spell(line.starts_at, line.ends_at, line.work_day)
        free = [
            names[crew]
            for crew, diary in diaries.items()
            if roster.stands(crew, line.work_day) and diary.breach(spell, limits) is None
        ]
        codes = dict(zip(line.kit_ids, line.kits, strict=True))
        found += [Lacking(line, codes[stand.kit], free) for stand in rows[line.id].stands if stand.crew is None]
    return found


def _lacking(request: Visit, week: Week) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [Column(one, say(f"duties.column.{one}")) for one in ("when", "where", "lacks", "can")]
    rows: list[Row] = []
    for one in week.lacking[:SHOWN]:
        line = one.session
        hours = f"{formats.hour(line.starts_at)}–{formats.hour(line.ends_at)}"
        more = len(one.free) - NAMED
        named = ", ".join(one.free[:NAMED]) + (f" +{more}" if more > 0 else "")
        can = named or Cell("", badge=Badge(say("duties.nobody_free"), "warn"))
        rows.append(
            {
                "when": Cell(
                    f"{formats.weekday(line.work_day, language)} {line.work_day:%d/%m}", note=hours,
                    href=where.of_thing("session", line.id),
                ),
                "where": Cell(line.venue_name, note=line.unit_name),
                "lacks": say("duties.crew_of", kit=one.kit),
                "can": can,
            }
        )  # fmt: skip
    left = len(week.lacking) - SHOWN
    title = say("duties.open", count=formats.count(len(week.lacking), language))
    note = say("duties.more", count=formats.count(left, language)) if left > 0 else ""
    return Table(title, columns, rows, say("duties.covered"), note)


def _span(request: Visit, one: AbsenceLine) -> str:
    say = words.saying(request)
    first, last = local(one.starts_at), work_day(one.ends_at - MOMENT)
    return say("duties.until", first=formats.day(work_day(first)), last=formats.day(last))


def _away(request: Visit, week: Week) -> Table:
    say, language = words.saying(request), language_of(request)
    why = where.allowed(request, TELL, week.unit)  # others read who is away, not why
    named = ("officer", *(("kind",) if why else ()), "span", "stand_in", "state")
    titles = units.titles({one.unit for one in week.away}, week.first)
    columns = [Column(one, say(f"duties.column.{one}")) for one in named]
    rows: list[Row] = []
    for one in week.away:
        ended = one.state == "ended"
        rows.append(
            {
                "officer": Cell(one.name, note=str(titles[one.unit])),
                "kind": Cell(say(f"duties.kind.{one.kind}"), note=one.note),
                "span": _span(request, one),
                "stand_in": one.stand_in_name or Cell("", note=say("duties.nobody_stands_in")),
                "state": Cell("", badge=Badge(say(f"duties.state.{one.state}"), "good" if ended else "info")),
            }
        )
    title = say("duties.away", count=formats.count(len(rows), language))
    return Table(title, columns, rows, say("duties.nobody_away"))


def _turns(request: Visit, week: Week) -> Table:
    """Return the person-turns of the unit and those below it: of duty this week, of reinforcement in the campaign.

    A unit below that has neither is left out.
    """
    say, language, unit = words.saying(request), language_of(request), week.unit
    below = list(units.children(unit.id, week.first)) if unit.level != "commune" else []
    numbers = [unit.id, *(one.id for one in below)]
    turns, titles = queries.person_turns(numbers, week.first, week.last), units.titles(numbers, week.first)
    campaign = where.campaign_of(unit)
    helped = reports.reinforcement_turns(campaign.id, unit.id) if campaign else {}
    columns = [
        Column(one, say(f"duties.column.{one}"), numeric=one != "unit") for one in ("unit", "turns", "gave", "had")
    ]
    rows: list[Row] = []
    for one in numbers:
        gave, had = helped.get(one, (0, 0))
        if one != unit.id and not (turns.get(one) or gave or had):
            continue
        if one == unit.id:
            gave, had = (sum(pair[place] for pair in helped.values()) for place in (0, 1))
        href = where.address("duties", next(child for child in below if child.id == one)) if one != unit.id else ""
        counts = {"turns": turns.get(one, 0), "gave": gave, "had": had}
        told = {name: formats.count(value, language) for name, value in counts.items()}
        rows.append({"unit": Cell(str(titles[one]), href=href), **told})
    return Table(say("duties.turns"), columns, rows, note=say("duties.turns_note"))


def _telling(request: Visit, unit: Unit) -> Doing:
    def tell(asked: Asked) -> str:
        note, stand_in = asked.text("note"), asked.text("stand_in")
        row = AbsenceRow(
            id=asked.id("id"), officer=asked.id("officer"), kind=asked.chosen("kind", AbsenceKind),
            starts_at=work_day_bounds(asked.day("first"))[0], ends_at=work_day_bounds(asked.day("last"))[1],
            stand_in=asked.id("stand_in") if stand_in else None, note=note,
        )  # fmt: skip
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.record_absences(absences=[row], grants=request.officer_grants, by=by, at=at))
        return where.address("duties", unit, day=asked.day("first"))

    return tell


def _changing(request: Visit, week: Week) -> Doing:
    def change(asked: Asked) -> str:
        id_, move = asked.id("absence"), asked.text("what")
        held = queries.absences_by_ids([id_]).get(id_)
        back = work_day_bounds(asked.day("back"))[0] if move == "end" else None
        row = AbsenceMove(absence=id_, version=held.version if held else 0, move=move, ends_at=back)
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.move_absences(moves=[row], grants=request.officer_grants, by=by, at=at))
        return where.address("duties", week.unit, day=week.first)

    return change


def _forms(request: Visit, week: Week, fault: Fault | None) -> list[Form]:
    ask, tomorrow = Asked(request, "tell", fault), formats.day(campaign_day(request) + timedelta(days=1))
    people = queries.candidates(week.unit.id, campaign_day(request))
    choose = [("", ask.say("plan.choose"))]
    who = choose + [(str(one.officer), f"{one.name} ({one.username})") for one in people]
    kinds = [(one.value, ask.say(f"duties.kind.{one}")) for one in AbsenceKind]
    covers = [("", ask.say("duties.nobody_stands_in")), *(_cover(ask, one) for one in people if one.posts)]
    fields = [
        ask.field("officer", ask.say("duties.officer"), kind="select", options=who),
        ask.field("kind", ask.say("duties.why"), kinds[0][0], kind="select", options=kinds),
        ask.field("first", ask.say("duties.first_day"), tomorrow, inputmode="numeric"),
        ask.field("last", ask.say("duties.last_day"), tomorrow, inputmode="numeric"),
        ask.field("stand_in", ask.say("duties.stand_in"), kind="select", options=covers),
        ask.field("note", ask.say("duties.note")),
    ]
    told = ask.form(ask.say("duties.tell"), fields, ask.say("duties.tell"), note=ask.say("duties.tell_means"))
    open_ones = [one for one in week.away if one.state == "told"]
    return [told, *([_form_of_change(request, open_ones, fault)] if open_ones else [])]


def _cover(ask: Asked, one: Candidate) -> tuple[str, str]:
    """Return somebody who may stand in: what they are trained for, and the crew they stand in."""
    posts = ", ".join(ask.say(f"plan.post.{post}") for post in sorted(one.posts))
    return str(one.officer), " · ".join(part for part in (one.name, posts, one.crew_name) if part)


def _form_of_change(request: Visit, open_ones: Sequence[AbsenceLine], fault: Fault | None) -> Form:
    ask, today = Asked(request, "change", fault), formats.day(campaign_day(request))
    which = [(str(one.id), f"{one.name}, {_span(request, one)}") for one in open_ones]
    moves = [(one, ask.say(f"duties.move.{one}")) for one in MOVES]
    fields = [
        ask.field("absence", ask.say("duties.absence"), which[0][0], kind="select", options=which),
        ask.field("what", ask.say("duties.what"), MOVES[0], kind="select", options=moves),
        ask.field("back", ask.say("duties.back_on"), today, inputmode="numeric"),
    ]
    title = ask.say("duties.change")
    return ask.form(title, fields, ask.say("plan.save"), note=ask.say("duties.back_means"), folded=True)


@require_GET
def table_xlsx(request: Visit) -> HttpResponse:
    """Give the week's open duties and absences as a workbook; who took it stands in the audit."""
    week = _week(request)
    where.require(request, TELL, week.unit)
    by, at = acting(request, Purpose.COMMAND), campaign_time(request)
    audit.record(by=by, at=at, action="plan.export_duties", detail=f"{week.unit.id} {week.first}")
    written = files.as_workbook("duties", FILE, _lines(week), {2: 28})
    return files.attached(written, files.XLSX, f"duties-{week.unit.code}-{week.first}.xlsx")


def _lines(week: Week) -> list[list[str | int]]:
    titles = units.titles({one.unit for one in week.away}, week.first)
    open_ones: list[list[str | int]] = [
        [
            "open", one.session.unit_name, one.kit, formats.moment(one.session.starts_at),
            formats.moment(one.session.ends_at), ", ".join(one.free), one.session.state,
        ]
        for one in week.lacking
    ]  # fmt: skip
    return open_ones + [
        [
            one.kind, str(titles[one.unit]), one.name, formats.moment(one.starts_at), formats.moment(one.ends_at),
            one.stand_in_name or "", one.state,
        ]
        for one in week.away
    ]  # fmt: skip
