"""The base a comparison looks at: a campaign rehearsed to a moment, with its plan, marks, checks and officers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from uuid import UUID

from django.db import transaction

from muster.account.operations import activate, decide, lock, notify, request_accounts
from muster.account.rows import AccountRequest, Act, Activation, Decision
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.people import operations as people
from muster.people.words import Role
from muster.plan import operations as plan
from muster.plan import queries as plans
from muster.plan.rows import AppointmentMove, Booking, Cancellation
from muster.rehearsal import checks, planned, runs, surveyed
from muster.rehearsal.campaign.rehearsing import Rehearsal, play, settle, surveyed_unit
from muster.survey import operations as survey
from muster.survey.rows import ContactMark, HardMark
from muster.survey.words import Contact, Group, Hard
from muster.units import operations as units
from muster.units.models import Unit
from muster.web.frame import real_now
from tests.journeys.agreement.frame import SYSTEM, World, rows

DISTRICT = "300"
EVE = date(2021, 3, 1)
ACCOUNTS_FROM = datetime(2022, 11, 7, 9, tzinfo=ZONE)  # a Monday under Decree 59/2022
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Size:
    """How much is played: the share of the people, where (no district: the whole province), until when."""

    scale: Fraction
    until: datetime
    districts: frozenset[str] = frozenset()
    kits: int | None = None
    workers: int = 1


SMALL = Size(Fraction(1, 300), datetime(2021, 4, 14, 17, tzinfo=ZONE), frozenset({DISTRICT}), kits=160)


def _silent(*_: object) -> None:
    """Tell nothing."""


def played(size: Size, *, seed: int, progress: Callable[..., None] = _silent) -> World:
    """Fill an empty base, put officers into it, and return it with its clock standing."""
    units.load_reference(by=SYSTEM, at=size.until)
    what = Rehearsal(
        scenario="haiduong-2021", scale=size.scale, districts=size.districts, kits=size.kits, workers=size.workers
    )
    runs.begin(what)
    settle(what, progress)
    surveyed.survey(what, unit=surveyed_unit(what), by=SYSTEM, progress=progress)
    play(what, until=size.until, progress=progress)
    runs.played(what, until=size.until)
    world = World(Random(seed), size.until)
    world.shows(size.until)
    _furnished(what, size.until)
    world.sign_in(role.value for role in Role)
    return world


def found(size: Size, *, seed: int) -> World | None:
    """Return the base that an earlier run has left, or nothing."""
    if not rows("SELECT FROM rehearsal_run WHERE played_until IS NOT NULL"):
        return None
    world = World(Random(seed), size.until)
    if not rows("SELECT FROM people_officer"):
        _furnished(
            Rehearsal(scenario="haiduong-2021", scale=size.scale, districts=size.districts, kits=size.kits), size.until
        )
    world.sign_in(role.value for role in Role)
    return world


@transaction.atomic
def _furnished(what: Rehearsal, at: datetime) -> None:
    """Mark those who have not come, bring what checkers look at, and plan the days to come."""
    district = _unit(DISTRICT)
    home, beside = _communes(district)[:2]
    _marked(at)
    checks.few(home=home.id, elsewhere=beside.id, at=at)
    province, country = _unit("30"), Unit.objects.get(code="VN")
    works_at = dict.fromkeys(Role, province) | {Role.CREW: home, Role.VOLUNTEER: home}
    works_at |= {Role.ADMINISTRATOR: country, Role.COMMANDER: country}
    people.mark_demo(at=real_now())
    made = people.make_demo_officers(units={role: unit.id for role, unit in works_at.items()}, by=SYSTEM, at=real_now())
    planned.plan_district(
        campaign=what.told.campaign, district=district, communes=_communes(district), home=home.id,
        owner=made[Role.COMMANDER], by=SYSTEM, at=at,
    )  # fmt: skip
    _booked(district, at)


def _marked(at: datetime) -> None:
    """Mark some of those who have not come: how they were reached, and the hard ones among them."""
    cases = [case for (case,) in rows("SELECT id FROM survey_case WHERE state = 'open' ORDER BY id LIMIT 2000")]
    contacts = [contact for contact in Contact if contact is not Contact.NOT_REACHED]
    reached = [ContactMark(case=one, contact=contacts[place % 4]) for place, one in enumerate(cases) if place % 3]
    survey.mark_contacts(marks=reached, by=SYSTEM, at=at).whole()
    hard = [HardMark(case=one, hard=list(Hard)[place % len(Hard)]) for place, one in enumerate(cases) if place % 5 == 0]
    survey.mark_hard_cases(marks=hard, by=SYSTEM, at=at).whole()


def _booked(district: Unit, at: datetime) -> None:
    """Book those who have not come into the free slots of the district; one in nine wishes none in the end."""
    first = at.astimezone(ZONE).date()
    free = [
        slot
        for slot in plans.free_slots(district.id, Group.WORKING, first, first + 21 * DAY, after=at)
        for _ in range(min(slot.free, 3))
    ]
    people_ = rows(
        "SELECT person_id, group_code FROM survey_case WHERE state = 'open' AND NOT EXISTS (SELECT FROM "
        "plan_appointment WHERE person_id = survey_case.person_id) ORDER BY person_id LIMIT 400"
    )
    bookings = [
        Booking(id=new_id(), person=person, session=slot.session, slot=slot.slot, group=Group(group))
        for (person, group), slot in zip(people_, free, strict=False)
    ]
    booked = plan.book_appointments(bookings=bookings, by=SYSTEM, at=at).done
    gone = [AppointmentMove(id=new_id(), appointment=one, move="cancel") for one in booked[::9]]
    plan.move_appointments(moves=gone, by=SYSTEM, at=at).whole()
    if some := rows("SELECT session_id FROM plan_appointment WHERE state = 'booked' ORDER BY 1 LIMIT 1"):
        rained = Cancellation(session=some[0][0], reason="Mưa bão")
        plan.cancel_sessions(cancellations=[rained], by=SYSTEM, at=at).whole()


def _unit(code: str) -> Unit:
    """Return a unit of the campaign's days by its code."""
    return Unit.objects.filter(code=code, valid_from__lte=EVE).exclude(valid_to__lte=EVE).get()


def _communes(district: Unit) -> list[Unit]:
    found = Unit.objects.filter(parent=district, valid_from__lte=EVE)
    return list(found.exclude(valid_to__lte=EVE).order_by("code"))


def accounts_opened(world: World, *, most: int = 120) -> None:
    """Let holders of cards ask for accounts in November 2022, and each account get as far as its place says."""
    holders = [
        person
        for (person,) in rows(
            "SELECT person_id FROM card_card WHERE state = 'handed_over' ORDER BY person_id LIMIT %s", most
        )
    ]
    home = dict(rows("SELECT id, unit_id FROM register_person WHERE id = ANY(%s)", holders))
    by = Actor(officer=None, unit=_unit("30").id, purpose=Purpose.ISSUE, device="agreement")
    asked = [
        AccountRequest(id=new_id(), person=one, level=1 + place % 2, at=ACCOUNTS_FROM, unit=home[one])
        for place, one in enumerate(holders)
    ]
    accounts = request_accounts(requests=asked, grants=None, by=by, at=ACCOUNTS_FROM).whole()
    granted, told, used, locked = (_part(accounts, upto) for upto in (9, 7, 4, 1))
    at = ACCOUNTS_FROM + DAY
    decide(decisions=[Decision(account=one, at=at, approve=True) for one in granted], grants=None, by=by, at=at).whole()
    notify(notices=[Act(account=one, at=at) for one in told], grants=None, by=by, at=at).whole()
    rows_ = [Activation(account=one, at=at, device=f"phone {place // 7}") for place, one in enumerate(used)]
    activate(activations=rows_, grants=None, by=by, at=at).whole()
    lock(locks=[Act(account=one, at=at, reason="citizen_asked") for one in locked], grants=None, by=by, at=at).whole()
    world.shows(at + 12 * DAY)


def _part(accounts: list[UUID], tenths: int) -> list[UUID]:
    return [one for place, one in enumerate(accounts) if place % 10 < tenths]
