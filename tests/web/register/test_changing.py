"""What an officer changes on a person's page: corrections, a death, and a number cancelled by two."""

import pytest

from muster.audit import queries as audit
from muster.kernel.dates import PartialDate
from muster.people.models import Approval, Officer
from muster.people.words import Field
from muster.register.models import Person
from muster.register.operations import Correction, LifeChange, correct, record_life_events
from muster.register.queries import person_page
from muster.register.words import LifeEventKind
from tests.register.conftest import AN_LAM, AT, BY, PROVINCE
from tests.web.register.conftest import browser, elsewhere, page, works_for

pytestmark = pytest.mark.django_db
ALL = frozenset(Field)


def stored(hoa):
    return person_page(hoa.id, allowed=ALL)


def form(client, hoa) -> dict[str, str]:
    """Return the form of corrections as a browser would send it back untouched."""
    answer = client.get(f"/register/{hoa.id}/correct/")
    was = answer.context["was"] if answer.context else {}
    told = answer.content.decode()
    was = was or dict(_hidden(told))
    version = told.split('name="version" value="')[1].split('"')[0]
    return {"version": version, "paper": "DC02"} | {f"was.{name}": value for name, value in was.items()} | was


def _hidden(told):
    for part in told.split('name="was.')[1:]:
        name, _, rest = part.partition('" value="')
        yield name, rest.split('"')[0]


def send(client, hoa, **changes):
    return client.post(f"/register/{hoa.id}/correct/", {**form(client, hoa), **changes})


def test_only_what_was_changed_is_written_with_its_paper(hoa):
    lead = browser("desk_lead")
    answer = send(lead, hoa, name="Nguyễn Văn Hoá", birth="1975", phone="0557 654 321", native_unit="An Lâm, Nam Sách")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/register/{hoa.id}/")
    now = stored(hoa)
    assert (now.line.name, now.line.birth, now.native_unit) == ("Nguyễn Văn Hoá", PartialDate(1975), AN_LAM)
    assert now.sensitive == {"phone": "0557654321", "religion": "Phật giáo", "address": "Ngõ 3"}
    assert {change.field for change in now.life[0].changes} == {"name", "birth", "phone", "native_unit"}
    assert (now.life[0].paper, audit.looks_at("person", hoa.id)[0].action) == ("DC02", "register.correct")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"birth": "31/02/1975"}, "birth", "impossible_date"),
        ({"birth": ""}, "birth", "unreadable_date"),
        ({"phone": "123"}, "phone", "not_a_mobile_number"),
        ({"native_unit": "Không Có"}, "native_unit", "unknown_unit"),
        ({"marital": "married", "paper": " "}, "paper", "paper_missing"),
    ],
)
def test_a_refused_field_keeps_what_was_typed_and_writes_nothing(hoa, changes, field, code):
    lead = browser("desk_lead")
    answer = send(lead, hoa, organisation="Tổ 5", **changes)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.split(f'id="{field}-error"')[1].split('class="code">')[1].startswith(code)
    assert 'value="Tổ 5"' in shown
    assert stored(hoa).version == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "nothing_changed"),
        ({"name": " "}, "name_missing"),
        ({"birth": "2999"}, "day_cannot_be"),
        ({"birth_paper": "x" * 81}, "text_too_long"),
        ({"version": "x", "name": "A"}, "changed_meanwhile"),
    ],
)
def test_what_the_register_refuses_is_said_above_the_form(hoa, changes, code):
    answer = send(browser("desk_lead"), hoa, **changes)
    assert (answer.status_code, code in answer.content.decode()) == (422, True)


def test_what_somebody_else_changed_meanwhile_is_kept_and_shown(hoa):
    lead = browser("desk_lead")
    mine = form(lead, hoa) | {"name": "Nguyễn Văn Hoá", "organisation": "Tổ 5"}
    other = {"phone": "0557654321", "organisation": "Tổ 7"}
    assert not correct(
        corrections=[Correction(person=hoa.id, version=1, changes=other)], grants=None, by=BY, at=AT
    ).refused
    answer = lead.post(f"/register/{hoa.id}/correct/", mine)
    shown = answer.content.decode()
    assert (answer.status_code, "changed_meanwhile" in shown) == (422, True)
    for told in ('value="Nguyễn Văn Hoá"', 'value="Tổ 5"', "Trong sổ hiện nay: Tổ 7", 'name="version" value="2"'):
        assert told in shown
    assert "Trong sổ hiện nay: 055" not in shown  # untouched here: the other's value stands in the form
    again = {"version": "2", "paper": "DC02"} | {f"was.{name}": value for name, value in _hidden(shown)}
    again |= dict(_hidden(shown)) | {"name": "Nguyễn Văn Hoá", "organisation": "Tổ 5"}
    assert lead.post(f"/register/{hoa.id}/correct/", again).status_code == 302
    now = stored(hoa)
    assert (now.line.name, now.organisation, now.sensitive["phone"]) == ("Nguyễn Văn Hoá", "Tổ 5", "0557654321")


def test_a_field_one_may_not_see_is_not_corrected(hoa):
    checker = browser("checker")
    answer = send(checker, hoa, marital="married", phone="0557654321")
    assert answer.status_code == 302
    assert (stored(hoa).marital, stored(hoa).sensitive["phone"]) == ("married", "0551234567")
    assert 'name="phone"' not in page(checker, f"/register/{hoa.id}/correct/")


def test_who_may_not_correct_gets_no_form(hoa):
    for client, status in (
        (browser("crew"), 403),
        (works_for(browser("desk_lead"), "survey"), 403),
        (elsewhere("checker"), 404),
        (browser("volunteer"), 403),
    ):
        for address in (f"/register/{hoa.id}/{act}/" for act in ("correct", "death", "event", "head", "move")):
            assert client.get(address).status_code == status
            assert client.post(address, {"on": "2021", "paper": "x"}).status_code == status
    assert "/correct/" not in page(browser("crew"), f"/register/{hoa.id}/")
    assert stored(hoa).version == 1


def test_the_death_of_a_head_is_told_after_another_head(hoa):
    lead, address = browser("desk_lead"), f"/register/{hoa.id}/death/"
    shown = page(lead, address)
    assert 'name="on"' not in shown
    wife = stored(hoa).members[1].person
    refused = lead.post(address, {"head": "nobody", "household": str(hoa.household), "paper": "CT01"})
    assert (refused.status_code, "not_a_member" in refused.content.decode()) == (422, True)
    named = {"head": str(wife), "household": str(hoa.household), "former_relation": "spouse", "paper": "CT01"}
    assert lead.post(address, named | {"paper": ""}).status_code == 422
    assert lead.post(address, named).headers["Location"] == address
    wrong = lead.post(address, {"on": "1970", "paper": "Trích lục 7"})
    assert (wrong.status_code, "day_cannot_be" in wrong.content.decode()) == (422, True)
    assert lead.post(address, {"on": "2021"}).status_code == 422
    assert lead.post(address, {"on": "2/5/2021", "paper": "Trích lục 7"}).status_code == 302
    assert (stored(hoa).line.life, stored(hoa).died_on) == ("dead", "2021-05-02")
    told = page(lead, f"/register/{hoa.id}/")
    for words in ("Đã chết", "Không thuộc diện cấp thẻ lúc này", "02/05/2021", "Trích lục 7"):
        assert words in told
    assert address not in told


def test_a_number_that_no_longer_agrees_is_cancelled_by_two(hoa):
    first, lead = browser("checker"), browser("desk_lead")
    assert "Số định danh không còn khớp" not in page(first, f"/register/{hoa.id}/")
    send(lead, hoa, birth="01/03/1976")
    assert "Cán bộ thẩm tra đề nghị hủy số" in page(lead, f"/register/{hoa.id}/")
    address = f"/register/{hoa.id}/number/"
    assert lead.post(address, {"what": "ask", "reason": "x"}).status_code == 403
    refused = first.post(address, {"what": "ask", "reason": " "})
    assert (refused.status_code, "no_reason" in refused.content.decode()) == (422, True)
    assert first.post(address, {"what": "ask", "reason": "Sai năm sinh theo giấy khai sinh"}).status_code == 302
    asked = Approval.objects.get()
    assert (asked.kind, asked.subject, asked.unit_id) == ("cancel_number", hoa.id, stored(hoa).line.unit)
    assert "đang chờ người thứ hai" in page(first, f"/register/{hoa.id}/")
    early = first.post(address, {"what": "replace", "approval": str(asked.id)})
    assert (early.status_code, "approval_not_granted" in early.content.decode()) == (422, True)
    assert first.post(f"/approvals/{asked.id}/", {"answer": "grant"}).status_code == 404  # nobody grants their own
    other = browser_of_second_checker()
    assert f'href="/register/{hoa.id}/"' in page(other, f"/approvals/{asked.id}/")
    assert other.post(f"/approvals/{asked.id}/", {"answer": "grant"}).status_code == 302
    assert "Hủy số 030075123456 của Nguyễn Văn Hoà?" in page(first, f"/register/{hoa.id}/")
    assert first.post(address, {"what": "replace", "approval": str(asked.id)}).status_code == 302
    now = stored(hoa)
    assert now.line.number.startswith("030076")
    assert [(one.number, one.reason, bool(one.until)) for one in now.numbers] == [
        ("030075123456", "birth_year", True),
        (now.line.number, "", False),
    ]
    shown = page(first, f"/register/{hoa.id}/")
    assert "Số định danh không còn khớp" not in shown
    for told in ("Đã hủy", "Sai năm sinh", "030075123456"):
        assert told in shown
    assert first.post(address, {"what": "replace", "approval": str(asked.id)}).status_code == 404
    assert not [look for look in audit.latest() if "0300" in look.detail or "Hoà" in look.detail]


def browser_of_second_checker():
    from django.test import Client

    from tests.web.accounts.conftest import HERE

    two = Officer.objects.filter(username__startswith="demo.checker").exclude(username="demo.checker").get()
    client = Client(SERVER_NAME=HERE)
    assert client.post(f"/sign-in/demo/{two.username}").status_code == 302
    return client


def test_there_is_nothing_to_cancel_where_the_number_agrees(hoa):
    checker = browser("checker")
    assert checker.post(f"/register/{hoa.id}/number/", {"what": "ask", "reason": "x"}).status_code == 404
    assert checker.post("/register/01980000-0000-7000-8000-000000000001/number/").status_code == 404
    assert PROVINCE in person_page(hoa.id, allowed=ALL).line.path


def test_a_wrong_day_of_death_is_corrected_on_the_same_form(hoa):
    lead = browser("desk_lead")
    assert 'name="died_on"' not in page(lead, f"/register/{hoa.id}/correct/")  # nobody alive has one
    (wife,) = [Person.objects.get(id=one.person) for one in stored(hoa).members if one.person != hoa.id]
    row = LifeChange(person=wife.id, kind=LifeEventKind.DIED, on=PartialDate(2021, 4, 1), paper="GCT 3")
    assert not record_life_events(events=[row], grants=None, by=BY, at=AT).refused
    assert send(lead, wife, died_on="31/02/2021").status_code == 422
    assert send(lead, wife, died_on="02/04/2021").status_code == 302
    assert person_page(wife.id, allowed=ALL).died_on == "2021-04-02"
    told = page(lead, f"/register/{wife.id}/")
    assert "01/04/2021" in told  # what was corrected stays in the person's life
    assert "02/04/2021" in told
