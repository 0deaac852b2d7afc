"""The demonstration of `make run`: a district in the midst of its campaign, an officer for every role, a played clock.

One district of Hải Dương is surveyed, and rehearsed from 16 March 2021 on at a twentieth of its people, through the
operations that desks and kits use; then the clock runs on from 17:00 on 8 May 2021. It plays with fewer kits than the
scenario, so that on that evening there is work left. Interrupted, it is finished at the next start.
"""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, PlayedClock
from muster.people import operations as people
from muster.people import queries as people_queries
from muster.people.words import Role
from muster.register import queries as register
from muster.rehearsal import (
    checks,
    explained,
    inspected,
    planned,
    practised,
    reinforced,
    reported,
    reviewed,
    runs,
    surveyed,
    troubled,
)
from muster.rehearsal.campaign.rehearsing import Rehearsal, play, settle, surveyed_unit
from muster.units import queries as units

DAY = date(2021, 5, 8)
SHOWS = datetime(2021, 5, 8, 17, 0, tzinfo=ZONE)
PROVINCE, DISTRICT, COMMUNE = "30", "300", "11269"  # Hải Dương, Thanh Miện, Tứ Cường
SCENARIO, SCALE, KITS = "haiduong-2021", Fraction(1, 20), 70
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
    if people_queries.demo_officers():
        return  # it was finished before
    people.mark_demo(at=real)
    _commit_quickly(on=True)
    what = Rehearsal(scenario=SCENARIO, scale=SCALE, districts=frozenset({DISTRICT}), kits=KITS)
    runs.begin(what)
    settle(what, lambda _, done, of: progress(f"  a synthetic people: {done:,} of {of:,}"))
    commune = units.by_code(COMMUNE, DAY).id
    surveyed.survey(what, unit=surveyed_unit(what), by=SYSTEM, progress=lambda *_: None)
    play(what, until=SHOWS, progress=lambda _, done, of: progress(f"  their campaign: day {done} of {of}"))
    runs.played(what, until=SHOWS)
    surveyed.mark(what, commune=commune, by=SYSTEM, at=SHOWS)
    audit.set_clock(clock=PlayedClock(real, SHOWS), by=SYSTEM, at=real)
    held = units.by_codes(sorted(set(WORKS_AT.values())), DAY)
    _commit_quickly(on=False)  # the last transaction takes everything before it to the disk
    with transaction.atomic():  # a campaign is drawn from whoever is there: its people must not be joined half way
        checks.few(home=held[COMMUNE].id, elsewhere=_beside(held[COMMUNE].id), at=SHOWS)
        made = people.make_demo_officers(
            units={role: held[code].id for role, code in WORKS_AT.items()}, by=SYSTEM, at=real
        )
        planned.plan_district(
            campaign=what.told.campaign, district=held[DISTRICT], communes=list(units.children(held[DISTRICT].id, DAY)),
            home=commune, owner=made[Role.COMMANDER], by=SYSTEM, at=SHOWS,
        )  # fmt: skip
        troubled.trouble(district=held[DISTRICT], technician=made[Role.TECHNICIAN], by=SYSTEM, at=SHOWS, real=real)
        reported.report(campaign=what.told.campaign, district=held[DISTRICT], officers=made, at=SHOWS)
        reported.rank(campaign=what.told.campaign, district=held[DISTRICT], at=SHOWS)
        communes = list(units.children(held[DISTRICT].id, DAY))
        reinforced.reinforce(
            campaign=what.told.campaign, district=held[DISTRICT], communes=communes, by=SYSTEM, at=SHOWS
        )
        explained.explain(campaign=what.told.campaign, district=held[DISTRICT], officers=made, at=SHOWS)
        inspected.inspect(campaign=what.told.campaign, district=held[DISTRICT], officers=made, at=SHOWS)
        reviewed.look_back(campaign=what.told.campaign, district=held[DISTRICT], officers=made, at=SHOWS)
        practised.practise(campaign=what.told.campaign, district=held[DISTRICT], officers=made)


def _commit_quickly(*, on: bool) -> None:
    """Let commits of this connection not wait for the disk, or wait again.

    A demonstration that is cut off begins again where it stood, a moment earlier; nobody was told anything of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET synchronous_commit = {'off' if on else 'on'}")


def _beside(commune: int) -> int:
    """Return another commune of the same district."""
    below = units.children(units.by_code(DISTRICT, DAY).id, DAY)
    return min(unit.id for unit in below if unit.id != commune)
