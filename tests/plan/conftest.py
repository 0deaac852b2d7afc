"""A province with a campaign, officers, trained crews, kits, venues, and citizens to book."""

from datetime import date, datetime, time

import pytest
from django.db import DatabaseError, connection, transaction

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan.rows import CrewRow, KitRow, SessionRow, Stand, Training, VenueRow
from muster.plan.words import Post, VenueKind
from muster.units.models import Unit
from tests.people.factories import officer
from tests.register.conftest import AN_LAM, AT, HOP_TIEN, PROVINCE, person, taken, units
from tests.survey.conftest import opened

__all__ = ["AN_LAM", "AT", "HOP_TIEN", "PROVINCE", "units"]

BY = Actor(officer=None, unit=PROVINCE, purpose=Purpose.COMMAND)
DAY = date(2021, 5, 10)  # a Monday
POSTS = (Post.DOSSIER, Post.PHOTO, Post.FINGERPRINTS)


def wall(text, day=DAY):
    hour, minute = map(int, text.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def codes(result):
    return [(row.index, row.refusal.code) for row in result.refused]


def events(kind):
    """Return the moves of a kind in the order they were recorded."""
    rows = sql(
        "SELECT move FROM events_event JOIN events_metric AS metric ON metric.id = metric_id WHERE kind = %s "
        "ORDER BY recorded_at, events_event.id",
        kind,
    )
    return [move for (move,) in rows]


def bites(guard, act):
    """Do something that a guard of the database, known by its name, refuses."""

    def whole():
        with transaction.atomic():
            act()
            sql("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError) as refused:
        whole()
    assert refused.value.__cause__.diag.constraint_name == guard


DUTY = """
    INSERT INTO plan_duty (session_id, officer_id, post, work_day, starts_at, ends_at, live)
    SELECT id, %s, 'photo', work_day, starts_at, ends_at, true FROM plan_session WHERE id = %s
"""


@pytest.fixture
def campaign(units):
    return opened()


@pytest.fixture
def officers(units):
    """Return six officers, each trained for a post of a crew."""
    unit = Unit.objects.get(id=AN_LAM)
    found = [officer(f"can.bo.{number}", unit=unit, is_demo=True) for number in range(6)]
    trainings = [
        Training(officer=one.id, post=POSTS[place % 3], on=date(2021, 3, 1)) for place, one in enumerate(found)
    ]
    assert not plan.record_training(trainings=trainings, by=BY, at=AT).refused
    return found


def other_venue(name="Trường THCS An Lâm", **more):
    row = venue_row(name, **more)
    assert not plan.open_venues(venues=[row], by=BY, at=AT).refused
    return row.id


def crew_row(members, **more):
    told = {"id": new_id(), "unit": AN_LAM, "name": "Tổ 1", "since": date(2021, 5, 1)} | more
    return CrewRow(members=tuple(zip((one.id for one in members), POSTS, strict=False)), **told)


@pytest.fixture
def crews(officers):
    rows = [crew_row(officers[:3]), crew_row(officers[3:], name="Tổ 2")]
    assert not plan.form_crews(crews=rows, by=BY, at=AT).refused
    return [row.id for row in rows]


def kit_row(code, **more):
    return KitRow(**{"id": new_id(), "code": code, "unit": AN_LAM, "rate": 96, "source": "Đo 2021"} | more)


@pytest.fixture
def kits(units):
    rows = [kit_row("HD-01"), kit_row("HD-02")]
    assert not plan.register_kits(kits=rows, by=BY, at=AT).refused
    return [row.id for row in rows]


def venue_row(name="Nhà văn hóa An Lễ", **more):
    told = {"id": new_id(), "unit": AN_LAM, "name": name, "kind": VenueKind.MOBILE, "kits": 1, "seats": 40}
    return VenueRow(**told | more)


@pytest.fixture
def venue(units):
    row = venue_row()
    assert not plan.open_venues(venues=[row], by=BY, at=AT).refused
    return row.id


@pytest.fixture
def evening(campaign, venue, kits, crews):
    """Return the row of an evening session, 18:00 to 01:00, and schedule it."""
    row = session_row(campaign, venue, Stand(kits[0], crews[0]))
    assert not plan.schedule_sessions(sessions=[row], by=BY, at=AT).refused
    return row


def session_row(campaign, venue, *stands, shift=3, starts="18:00", ends="01:00", day=DAY, **more):
    first, last = (time.fromisoformat(text) for text in (starts, ends))
    told = {"id": new_id(), "campaign": campaign, "venue": venue, "work_day": day, "shift": shift} | more
    return SessionRow(starts=first, ends=last, stands=stands, **told)


def citizens(count):
    """Take people in; return their ids."""
    found = [taken(person(f"Nguyễn Văn {chr(65 + place % 26)}", f"1/{place % 12 + 1}/1975")) for place in range(count)]
    return [one.id for one in found]
