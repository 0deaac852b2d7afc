"""What a commander of the country asks once a week: the ranking of 10,600 communes, the briefing of thirty districts.

The units are the real ones of 2021, the campaign is the country's. Who is due and what was captured is drawn by commune
and day and recorded as moves; standings, a slot, forecasts and the low list are made of them by the product's own
operations. The briefing is that of Hà Nội, which has thirty districts, asked for through the pages as PDF.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice, repeat
from uuid import UUID

from django.db import connection
from django.test import Client

from bench import frame
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.ids import new_id
from muster.people.operations import make_demo_officers, mark_demo
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.rows import ForecastRow, RankingRow, SlotRow
from muster.reporting.words import METRICS, Figure
from muster.survey import queries as survey
from muster.survey.operations import open_campaigns
from muster.survey.queries import CampaignLine
from muster.survey.rows import CampaignRow
from muster.units import queries as units
from muster.units.operations import load_reference
from muster.units.queries import ROOT, Unit
from muster.web.frame import real_now

RANKING, BRIEFING = 0.2, 5.0  # seconds at the 99th percentile
STARTS, FRIDAY = date(2021, 3, 1), date(2021, 5, 21)
CAPITAL = "01"  # Hà Nội
DAYS = (FRIDAY - STARTS).days
EACH = 2_000  # moves recorded at once
BY = Actor(officer=None, unit=ROOT, purpose=Purpose.COMMAND, device="bench")
CHANCE = random.Random(30)


def main(argv: Sequence[str]) -> int:
    """Load, rank, brief."""
    asked = frame.arguments(
        "command",
        argv,
        moves=(300_000, "dossiers' moves recorded"),
        times=(40, "rankings read"),
        papers=(12, "briefings set"),
    )
    with frame.database(keep=asked.keep) as told:
        morning = at(FRIDAY + timedelta(days=1), 7)
        campaign = _loaded(told, asked.moves, morning)
        level = "commune"
        found = queries.ranking(campaign=campaign, unit=ROOT, level=level, day=FRIDAY)
        alone = frame.times_of(islice(repeat(_rows_alone), 10), within=20)
        told.time(
            f"ranking of {len(found):,} communes",
            frame.times_of(islice(_rankings(campaign, level), asked.times), within=60),
            most=RANKING,
            beside=f"their rows read alone: {min(alone) * 1000:,.0f} ms",
        )
        capital = units.by_code(CAPITAL, FRIDAY)
        make_demo_officers(units={Role.COMMANDER: capital.id}, by=BY, at=real_now())
        journal.set_clock(clock=PlayedClock(real_now(), morning, paused=True), by=BY, at=real_now())
        taken, pages = _papers(capital, asked.papers)
        below = units.children(capital.id, FRIDAY).count()
        told.time(f"weekly briefing of {below} districts as PDF", taken, most=BRIEFING, beside=f"{pages} pages")
    return len(told.missed)


def at(day: date, hour: int) -> datetime:
    """Return an hour of a day in Việt Nam."""
    return datetime.combine(day, time(hour), ZONE)


def _loaded(told: frame.Told, moves: int, morning: datetime) -> CampaignLine:
    """Open the campaign, record what was drawn, rank two Fridays and let the machine tell what it tells."""
    load_reference(by=BY, at=at(STARTS, 6))
    mark_demo(at=real_now())
    row = CampaignRow(id=new_id(), name="bench", unit=ROOT, starts=STARTS, ends=FRIDAY + timedelta(days=60))
    open_campaigns(campaigns=[row], by=BY, at=at(STARTS, 6)).whole()
    communes = list(units.as_of(FRIDAY).filter(level="commune").values_list("id", flat=True))
    for known, some in _drawn(communes, moves):
        journal.record(moves=some, by=BY, at=known)
    days = (FRIDAY - timedelta(days=7), FRIDAY)
    took = [frame.timed(lambda day=day: _rank(row.id, day)) for day in days]
    told.time("every unit of the country ranked and written, a day", took)
    districts = [ROOT, *units.as_of(FRIDAY).filter(level__in=("province", "district")).values_list("id", flat=True)]
    forecasts = [ForecastRow(campaign=row.id, unit=unit, day=FRIDAY) for unit in districts]
    took = [frame.timed(lambda: operations.forecast_units(forecasts=forecasts, by=BY, at=morning).whole())]
    told.time(f"finish of {len(districts):,} units forecast, all stages", took)
    low = [RankingRow(campaign=row.id, day=FRIDAY)]
    told.time("low list asked", [frame.timed(lambda: operations.ask_explanations(rankings=low, by=BY, at=morning))])
    slot = SlotRow(campaign=row.id, at=at(FRIDAY, 17))
    took = [frame.timed(lambda: operations.freeze_slots(slots=[slot], by=BY, at=at(FRIDAY, 18)))]
    told.time("slot of all units frozen", took)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    line = survey.campaign(row.id)
    assert line is not None
    return line


def _rank(campaign: UUID, day: date) -> None:
    row = RankingRow(campaign=campaign, day=day)
    operations.rank_units(rankings=[row], by=BY, at=at(day + timedelta(days=1), 5)).whole()


def _drawn(communes: Sequence[int], moves: int) -> Iterator[tuple[datetime, list[Move]]]:
    """Yield what is recorded at once, the earliest first: who is due on the first day, then the stages of dossiers.

    Communes differ: some are twice as quick as others.
    """
    pace = [0.5 + CHANCE.random() for _ in communes]
    stages = [METRICS[one] for one in (Figure.CAPTURED, Figure.ACCEPTED, Figure.PRINTED, Figure.HANDED_OVER)]
    due = [("case", "found")] * moves
    batches = [(STARTS, due)]
    batches += [
        (STARTS + timedelta(days=n), CHANCE.choices(stages, (4, 3, 2, 1), k=moves // DAYS)) for n in range(DAYS)
    ]
    for day, names in batches:
        known = at(day, 16)
        where = CHANCE.choices(communes, pace, k=len(names))
        done = [
            Move(thing=new_id(), kind=kind, move=move, unit_done=unit, unit_residence=unit, occurred_at=known)
            for unit, (kind, move) in zip(where, names, strict=True)
        ]
        for start in range(0, len(done), EACH):
            yield known, done[start : start + EACH]


def _rankings(campaign: CampaignLine, level: str) -> Iterator[Callable[[], object]]:
    while True:
        yield lambda: queries.ranking(campaign=campaign, unit=ROOT, level=level, day=FRIDAY)


def _rows_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reporting_standing WHERE day = %s AND level = 'commune'", [FRIDAY])
        cursor.fetchall()


def _papers(unit: Unit, times: int) -> tuple[list[float], int]:
    """Return the seconds each briefing took from the request to the file, and the pages of one."""
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/demo/demo.commander")
    address = f"/briefings/briefing.pdf?unit={unit.id}&kind=weekly"
    answers: list[bytes] = []

    def ask() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"no briefing: {answer.status_code}")
        answers.append(answer.content)

    taken = frame.times_of(islice(repeat(ask), times), within=60)
    return taken, answers[-1].count(b"/Type /Page\n") + answers[-1].count(b"/Type/Page/")
