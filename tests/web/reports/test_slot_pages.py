"""The pages of a slot: the same figures on page, in CSV and workbook, in the snapshot and by SQL; acts in place."""

import csv
import io
import random
import re
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from muster.events.queries import Side
from muster.kernel import formats
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.rows import CorrectionRow, Signing
from muster.reporting.words import FIGURES, METRICS, Cause, Figure, State
from muster.units.models import Unit
from muster.web.reports import sheet as sheets
from tests.people.factories import SYSTEM
from tests.reporting.conftest import (
    AN_LAM,
    DISTRICT,
    FIVE,
    HOP_TIEN,
    LOCAL,
    PROVINCE,
    SOON,
    campaign,
    frozen,
    played,
    report,
    signed,
    slot,
    sql,
    units,
)
from tests.web.accounts.conftest import come_in

__all__ = ["campaign", "signed", "slot", "units"]

COUNT = """
    SELECT count(*) FROM events_event JOIN events_metric AS metric ON metric.id = metric_id
    JOIN events_unit AS unit ON unit.id = {side}
    WHERE kind = %s AND move = %s AND unit.ancestors @> ARRAY[%s::int] AND recorded_at <= %s AND work_day >= %s
"""


@pytest.fixture
def browser(units):
    return come_in


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def of_workbook(content):
    """Return the rows of the first sheet as written: texts and whole numbers."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = [
            "".join(node.itertext())
            for node in ET.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{space}si")  # noqa: S314
        ]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    return [
        [
            shared[int(cell.findtext(f"{space}v"))] if cell.get("t") == "s" else cell.findtext(f"{space}v") or ""
            for cell in row.iter(f"{space}c")
        ]
        for row in sheet.iter(f"{space}row")
    ]


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_page_csv_workbook_snapshot_and_sql_say_the_same(campaign, browser, seed):
    drawn = random.Random(seed)
    played(seed, moves=drawn.randrange(200, 500))
    moment = FIVE - timedelta(days=drawn.randrange(3))
    made = frozen(campaign, moment, SOON)
    unit = drawn.choice([PROVINCE, DISTRICT, AN_LAM])
    client = browser(Role.COMMANDER, PROVINCE)
    for side in Side:
        asked = {"unit": unit, "slot": str(made), "side": side.value}
        rows = list(csv.reader(io.StringIO(client.get("/reports/table.csv", asked).content.decode("utf-8-sig"))))
        assert rows == of_workbook(client.get("/reports/table.xlsx", asked).content)
        assert rows[0] == sheets.columns()
        page = text(client.get("/reports/", asked))
        assert len(rows) > 1
        for told in rows[1:]:
            row = dict(zip(rows[0], told, strict=True))
            line = report(made, Unit.objects.get(code=row["code"]).id)
            for figure in FIGURES:
                for whose in Side:
                    stem = f"{figure.value}.{whose.value.removeprefix('unit_')}"
                    kind, move = METRICS[figure]
                    counted = sql(COUNT.format(side=whose.value), kind, move, line.unit, moment, date(2021, 5, 1))[0][0]
                    assert int(row[f"{stem}.frozen"]) == int(row[f"{stem}.reported"]) == counted
                    assert line.frozen(figure, whose) == counted
            captured = int(row[f"captured.{side.value.removeprefix('unit_')}.reported"])
            assert formats.share(captured, int(row["due"])).replace("\u00a0", " ") in page.replace("\u00a0", " ")


def test_the_head_signs_in_one_press_and_the_note_is_shown(slot, browser):
    client = browser(Role.DESK_LEAD, AN_LAM)
    page = client.get("/reports/")
    assert "Ký báo cáo" in text(page)
    values = {"unit": AN_LAM, "slot": str(slot), "report": str(report(slot).id), "note": "Mất điện."}
    assert client.post("/reports/sign/", values).status_code == 302
    assert report(slot).state is State.SIGNED
    shown = text(client.get("/reports/"))
    assert "Mất điện." in shown
    assert "đã ký" in shown
    assert client.post("/reports/sign/", values | {"note": "Khác"}).status_code == 422


def test_a_correction_and_a_denial_stand_on_the_page(slot, signed, browser):
    client = browser(Role.COMMANDER, DISTRICT)
    values = {"unit": DISTRICT, "slot": str(slot), "report": str(signed)}
    denied = client.post("/reports/dispute/", values | {"cause": "impossible", "why": "Hai máy không thể làm thế."})
    assert denied.status_code == 302
    assert "Hai máy không thể làm thế." in text(client.get("/reports/"))
    fix = {"figure": "captured", "band": "3", "side": "unit_residence", "cause": "other", "why": "Đếm lại."}
    assert client.post("/reports/correct/", values | fix | {"value": "nhiều"}).status_code == 422
    assert client.post("/reports/correct/", values | fix | {"value": "1.234"}).status_code == 302
    line = report(slot)
    assert 1_234 in line.counts
    assert line.state is State.SIGNED
    shown = text(client.get("/reports/", {"unit": AN_LAM}))
    assert "Đính chính Thu nhận: 1234" in shown
    assert "Đếm lại." in shown


def test_a_commander_certifies_all_that_is_signed_in_one_press(slot, signed, browser):
    client = browser(Role.COMMANDER, DISTRICT)
    page = client.get("/reports/").content.decode()
    form = page[page.index("/reports/certify/") :]
    ids = re.findall(r'name="report" value="([0-9a-f-]{36})"', form[: form.index("</form>")])
    assert ids == [str(signed)]
    answer = client.post("/reports/certify/", {"unit": DISTRICT, "slot": str(slot), "report": ids})
    assert answer.status_code == 302
    assert report(slot).state is State.CERTIFIED
    assert "/reports/certify/" not in client.get("/reports/").content.decode()


def test_who_may_not_is_told_so_and_nothing_is_written(slot, signed, browser):
    values = {"unit": AN_LAM, "slot": str(slot), "report": str(signed)}
    lead = browser(Role.DESK_LEAD, AN_LAM)
    assert lead.post("/reports/certify/", values).status_code == 422
    assert lead.get("/reports/", {"unit": HOP_TIEN}).status_code == 403
    assert lead.post("/reports/sign/", {**values, "report": str(report(slot, HOP_TIEN).id)}).status_code == 422
    assert report(slot).state is State.SIGNED
    assert report(slot, HOP_TIEN).state is State.FROZEN
    assert browser(Role.VOLUNTEER, AN_LAM).get("/reports/").status_code == 403


def test_the_digest_names_figures_bases_and_who_is_late(slot, signed, browser):
    operations.chase_slots(slots=[slot], by=SYSTEM, at=FIVE + timedelta(hours=2))
    client = browser(Role.COMMANDER, DISTRICT)
    page = client.get("/reports/").content.decode()
    digest = page[page.index('id="digest"') :]
    line = report(slot, DISTRICT)
    told = digest[digest.index(">") + 1 : digest.index("</textarea>")]
    assert told.startswith("BÁO CÁO 17:00 08/05/2021")
    captured = formats.share(line.reported(FIGURES[0], Side.RESIDENCE), line.due)
    assert f"lũy kế {captured}" in told
    assert "Chưa ký (1): commune Hợp Tiến" in told
    assert "Quá hạn chưa ký: 2 đơn vị" in text(client.get("/reports/"))


def test_before_the_first_slot_the_page_says_so(campaign, browser):
    client = browser(Role.COMMANDER, DISTRICT)
    assert "Chưa có kỳ báo cáo nào được chốt." in text(client.get("/reports/"))
    assert client.get("/reports/table.csv").status_code == 422


def test_the_page_takes_few_queries_however_many_units_report(slot, browser, django_assert_max_num_queries):
    client = browser(Role.COMMANDER, PROVINCE)
    client.get("/reports/")
    for unit in (PROVINCE, DISTRICT):
        with django_assert_max_num_queries(40):
            client.get("/reports/", {"unit": unit})


def test_a_count_that_falls_is_flagged(campaign, browser):
    played(5)
    before = frozen(campaign, FIVE - timedelta(days=1), SOON)
    one = report(before)
    operations.sign_reports(signings=[Signing(report=one.id)], grants=None, by=LOCAL, at=SOON)
    row = CorrectionRow(
        report=one.id, figure=Figure.CAPTURED, side=Side.RESIDENCE, value=5_000, cause=Cause.OTHER, why="Nhầm."
    )
    operations.correct_reports(corrections=[row], grants=None, by=LOCAL, at=SOON)
    made = frozen(campaign)
    shown = text(browser(Role.COMMANDER, DISTRICT).get("/reports/", {"slot": str(made)}))
    now = report(made).reported(Figure.CAPTURED, Side.RESIDENCE)
    was = queries.by_ids([one.id])[one.id].reported(Figure.CAPTURED, Side.RESIDENCE)
    assert f"lũy kế giảm từ {formats.count(was)} xuống {formats.count(now)}" in shown


def test_who_commands_the_campaign_sets_its_hours_and_others_do_not(slot, campaign, browser):
    values = {
        "unit": PROVINCE, "campaign": str(campaign), "times": "7:00", "since": "10/05/2021", "sign_within": "30",
        "chase_every": "20",
    }  # fmt: skip
    client = browser(Role.PLANNER, PROVINCE)
    assert "Giờ báo cáo của chiến dịch" in text(client.get("/reports/"))
    assert "bad_timetable" in text(client.post("/reports/timetable/", values))
    assert client.post("/reports/timetable/", values | {"times": "07:00, 19:30"}).status_code == 302
    told = queries.hours(campaign, date(2021, 5, 10))
    assert [f"{one:%H:%M}" for one in told.times] == ["07:00", "19:30"]
    assert told.sign_within == timedelta(minutes=30)
    below = browser(Role.COMMANDER, DISTRICT)
    assert "Giờ báo cáo của chiến dịch" not in text(below.get("/reports/"))
    assert "not_allowed" in text(below.post("/reports/timetable/", values | {"times": "08:00", "unit": DISTRICT}))
