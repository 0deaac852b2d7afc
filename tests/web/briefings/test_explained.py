"""Briefings tell what low units explain: one table on page and slides, the same words in PDF and workbook."""

import re

import pytest

from muster.events import operations as journal
from muster.kernel.clock import PlayedClock
from muster.people.words import Role
from muster.web.briefings import paper
from muster.web.frame import real_now
from tests.reporting.conftest import DISTRICT, MACHINE, PROVINCE, campaign, units
from tests.reporting.test_explaining import HOUR, MORNING, answer, asked, decide, move, people
from tests.web.accounts.conftest import come_in
from tests.web.briefings.test_briefings import sheet

__all__ = ["asked", "campaign", "people", "units"]


@pytest.fixture
def told(asked, people):
    """Let the unit answer and the district decide; it is noon."""
    move(answer(asked), people["head"], MORNING + HOUR).whole()
    move(decide(asked, people["head"]), people["chief"], MORNING + 2 * HOUR).whole()
    clock = PlayedClock(real_now(), MORNING + 3 * HOUR, paused=True)
    journal.set_clock(clock=clock, by=MACHINE, at=real_now())
    return asked


def table(page):
    found = re.search(r"<table(?:(?!<table).)*?Giải trình: đang chờ.*?</table>", page.content.decode(), re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_page_and_slides_have_one_table_and_it_says_what_was_decided(told, kind):
    reader = come_in(Role.COMMANDER, PROVINCE)
    page, slides = (
        table(reader.get(f"/briefings/{name}?unit={PROVINCE}&kind={kind}")) for name in ("", "slides/")
    )  # fmt: skip
    assert page == slides
    assert "Máy hỏng hai ngày." in page
    assert "Điều thêm một bộ máy." in page
    assert "hạn 17/05/2021" in page


def test_the_workbook_has_the_same_in_codes_and_counts(told):
    written = come_in(Role.COMMANDER, PROVINCE).get(f"/briefings/briefing.xlsx?unit={PROVINCE}").content
    head, row = sheet(written, 2)
    assert head == list(paper.EXPLAINED)
    assert dict(zip(head, row, strict=True)) | {"unit": ""} == {
        "unit": "", "day": "14/05/2021", "state": "decided", "due_by": "04:00 18/05/2021", "reason": "lowest",
        "place": 2, "among": 2, "captured": 1, "target": 60, "planned": told.planned, "chased": 0,
        "cause": "machine", "answer": "Máy hỏng hai ngày.", "decision": "Điều thêm một bộ máy.",
        "owner": "Nguyễn Văn An", "due": "17/05/2021",
    }  # fmt: skip


def test_the_pdf_is_set_with_it(told):
    written = come_in(Role.COMMANDER, PROVINCE).get(f"/briefings/briefing.pdf?unit={PROVINCE}").content
    assert written.startswith(b"%PDF-")


def test_as_known_before_the_decision_it_was_answered_only(told):
    reader = come_in(Role.COMMANDER, PROVINCE)
    page = table(reader.get(f"/briefings/?unit={PROVINCE}&known=15/05/2021 06:00"))
    assert "Máy hỏng hai ngày." in page
    assert "chờ quyết định" in page
    assert "Điều thêm một bộ máy." not in page
    assert table(reader.get(f"/briefings/?unit={PROVINCE}&known=15/05/2021 04:00")) == ""


def test_who_may_not_read_explanations_is_briefed_without(told):
    assert table(come_in(Role.TECHNICIAN, DISTRICT).get(f"/briefings/?unit={DISTRICT}")) == ""
