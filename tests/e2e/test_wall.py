"""A real browser on a wall of 1920 by 1080: map and table side by side, each slide on one screen, no scrolling."""

from pathlib import Path

import pytest

from muster.events import operations as journal
from muster.kernel.clock import PlayedClock
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.reporting import operations
from muster.reporting.rows import RankingRow
from muster.units.queries import Unit
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.reporting.conftest import DAY, DISTRICT, FIVE, MACHINE, played, units
from tests.survey.conftest import opened
from tests.units.factories import unit

__all__ = ["units"]
CHROMIUM = Path("/usr/bin/chromium")
COMMUNES = 26  # more than there is room for at once
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium is installed"),
]


@pytest.fixture
def wall(units, live_server):
    """Return a wall's page of a browser whose district has many communes, all ranked."""
    district = Unit.objects.get(id=DISTRICT)
    more = [unit(900 + n, district, level="commune", name=f"Xã {n}", lat=20.7 + n / 100, lon=106.2)
            for n in range(COMMUNES)]  # fmt: skip
    journal.place_units((one.id, one.ancestors) for one in more)
    campaign = opened()
    played(days=6)
    morning = FIVE.replace(day=9, hour=7)
    operations.rank_units(rankings=[RankingRow(campaign=campaign, day=DAY)], by=MACHINE, at=morning).whole()
    journal.set_clock(clock=PlayedClock(real_now(), morning, paused=True), by=MACHINE, at=real_now())
    make_demo_officers(units=dict.fromkeys(Role, DISTRICT), by=SYSTEM, at=real_now())
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="vi-VN", viewport={"width": 1920, "height": 1080})
        page.goto(f"{live_server.url}/sign-in/")
        page.click('form[action="/sign-in/demo/demo.commander"] button')
        page.wait_for_selector("nav")
        page.base = live_server.url
        yield page
        browser.close()


def boxes(page, selector):
    """Return where what is drawn of a selector stands on the screen."""
    return page.eval_on_selector_all(
        selector,
        "all => all.filter(one => one.getClientRects().length).map(one => one.getBoundingClientRect().toJSON())",
    )


def names(page):
    return page.eval_on_selector_all("tbody tr:not([hidden]) th", "all => all.map(one => one.innerText)")


def test_map_and_table_are_both_seen_and_all_rows_have_their_turn(wall):
    wall.clock.install()
    wall.goto(f"{wall.base}/board/?mode=wall")
    wall.wait_for_selector("caption[data-turn]")
    for selector in ("[data-part='map'] .chart-wide svg", "[data-part='curves'] .chart-wide svg", ".table"):
        (box,) = boxes(wall, selector)
        assert (box["left"] >= 0, box["top"] >= 0, box["right"] <= 1920, box["bottom"] <= 1080) == (True,) * 4
    assert wall.evaluate("document.documentElement.scrollHeight") == 1080
    rows, (box,) = boxes(wall, ".table tbody tr"), boxes(wall, "[data-part='table']")
    assert 8 <= len(rows) < COMMUNES
    assert all(row["bottom"] <= box["bottom"] and row["right"] <= box["right"] for row in rows)
    seen, turns = names(wall), int(wall.get_attribute("caption", "data-turn").removeprefix("1/"))
    for turn in range(2, turns + 1):
        wall.clock.fast_forward(15_000)
        assert wall.get_attribute("caption", "data-turn") == f"{turn}/{turns}"
        seen += names(wall)
    assert len(seen) == len(set(seen)) == COMMUNES + 2
    wall.clock.fast_forward(15_000)
    assert names(wall) == seen[: len(rows)]


def test_every_slide_fits_on_one_screen(wall):
    wall.goto(f"{wall.base}/briefings/slides/?kind=weekly&mode=wall")
    wall.evaluate("document.fonts.ready.then(() => true)")
    slides = boxes(wall, ".slide")
    assert len(slides) > 6
    assert all(abs(one["height"] - 1080) < 2 for one in slides)
    assert all(one["right"] <= 1920 for one in boxes(wall, ".slide .table"))
