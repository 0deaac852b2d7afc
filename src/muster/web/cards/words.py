"""The words of cards on the screens, for officers and for citizens."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.urls import reverse

from muster.card import queries
from muster.card.queries import CardLine
from muster.card.words import AT_UNIT, State
from muster.kernel import formats
from muster.kernel.clock import local
from muster.law.cards import CardType
from muster.law.handover import collect_by
from muster.law.layouts import NO_EXPIRY
from muster.ui.parts import Badge, Cell, Column, Row, Table, Tone
from muster.ui.texts import catalogue
from muster.web.accounts.words import Say
from muster.web.register.places import Places

TONES: Mapping[State, Tone] = {
    State.HANDED_OVER: "good", State.REJECTED: "bad", State.RECALLED: "warn", State.MISSING: "bad",
    State.UNDELIVERED: "warn", State.TAKEN_BACK: "bad", State.REPLACED: "plain",
}  # fmt: skip
COLUMNS = ("serial", "name", "number", "state", "unit", "since")


def badge(say: Say, state: State) -> Badge:
    """Return the state of a card."""
    return Badge(say(f"cards.state.{state}"), TONES.get(state, "info"))


def reason(say: Say, code: str) -> str:
    """Return why a card was scrapped, is not delivered or was taken back; nothing where there is no reason."""
    key = f"cards.reason.{code}"
    return say(key) if key in catalogue() else code


def options(say: Say, words: Iterable[StrEnum], under: str = "reason") -> list[tuple[str, str]]:
    """Return words as answers."""
    return [(word.value, say(f"cards.{under}.{word}")) for word in words]


def expires(one: CardLine) -> str:
    """Return until when a card is good; nothing of a certificate, on which no day stands."""
    if one.type is CardType.IDENTITY_CERTIFICATE:
        return ""
    return formats.day(one.expires_on) if one.expires_on else NO_EXPIRY


def receipt_no(no: int) -> str:
    """Return the number of a receipt as it is printed and typed."""
    return f"BN{no:06}"


def last_day(one: CardLine) -> str:
    """Return the last day to collect a card that lies at its unit."""
    return formats.day(collect_by(local(one.arrived_at).date())) if one.arrived_at else formats.NOTHING


def next_step(say: Say, one: CardLine, places: Places) -> str:
    """Return where a card is and what the citizen does, in one sentence."""
    told = {"unit": places.short(one.unit), "day": last_day(one), "reason": reason(say, one.reason)}
    return say(f"cards.next.{one.state}", **told)


def of_dossier(say: Say, dossier: UUID, on: date) -> tuple[CardLine, str] | None:
    """Return the card of a dossier and what its citizen does; nothing where none is made yet."""
    found = queries.of_dossiers([dossier]).get(dossier)
    return (found, next_step(say, found, Places([found.unit], on))) if found else None


def table(
    say: Say,
    caption: str,
    found: Iterable[CardLine],
    places: Places,
    *,
    collect: bool = False,
    opens: Collection[UUID] | None = None,
) -> Table:
    """Return cards as a list; each opens its page.

    :param collect: whether the last day to collect each is told, and since when it lies there
    :param opens: those whose pages the reader may open; all, where it is left out
    """
    columns = [*COLUMNS, *(["collect"] if collect else [])]
    rows: list[Row] = [
        {
            "serial": Cell(one.serial, href=_address(one, opens)),
            "name": one.name,
            "number": one.number,
            "state": Cell(reason(say, one.reason), badge=badge(say, one.state)),
            "unit": places.short(one.unit),
            "since": formats.moment(one.arrived_at if collect and one.arrived_at else one.state_since),
            "collect": last_day(one) if one.state in AT_UNIT else formats.NOTHING,
        }
        for one in found
    ]
    return Table(caption, [Column(one, say(f"cards.column.{one}")) for one in columns], rows, say("cards.nothing"))


def _address(one: CardLine, opens: Collection[UUID] | None) -> str:
    return reverse("cards:card", args=[one.id]) if opens is None or one.id in opens else ""
