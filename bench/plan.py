"""How fast a province is planned: the engine on 600 communes x 150 kits x 135 days, then sessions and appointments.

The problem is drawn as in the planning notes: communes log-normal in size, 55 % of people only in the evening or at
weekends, kits of 60 to 110 dossiers a shift, room for 1 to 4 kits, 5 % of days closed, one area locked for 12 days.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bench import frame
from muster.engines import allocation
from muster.engines.allocation import Commune, Kit, Problem
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Booking, KitRow, SessionRow, Stand, VenueRow
from muster.plan.words import VenueKind
from muster.register import queries as register
from muster.rehearsal.people.making import make
from muster.survey.operations import open_campaigns
from muster.survey.rows import CampaignRow
from muster.survey.words import Group
from muster.units import queries as units
from muster.units.operations import load_reference
from muster.units.queries import ROOT

ON, AT = date(2021, 5, 8), datetime(2021, 5, 8, 9, tzinfo=ZONE)
BY = Actor(officer=None, unit=ROOT, purpose=Purpose.COMMAND, device="bench")
AREAS, WEEK, LOCKED = 12, 7, range(10, 22)
LEAST = 5_000  # rows a second of an operation
SECONDS = 10.0  # for a province
WIDE = 96 * 60  # dossiers a shift of a kit of the bench, so that slots are wide


def main(argv: Sequence[str]) -> int:
    """Solve, then schedule and book."""
    asked = frame.arguments(
        "plan", argv, communes=(600, "communes"), kits=(150, "kits"), days=(135, "days"),
        people=(40_000, "people to book"),
    )  # fmt: skip
    with frame.database(keep=asked.keep) as told:
        _solve(told, asked.communes, asked.kits, asked.days)
        load_reference(by=BY, at=AT)
        make(unit="30", scale=asked.people / 1_892_254, on=ON, by=BY, at=AT, workers=2)
        _book(told, asked.people)
    return len(told.missed)


def drawn(communes: int, kits: int, days: int, people: int = 1_200_000, seed: int = 1) -> Problem:
    """Return a problem of the planning notes' kind."""
    rng = random.Random(seed)
    sizes = [rng.lognormvariate(7.45, 0.6) for _ in range(communes)]
    places = []
    for key, size in enumerate(sizes):
        due = round(size / sum(sizes) * people)
        late = round(due * min(1, max(0, rng.gauss(0.55, 0.08))))
        closed = {day for day in range(days) if rng.random() < 0.05} | (set(LOCKED) if key % AREAS == 0 else set())
        room = rng.randint(1, 4)
        closed_days = frozenset(day for day in closed if day < days)
        places.append(Commune(key, key % AREAS, due - late, late, room, closed_days))
    machines = [Kit(key, rng.randrange(AREAS), rng.randint(60, 110)) for key in range(kits)]
    return Problem(places, machines, days, frozenset(day for day in range(days) if day % WEEK >= 5))


def _solve(told: frame.Told, communes: int, kits: int, days: int) -> None:
    problem = drawn(communes, kits, days)
    seconds = frame.timed(lambda: allocation.solve(problem))
    found, least = allocation.solve(problem), allocation.bound(problem)
    what = f"{communes} communes x {kits} kits x {days} days"
    told.fact(f"{what}: a plan", f"{seconds:.1f} s", limit=f"{SECONDS:.0f} s", held=seconds < SECONDS)
    told.fact("  faults against the problem", f"{len(list(allocation.faults(problem, found)))}", limit="none")
    told.fact("  finish, and nobody before (day)", f"{found.finish}, {least.finish}")
    told.fact("  days waited over the bound", f"{found.service_days / max(least.service_days, 1) - 1:.1%}")


def _book(told: frame.Told, people: int) -> None:
    """Schedule 30 days of sessions at every commune of a province, and book its people."""
    province = units.by_code("30", ON)
    communes = list(units.subtree(province.id, ON).filter(level="commune").order_by("id"))
    campaign, first = new_id(), ON + timedelta(days=1)
    row = CampaignRow(id=campaign, name="bench", unit=province.id, starts=ON, ends=ON + timedelta(days=90))
    open_campaigns(campaigns=[row], by=BY, at=AT)
    kits = [
        KitRow(id=new_id(), code=f"K{place}", unit=one.id, rate=WIDE, source="bench")
        for place, one in enumerate(communes)
    ]
    venues = [VenueRow(id=new_id(), unit=one.id, name="Nhà văn hóa", kind=VenueKind.MOBILE, kits=1) for one in communes]
    plan.register_kits(kits=kits, by=BY, at=AT)
    plan.open_venues(venues=venues, by=BY, at=AT)
    sessions = [
        SessionRow(
            id=new_id(), campaign=campaign, venue=venue.id, work_day=first + timedelta(days=day), shift=shift,
            starts=time(6 * shift), ends=time(6 * shift + 6 if shift < 3 else 0), stands=(Stand(kit.id),),
        )
        for kit, venue in zip(kits, venues, strict=True)
        for day in range(30)
        for shift in (1, 2, 3)
    ]  # fmt: skip
    since = frame.spent()
    seconds = frame.timed(lambda: plan.schedule_sessions(sessions=sessions, by=BY, at=AT))
    beside = frame.each(since, len(sessions))
    told.rate("sessions scheduled in one batch", [seconds], len(sessions), least=LEAST, beside=beside)
    persons = [one.person for commune in communes for one in register.residents(commune.id)][:people]
    slots = queries.slots_of([one.id for one in sessions[:600]], Group.AT_HOME)
    wanted = [slot for slot in slots for _ in range(slot.free)]
    bookings = [
        Booking(id=new_id(), person=person, session=slot.session, slot=slot.slot, group=Group.AT_HOME)
        for person, slot in zip(persons, wanted, strict=False)
    ]
    since = frame.spent()
    seconds = frame.timed(lambda: plan.book_appointments(bookings=bookings, by=BY, at=AT))
    beside = frame.each(since, len(bookings))
    told.rate("appointments booked in one batch", [seconds], len(bookings), least=LEAST, beside=beside)
    seconds = frame.timed(lambda: queries.sessions(province.id, first, first))
    told.fact("a province's sessions of a day", f"{1000 * seconds:.0f} ms", limit="1,000 ms", held=seconds < 1)


__all__ = ["drawn", "main"]
