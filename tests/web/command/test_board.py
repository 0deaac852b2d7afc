"""The board: its figures by SQL at any moment, who is behind, what it costs, and that nothing new is not sent again."""

import re
from datetime import date, datetime, timedelta

import pytest

from muster.engines.bottleneck import Brake
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel import formats
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.plan import operations as plan
from muster.plan import queries as plan_queries
from muster.plan.rows import KitMove, KitRow
from muster.reporting import queries
from muster.reporting.words import Figure
from muster.survey import queries as survey
from muster.web.command.board import KEPT
from muster.web.command.keeping import FRESH, Keeper
from muster.web.frame import real_now
from tests.reporting.conftest import (
    AN_LAM,
    DAY,
    DISTRICT,
    FIVE,
    HAMLET,
    HOP_TIEN,
    MACHINE,
    PROVINCE,
    campaign,
    frozen,
    played,
    sql,
    units,
)
from tests.web.accounts.conftest import come_in

__all__ = ["campaign", "units"]


@pytest.fixture(autouse=True)
def forgotten():
    KEPT.forget()


@pytest.fixture
def clock(units):
    """Let the campaign's clock stand at 17:30 of the day."""
    shows = FIVE + timedelta(hours=3)
    journal.set_clock(clock=PlayedClock(real_now(), shows, paused=True), by=MACHINE, at=real_now())
    return shows


@pytest.fixture
def browser(clock):
    return come_in


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("\u00a0", " ")


def counted(unit, moves, first, last, known):
    rows = """
        SELECT count(*) FROM events_event JOIN events_metric AS metric ON metric.id = metric_id
        JOIN events_unit AS unit ON unit.id = unit_residence
        WHERE kind || '.' || move = %s AND unit.ancestors @> ARRAY[%s::int] AND work_day BETWEEN %s AND %s
          AND recorded_at <= %s
    """
    return sql(rows, moves, unit, first, last, known)[0][0]


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_every_figure_is_what_the_journal_says_now_and_at_any_moment(campaign, seed):
    played(seed, days=6)
    line = survey.campaign(campaign)
    late = date(2021, 12, 31)
    for known in (None, FIVE - timedelta(days=2, minutes=seed), FIVE - timedelta(hours=5)):
        at = known or FIVE + timedelta(hours=3)
        today = at.astimezone(ZONE).date()
        board = queries.board(
            campaign=line, unit=DISTRICT, children=[AN_LAM, HOP_TIEN], at=at, known_at=known
        )  # fmt: skip
        for one in (board.own, *board.below):
            assert one.captured == counted(one.unit, "dossier.received", line.starts, late, at)
            assert one.totals[Figure.HANDED_OVER] == counted(one.unit, "dossier.handed_over", line.starts, late, at)
            assert one.today == counted(one.unit, "dossier.received", today, today, at)
            first = max(line.starts, today - timedelta(days=7))
            assert one.week == counted(one.unit, "dossier.received", first, today - timedelta(days=1), at)
        for figure, curve in board.curves.items():
            move = {"captured": "received", "printed": "produced"}.get(figure.value, figure.value)
            assert list(curve) == [counted(DISTRICT, f"dossier.{move}", line.starts, day, at) for day in board.days]


def test_paces_and_the_day_it_is_done_follow_from_target_and_deadline(campaign):
    moves = [
        Move(thing=new_id(), kind="case", move="found", unit_done=AN_LAM, unit_residence=AN_LAM, occurred_at=FIVE)
        for _ in range(108)
    ] + [
        Move(thing=new_id(), kind="dossier", move="received", unit_done=AN_LAM, unit_residence=AN_LAM,
             occurred_at=FIVE - timedelta(days=3))
        for _ in range(14)
    ]  # fmt: skip
    journal.record(moves=moves, by=MACHINE, at=FIVE)
    one = queries.board(campaign=survey.campaign(campaign), unit=AN_LAM, children=[], at=FIVE, known_at=None).own
    assert (one.target, one.planned, one.left, one.days) == (108, False, 54, 7)  # 8 May to 30 June
    assert (one.reached, round(one.needed, 3), one.late, one.finish_in) == (2.0, round(94 / 54, 3), False, 47)


def test_kits_are_counted_as_they_were(campaign):
    rows = [KitRow(id=new_id(), code=f"HD-{n}", unit=AN_LAM, rate=96, source="Đo 2021") for n in range(3)]
    assert not plan.register_kits(kits=rows, by=MACHINE, at=FIVE - timedelta(hours=6)).refused
    marks = [
        KitMove(id=new_id(), kit=rows[0].id, move="break", reason="Hỏng đầu đọc"),
        KitMove(id=new_id(), kit=rows[1].id, move="retire"),
    ]
    assert not plan.mark_kits(moves=marks, by=MACHINE, at=FIVE - timedelta(hours=2)).refused
    mend = [KitMove(id=new_id(), kit=rows[0].id, move="mend")]
    assert not plan.mark_kits(moves=mend, by=MACHINE, at=FIVE - timedelta(hours=1)).refused

    def at(hours):
        found = plan_queries.kits_at([AN_LAM, DISTRICT, HOP_TIEN], FIVE - timedelta(hours=hours))
        return {unit: (kits.up, kits.held) for unit, kits in found.items()}

    assert at(7) == {}
    assert at(5) == {AN_LAM: (3, 3), DISTRICT: (3, 3)}
    assert at(1.5) == {AN_LAM: (1, 2), DISTRICT: (1, 2)}
    assert at(0) == {AN_LAM: (2, 2), DISTRICT: (2, 2)}


def test_the_page_shows_the_figures_the_slots_and_a_brake(campaign, browser):
    played(7)
    frozen(campaign)
    client = browser(Role.COMMANDER, PROVINCE)
    page = text(client.get("/board/", {"unit": DISTRICT}))
    at = FIVE + timedelta(hours=3)
    captured = counted(DISTRICT, "dossier.received", DAY - timedelta(days=7), DAY + timedelta(days=1), at)
    due = queries.due_of([DISTRICT], None)[DISTRICT]
    assert f"diện cấp: {formats.share(captured, sum(due))}".replace("\u00a0", " ") in page
    assert "0/3" in page  # nobody has signed: the district and its two communes
    assert "An Lâm" in page
    assert "Hợp Tiến" in page


def test_as_known_at_another_moment_the_page_shows_less(campaign, browser):
    played(8)
    client = browser(Role.COMMANDER, PROVINCE)
    page = text(client.get("/board/", {"known": "07/05/2021 09:30"}))
    known = datetime(2021, 5, 7, 9, 30, tzinfo=ZONE)
    captured = counted(PROVINCE, "dossier.received", date(2021, 5, 1), date(2021, 12, 31), known)
    assert f"như đã biết lúc {formats.moment(known)}" in page
    assert re.search(rf"Thu nhận {captured} ", page)
    assert "bad_moment" in text(client.get("/board/", {"known": "hôm qua"}))


def test_nothing_new_is_not_sent_again_and_something_new_is(campaign, browser):
    played(9)
    client = browser(Role.COMMANDER, PROVINCE)
    first = client.get("/board/")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get("/board/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    move = Move(thing=new_id(), kind="dossier", move="received", unit_done=AN_LAM, unit_residence=AN_LAM,
                occurred_at=FIVE)  # fmt: skip
    journal.record(moves=[move], by=MACHINE, at=FIVE + timedelta(hours=3))
    assert client.get("/board/", headers={"if-none-match": tag}).status_code == 304  # kept for some seconds
    KEPT.forget()
    fresh = client.get("/board/", headers={"if-none-match": tag})
    assert (fresh.status_code, fresh.headers["ETag"] != tag) == (200, True)


def test_a_wall_has_no_chrome_and_refreshes_itself(campaign, browser):
    played(10)
    client = browser(Role.COMMANDER, PROVINCE)
    for address in ("/board/?wall=1", "/board/?mode=wall"):
        page = client.get(address).content.decode()
        assert 'data-mode="wall"' in page
        assert 'data-refresh="60"' in page
    assert "data-refresh" not in client.get("/board/", {"known": "07/05/2021 09:30"}).content.decode()


def test_nobody_sees_the_board_of_another_area(campaign, browser):
    client = browser(Role.COMMANDER, AN_LAM)
    assert client.get("/board/").status_code == 200
    for unit in (1, PROVINCE, HOP_TIEN, 999):
        assert client.get("/board/", {"unit": unit}).status_code == 403
    assert browser(Role.VOLUNTEER, AN_LAM).get("/board/").status_code == 403


def test_the_board_takes_few_queries_and_a_kept_one_fewer(campaign, browser, django_assert_max_num_queries):
    played(11)
    frozen(campaign)
    client = browser(Role.COMMANDER, PROVINCE)
    client.get("/board/")
    KEPT.forget()
    with django_assert_max_num_queries(75):
        client.get("/board/")
    with django_assert_max_num_queries(20):
        client.get("/board/")


def test_where_no_campaign_runs_it_says_so(browser):
    assert "Chưa có chiến dịch nào" in text(browser(Role.COMMANDER, PROVINCE).get("/board/"))


def test_what_is_kept_is_made_anew_when_it_is_no_more_fresh():
    made, kept, now = [], Keeper(), real_now()

    def make():
        made.append(1)
        return len(made)

    assert [kept.get("a", now, make), kept.get("a", now + FRESH / 2, make), kept.get("b", now, make)] == [1, 1, 2]
    assert kept.get("a", now + FRESH, make) == 3
    kept.forget()
    assert kept.get("b", now, make) == 4


def test_of_a_level_at_which_nothing_is_planned_no_brake_is_named(campaign):
    moves = [
        Move(thing=new_id(), kind="case", move="found", unit_done=AN_LAM, unit_residence=HAMLET, occurred_at=FIVE)
        for _ in range(60)
    ]
    journal.record(moves=moves, by=MACHINE, at=FIVE)
    board = queries.board(
        campaign=survey.campaign(campaign), unit=AN_LAM, children=[HAMLET], at=FIVE, known_at=None
    )  # fmt: skip
    assert board.own.brake.brake is Brake.WILL
    assert (board.below[0].late, board.below[0].brake) == (True, None)
    above = queries.board(
        campaign=survey.campaign(campaign), unit=DISTRICT, children=[AN_LAM, HOP_TIEN], at=FIVE, known_at=None
    )  # fmt: skip
    assert [one.brake for one in above.below] == [None, None]
    kit = KitRow(id=new_id(), code="HD-9", unit=HOP_TIEN, rate=96, source="Đo 2021")
    assert not plan.register_kits(kits=[kit], by=MACHINE, at=FIVE - timedelta(hours=6)).refused
    above = queries.board(
        campaign=survey.campaign(campaign), unit=DISTRICT, children=[AN_LAM, HOP_TIEN], at=FIVE, known_at=None
    )  # fmt: skip
    assert [one.brake and one.brake.brake for one in above.below] == [Brake.WILL, None]
