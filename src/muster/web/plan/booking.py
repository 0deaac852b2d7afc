"""Book a citizen or a household into a slot at the desk; what became of an appointment; a session's list by slot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from muster.capture import queries as capture
from muster.kernel import formats
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import work_day
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.people.rights import Grants, NotAllowed, may
from muster.plan import operations, queries
from muster.plan.moves import APPOINTMENT_MOVES
from muster.plan.queries import AppointmentHeld, Bookable, SessionLine, SlotLine
from muster.plan.rows import AppointmentMove, Booking
from muster.register import operations as register
from muster.register.operations.looking import NobodyFound
from muster.register.queries import PersonPage
from muster.register.queries.reading import MemberLine
from muster.survey.words import Group
from muster.ui.parts import Error, Field, Link
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import sessions, where

BOOK = "plan.book"
AHEAD = 21  # days that are offered
MOVES = ("keep", "miss", "cancel")
NOT_AT_THE_LINE = Group.UNDER_6  # filed online by a parent


class NotYet(Refusal):
    """An appointment is kept on its day and missed when its hour has passed."""

    code = "not_yet"
    vi = "Chưa đến ngày hẹn, hoặc chưa qua giờ hẹn."
    en = "The day of the appointment has not come, or its hour has not passed."


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a page of booking is about: the person, who asks, and the commune whose slots are shown."""

    page: PersonPage
    by: Actor
    grants: Grants
    commune: Unit


def _asked(request: Visit, person: UUID) -> Asked:
    grants, by = request.officer_grants, acting(request, Purpose.CAPTURE)
    if grants is None:
        raise NotAllowed(action=BOOK)
    try:
        page = register.open_person(person=person, grants=grants, by=by, at=campaign_time(request))
    except NobodyFound:
        raise Http404 from None
    if not may(grants, BOOK, page.line.path, Purpose.CAPTURE):
        raise NotAllowed(action=BOOK)
    commune = units.by_number(str(capture.commune_of(page.line.unit) or page.line.unit))
    if commune is None:
        raise Http404
    return Asked(page, by, grants, commune)


@require_POST
def find(request: Visit) -> HttpResponse:
    """Find the citizen whose number was typed or card scanned, and go to their booking."""
    unit, grants = where.unit_asked(request), request.officer_grants
    if grants is None or not where.may_book(request, unit):
        raise NotAllowed(action=BOOK)
    by, at = acting(request, Purpose.CAPTURE), campaign_time(request)
    try:
        lines = register.look_up(text=request.POST.get("number", ""), grants=grants, by=by, at=at)
        if len(lines) != 1:
            raise NobodyFound
    except Refusal as refusal:
        request.session["plan.not_found"] = [refusal.code, refusal.text(language_of(request))]
        return HttpResponseRedirect(where.address("appointments", unit))
    return HttpResponseRedirect(where.of_thing("book", lines[0].id))


def search_field(request: Visit) -> Field:
    """Return the question for a number, with what was wrong about the last answer."""
    say, told = words.saying(request), request.session.pop("plan.not_found", None)
    error = Error(*told) if told else None
    return Field("number", say("register.number_asked"), error=error, inputmode="numeric", lookup=True)


@require_http_methods(["GET", "POST"])
def book(request: Visit, person: UUID) -> HttpResponse:
    """Show the free slots of a citizen's commune and the household; book, move or cancel when asked to."""
    asked = _asked(request, person)
    people = queries.bookable([one.person for one in asked.page.members] or [person])
    refused: list[tuple[str, Error]] = []
    if request.method == "POST":
        doing = _move if request.POST.get("act") in MOVES else _book
        refused = doing(request, asked, people)
        if not refused:
            return HttpResponseRedirect(where.of_thing("book", person))
        people = queries.bookable(list(people))
    values = where.frame(request, "appointments", asked.commune) | _values(request, asked, people)
    values["refused"] = refused
    return render(request, "plan/book.html", values, status=422 if refused else 200)


def _book(request: Visit, asked: Asked, people: dict[UUID, Bookable]) -> list[tuple[str, Error]]:
    """Book those ticked into the slot chosen and the next ones; return who was not, and why."""
    names = {one.person: one.name for one in asked.page.members}
    session, slot = _slot(request)
    groups = [(one, _group(people[one])) for one in people if request.POST.get(f"person.{one}")]
    at = campaign_time(request)
    free = {group: queries.slots_of([session], group, after=at) for group in {group for _, group in groups}}
    seats = queries.seats(groups, session, slot, free)
    rows = [
        Booking(
            id=_uuid(request, f"appointment.{one}"), person=one, session=session, slot=seats.get(one, slot),
            group=group, attempt=_attempt(request, one),
        )
        for one, group in groups
    ]  # fmt: skip
    if not rows:
        say = words.saying(request)
        return [(asked.page.line.name, Error("nobody_ticked", say("plan.nobody_ticked")))]
    result = operations.book_appointments(bookings=rows, by=asked.by, at=at)
    return [(names.get(rows[told.index].person, ""), words.error(request, told.refusal)) for told in result.refused]


def _move(request: Visit, asked: Asked, people: dict[UUID, Bookable]) -> list[tuple[str, Error]]:
    """Say of an appointment of the household that it was kept or missed, or cancel it as the citizen wishes."""
    wanted, move = _uuid(request, "appointment"), request.POST["act"]
    held = {one.held.id: one.held for one in people.values() if one.held}
    if wanted not in held:
        raise Http404
    if move not in _moves(held[wanted], campaign_time(request)):
        return [(asked.page.line.name, words.error(request, NotYet()))]
    row = AppointmentMove(id=_uuid(request, "event"), appointment=wanted, move=move, reason="")
    result = operations.move_appointments(moves=[row], by=asked.by, at=campaign_time(request))
    return [(asked.page.line.name, words.error(request, told.refusal)) for told in result.refused]


def _moves(held: AppointmentHeld, at: datetime) -> list[str]:
    """Return what may be said of an appointment: kept from its work day on, missed when its hour has passed."""
    kept = held.state == "to_rebook" or work_day(held.slot) <= work_day(at)
    may = {"keep": kept, "miss": held.slot <= at, "cancel": True}
    return [move for move in MOVES if may[move] and held.state in APPOINTMENT_MOVES[move][0]]


def _uuid(request: Visit, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None


def _attempt(request: Visit, person: UUID) -> int:
    typed = request.POST.get(f"attempt.{person}", "")
    return int(typed) if typed.isdecimal() and len(typed) < 4 else 1  # noqa: PLR2004 - nobody is booked so often


def _slot(request: Visit) -> tuple[UUID, datetime]:
    session, _, slot = request.POST.get("slot", "").partition("|")
    try:
        return UUID(session), datetime.fromisoformat(slot)
    except ValueError:
        raise Http404 from None


def _group(one: Bookable) -> Group:
    """Return whose places a person takes: those of the survey's group, else those for anybody."""
    return one.group or Group.UNKNOWN


def _values(request: Visit, asked: Asked, people: dict[UUID, Bookable]) -> dict[str, object]:
    say, today = words.saying(request), campaign_day(request)
    day, _ = where.day_typed(request, "day", today)
    wide = request.GET.get("wide") == "1"
    area = where.around(request, asked.commune) if wide else asked.commune
    group = _group(people[asked.page.line.id]) if asked.page.line.id in people else Group.UNKNOWN
    last = today + timedelta(days=AHEAD)
    slots = queries.free_slots(area.id, group, today, last, after=campaign_time(request))
    held = queries.sessions_by_ids(
        {one.session for one in slots} | {one.held.session for one in people.values() if one.held}
    )
    lines = {line.id: line for line in held}
    days = sorted({lines[one.session].work_day for one in slots})
    day = day if day in days else (days[0] if days else today)
    here = where.of_thing("book", asked.page.line.id)
    return {
        "line": asked.page.line,
        "number": asked.page.line.number or say("register.no_number"),
        "group": say(f"survey.column.{group}"),
        "people": [_person(request, one, people[one.person], lines, asked) for one in asked.page.members],
        "days": [_day(request, here, one, day, wide, slots, lines) for one in days],
        "sessions_of": _by_session(request, [one for one in slots if lines[one.session].work_day == day], lines),
        "wide": Link(f"{here}?wide=1", say("plan.wide")) if not wide and area.level == "commune" else None,
        "person_page": where.person_page(asked.page.line.id),
    }


def _person(
    request: Visit, one: MemberLine, told: Bookable, lines: dict[UUID, SessionLine], asked: Asked
) -> dict[str, object]:
    say, held = words.saying(request), told.held
    line = lines.get(held.session) if held else None
    under = told.group is NOT_AT_THE_LINE
    due = told.group is not None
    return {
        "id": told.person,
        "name": one.name,
        "born": formats.day(PartialDate.parse(one.birth)),
        "told": _told(say, told, line),
        "can": not under,
        "ticked": not under and (told.person == asked.page.line.id or (due and held is None)),
        "appointment": str(held.id if held else new_id()),
        "attempt": held.attempt + 1 if held else 1,
        "moves": _moves(held, campaign_time(request)) if held else [],
        "event": str(new_id()),
    }


def _told(say: words.Say, told: Bookable, line: SessionLine | None) -> str:
    if told.held is not None and line is not None:
        when = formats.moment(told.held.slot)
        return say(f"plan.appointment_told.{told.held.state}", when=when, venue=line.venue_name)
    if told.group is NOT_AT_THE_LINE:
        return say("plan.under_6")
    return say("plan.due_not_booked") if told.group else say("plan.not_due")


def _day(
    request: Visit, here: str, one: date, day: date, wide: bool, slots: Sequence[SlotLine],  # noqa: FBT001
    lines: dict[UUID, SessionLine],
) -> Link:  # fmt: skip
    language = language_of(request)
    free = sum(slot.free for slot in slots if lines[slot.session].work_day == one)
    more = "&wide=1" if wide else ""
    label = f"{formats.weekday(one, language)} {one:%d/%m}"
    return Link(f"{here}?day={formats.day(one)}{more}", label, formats.count(free, language), here=one == day)


def _by_session(
    request: Visit, slots: Sequence[SlotLine], lines: dict[UUID, SessionLine]
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return of each session what it is called, and its slots: the value of the button, the hour, how many are free."""
    say, language = words.saying(request), language_of(request)
    found: dict[UUID, list[tuple[str, str, str]]] = {}
    for one in slots:
        told = say("plan.free_count", count=formats.count(one.free, language))
        found.setdefault(one.session, []).append(
            (f"{one.session}|{one.slot.isoformat()}", formats.hour(one.slot), told)
        )
    return [
        (f"{lines[one].venue_name} · {say(f'plan.shift.{lines[one].shift}')} {sessions.hours(lines[one])}", told)
        for one, told in found.items()
    ]


@require_GET
def on_paper(request: Visit, session: UUID) -> HttpResponse:
    """Print who comes to a session, by slot, for the desk at its door."""
    line, grants = queries.session(session), request.officer_grants
    if line is None or grants is None:
        raise Http404
    unit = where.unit_of(request, line.unit)
    by, at = acting(request, Purpose.CAPTURE), campaign_time(request)
    opened = operations.open_session_list(session=session, path=unit.ancestors, grants=grants, by=by, at=at)
    say = words.saying(request)
    rows = [
        {
            "slot": formats.hour(held.slot),
            "name": person.name,
            "born": formats.day(person.birth),
            "number": person.number or formats.NOTHING,
            "group": say(f"survey.column.{held.group}"),
            "state": say(f"plan.appointment_state.{held.state}"),
        }
        for held, person in opened.lines
    ]
    values = {
        "unit": line.unit_name,
        "title": f"{line.venue_name} · {say(f'plan.shift.{line.shift}')} {formats.day(line.work_day)}",
        "hours": sessions.hours(line),
        "crew": ", ".join(line.crews) or say("plan.crew_missing"),
        "columns": [(name, say(f"plan.list.{name}")) for name in ("slot", "name", "born", "number", "group", "state")],
        "rows": rows,
        "printed": say("plan.list.printed", when=formats.moment(at)),
    }
    return render(request, "plan/paper.html", values)
