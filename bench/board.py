"""The commander's board over a national journal, made anew: the country, a province, a district and a commune with what
stands right below each, now and as known at a moment of today.

The page keeps a board for fifteen seconds, so that a process makes each at most four times a minute, whoever looks. The
journal is that of `counts`, under the names of moves that the board counts; plans, kits and reports are not in it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from django.db import connection

from bench import country, counts, frame, national
from bench.national import TODAY, at
from muster.events import queries as journal
from muster.events.journal import AgeBand
from muster.reporting import queries
from muster.survey.queries import CampaignLine

BOARD = 0.150  # seconds at the 99th percentile
NOON = at(TODAY, 12)


def main(argv: Sequence[str]) -> int:
    """Load the journal, make boards."""
    asked = frame.arguments(
        "board", argv, events=(1_000_000, "events in the journal"), seconds=(8, "for one level"),
        days=(counts.DAYS, "days up to today"),
    )  # fmt: skip
    national.MOVES = ("accepted", "handed_over", "produced", "received")
    with frame.database(keep=asked.keep) as told:
        if not journal.metrics():
            counts.load(told, asked.events, asked.days)
        for what, works in _boards(asked.days):
            told.time(what, frame.times_of(islice(works, 200), within=asked.seconds), most=BOARD)
    return len(told.missed)


def _boards(days: int) -> Iterator[tuple[str, Iterator[Callable[[], object]]]]:
    """Yield what is made, and endless makings of drawn units."""
    starts = TODAY - timedelta(days=days - 1)
    campaign = CampaignLine(
        UUID(int=1), "bench", country.ROOT, starts, TODAY + timedelta(days=30), frozenset(AgeBand), at(starts, 4), None,
        [country.ROOT],
    )  # fmt: skip
    levels: dict[str, Sequence[int]] = {
        "the nation": [country.ROOT], "a province": country.PROVINCES, "a district": country.DISTRICTS,
        "a commune": country.COMMUNES,
    }  # fmt: skip
    below = _below()
    for level, units in levels.items():
        for when, known in (("now", None), ("as known at noon", NOON)):
            yield f"board of {level}, {when}", _making(campaign, units, below, known)


def _making(
    campaign: CampaignLine, units: Sequence[int], below: dict[int, list[int]], known: object
) -> Iterator[Callable[[], object]]:
    while True:
        unit = counts.CHANCE.choice(units)
        yield partial(
            queries.board, campaign=campaign, unit=unit, children=below.get(unit, []), at=known or at(TODAY, 20),
            known_at=known,
        )  # fmt: skip


def _below() -> dict[int, list[int]]:
    """Return the units right below each, by what the journal knows of the tree."""
    below: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ancestors[cardinality(ancestors) - 1], id FROM events_unit WHERE cardinality(ancestors) > 1"
        )
        for above, unit in cursor.fetchall():
            below.setdefault(above, []).append(unit)
    return below
