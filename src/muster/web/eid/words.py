"""The words of accounts on the screens, for officers and for citizens."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from muster.account.queries import AccountState
from muster.account.words import OVER, Channel, State
from muster.events import queries as journal
from muster.kernel import formats
from muster.people import queries as people
from muster.ui.parts import Badge, Cell, Column, Happening, Row, Table, Tone
from muster.ui.texts import catalogue
from muster.web.accounts.words import Say
from muster.web.register.places import Places

TONES: Mapping[State, Tone] = {State.ACTIVATED: "good", State.REJECTED: "bad", State.LOCKED: "warn"}


def badges(say: Say, one: AccountState, on: date) -> Iterator[Badge]:
    """Yield the state of an account, and whether a decision is late or the days to activate are past."""
    yield Badge(say(f"eid.state.{one.state}"), TONES.get(one.state, "info"))
    if one.overdue(on):
        yield Badge(say("desk.overdue"), "bad")
    if one.needs_hotline(on):
        yield Badge(say("eid.hotline_only"), "warn")


def next_step(say: Say, one: AccountState, places: Places, on: date) -> str:
    """Return who must do what by when, in one sentence a citizen understands."""
    unit, level = places.short(one.unit_done), one.level
    if one.state is State.REQUESTED:
        waits = one.channel is Channel.DOSSIER and not one.has_card
        return say("eid.next.requested_card" if waits else "eid.next.requested", unit=unit, level=level,
                   day=formats.day(one.decide_by))  # fmt: skip
    if one.state is State.NOTIFIED:
        key = "eid.next.silent" if one.needs_hotline(on) else "eid.next.notified"
        return say(key, unit=unit, level=level, day=formats.day(one.activate_by))
    return say(f"eid.next.{one.state}", unit=unit, level=level, reason=reason(say, one))


def reason(say: Say, one: AccountState) -> str:
    """Return why an account was rejected, locked, closed, or activated with help; nothing where there is no reason."""
    return reason_of(say, one.reason)


def reason_of(say: Say, code: str) -> str:
    """Return a reason in words."""
    key = f"eid.reason.{code}"
    return say(key) if key in catalogue() else code


def options(say: Say, words: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return reasons as answers."""
    return [(word.value, reason_of(say, word.value)) for word in words]


def life(say: Say, one: AccountState) -> list[Happening]:
    """Return every move of an account, the newest first, and by whom."""
    events = journal.life(one.id)
    names = people.names_of(event.by_officer for event in events if event.by_officer)
    return [
        Happening(
            formats.moment(event.occurred_at),
            say(f"metric.{event.kind}_{event.move}"),
            " · ".join(filter(None, [
                reason_of(say, event.reason),
                names.get(event.by_officer, "") if event.by_officer else say("desk.dossier.by_system"),
            ])),
        )
        for event in reversed(events)
    ]  # fmt: skip


COLUMNS = ("level", "state", "requested", "by")


def table(say: Say, found: Iterable[AccountState], on: date, address: Mapping[UUID, str]) -> Table:
    """Return accounts of one person, the newest first; each opens where ``address`` says."""
    rows: list[Row] = [
        {
            "level": Cell(say("desk.account", level=one.level), href=address.get(one.id, "")),
            "state": Cell(reason(say, one), badge=list(badges(say, one, on))[-1], note=formats.moment(one.state_since)),
            "requested": Cell(formats.moment(one.requested_at), note=say(f"eid.channel.{one.channel}")),
            "by": last_day(one),
        }
        for one in found
    ]
    return Table(say("eid.of_person"), [Column(one, say(f"eid.column.{one}")) for one in COLUMNS], rows)


def last_day(one: AccountState) -> str:
    """Return the day by which somebody must act; nothing where nobody must."""
    days = {State.REQUESTED: one.decide_by, State.NOTIFIED: one.activate_by}
    return formats.day(days.get(one.state)) if one.state not in OVER else formats.NOTHING
