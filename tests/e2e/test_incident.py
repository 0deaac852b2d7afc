"""A real browser: a crew tells of a dead kit on a phone, a technician swaps it, the board shows what was lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from muster.events import operations as journal
from muster.kernel.clock import PlayedClock
from muster.people.models import Officer
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.plan import queries as planned
from muster.web.frame import real_now
from tests.incidents.conftest import AN_LAM, PROVINCE, STOPPED, keep, put, spare_row, turn
from tests.people.factories import SYSTEM
from tests.plan.conftest import campaign, crews, evening, kits, officers, units, venue

__all__ = ["campaign", "crews", "evening", "kits", "officers", "units", "venue"]
CHROMIUM = Path("/usr/bin/chromium")
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium is installed"),
]


@pytest.fixture
def screens(evening, kits, officers, live_server):
    """Return a function that gives the screen of an officer; a technician is on duty and a spare waits."""
    clock_shows(STOPPED)
    Officer.objects.filter(id__in=[one.id for one in officers]).update(is_demo=False)  # nobody comes in as these
    make_demo_officers(units=dict.fromkeys(Role, AN_LAM) | {Role.TECHNICIAN: PROVINCE}, by=SYSTEM, at=real_now())
    assert not put(turn(Officer.objects.get(username="demo.technician")), real=real_now()).refused
    assert not keep(spare_row(kits[1])).refused
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])

        def come_in(role, size):
            page = browser.new_context(locale="vi-VN", viewport=size, base_url=live_server.url).new_page()
            page.goto("/sign-in/")
            page.click(f'form[action="/sign-in/demo/demo.{role}"] button')
            page.wait_for_selector("nav")
            return page

        yield come_in
        browser.close()


def clock_shows(at):
    journal.set_clock(clock=PlayedClock(real_now(), at, paused=True), by=SYSTEM, at=real_now())


def aside(work, *given):
    """Do something with the database while the browser's loop holds this thread."""

    def done():
        try:
            return work(*given)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def test_told_on_a_phone_swapped_and_on_the_board(screens, evening, kits):
    phone = screens("crew", PHONE)
    phone.goto("/incidents/")
    phone.fill("input[name='tell.told']", "Máy ảnh không lên")  # session and kit stand first
    phone.check("input[name='tell.stops']")
    phone.click("form:has(input[name='tell.told']) button")
    phone.wait_for_selector("main:has-text('Máy ảnh không lên')")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    aside(clock_shows, STOPPED + timedelta(minutes=25))
    laptop = screens("technician", LAPTOP)
    laptop.goto("/incidents/")
    laptop.click("main tbody a")
    laptop.click("form:has(input[name='act'][value='take']) button")
    laptop.wait_for_selector(".badge:has-text('Đã có người nhận')")
    laptop.select_option("select[name='swap.spare']", str(kits[1]))
    laptop.click("form:has(input[name='act'][value='swap']) button")
    laptop.wait_for_selector(".badge:has-text('Đã đổi máy')")
    assert aside(planned.session, evening.id).kits == ["HD-02"]
    board = screens("commander", LAPTOP)
    board.goto(f"/board/?unit={AN_LAM}")
    assert "25 phút" in board.inner_text(".tile:has-text('Đứng máy hôm nay')")
