import re
from datetime import timedelta

import pytest
from django.test import Client

from muster.events import operations as events
from muster.events.journal import Move
from muster.kernel.clock import PlayedClock
from muster.kernel.ids import new_id
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.web.frame import real_now
from tests.people.factories import SYSTEM, commune, province
from tests.web.accounts.conftest import browser

pytestmark = pytest.mark.django_db


def signed_in(role):
    own = commune()
    events.place_units([(1, [1]), (province().id, [1, 2]), (own.id, own.ancestors)])
    make_demo_officers(units={role: own.id}, by=SYSTEM, at=real_now())
    return browser(role), own


def happened(unit, at, count, kind="dossier", move="received"):
    moves = [
        Move(thing=new_id(), kind=kind, move=move, unit_done=1, unit_residence=unit, occurred_at=at)
        for _ in range(count)
    ]
    events.record(moves=moves, by=SYSTEM, at=at)


def figures(page):
    return re.findall(r'class="tile-figure">([^<]*)<', page.content.decode())


def test_the_first_page_counts_who_resides_in_ones_unit_by_the_campaigns_day():
    client, own = signed_in(Role.DESK_LEAD)
    real = real_now()
    shows = real - timedelta(days=2000)
    events.set_clock(clock=PlayedClock(real, shows, paused=True), by=SYSTEM, at=real)
    happened(own.id, shows - timedelta(days=3), 1200)
    happened(own.id, shows, 34)
    happened(own.id, shows, 3_000, "person", "take_in")
    happened(own.id, shows, 7, move="handed_over")
    happened(province().id, shows, 5)
    assert figures(client.get("/", headers={"Accept-Language": "vi"})) == ["1.234", "34", "7"]
    page = client.get("/", headers={"Accept-Language": "en"})
    assert figures(page) == ["1,234", "34", "7"]
    assert f"of 3,000 people registered in {own.name}" in page.content.decode()


def test_a_volunteer_sees_no_count():
    client, _ = signed_in(Role.VOLUNTEER)
    assert figures(client.get("/")) == []


def test_the_first_page_is_closed_to_strangers():
    answer = Client(SERVER_NAME="127.0.0.1").get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=%2F")


def test_the_first_page_asks_the_same_few_questions_at_any_size(django_assert_max_num_queries):
    client, own = signed_in(Role.DESK_LEAD)
    happened(own.id, real_now(), 300)
    client.get("/")
    with django_assert_max_num_queries(20):
        client.get("/")
