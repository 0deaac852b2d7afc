"""The page of forecasts: what was kept is what is shown and filed, by stage and day, with how right it was."""

import io
import re
import zipfile
from datetime import datetime, timedelta
from math import inf

import pytest

from muster.events import operations as journal
from muster.kernel import formats
from muster.kernel.clock import ZONE, PlayedClock
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.models import Forecast, Score
from muster.reporting.words import Figure
from muster.web.frame import real_now
from tests.reporting.conftest import AN_LAM, DISTRICT, MACHINE, PROVINCE, campaign, sql, units
from tests.reporting.test_forecasting import FIRST, recorded, steady, told
from tests.web.accounts.conftest import come_in

__all__ = ["campaign", "steady", "units"]
DAY = FIRST + timedelta(days=9)


@pytest.fixture
def kept(steady):
    assert not told(steady, DAY).refused
    assert not told(steady, DAY, unit=DISTRICT).refused
    morning = datetime(DAY.year, DAY.month, DAY.day, 7, tzinfo=ZONE) + timedelta(days=1)
    journal.set_clock(clock=PlayedClock(real_now(), morning, paused=True), by=MACHINE, at=real_now())
    return Forecast.objects.get(unit_id=AN_LAM)


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("\u00a0", " ")


def test_page_and_file_say_what_was_kept(kept):
    reader = come_in(Role.COMMANDER, PROVINCE)
    page = reader.get(f"/board/forecast/?unit={DISTRICT}")
    shown = text(page)
    for day in (kept.rate_on, kept.finish, kept.low):
        assert formats.day(day) in shown
    assert formats.share(kept.done, kept.goal, 1).replace("\u00a0", " ") in shown
    assert "dashed" in page.content.decode()  # the fan
    assert "Chưa dự báo nào đến ngày đối chiếu" in shown
    book = reader.get(f"/board/forecast/table.xlsx?unit={DISTRICT}").content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        words = parts.read("xl/sharedStrings.xml").decode()
    for day in (kept.rate_on, kept.finish, kept.low, kept.high):
        assert (day.isoformat() if day else "") in words
    assert sql("SELECT detail FROM audit_batch WHERE action = 'reporting.export_forecast'") == [
        (f"{DISTRICT} captured {DAY}",)
    ]


def test_an_earlier_day_tells_what_was_told_then(steady, kept):
    recorded("dossier", "received", 20, DAY + timedelta(days=1))
    assert not told(steady, DAY + timedelta(days=1)).refused
    reader = come_in(Role.COMMANDER, AN_LAM)
    assert "70/100" in text(reader.get("/board/forecast/"))
    assert "50/100" in text(reader.get(f"/board/forecast/?day={DAY}"))
    assert queries.told_days(steady, AN_LAM) == [DAY + timedelta(days=1), DAY]


def test_how_right_it_was_stands_beside_the_naive_rules(steady, kept):
    reached = DAY + timedelta(days=8)
    recorded("dossier", "received", 50, reached)
    later = datetime(2021, 5, 25, 4, 40, tzinfo=ZONE)
    operations.score_forecasts(forecasts=[kept.id], by=MACHINE, at=later)
    score = Score.objects.get()
    whole = 61  # days of the campaign, 1 May to 30 June: 50 left of 100
    assert (score.planned, score.seven, score.month) == (-(-50 * whole // 100), 10, 10)
    (row,) = queries.right_by_horizon(steady, PROVINCE, Figure.CAPTURED)
    assert (row.upto, row.scored, row.ours) == (14, 1, abs(score.off) / 8)
    assert (row.planned, row.seven, row.month) == (31 / 8 - 1, 10 / 8 - 1, 10 / 8 - 1)
    assert "đến 14 ngày" in text(come_in(Role.COMMANDER, AN_LAM).get(f"/board/forecast/?day={DAY}"))
    Score.objects.update(seven=None)
    (row,) = queries.right_by_horizon(steady, PROVINCE, Figure.CAPTURED)
    assert row.seven == inf
    assert queries.right_by_horizon(steady, PROVINCE, Figure.PRINTED) == []


def test_nothing_told_and_nothing_of_other_areas(campaign):
    reader = come_in(Role.COMMANDER, DISTRICT)
    assert "Chưa có dự báo nào" in text(reader.get("/board/forecast/?stage=nonsense&day=nonsense"))
    assert reader.get(f"/board/forecast/?unit={PROVINCE}").status_code == 403
    assert reader.get(f"/board/forecast/table.xlsx?unit={PROVINCE}").status_code == 403
