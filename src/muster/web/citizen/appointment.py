"""The citizen's own appointment: whoever has just given the three answers books, moves or cancels it, for a while.

The page that answers the questions hands out a signed word for fifteen minutes: it says who was meant, and nothing of
it stands in an address. Only free slots of the citizen's own commune are offered, and only to who is due there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from muster.kernel import formats
from muster.kernel.errors import BatchResult, Refusal
from muster.kernel.ids import new_id
from muster.plan import operations, queries
from muster.plan.queries import Bookable, SessionLine, SlotLine
from muster.plan.rows import AppointmentMove, Booking
from muster.register.queries import PersonLine
from muster.survey.words import Group
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import error, saying
from muster.web.citizen import answered
from muster.web.language import language_of

AHEAD = timedelta(days=21)


class NoLongerOffered(Refusal):
    """The slot is none of those that are offered now."""

    code = "no_longer_offered"
    vi = "Khung giờ này không còn; hãy chọn giờ khác."
    en = "This slot is no longer offered; choose another."


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, as the register and the plan know them."""

    line: PersonLine
    told: Bookable

    @property
    def may_book(self) -> bool:
        """Whether there is something to come for in person."""
        return self.told.group is not None and self.told.group is not Group.UNDER_6


def of(request: Visit, line: PersonLine, word: str) -> dict[str, object] | None:
    """Return what the page of the answers shows of an appointment and how to change it; nothing where none is due."""
    asking = _asking(line)
    if asking.told.held is None and not asking.may_book:
        return None
    return {"told": _sentence(request, asking), "word": word}


@require_POST
def change(request: Visit) -> HttpResponse:
    """Show the free slots; book, move or cancel when asked to."""
    refusal: Refusal | None = None
    asking = None
    try:
        asking = _asking(answered.meant(request))
        _do(request, asking)
        asking = _asking(asking.line)
    except Refusal as said:
        refusal = said
    values: dict[str, object] = {"error": error(request, refusal) if refusal else None, "asking": None}
    if asking is not None:
        values |= _values(request, asking)
    return render(request, "citizen/appointment.html", values, status=422 if refusal else 200)


def _asking(line: PersonLine) -> Asking:
    return Asking(line, queries.bookable([line.id])[line.id])


def _do(request: Visit, asking: Asking) -> None:
    """Do what was asked for, if anything was.

    :raises Refusal: it cannot be done
    """
    at, held = campaign_time(request), asking.told.held
    if request.POST.get("act") == "cancel" and held is not None:
        move = AppointmentMove(id=answered.typed_id(request, "event"), appointment=held.id, move="cancel")
        _done(operations.move_appointments(moves=[move], by=answered.actor(asking.line), at=at))
    elif (chosen := request.POST.get("slot")) and asking.told.group and asking.may_book:
        slot = next((one for one in _slots(request, asking) if _value(one) == chosen), None)
        if slot is None:
            raise NoLongerOffered
        typed = request.POST.get("attempt", "")
        booking = Booking(
            id=answered.typed_id(request, "appointment"), person=asking.line.id, session=slot.session, slot=slot.slot,
            group=asking.told.group, attempt=int(typed) if typed.isdecimal() and len(typed) < 4 else 1,  # noqa: PLR2004
        )  # fmt: skip
        _done(operations.book_appointments(bookings=[booking], by=answered.actor(asking.line), at=at))


def _done(result: BatchResult[UUID]) -> None:
    for refused in result.refused:
        raise refused.refusal


def _slots(request: Visit, asking: Asking) -> Sequence[SlotLine]:
    if asking.told.group is None or not asking.may_book:
        return []
    today, now = campaign_day(request), campaign_time(request)
    return queries.free_slots(answered.commune(asking.line), asking.told.group, today, today + AHEAD, after=now)


def _value(one: SlotLine) -> str:
    return f"{one.session}|{one.slot.isoformat()}"


def _sentence(request: Visit, asking: Asking) -> str:
    say, held = saying(request), asking.told.held
    if held is None:
        return say("citizen.no_appointment")
    line = queries.session(held.session)
    venue = f"{line.venue_name}, {line.unit_name}" if line else formats.NOTHING
    return say(f"citizen.appointment.{held.state}", when=formats.moment(held.slot), venue=venue)


def _values(request: Visit, asking: Asking) -> dict[str, object]:
    held, slots = asking.told.held, _slots(request, asking)
    lines = {line.id: line for line in queries.sessions_by_ids({one.session for one in slots})} if slots else {}
    return {
        "asking": asking,
        "told": _sentence(request, asking),
        "word": request.POST.get("word", ""),  # not a new one: the fifteen minutes run from the answers
        "appointment": str(held.id if held else new_id()),
        "attempt": held.attempt + 1 if held else 1,
        "event": str(new_id()),
        "cancellable": held is not None,
        "days": _days(request, slots, lines),
    }


def _days(
    request: Visit, slots: Sequence[SlotLine], lines: dict[UUID, SessionLine]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return of each session with free slots what it is called, and the value and hour of each."""
    language = language_of(request)
    found: dict[UUID, list[tuple[str, datetime]]] = {}
    for one in slots:
        found.setdefault(one.session, []).append((_value(one), one.slot))
    return [
        (
            f"{formats.weekday(lines[one].work_day, language)} {lines[one].work_day:%d/%m} · {lines[one].venue_name}",
            [(value, formats.hour(slot)) for value, slot in told],
        )
        for one, told in found.items()
    ]
