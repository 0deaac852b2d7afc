"""The words of the reports: what is counted, where each count stands in a snapshot, and when reports are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from muster.events.journal import AgeBand
from muster.events.queries import Name, Side

KIND = "report"  # of things in the journal and the audit


class State(StrEnum):
    """Where the report of a unit stands."""

    FROZEN = "frozen"  # the figures stand; the unit owes its signature
    LATE = "late"  # it was not signed in time, and is chased
    SIGNED = "signed"  # reported by the unit
    CERTIFIED = "certified"  # by a commander above
    DISPUTED = "disputed"  # a commander above does not certify it, and says why


OWED = frozenset({State.FROZEN, State.LATE})


class Cause(StrEnum):
    """Why figures are not certified, or are corrected."""

    COUNTED_TWICE = "counted_twice"
    NOT_SENT = "not_sent"  # dossiers lie on a kit and have not arrived
    WRONG_UNIT = "wrong_unit"
    IMPOSSIBLE = "impossible"  # more than the line can have taken
    OTHER = "other"


class Figure(StrEnum):
    """What a report counts (field notes 6 and 7)."""

    CAPTURED = "captured"
    ACCEPTED = "accepted"
    PRINTED = "printed"
    HANDED_OVER = "handed_over"
    RECEIVED_1 = "received_1"
    ACTIVATED_1 = "activated_1"
    RECEIVED_2 = "received_2"
    ACTIVATED_2 = "activated_2"


METRICS: Mapping[Figure, Name] = {
    Figure.CAPTURED: ("dossier", "received"),
    Figure.ACCEPTED: ("dossier", "accepted"),
    Figure.PRINTED: ("dossier", "produced"),
    Figure.HANDED_OVER: ("dossier", "handed_over"),
    Figure.RECEIVED_1: ("account_1", "requested"),
    Figure.ACTIVATED_1: ("account_1", "activated"),
    Figure.RECEIVED_2: ("account_2", "requested"),
    Figure.ACTIVATED_2: ("account_2", "activated"),
}
# Who is due, as the journal knows it at a moment: found and not dropped since.
DUE: Mapping[Name, int] = {("case", "found"): 1, ("case", "found_again"): 1, ("case", "dropped"): -1}

# A snapshot is one row of whole numbers: figure by figure, in each the two sides, in each the age bands.
LAYOUT = 1
FIGURES, SIDES, BANDS = tuple(Figure), (Side.DONE, Side.RESIDENCE), tuple(AgeBand)
PLACES = len(FIGURES) * len(SIDES) * len(BANDS)


def place(figure: Figure, side: Side, band: AgeBand) -> int:
    """Return where a count stands in a snapshot, from 0."""
    return (FIGURES.index(figure) * len(SIDES) + SIDES.index(side)) * len(BANDS) + BANDS.index(band)


@dataclass(frozen=True, slots=True)
class Hours:
    """When reports are made on a work day, who makes them, how long one may be signed, and how often it is chased."""

    times: tuple[time, ...]
    levels: frozenset[str]
    sign_within: timedelta
    chase_every: timedelta


# Results come up at three fixed times a day (field notes 7, R1); the reports do not say at which: hours are assumed.
ASSUMED = Hours(
    times=(time(11), time(17), time(22)),
    levels=frozenset({"province", "district", "commune"}),
    sign_within=timedelta(minutes=60),
    chase_every=timedelta(minutes=60),
)
