"""A real browser goes through the five minutes: board, reinforcement, one citizen at the desk, their card."""

from pathlib import Path

import pytest

from muster.events import operations as journal
from muster.kernel.clock import PlayedClock
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.register.conftest import person, taken
from tests.reporting.conftest import AN_LAM, DISTRICT, campaign, units
from tests.reporting.test_reinforcing import NOW, proposal, world
from tests.survey.conftest import surveyed

__all__ = ["campaign", "proposal", "units", "world"]
CHROMIUM = Path("/usr/bin/chromium")
ONWARD = ".story form[action='/story/go/'] button"
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium is installed"),
]


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["laptop", "phone"])
def tab(proposal, campaign, live_server, request):
    """Return a page at the door of a demonstration: one commune may be lent a kit, one grown-up of it has a number."""
    places = dict.fromkeys(Role, AN_LAM) | {Role.COMMANDER: DISTRICT}
    make_demo_officers(units=places, by=SYSTEM, at=real_now())
    journal.set_clock(clock=PlayedClock(real_now(), NOW, paused=True), by=SYSTEM, at=real_now())
    taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    surveyed(campaign)
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        width, height = request.param
        page = browser.new_page(locale="vi-VN", viewport={"width": width, "height": height})
        page.goto(f"{live_server.url}/sign-in/")
        yield page
        browser.close()


def answers(tab):
    return tab.locator(".story-answers dd").all_inner_texts()


def test_from_the_board_to_the_citizen(tab):
    tab.click("a[href='/story/']")
    tab.click("form[action='/story/go/'] button")
    tab.wait_for_selector(".story:has-text('An Lâm')")  # the commune that is behind, by name
    tab.click(ONWARD)
    tab.wait_for_selector(".story:has-text('An Lâm')")
    before = tab.inner_text(".story")
    tab.locator("[data-proposal]").first.get_by_role("button", name="Chấp nhận, đưa vào kế hoạch").click()
    tab.wait_for_selector(".story:has-text('Đã chấp nhận')")
    assert "không kịp hạn" in before
    assert "13/05/2021" in tab.inner_text(".story")  # where the finish has moved to
    tab.click(ONWARD)
    (number,) = answers(tab)
    tab.keyboard.type(number)  # the cursor stands in the field already
    tab.keyboard.press("Enter")
    tab.wait_for_selector("h1:has-text('Nguyễn Văn Hoà')")
    tab.keyboard.press("Enter")
    tab.fill("input[name='traits']", "Nốt ruồi cạnh mũi")
    for box in tab.query_selector_all("input[name^='sign.']"):
        box.check()
    tab.click("form.stack-wide .button-main")
    tab.wait_for_selector(".story:has-text('đếm từ 0 lên 1')")
    tab.click(ONWARD)
    number, name, birth = answers(tab)
    for field, value in (("number", number), ("name", name), ("birth", birth)):
        tab.fill(f"main input[name='{field}']", value)
    tab.click("main form .button-main")
    tab.wait_for_selector("main:has-text('Đã thu nhận')")
    tab.click("text=Thôi kể")
    tab.wait_for_selector("main")
    assert tab.locator(".story").count() == 0
