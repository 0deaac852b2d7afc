"""A real browser at a desk: one click in, a card scanned, Enter, and the intake is open."""

from pathlib import Path

import pytest

from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.register.conftest import AN_LAM, person, taken, units

__all__ = ["units"]
CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium is installed"),
]


@pytest.fixture
def tab(units, live_server):
    """Return a page of a browser at the door of a house with one person in its register."""
    make_demo_officers(units=dict.fromkeys(Role, AN_LAM), by=SYSTEM, at=real_now())
    taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(OPTIONS))
        page = browser.new_page(locale="vi-VN", viewport={"width": 1366, "height": 768})
        page.goto(f"{live_server.url}/sign-in/")
        yield page
        browser.close()


def test_a_number_and_enter_open_the_person(tab):
    tab.click("button:has-text('Vào: Kíp thu nhận')")
    tab.click("nav a:has-text('Tra cứu dân cư')")
    tab.keyboard.type("030075999999")  # the cursor stands in the field already
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#number-error")
    tab.keyboard.type("030075123456")  # the next scan replaces what was typed
    tab.keyboard.press("Enter")
    tab.wait_for_selector("h1:has-text('Nguyễn Văn Hoà')")
    assert "030075123456" not in tab.url


@pytest.mark.parametrize(
    "read",
    ["030075123456|141234567|Nguyễn Văn Hoà|01031975|Nam|Ngõ 3, An Lâm|25012021", "030075123456"],
    ids=["scanned", "typed"],
)
def test_one_key_after_the_scan_opens_the_intake(tab, read):
    tab.add_init_script(
        "addEventListener('keydown', e => { sessionStorage.keys = +(sessionStorage.keys || 0) + 1 }, true)"
    )
    tab.click("button:has-text('Vào: Kíp thu nhận')")
    tab.wait_for_selector("nav a:has-text('Tra cứu dân cư')")
    tab.keyboard.insert_text(read)  # the reader's work, or the clerk's; the cursor stands in the field already
    tab.keyboard.press("Enter")  # a reader ends with it
    tab.wait_for_selector("h1:has-text('Nguyễn Văn Hoà')")
    assert "/desk/" not in tab.url
    tab.keyboard.press("Enter")  # Enter does what comes next
    tab.wait_for_selector("h1:has-text('Thu nhận hồ sơ: Nguyễn Văn Hoà')")
    assert tab.evaluate("+sessionStorage.keys") == 2  # both Enters, the reader's too: under five
