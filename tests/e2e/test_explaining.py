"""A real browser: the head answers on a phone, the commander above decides on a laptop."""

from pathlib import Path

import pytest

from muster.events import operations as journal
from muster.kernel.clock import PlayedClock
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.reporting.conftest import AN_LAM, DISTRICT, MACHINE, campaign, units
from tests.reporting.test_explaining import HOUR, MORNING, asked, people

__all__ = ["asked", "campaign", "people", "units"]
CHROMIUM = Path("/usr/bin/chromium")
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium is installed"),
]


@pytest.fixture
def tab(asked, live_server):
    """Return a function that gives the page of an officer who has come in on a screen of a size."""
    journal.set_clock(clock=PlayedClock(real_now(), MORNING + HOUR, paused=True), by=MACHINE, at=real_now())
    held = {Role.DESK_LEAD: AN_LAM, Role.COMMANDER: DISTRICT}
    make_demo_officers(units=held, by=SYSTEM, at=real_now())
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])

        def come_in(role, size):
            page = browser.new_context(locale="vi-VN", viewport=size).new_page()
            page.goto(f"{live_server.url}/sign-in/")
            page.click(f'form[action="/sign-in/demo/demo.{role}"] button')
            page.wait_for_selector("nav")
            page.goto(f"{live_server.url}/reports/explanations/")
            return page

        yield come_in
        browser.close()


def test_answered_on_a_phone_and_decided_above(tab):
    phone = tab(Role.DESK_LEAD, PHONE)
    phone.click("table a:has-text('An Lâm')")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.check("input[value='network']")
    phone.fill("textarea", "Mạng chập chờn từ thứ Tư; cần đường truyền dự phòng.")
    phone.click("button:has-text('Gửi giải trình')")
    phone.wait_for_selector(".badge:has-text('chờ quyết định')")
    laptop = tab(Role.COMMANDER, LAPTOP)
    laptop.click("table a:has-text('An Lâm')")
    laptop.fill("textarea", "Tổ kỹ thuật kéo đường truyền dự phòng.")
    laptop.click("button:has-text('Ghi quyết định')")
    laptop.wait_for_selector(".badge:has-text('đang thực hiện')")
    assert laptop.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
    told = laptop.inner_text("main").replace("\u00a0", " ")
    assert "Đường truyền · Mạng chập chờn từ thứ Tư; cần đường truyền dự phòng." in told
    assert "Tổ kỹ thuật kéo đường truyền dự phòng. · Nguyễn Văn An, hạn 18/05/2021" in told
