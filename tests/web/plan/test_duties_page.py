"""The week's duties on the screen: what nobody holds first, who is away, told and changed; why, for who leads alone."""

import io
from datetime import datetime, timedelta
from zipfile import ZipFile

import pytest

from muster.audit import operations as audit
from muster.kernel.clock import ZONE, PlayedClock
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Stand
from muster.plan.words import Post
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.plan.conftest import AN_LAM, AT, BY, DAY, HOP_TIEN, PROVINCE, other_venue, session_row
from tests.plan.test_absences import in_place, on_duty
from tests.web.plan.conftest import CREW, PLANNER
from tests.web.plan.test_planner_forms import refused, text, typed

TOMORROW = DAY + timedelta(days=1)
WEEK = f"/plan/duties/?unit={PROVINCE}&day={DAY:%d/%m/%Y}"


@pytest.fixture(autouse=True)
def clock(campaign):
    """Let the campaign's clock stand on the morning before the session."""
    shown = PlayedClock(real_now(), datetime(2021, 5, 10, 9, tzinfo=ZONE), 1.0, paused=True)
    audit.set_clock(clock=shown, by=SYSTEM, at=real_now())


@pytest.fixture
def planner(browser):
    return browser(PLANNER, PROVINCE)


def told(officer, **more):
    day = f"{DAY:%d/%m/%Y}"
    return typed("tell", **{"officer": officer.id, "kind": "leave", "first": day, "last": day} | more)


def schedule(*rows):
    assert not plan.schedule_sessions(sessions=rows, by=BY, at=AT).refused


def test_what_nobody_holds_stands_first_with_who_could(planner, campaign, kits, crews, evening):
    assert "Mọi ca của tuần này đều có đủ người" in text(planner.get(WEEK))
    alone = session_row(campaign, other_venue(), Stand(kits[1]))
    after = session_row(campaign, other_venue("Nhà thi đấu"), Stand(kits[1]), day=TOMORROW)
    schedule(alone, after)
    page = text(planner.get(WEEK))
    assert "Ca chưa có người: 2" in page
    assert "HD-02 chưa có tổ Tổ 2 " in page  # the first crew works that evening
    assert "HD-02 chưa có tổ Tổ 1, Tổ 2" in page
    assert "Ca chưa có người: 0" in text(planner.get(f"/plan/duties/?unit={HOP_TIEN}&day={DAY:%d/%m/%Y}"))


def test_an_absence_is_told_once_and_the_duty_goes_over(planner, evening, officers):
    other, cover = officers[1], in_place()
    alone = told(other)
    assert refused(planner.post(WEEK, alone), "on_duty", "tell.stand_in")
    assert refused(planner.post(WEEK, told(other, kind="ill", note="sốt")), "ill_is_enough", "tell.note")
    assert refused(planner.post(WEEK, told(other, kind="lười")), "not_chosen", "tell.kind")
    sent = alone | {"tell.stand_in": cover.id}
    for _ in range(2):  # a second press of the button
        assert planner.post(WEEK, sent).status_code == 302
    assert sorted(on_duty(evening).values()) == sorted([officers[0].id, cover.id, officers[2].id])
    page = text(planner.get(WEEK))
    assert "Cán bộ vắng trong tuần: 1" in page
    assert "nghỉ phép" in page
    assert cover.full_name in page
    (line,) = queries.absences_of(AN_LAM, DAY, DAY)
    move = typed("change", absence=line.id, what="withdraw", back=f"{DAY:%d/%m/%Y}")
    assert refused(planner.post(WEEK, move), "not_then", "change.what")  # it has begun
    assert queries.absences_by_ids([line.id])[line.id].state == "told"


def test_the_duty_goes_back_when_the_absence_ends_early(planner, campaign, venue, kits, crews, officers):
    rows = [session_row(campaign, venue, Stand(kits[0], crews[0]), day=day) for day in (DAY, TOMORROW)]
    schedule(*rows)
    cover = in_place()
    sent = told(officers[1], last=f"{TOMORROW:%d/%m/%Y}")
    assert planner.post(WEEK, sent | {"tell.stand_in": cover.id}).status_code == 302
    assert [on_duty(one)[Post.PHOTO] for one in rows] == [cover.id] * 2
    (line,) = queries.absences_of(AN_LAM, DAY, DAY)
    ended = typed("change", absence=line.id, what="end", back=f"{TOMORROW:%d/%m/%Y}")
    for _ in range(2):  # a second press of the button
        assert planner.post(WEEK, ended).status_code == 302
    assert [on_duty(one)[Post.PHOTO] for one in rows] == [cover.id, officers[1].id]
    assert "đã về" in text(planner.get(WEEK))


def test_person_turns_are_counted(planner, evening):
    rows = text(planner.get(WEEK)).split("Lượt người trực")[1]
    assert "Lượt trực Tăng cường cho nơi khác Được tăng cường" in rows
    assert queries.person_turns([PROVINCE, AN_LAM, HOP_TIEN], DAY, DAY) == {PROVINCE: 3, AN_LAM: 3}
    assert queries.person_turns([PROVINCE], TOMORROW, TOMORROW) == {}


def test_who_does_not_lead_sees_who_is_away_and_not_why(browser, planner, officers):
    assert planner.post(WEEK, told(officers[1], note="Giấy phép 7")).status_code == 302
    crew, page = browser(CREW, AN_LAM), f"/plan/duties/?unit={AN_LAM}&day={DAY:%d/%m/%Y}"
    shown = text(crew.get(page))
    assert officers[1].full_name in shown
    assert "nghỉ phép" not in shown
    assert "Giấy phép 7" not in shown
    assert "Ghi cán bộ vắng" not in shown
    assert crew.post(page, told(officers[0])).status_code == 403
    assert crew.get(page.replace("duties/?", "duties/duties.xlsx?")).status_code == 403


def test_the_workbook_tells_the_same(planner, campaign, kits, officers):
    schedule(session_row(campaign, other_venue(), Stand(kits[1])))
    assert planner.post(WEEK, told(officers[1])).status_code == 302
    answer = planner.get(WEEK.replace("duties/?", "duties/duties.xlsx?"))
    with ZipFile(io.BytesIO(answer.content)) as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert words.index("open") < words.index("HD-02") < words.index("leave") < words.index(officers[1].full_name)


def test_the_page_takes_few_queries(planner, campaign, kits, crews, evening, django_assert_max_num_queries):
    schedule(*(session_row(campaign, other_venue(f"Điểm {n}"), Stand(kits[1]), day=DAY + timedelta(days=n))
               for n in range(5)))  # fmt: skip
    planner.get("/plan/")
    with django_assert_max_num_queries(32):
        planner.get(WEEK)
