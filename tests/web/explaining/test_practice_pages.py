"""The pages of practice notes: written at a unit, passed on from above, taken up beside it."""

import re
from uuid import UUID

import pytest
from django.test import RequestFactory

from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.reporting import queries
from muster.reporting.explaining import Cause
from muster.reporting.models import Practice
from muster.reporting.practising import Moved, Step
from muster.web.explaining.practices import _change
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, PROVINCE, campaign, units
from tests.reporting.test_explaining import answer, asked, move, people
from tests.reporting.test_practising import move as act
from tests.reporting.test_practising import note
from tests.web.accounts.conftest import come_in
from tests.web.explaining.test_explanation_pages import line, text

__all__ = ["asked", "campaign", "line", "note", "people", "units"]
LIST = "/reports/practices/"


def at(note: UUID) -> str:
    return f"/reports/practices/{note}/"


def sent(act_, **values):
    return {"act": act_, **{f"{act_}.{name}": str(value) for name, value in ({"id": new_id()} | values).items()}}


def test_written_at_a_unit_passed_on_and_taken_up_beside_it(line):
    values = {"title": "Mời theo ngõ", "text": "Tổ dân phố mời từng nhà lúc 18 giờ."}
    writer = come_in(Role.DESK_LEAD, HOP_TIEN)
    answered = writer.post(LIST, sent("write", **values, **{"cause.turnout": "1"}))
    assert answered.status_code == 302
    assert "Mời theo ngõ" in text(writer.get(LIST))
    where = answered.headers["Location"]
    other = come_in(Role.CREW, AN_LAM)
    assert "Mời theo ngõ" not in text(other.get(LIST))
    assert other.get(where).status_code == 403
    chief = come_in(Role.COMMANDER, DISTRICT)
    assert chief.post(where, sent("share")).status_code == 302
    assert "Mời theo ngõ" in text(other.get(LIST))
    assert "Tổ dân phố mời từng nhà lúc 18 giờ." in text(other.get(where))
    assert "Đơn vị tôi áp dụng" not in text(other.get(where))  # a crew reads
    assert other.post(where, sent("take_up")).status_code == 403
    assert chief.post(where, sent("take_up")).status_code == 302
    page = text(writer.get(where))
    assert "nam sách" in page.lower()
    assert "chưa đủ ngày" in page


def test_a_note_without_a_cause_is_refused_and_what_was_typed_stays(line):
    writer = come_in(Role.DESK_LEAD, HOP_TIEN)
    page = writer.post(LIST, sent("write", title="Mời theo ngõ", text="Tổ dân phố mời từng nhà."))
    assert page.status_code == 422
    assert "bad_practice" in page.content.decode()
    assert "Tổ dân phố mời từng nhà." in page.content.decode()
    assert not Practice.objects.exists()


def test_only_notes_against_the_cause_asked_for_are_listed_and_an_answer_leads_to_them(note, line, people):
    reader = come_in(Role.COMMANDER, DISTRICT)
    assert "Hẹn theo ca" in text(reader.get(f"{LIST}?cause=will"))
    assert "Hẹn theo ca" not in text(reader.get(f"{LIST}?cause=network"))
    assert "Hẹn theo ca" in text(reader.get(f"{LIST}?cause=nonsense"))
    move(answer(line), people["head"]).whole()
    page = reader.get(f"/reports/explanations/{line.id}/").content.decode()
    assert f'href="{LIST}?cause={Cause.MACHINE.value}"' in page


def test_only_its_own_unit_withdraws_it_with_a_reason(note, line):
    chief = come_in(Role.COMMANDER, DISTRICT)
    assert chief.post(at(note), sent("withdraw", why="Không đúng.")).status_code == 422
    own = come_in(Role.DESK_LEAD, HOP_TIEN)
    assert own.post(at(note), sent("withdraw")).status_code == 422
    assert own.post(at(note), sent("withdraw", why="Công ty đổi ca.")).status_code == 302
    assert "đã rút: Công ty đổi ca." in text(own.get(at(note)))
    assert "Hẹn theo ca" not in text(own.get(LIST))


def test_who_may_read_no_notes_finds_no_way_and_no_page(note, line):
    for role in (Role.CHECKER, Role.ADMINISTRATOR):
        reader = come_in(role, PROVINCE)
        assert reader.get(LIST).status_code == reader.get(at(note)).status_code == 403
        assert LIST not in reader.get("/").content.decode()
    assert LIST in come_in(Role.TECHNICIAN, PROVINCE).get("/").content.decode()


def test_many_notes_ask_as_often_as_few(note, line, people, django_assert_max_num_queries):
    act(note, Step.SHARE, people["chief"]).whole()
    reader = come_in(Role.CREW, AN_LAM)
    assert queries.practices_by_ids([note])[note].reach == DISTRICT
    reader.get(LIST)
    with django_assert_max_num_queries(14):
        reader.get(LIST)


def test_the_change_of_pace_is_a_word_where_there_is_none(line):
    moved = {"before": 14, "days_before": 7, "days_since": 2}
    request = RequestFactory(headers={"Accept-Language": "vi"}).get(LIST)
    told = [_change(request, Moved(since=since, **moved)) for since in (4, 5, 3)]
    assert [(one.label, one.tone) for one in told] == [("không đổi", "plain"), ("+0,5", "good"), ("−0,5", "warn")]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_languages_are_whole(note, line, language):
    page = text(come_in(Role.COMMANDER, DISTRICT).get(at(note), headers={"Accept-Language": language}))
    assert {"vi": "Đơn vị đã áp dụng", "en": "Units that took it up"}[language] in re.sub(r"\s+", " ", page)
