import html
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from muster.audit import queries as audit
from muster.kernel.ids import new_id
from muster.survey import queries
from muster.survey.operations import close_campaigns, looking
from tests.register.conftest import person, taken
from tests.survey.conftest import BY, PROVINCE
from tests.web.survey.conftest import AN_LAM, AT, HAMLET, HOP_TIEN, browser, elsewhere, second, sql

NAMES = ["Ấu Thị Công", "Nguyễn Văn Hưu", "Trần Văn Nông", "Lê Thị Trò"]  # by given name, then family name


def plain(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def overview(client, campaign, unit=AN_LAM):
    return client.get(f"/survey/?unit={unit}&campaign={campaign}")


def address(campaign, unit=HAMLET, more=""):
    return f"/survey/{campaign}/list/{unit}/{more}"


def figures(answer):
    return re.findall(r'class="tile-figure">([^<]*)<', answer.content.decode())


def cells(answer, row):
    """Return the figures of one row of the table by unit below."""
    found = re.search(rf"<tr[^>]*>\s*<th[^>]*>(?:(?!</tr>).)*{row}.*?</tr>", answer.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]*>|\s", "", cell) for cell in re.findall(r"<td.*?</td>", found[0], re.DOTALL)]


def names(answer):
    return re.findall(r'role="rowheader">\s*<(?:a|span)[^>]*>([^<]*)<', answer.content.decode())


def events():
    return sql("SELECT count(*) FROM events_event")[0][0]


def test_the_commune_shows_hamlet_by_group_as_plain_sql_counts(surveyed):
    answer = overview(browser("desk_lead"), surveyed)
    assert figures(answer) == ["4", "4", "0", "0", "0"]
    by_group = dict(sql("SELECT group_code, count(*) FROM survey_case WHERE unit_id = %s GROUP BY 1", HAMLET))
    shown = [str(by_group[code]) for code in ("at_home", "working", "worker", "pupil")]
    assert cells(answer, "An Lễ") == [*shown, "4", "4", "0", "0"]
    text = plain(answer)
    assert "Không thuộc diện cấp: 3 người" in text
    assert "Công ty May Sao Mai Công nhân 1" in text


def test_the_list_is_in_vietnamese_order_with_what_the_crew_needs(surveyed):
    answer = browser("desk_lead").get(address(surveyed))
    assert names(answer) == NAMES
    text = plain(answer)
    for told in ("141234567", "05/06/1980", "Công ty May Sao Mai", "chưa có thẻ", "Chủ hộ"):
        assert told in text


def test_a_list_opened_is_in_the_audit_with_each_person_on_it(surveyed, people):
    browser("desk_lead").get(address(surveyed))
    look = audit.latest(limit=1)[0]
    assert (look.action, look.purpose, look.entries) == ("survey.list_read", "survey", 4)
    assert audit.looks_at("person", people["Lê Thị Trò"].id)[0].action == "survey.list_read"


def test_volunteers_see_whom_to_visit_and_nothing_of_the_register(surveyed):
    client = browser("volunteer")
    answer = client.get(address(surveyed))
    assert names(answer) == NAMES
    for told in ("141234567", "1980", "1950", "May Sao Mai", "chưa có thẻ", "/person/"):
        assert told not in plain(answer) + answer.content.decode()
    home = overview(client, surveyed)
    assert figures(home) == []
    assert address(surveyed) in home.content.decode()
    assert ZipFile(BytesIO(exported(client, surveyed))).testzip() is None
    assert "141234567" not in text_of(exported(client, surveyed))


def exported(client, campaign, unit=HAMLET, more=""):
    pytest.importorskip("xlsxwriter")
    answer = client.get(address(campaign, unit, f"list.xlsx{more}"))
    assert answer.status_code == 200
    return answer.content


def text_of(book):
    return ZipFile(BytesIO(book)).read("xl/sharedStrings.xml").decode()


def test_paper_and_workbook_say_what_the_screen_says(surveyed):
    client = browser("desk_lead")
    paper = plain(client.get(address(surveyed, more="print/")))
    assert [name for name in NAMES if name in paper] == sorted(NAMES, key=paper.index) == NAMES
    assert "(ký, ghi rõ họ tên)" in paper
    assert "hamlet An Lễ" in paper
    assert audit.latest(limit=1)[0].action == "survey.list_print"
    book = exported(client, surveyed)
    strings = text_of(book)
    assert sorted(NAMES, key=strings.index) == NAMES
    assert "<t>141234567</t>" in strings
    sheet = ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row") == 5 - 1 + 1 + 4 + 1  # title, three lines of head, the columns, people, a line to sign
    assert "<f>" not in sheet
    assert audit.latest(limit=1)[0].action == "survey.list_export"


def test_a_name_that_looks_like_a_formula_stays_text(surveyed, people):
    sql("UPDATE register_person SET name = '=1+1' WHERE id = %s", people["Lê Thị Trò"].id)
    book = exported(browser("desk_lead"), surveyed)
    assert "<t>=1+1</t>" in text_of(book)


def test_many_lines_are_taken_away_by_two_people_and_once(surveyed, monkeypatch):
    monkeypatch.setattr(looking, "ALONE", 3)
    client = browser("desk_lead")
    refused = client.get(address(surveyed, more="print/"))
    assert refused.status_code == 403
    assert "needs_second_person" in refused.content.decode()
    told = {"reason": "Đợt lưu động ngày mai", "next": address(surveyed, more="print/")}
    assert client.post(address(surveyed, more="ask/"), told).status_code == 302
    ((asked,),) = sql("SELECT id FROM people_approval")
    assert "Đề nghị của bạn đang chờ" in plain(client.get(address(surveyed, more="print/")))
    decided = browser("commander").post(f"/approvals/{asked}/", {"answer": "grant"})
    assert decided.status_code == 302
    go = f"print/?approval={asked}"
    assert go in client.get(address(surveyed, more="print/")).content.decode()
    assert names_on_paper(client.get(address(surveyed, more=go))) == NAMES
    assert client.get(address(surveyed, more=go)).status_code == 422  # used up


def names_on_paper(answer):
    return re.findall(r'<td class="of-name">([^<]*)<', answer.content.decode())


def test_a_volunteer_takes_no_long_list_away(surveyed, monkeypatch):
    monkeypatch.setattr(looking, "ALONE", 3)
    answer = browser("volunteer").get(address(surveyed, more="print/"))
    assert (answer.status_code, "not_allowed" in answer.content.decode()) == (403, True)


def test_a_line_is_marked_in_place_and_comes_back_alone(surveyed, cases):
    client, case = browser("volunteer"), cases["Trần Văn Nông"]
    told = {"contact": "appointed", "hard": "bedridden", "number": "3"}
    answer = client.post(address(surveyed, more=f"mark/{case}/"), told, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert names(answer) == ["Trần Văn Nông"]
    assert "data-saved" in answer.content.decode()
    assert sql("SELECT contact, hard FROM survey_case WHERE id = %s", case) == [("appointed", "bedridden")]
    before = events()
    client.post(address(surveyed, more=f"mark/{case}/"), told, headers={"HX-Request": "true"})
    assert events() == before
    assert client.post(address(surveyed, more=f"mark/{case}/"), told).headers["Location"] == address(surveyed)


@pytest.mark.parametrize(
    ("told", "code"),
    [({"contact": "flown"}, "no_such_mark"), ({"hard": "lazy"}, "no_such_mark"), ({"closed": "1"}, "campaign_closed")],
)
def test_refused_marks_come_back_with_the_line(surveyed, cases, told, code):
    case = cases["Trần Văn Nông"]
    if told.pop("closed", None):
        close_campaigns(campaigns=[surveyed], by=BY, at=AT)
        told = {"contact": "reached"}
    answer = browser("crew").post(address(surveyed, more=f"mark/{case}/"), told, headers={"HX-Request": "true"})
    assert (answer.status_code, code in answer.content.decode()) == (422, True)
    assert names(answer) == ["Trần Văn Nông"]
    assert sql("SELECT contact, hard FROM survey_case WHERE id = %s", case) == [("not_reached", "")]


def test_a_case_of_another_unit_is_not_marked_through_ones_own_list(surveyed, cases):
    case = cases["Vũ Thị Xa"]
    more = f"mark/{case}/"
    answer = browser("crew").post(address(surveyed, more=more), {"contact": "reached"}, headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert sql("SELECT contact FROM survey_case WHERE id = %s", case) == [("not_reached",)]


@pytest.mark.parametrize("role", ["desk_lead", "volunteer", "crew"])
def test_lists_of_another_commune_are_closed(surveyed, role):
    client = elsewhere(role)
    for more in ("", "print/", "list.xlsx"):
        assert client.get(address(surveyed, more=more)).status_code == 403
    assert client.get(f"/survey/?unit={AN_LAM}").status_code == 403


@pytest.mark.parametrize("role", ["commander", "planner", "auditor", "technician"])
def test_who_counts_reads_no_list(surveyed, role):
    client = browser(role)
    answer = overview(client, surveyed)
    assert figures(answer) == ["4", "4", "0", "0", "0"]
    assert "/list/" not in answer.content.decode()
    assert client.get(address(surveyed)).status_code == 403


def test_lists_of_no_campaign_or_no_unit_are_refused(surveyed):
    client = browser("desk_lead")
    assert client.get(address(new_id())).status_code == 422
    assert client.get(address(surveyed, 9999)).status_code == 404


def test_filters_and_pages_keep_the_order(surveyed, monkeypatch):
    from muster.web.survey import lists

    monkeypatch.setattr(lists, "PAGE", 3)
    client = browser("desk_lead")
    first = client.get(address(surveyed))
    assert names(first) == NAMES[:3]
    older = html.unescape(re.search(r'rel="next" href="([^"]*)"', first.content.decode())[1])
    assert names(client.get(older)) == NAMES[3:]
    assert names(client.get(address(surveyed, more="?group=pupil"))) == ["Lê Thị Trò"]
    assert names(client.get(address(surveyed, more="?hard=abroad"))) == []
    assert names(client.get(address(surveyed, more="?state=all&contact=not_reached"))) == NAMES[:3]


def test_a_campaign_is_opened_and_surveyed_from_the_pages(people, units):
    client = browser("commander")
    told = {
        "id": str(new_id()),
        "name": "Đợt 2",
        "unit": "10609",
        "first": "8/5/2021",
        "last": "30/6/2021",
        "who": "all",
    }
    for _ in range(2):
        assert client.post("/survey/open/", told).status_code == 302
    (line,) = queries.campaigns()
    assert (line.name, str(line.last)) == ("Đợt 2", "2021-06-30")
    assert client.post(f"/survey/{line.id}/run/{AN_LAM}/").status_code == 302
    assert queries.count(campaign=line.id, unit=AN_LAM) == {(): 4}
    assert figures(overview(client, line.id))[0] == "4"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"unit": "x"}, "unit"), ({"first": "30/2/2021"}, "first"), ({"last": "2021"}, "last"),
     ({"last": "1/5/2021"}, "last"), ({"name": ""}, "name"), ({"unit": "10612"}, "unit")],
)  # fmt: skip
def test_a_wrong_answer_stands_at_its_field(units, changed, field):
    told = {"name": "Đợt 2", "unit": "10609", "first": "8/5/2021", "last": "30/6/2021", "who": "all"} | changed
    answer = browser("commander").post("/survey/open/", told)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert queries.campaigns() == []


@pytest.mark.parametrize("role", ["volunteer", "crew", "desk_lead", "auditor"])
def test_who_may_not_open_a_campaign_does_not(units, role):
    assert browser(role).get("/survey/open/").status_code == 403


def test_a_province_is_not_surveyed_while_a_page_waits(surveyed):
    client = browser("commander")
    assert client.post(f"/survey/{surveyed}/run/{HOP_TIEN}/").status_code == 403
    assert client.post(f"/survey/{surveyed}/run/{PROVINCE}/").status_code == 403
    assert browser("volunteer").post(f"/survey/{surveyed}/run/{AN_LAM}/").status_code == 403


def asked(client, page):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_pages_ask_as_much_for_many_as_for_few(surveyed):
    client = browser("desk_lead")
    pages = [f"/survey/?unit={AN_LAM}&campaign={surveyed}", address(surveyed), address(surveyed, more="print/")]
    before = [asked(client, page) for page in pages]
    taken(*(person(f"Nguyễn Văn {name}", "1/1/1980", occupation="farmer") for name in ("An", "Bình", "Cường", "Dũng")))
    second("another", "planner")
    from muster.survey.operations import survey_units

    survey_units(campaign=surveyed, units=[HAMLET], by=BY, at=AT)
    assert [asked(client, page) for page in pages] == before
    assert max(before) <= 30


def test_english_is_complete(surveyed):
    client = browser("desk_lead", "en")
    assert "Company workers" in plain(overview(client, surveyed))
    assert "no card yet" in plain(client.get(address(surveyed)))


def test_without_a_campaign_the_page_says_what_to_do(units, people):
    assert "Chưa có chiến dịch nào" in plain(browser("desk_lead").get("/survey/"))
