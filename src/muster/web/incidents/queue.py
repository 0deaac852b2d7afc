"""The queue of a unit: who waits for a technician, the longest stop first; and telling of an incident on a phone."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from muster.incidents import operations, queries
from muster.incidents.rows import TicketRow
from muster.incidents.words import Kind, Severity, State
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.plan import queries as plan
from muster.plan.queries import SessionLine
from muster.ui.parts import Tile
from muster.units.queries import Unit
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.accounts.words import Say, saying
from muster.web.incidents import frame
from muster.web.plan import where
from muster.web.plan.asking import Asked, AtField, Fault, Form, NotChosen, answer, done

OPEN = "incident.open"
FIELDS = {"bad_ticket": "told", "kit_has_ticket": "what", "unknown_campaign": "session"}
NO_SESSION = "-"


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the live tickets of a unit; open one when asked to."""
    unit, at = frame.unit_asked(request), campaign_time(request)

    def tell(asked: Asked) -> str:
        where.require(request, OPEN, unit)
        row = _row(asked, unit, _today(request, unit))
        done(operations.open_tickets(tickets=[row], grants=None, by=acting(request, Purpose.COMMAND), at=at))
        return frame.address("queue", unit)

    went, fault = answer(request, {"tell": tell}, FIELDS)
    if went:
        return went
    say, live = saying(request), queries.queue(unit.id)
    values = frame.around(request, "queue", unit) | {
        "tiles": _tiles(request, say, unit, live),
        "tables_of": [frame.table(say, say("incidents.live", count=len(live)), live, at)],
        "forms_of": [_form(request, unit, fault)] if where.allowed(request, OPEN, unit) else [],
    }
    return frame.shown(request, values, fault)


def _today(request: Visit, unit: Unit) -> list[SessionLine]:
    day = work_day(campaign_time(request))
    return plan.sessions(unit.id, day, day)


def _tiles(request: Visit, say: Say, unit: Unit, live: list[queries.TicketLine]) -> list[Tile]:
    at = campaign_time(request)
    day = work_day(at)
    waiting = sum(one.state in {State.OPEN, State.ESCALATED} for one in live)
    stopped = sum(one.stopped_at is not None for one in live)
    lost = queries.lost(unit.id, day, day, at).get(day, 0)
    spares = len(queries.spares(unit.id))
    base = say("incidents.waiting_base", count=len(live))
    return [
        Tile(say("incidents.waiting"), str(waiting), base, "bad" if waiting else "good"),
        Tile(say("incidents.stopped"), str(stopped), say("incidents.stopped_base"), "bad" if stopped else "good"),
        Tile(say("incidents.lost"), say("incidents.minutes", count=lost), say("home.work_day", day=formats.day(day))),
        Tile(say("incidents.spares"), str(spares), say("incidents.spares_base"), "plain" if spares else "warn"),
    ]


def _row(asked: Asked, unit: Unit, sessions: list[SessionLine]) -> TicketRow:
    """Return the ticket that was typed: about a kit of a session, or something else of it."""
    by_id = {str(one.id): one for one in sessions}
    session = by_id.get(asked.text("session"))
    if session is None and asked.text("session") != NO_SESSION:
        raise AtField("session", NotChosen())
    kind, _, kit = asked.text("what").partition(" ")
    campaign = session.campaign if session else _campaign(unit)
    return TicketRow(
        id=asked.id("id"), campaign=campaign, unit=unit.id, kind=_word(kind), told=asked.text("told"),
        severity=Severity.STOPS if asked.text("stops") else Severity.SLOWS,
        session=session.id if session else None, kit=UUID(kit) if kit else None,
    )  # fmt: skip


def _word(kind: str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise AtField("what", NotChosen()) from None


def _campaign(unit: Unit) -> UUID:
    campaign = where.campaign_of(unit)
    if campaign is None:
        raise AtField("session", NotChosen())
    return campaign.id


def _form(request: Visit, unit: Unit, fault: Fault | None) -> Form:
    """Return the form: the session that runs now and its kits stand first, so that a phone needs three answers."""
    ask, at = Asked(request, "tell", fault), campaign_time(request)
    sessions = sorted(_today(request, unit), key=lambda one: (not one.starts_at <= at < one.ends_at, one.starts_at))
    of_session = [
        (str(one.id), f"{one.venue_name}, {formats.hour(one.starts_at)}–{formats.hour(one.ends_at)}")
        for one in sessions
    ]
    kits = {code: id_ for one in sessions for code, id_ in zip(one.kits, one.kit_ids, strict=True)}
    about = [(f"{Kind.KIT} {id_}", f"{ask.say('incidents.kind.kit')} {code}") for code, id_ in sorted(kits.items())]
    about += [(kind.value, ask.say(f"incidents.kind.{kind}")) for kind in Kind if kind is not Kind.KIT]
    fields = [
        ask.field("session", ask.say("incidents.session"), (of_session or [("", "")])[0][0], kind="select",
                  options=[*of_session, (NO_SESSION, ask.say("incidents.no_session"))]),
        ask.field("what", ask.say("incidents.about"), about[0][0], kind="select", options=about),
        ask.field("told", ask.say("incidents.told"), hint=ask.say("incidents.told_hint"), required=True),
        ask.field("stops", ask.say("incidents.severity.stops"), kind="check"),
    ]  # fmt: skip
    return ask.form(ask.say("incidents.tell"), fields, ask.say("incidents.tell"))
