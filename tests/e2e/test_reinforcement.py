"""A real browser: a commander accepts a loan; its sessions stand in the plan and the receiver's finish moves."""

import pytest

from muster.events import operations as journal
from muster.kernel.clock import PlayedClock
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.web.frame import real_now
from tests.e2e.test_explaining import CHROMIUM, LAPTOP, PHONE, pytestmark
from tests.people.factories import SYSTEM
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, MACHINE, campaign, units
from tests.reporting.test_reinforcing import NOW, proposal, world

__all__ = ["campaign", "proposal", "pytestmark", "units", "world"]


@pytest.fixture
def screens(proposal, live_server):
    """Return a function that gives the board of a commander on a screen of a size."""
    journal.set_clock(clock=PlayedClock(real_now(), NOW, paused=True), by=MACHINE, at=real_now())
    make_demo_officers(units={Role.COMMANDER: DISTRICT}, by=SYSTEM, at=real_now())
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])

        def come_in(size):
            page = browser.new_context(locale="vi-VN", viewport=size).new_page()
            page.goto(f"{live_server.url}/sign-in/")
            page.click('form[action="/sign-in/demo/demo.commander"] button')
            page.wait_for_selector("nav")
            page.goto(f"{live_server.url}/board/?unit={DISTRICT}")
            return page

        yield come_in
        browser.close()


def test_accepted_the_sessions_exist_and_the_finish_moves(screens):
    laptop = screens(LAPTOP)
    laptop.click("a:has-text('Tăng cường')")
    first = laptop.locator("[data-proposal]").first
    assert "không kịp hạn" in first.inner_text()
    assert "13/05/2021" in first.inner_text()
    assert laptop.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
    first.get_by_role("button", name="Chấp nhận, đưa vào kế hoạch").click()
    laptop.wait_for_selector("#decided .badge:has-text('đã vào kế hoạch')")
    assert "13/05/2021" in laptop.locator("#decided").inner_text()
    assert laptop.locator("[data-proposal]").count() == 0
    reinforced = laptop.url
    laptop.goto(f"{laptop.url.split('/board/')[0]}/plan/?unit={AN_LAM}&day=15%2F05%2F2021")
    assert f"HD-{HOP_TIEN}" in laptop.inner_text("main")
    phone = screens(PHONE)
    phone.goto(reinforced)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
