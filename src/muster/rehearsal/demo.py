"""The demonstration of `make run`: one district of synthetic people, an officer for every role, and a played clock.

The people are taken in commune by commune through the register's own operation, one a day from 12 April 2021, so that
the counts have days to show; then the clock runs on from 17:00 on 8 May 2021. Interrupted, it is finished at the next
start.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from muster.audit import operations as audit
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, PlayedClock
from muster.people import operations as people
from muster.people import queries as people_queries
from muster.people.words import Role
from muster.register import queries as register
from muster.rehearsal.people.making import make as make_people
from muster.units import queries as units

DAY = date(2021, 5, 8)
SHOWS = datetime(2021, 5, 8, 17, 0, tzinfo=ZONE)
FIRST_EVENING = datetime(2021, 4, 12, 17, 0, tzinfo=ZONE)
PROVINCE, DISTRICT, COMMUNE = "30", "300", "11269"  # Hải Dương, Thanh Miện, Tứ Cường
SCALE, SEED = 0.05, 2021
SYSTEM = Actor(officer=None, unit=units.ROOT, purpose=Purpose.ADMINISTER, device="demonstration")

WORKS_AT = {
    Role.CREW: COMMUNE,
    Role.DESK_LEAD: DISTRICT,
    Role.COMMANDER: DISTRICT,
    Role.PLANNER: PROVINCE,
    Role.CHECKER: PROVINCE,
    Role.TECHNICIAN: PROVINCE,
    Role.AUDITOR: PROVINCE,
    Role.ADMINISTRATOR: "VN",
    Role.VOLUNTEER: COMMUNE,
}


def is_wanted() -> bool:
    """Say whether this base is empty, or holds a demonstration that was not finished."""
    if people_queries.has_officers():
        return False
    return people_queries.has_demo() or not register.has_persons()


def make(*, real: datetime, progress: Callable[[str], None]) -> None:
    """Fill an empty base: people, the clock, and last the officers, which says that it is finished.

    :param real: the real time, from which the played clock runs
    :raises RealPeopleHere: there is an officer who is no demonstration
    """
    people.mark_demo(at=real)
    communes = sorted(units.children(units.by_code(DISTRICT, DAY).id, DAY), key=lambda unit: unit.code)
    for place, commune in enumerate(communes):
        progress(f"  a synthetic people: {place} of {len(communes)} communes")
        evening = FIRST_EVENING + timedelta(days=place)
        make_people(unit=commune.code, scale=SCALE, seed=SEED, on=evening.date(), by=SYSTEM, at=evening)
    audit.set_clock(clock=PlayedClock(real, SHOWS), by=SYSTEM, at=real)
    held = units.by_codes(sorted(set(WORKS_AT.values())), DAY)
    people.make_demo_officers(units={role: held[code].id for role, code in WORKS_AT.items()}, by=SYSTEM, at=real)
