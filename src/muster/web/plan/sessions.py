"""One session: its hours, kits and crews; open one by hand, give it other kits and crews, start, finish, cancel it."""

from collections.abc import Collection, Sequence
from datetime import time
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from muster.engines.rostering import Diary, Spell
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import DAY_STARTS, work_day
from muster.plan import operations, queries
from muster.plan.operations.common import moment
from muster.plan.queries import SessionLine
from muster.plan.rows import Cancellation, Rearm, SessionRow, Stand
from muster.plan.words import HOURS, SHIFTS
from muster.ui.parts import Badge, Cell, Column, Field, Link, Row, Table, Tone
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.language import language_of
from muster.web.plan import where
from muster.web.plan.asking import Asked, AtField, Doing, Fault, Form, NotChosen, answer, done, shown

SESSIONS, BOOK = "plan.sessions", "plan.book"
EVENING = SHIFTS[-1]
MOST = 4  # kits of a session that a form asks for (planning notes: venues take 1 to 4)
TONES: dict[str, Tone] = {"planned": "info", "running": "good", "done": "plain", "cancelled": "bad"}
FIELDS = {
    "bad_hours": "starts", "venue_busy": "venue", "venue_closed": "venue", "venue_full": "kit.0", "day_closed": "day",
    "no_stand": "kit.0", "kit_busy": "kit.0", "kit_not_ready": "kit.0", "crew_busy": "crew.0", "officer_busy": "crew.0",
    "too_many_hours": "crew.0", "too_little_rest": "crew.0", "no_day_off": "crew.0", "unknown_crew": "crew.0",
    "no_reason": "reason", "unknown_campaign": "",
}  # fmt: skip


def table(request: Visit, caption: str, ids: Collection[UUID]) -> Table:
    """Return some sessions as a table, the next first."""
    say, language = words.saying(request), language_of(request)
    lines = queries.sessions_by_ids(ids) if ids else []
    columns = [
        Column("day", say("plan.day")),
        Column("shift", say("plan.shift_label")),
        Column("venue", say("plan.venue")),
        Column("booked", say("plan.booked"), numeric=True),
    ]
    rows: list[Row] = [
        {
            "day": Cell(formats.day(line.work_day), href=where.of_thing("session", line.id)),
            "shift": Cell(say(f"plan.shift.{line.shift}"), note=hours(line)),
            "venue": Cell(line.venue_name, note=line.unit_name),
            "booked": formats.count(line.booked, language),
        }
        for line in lines
    ]
    return Table(caption, columns, rows, say("plan.no_coming"))


def hours(line: SessionLine) -> str:
    """Return from when to when a session lasts."""
    return f"{formats.hour(line.starts_at)}–{formats.hour(line.ends_at)}"


@require_http_methods(["GET", "POST"])
def show(request: Visit, session: UUID) -> HttpResponse:
    """Show one session; change who works it, start, finish or cancel it when asked to."""
    line = queries.session(session)
    if line is None:
        raise Http404
    unit = where.unit_of(request, line.unit)
    doings = {
        "arm": _arming(request, line), "start": _going(request, line, "start"),
        "finish": _going(request, line, "finish"), "cancel": _cancelling(request, line),
    }  # fmt: skip
    went, fault = answer(request, doings, FIELDS)
    if went:
        return went
    say = words.saying(request)
    values = where.frame(request, "week", unit) | {
        "title": f"{line.venue_name} · {say(f'plan.shift.{line.shift}')} {formats.day(line.work_day)}",
        "badges": [Badge(say(f"plan.session_state.{line.state}"), TONES[line.state])],
        "notice": say("plan.crews_lacking") if line.state == "planned" and len(line.crews) < len(line.kits) else "",
        "pairs": _pairs(request, line),
        "links": _links(request, line, unit),
        "forms_of": _forms(request, line, unit, fault) if where.allowed(request, SESSIONS, unit) else [],
    }
    return shown(request, values, fault)


def _pairs(request: Visit, line: SessionLine) -> list[tuple[str, str]]:
    say, language = words.saying(request), language_of(request)
    places = say(
        "plan.booked_of", booked=formats.count(line.booked, language), places=formats.count(line.places, language)
    )
    pairs = [
        (say("plan.unit"), line.unit_name),
        (say("plan.hours"), f"{formats.moment(line.starts_at)} – {formats.hour(line.ends_at)}"),
        (say("plan.kit"), ", ".join(line.kits)),
        (say("plan.crew"), ", ".join(line.crews) or say("plan.crew_missing")),
        (say("plan.booked"), places),
    ]
    return pairs + ([(say("plan.reason"), line.reason)] if line.reason else [])


def _links(request: Visit, line: SessionLine, unit: Unit) -> list[Link]:
    say = words.saying(request)
    links = [Link(where.address("week", unit, day=line.work_day), say("plan.to_week"))]
    links.append(Link(where.address("appointments", unit, day=line.work_day), say("plan.to_appointments")))
    if where.may_book(request, unit):
        links.append(Link(where.of_thing("list", line.id), say("plan.to_list")))
    return links


def _arming(request: Visit, line: SessionLine) -> Doing:
    def arm(asked: Asked) -> str:
        where.require_at(request, SESSIONS, line.unit)
        row = Rearm(session=line.id, stands=_stands(asked))
        done(operations.rearm_sessions(rearms=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
        return where.of_thing("session", line.id)

    return arm


def _stands(asked: Asked) -> tuple[Stand, ...]:
    """Return the kits and crews chosen; a crew stands at a kit.

    :raises AtField: a crew was chosen without a kit
    """
    stands = []
    for place in range(MOST):
        kit, crew = asked.text(f"kit.{place}"), asked.text(f"crew.{place}")
        if crew and not kit:
            raise AtField(f"kit.{place}", NotChosen())
        if kit:
            stands.append(Stand(asked.id(f"kit.{place}"), asked.id(f"crew.{place}") if crew else None))
    return tuple(stands)


def _going(request: Visit, line: SessionLine, move: str) -> Doing:
    def go(_: Asked) -> str:
        where.require_at(request, SESSIONS, line.unit)
        change = operations.start_sessions if move == "start" else operations.finish_sessions
        done(change(sessions=[line.id], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
        return where.of_thing("session", line.id)

    return go


def _cancelling(request: Visit, line: SessionLine) -> Doing:
    def cancel(asked: Asked) -> str:
        where.require_at(request, SESSIONS, line.unit)
        row = Cancellation(session=line.id, reason=asked.text("reason"))
        by, at = acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.cancel_sessions(cancellations=[row], by=by, at=at))
        return where.of_thing("session", line.id)

    return cancel


def _forms(request: Visit, line: SessionLine, unit: Unit, fault: Fault | None) -> list[Form]:
    arm, start, finish, cancel = (Asked(request, act, fault) for act in ("arm", "start", "finish", "cancel"))
    say = arm.say
    if line.state not in {"planned", "running"}:
        return []
    held = [(str(stand.kit), str(stand.crew or "")) for stand in queries.sessions_as_rows([line.id])[line.id].stands]
    room = queries.venues_by_id([line.venue])[line.venue].kits
    spell = Spell(line.starts_at, line.ends_at, line.work_day)
    fields = _stand_fields(request, arm, unit, held, max(room, len(held)), spell, [line.id])
    forms = [arm.form(say("plan.rearm"), fields, say("plan.save"), note=say("plan.rearm_means"))]
    begun = start if line.state == "planned" else finish
    word = "plan.start_session" if begun is start else "plan.finish_session"
    forms.append(begun.form(say(word), [], say(word), kind="plain"))
    reason = cancel.field("reason", say("plan.reason"), hint=say("plan.cancel_hint"), required=True)
    note = say("plan.cancel_means", count=formats.count(line.booked, language_of(request)))
    forms.append(
        cancel.form(
            say("plan.cancel_session"), [reason], say("plan.cancel_session"), note=note, kind="danger", folded=True
        )
    )
    return forms


def _stand_fields(
    request: Visit, ask: Asked, unit: Unit, held: Sequence[tuple[str, str]], room: int, spell: Spell,
    without: Sequence[UUID] = (),
) -> list[Field]:  # fmt: skip
    """Return for each kit that finds room which one it is and which crew works it; who is busy or tired is said."""
    near, none = where.around(request, unit), [("", ask.say("plan.none_chosen"))]
    taken = {thing for thing, _, starts, ends in queries.busy([spell.day], without)
             if starts < spell.ends and spell.starts < ends}  # fmt: skip
    kits = none + [
        (str(one.id), f"{one.code} · {one.unit_name}{_mark(ask, 'busy') if one.id in taken else ''}")
        for one in queries.kits(near.id, campaign_time(request))
        if one.plannable or str(one.id) in {kit for kit, _ in held}
    ]
    crews = none + _crew_options(ask, near, spell, without)
    fields = []
    for place in range(min(MOST, room)):
        kit, crew = held[place] if place < len(held) else ("", "")
        number = "" if room == 1 else f" {place + 1}"
        fields.append(ask.field(f"kit.{place}", ask.say("plan.kit") + number, kit, kind="select", options=kits))
        fields.append(ask.field(f"crew.{place}", ask.say("plan.crew") + number, crew, kind="select", options=crews))
    return fields


def _crew_options(ask: Asked, near: Unit, spell: Spell, without: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the crews near a unit, those that may take the shift first, of the others why they may not."""
    roster, limits = queries.roster(near.id, spell.day, spell.day, without), queries.limits()
    free: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for one in queries.crews(near.id, spell.day):
        breach = Diary(roster.held.get(one.id, ())).breach(spell, limits)
        fault = breach.value if breach else "" if roster.stands(one.id, spell.day) else "away"
        told = f"{one.name} · {one.unit_name}{_mark(ask, fault) if fault else ''}"
        (others if fault else free).append((str(one.id), told))
    return free + others


def _mark(ask: Asked, breach: str) -> str:
    return f" – {ask.say(f'plan.breach.{breach}')}"


@require_http_methods(["GET", "POST"])
def open_one(request: Visit) -> HttpResponse:
    """Open a session by hand: venue, day and shift come with the address where the week offers them."""
    unit = where.unit_asked(request)
    where.require(request, SESSIONS, unit)
    went, fault = answer(request, {"open": _opening(request, unit)}, FIELDS)
    if went:
        return went
    values = where.frame(request, "week", unit) | {"forms_of": [_form_of_new(request, unit, fault)]}
    if values["campaign"] is None:
        values |= {"forms_of": [], "notice": words.saying(request)("plan.no_campaign")}
    return shown(request, values, fault)


def _opening(request: Visit, unit: Unit) -> Doing:
    def open_it(asked: Asked) -> str:
        campaign = where.campaign_of(unit)
        if campaign is None:
            raise Http404
        venue = asked.id("venue")
        held = queries.venues_by_id([venue]).get(venue)
        where.require_at(request, SESSIONS, held.unit if held else 0)
        starts = asked.time("starts")
        row = SessionRow(
            id=asked.id("id"), campaign=campaign.id, venue=venue, work_day=asked.day("day"), shift=_shift(starts),
            starts=starts, ends=asked.time("ends"), stands=_stands(asked),
        )  # fmt: skip
        done(
            operations.schedule_sessions(sessions=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request))
        )
        return where.of_thing("session", row.id)

    return open_it


def _shift(starts: time) -> int:
    """Return the shift in which a time lies: the last one that has begun by then."""
    return next(
        (shift for shift in reversed(SHIFTS) if HOURS[shift][0] <= starts), EVENING if starts < DAY_STARTS else 1
    )


def _form_of_new(request: Visit, unit: Unit, fault: Fault | None) -> Form:
    ask = Asked(request, "open", fault)
    day, _ = where.day_typed(request, "day", work_day(campaign_time(request)))
    shift = next((one for one in SHIFTS if str(one) == request.GET.get("shift")), SHIFTS[0])
    venues = [one for one in queries.venues(unit.id) if one.is_open(day)]
    chosen = request.GET.get("venue", str(venues[0].id) if venues else "")
    room = max((one.kits for one in venues), default=1)
    options = [(str(one.id), f"{one.name} ({one.kits})") for one in venues]
    starts, ends = HOURS[shift]
    spell = Spell(moment(day, starts), moment(day, ends), day)
    fields = [
        ask.field("venue", ask.say("plan.venue_with_room"), chosen, kind="select", options=options),
        ask.field("day", ask.say("plan.day"), formats.day(day), inputmode="numeric"),
        ask.field("starts", ask.say("plan.starts"), f"{starts:%H:%M}", hint=ask.say("plan.starts_hint")),
        ask.field("ends", ask.say("plan.ends"), f"{ends:%H:%M}", hint=ask.say("plan.ends_hint")),
        *_stand_fields(request, ask, unit, [], room, spell),
    ]
    return ask.form(ask.say("plan.open_session"), fields, ask.say("plan.open_session"))
