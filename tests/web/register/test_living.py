"""What happens to people between cards: they marry, go missing, move, and head households; each on a paper."""

import re
from datetime import date

import pytest

from muster.audit import queries as audit
from muster.people.words import Field
from muster.register.operations import take_in
from muster.register.queries import person_page
from muster.register.sensitive import Sensitive
from muster.register.words import Kinship, Relation
from tests.register.conftest import AN_LAM, AT, BY, HAMLET, HOP_TIEN, person, taken
from tests.web.register.conftest import browser, page

pytestmark = pytest.mark.django_db
ALL = frozenset(Field)


def stored(one):
    return person_page(one if not hasattr(one, "id") else one.id, allowed=ALL)


def wife_of(hoa):
    return stored(hoa).members[1].person


def refused(answer) -> tuple[int, list[str]]:
    """Return the status and, field by field, the codes that stand next to the fields (or above the form)."""
    shown = answer.content.decode()
    at_fields = re.findall(r'id="(\w+)-error".*?<span class="code">(\w+)</span>', shown, re.DOTALL)
    above = re.findall(r"<code>(\w+)</code>", shown)
    return answer.status_code, [*map(":".join, at_fields), *above]


def sent(client, address, /, **values):
    version = page(client, address).split('name="version" value="')[1].split('"')[0]
    return client.post(address, {"version": version} | values)


def test_a_marriage_is_recorded_on_a_paper_and_told_in_the_life(hoa):
    lead, address = browser("desk_lead"), f"/register/{hoa.id}/event/"
    answer = sent(lead, address, kind="married", on="1 3 2000", paper="GCN 12")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/register/{hoa.id}/")
    now = stored(hoa)
    assert (now.marital, [(one.kind, one.happened_on, one.paper) for one in now.life]) == (
        "married", [("married", "2000-03-01", "GCN 12")],
    )  # fmt: skip
    told = page(lead, f"/register/{hoa.id}/")
    assert all(words in told for words in ("Kết hôn", "ngày 01/03/2000", "căn cứ: GCN 12"))
    assert audit.latest(limit=2)[1].action == "register.life_event"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"kind": "", "on": "2000", "paper": "GCN 12"}, "kind:event_unchosen"),
        ({"kind": "died", "on": "2000", "paper": "GCN 12"}, "kind:event_unchosen"),
        ({"kind": "married", "on": "mai", "paper": "GCN 12"}, "on:unreadable_date"),
        ({"kind": "married", "on": "1960", "paper": "GCN 12"}, "on:day_cannot_be"),
        ({"kind": "married", "on": "2000", "paper": " "}, "paper:paper_missing"),
        ({"kind": "married", "on": "2000", "paper": "x" * 121}, "paper:text_too_long"),
        ({"kind": "married", "on": "2000", "paper": "GCN 12", "version": "7"}, "changed_meanwhile"),
    ],
)
def test_a_refused_event_says_why_and_keeps_what_was_typed(hoa, values, told):
    answer = sent(browser("desk_lead"), f"/register/{hoa.id}/event/", **values)
    assert refused(answer) == (422, [told])
    shown = answer.content.decode()
    for name in ("on", "paper"):
        assert f'value="{values[name].strip()}"' in shown
    assert ('value="married" checked' in shown) == (values["kind"] == "married")
    assert (stored(hoa).line.life, stored(hoa).marital, stored(hoa).version) == ("alive", "", 1)


def test_who_is_missing_can_be_found_alone(hoa):
    lead, address = browser("desk_lead"), f"/register/{hoa.id}/event/"
    assert 'value="found"' not in page(lead, address)
    sent(lead, address, kind="went_missing", on="2020", paper="QĐ 5")
    assert stored(hoa).line.life == "missing"
    shown = page(lead, address)
    assert re.findall(r'type="radio" name="kind" value="(\w+)"( checked)?', shown) == [("found", " checked")]
    sent(lead, address, kind="found", on="2021", paper="QĐ 6")
    assert stored(hoa).line.life == "alive"


def test_another_head_is_named_with_what_the_former_one_is_to_them(hoa):
    lead, wife = browser("desk_lead"), wife_of(hoa)
    address = f"/register/{wife}/head/"
    assert f'<option value="{wife}" selected>' in page(lead, address)
    named = {"household": str(hoa.household), "head": str(wife), "former_relation": "spouse"}
    assert refused(sent(lead, address, **named, paper="")) == (422, ["paper:paper_missing"])
    assert refused(sent(lead, address, **named | {"head": "x"}, paper="CT01")) == (422, ["head:not_a_member"])
    assert stored(hoa).relation == "head"
    assert sent(lead, address, **named, paper="CT01 số 7").headers["Location"] == f"/register/{wife}/"
    assert [(one.name, one.relation) for one in stored(hoa).members] == [
        ("Trần Thị Lan", "head"), ("Nguyễn Văn Hoà", "spouse"),
    ]  # fmt: skip
    assert [(one.kind, one.paper) for one in stored(wife).life] == [("became_head", "CT01 số 7")]
    assert "Trở thành chủ hộ" in page(lead, f"/register/{wife}/")


def test_what_the_others_are_to_another_head_is_asked_with_it_and_may_be_corrected_later(hoa):
    lead, wife = browser("desk_lead"), wife_of(hoa)
    child = person("Nguyễn Văn Tí", "2001", household=hoa.household, relation=Relation.CHILD)
    guest = person("Nguyễn Thị Út", "1980", household=hoa.household, relation=Relation.SIBLING)
    assert not take_in(households=[], persons=[child, guest], by=BY, at=AT).refused
    address = f"/register/{wife}/head/"
    shown = page(lead, address)
    assert "Quan hệ của Nguyễn Văn Tí với chủ hộ mới" in shown
    named = {"household": str(hoa.household), "head": str(wife), "former_relation": "spouse", "paper": "CT01"}
    assert sent(lead, address, **named, **{f"relation.{child.id}": "head"}).status_code == 422
    answer = sent(lead, address, **named, **{f"relation.{child.id}": "child", f"relation.{wife}": "unknown"})
    assert answer.headers["Location"] == f"/register/{wife}/"
    assert [(one.name, one.relation) for one in stored(hoa).members] == [
        ("Trần Thị Lan", "head"), ("Nguyễn Văn Hoà", "spouse"), ("Nguyễn Thị Út", "unknown"),
        ("Nguyễn Văn Tí", "child"),
    ]  # fmt: skip
    assert "Chưa rõ từ khi đổi chủ hộ: hãy hỏi lại" in page(lead, f"/register/{guest.id}/")
    mended = {"was.relation": "unknown", "relation": "other", "paper": "CT01", "version": "2"}
    assert lead.post(f"/register/{guest.id}/correct/", mended).status_code == 302
    assert stored(guest).relation == "other"
    assert 'name="relation"' not in page(lead, f"/register/{wife}/correct/")


def test_somebody_moves_out_and_heads_a_new_household(hoa):
    lead, wife = browser("desk_lead"), wife_of(hoa)
    answer = sent(lead, f"/register/{wife}/move/", unit="An Lâm, Nam Sách", since="01032021", paper="CT01")
    assert answer.headers["Location"] == f"/register/{wife}/"
    now = stored(wife)
    assert (now.line.unit, now.resident_since, now.relation, len(now.members)) == (AN_LAM, date(2021, 3, 1), "head", 1)
    assert [(one.unit, one.until) for one in now.residences] == [(HAMLET, date(2021, 3, 1))]
    assert (now.life[0].kind, now.life[0].paper) == ("moved", "CT01")
    assert [change.field for change in now.life[0].changes] == ["unit"]  # she had no address
    assert "Nơi thường trú: hamlet An Lễ, commune An Lâm" in page(lead, f"/register/{wife}/")
    assert len(stored(hoa).members) == 1
    assert "/head/" not in page(lead, f"/register/{hoa.id}/")


def test_somebody_joins_a_household_by_the_number_of_one_who_lives_there(hoa):
    lead = browser("desk_lead")
    lan = taken(person("Lê Thị Hạnh", "1999", unit=AN_LAM))
    joined = {"with": "030075123456", "relation": "child_in_law", "since": "01/04/2021", "paper": "CT01"}
    answer = sent(lead, f"/register/{lan.id}/move/", **joined)
    assert answer.status_code == 302
    now = stored(lan)
    assert (now.household, now.relation, now.line.unit) == (hoa.household, "child_in_law", HAMLET)
    assert len(now.members) == 3
    again = sent(lead, f"/register/{lan.id}/move/", **joined)
    assert refused(again) == (422, ["with:own_household"])
    assert '<option value="child_in_law" selected>' in again.content.decode()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "unit:place_needed"),
        ({"unit": "Không Có"}, "unit:unknown_unit"),
        ({"with": "12"}, "with:not_a_number"),
        ({"with": "030175000001"}, "with:nobody_found"),
        ({"with": "030075123456", "unit": "An Lâm"}, "unit:household_elsewhere"),
        ({"unit": "An Lâm", "since": "03/2021"}, "since:day_needed"),
        ({"unit": "An Lâm", "since": ""}, "since:unreadable_date"),
        ({"unit": "An Lâm", "since": "01/01/2199"}, "since:day_cannot_be"),
        ({"unit": "An Lâm", "paper": ""}, "paper:paper_missing"),
        ({"unit": "An Lâm", "version": "9"}, "changed_meanwhile"),
    ],
)
def test_a_refused_move_says_why_at_its_field_and_keeps_the_rest(hoa, values, told):
    one = taken(person("Lê Thị Hạnh", "1999", unit=AN_LAM))
    filled = {"since": "01/04/2021", "paper": "CT01 số 9"} | values
    answer = sent(browser("desk_lead"), f"/register/{one.id}/move/", **filled)
    assert refused(answer) == (422, [told])
    assert all(f'value="{value}"' in answer.content.decode() for name, value in filled.items() if name != "version")
    assert stored(one).version == 1


def test_a_head_with_others_names_another_one_before_moving(hoa):
    lead, address = browser("desk_lead"), f"/register/{hoa.id}/move/"
    shown = page(lead, address)
    assert "Đổi chủ hộ trước" in shown
    assert 'name="since"' not in shown
    named = {"household": str(hoa.household), "head": str(wife_of(hoa)), "former_relation": "spouse", "paper": "CT01"}
    assert sent(lead, address, **named).headers["Location"] == address
    assert 'name="since"' in page(lead, address)


def test_a_household_moves_whole_under_its_head(hoa):
    lead, wife = browser("desk_lead"), wife_of(hoa)
    address = f"/register/{wife}/household/"
    assert f'href="/register/{hoa.id}/household/"' in page(lead, f"/register/{hoa.id}/move/")
    assert f'href="{address}"' in page(lead, f"/register/{wife}/")
    shown = page(lead, address)
    assert "Nguyễn Văn Hoà · Chủ hộ" in shown
    read = dict(re.findall(r'name="(read\.[0-9a-f-]+)" value="(\d+)"', shown))
    assert len(read) == 2
    filled = {"unit": "10609", "since": "01/04/2021", "paper": "CT01"} | read
    for wrong, told in (
        ({"unit": ""}, "unit:place_needed"),
        ({"since": "2021"}, "since:day_needed"),
        ({"since": "01/01/2199"}, "since:day_cannot_be"),
        ({"paper": ""}, "paper:paper_missing"),
        ({f"read.{wife}": "2"}, "changed_meanwhile"),
        ({f"read.{wife}": "x"}, "changed_meanwhile"),
    ):
        assert refused(lead.post(address, filled | wrong)) == (422, [told])
    assert lead.post(address, filled).headers["Location"] == f"/register/{wife}/"
    assert lead.post(address, filled).status_code == 302  # sent twice
    assert [(stored(one).line.unit, stored(one).relation, stored(one).version) for one in (hoa, wife)] == [
        (AN_LAM, "head", 2), (AN_LAM, "spouse", 2),
    ]  # fmt: skip
    back = page(lead, address).split("read.")[1:]
    again = {f"read.{one[:36]}": "2" for one in back}
    told = refused(lead.post(address, filled | again | {"unit": "An Lễ", "since": "31/03/2021"}))
    assert told == (422, ["since:moved_later"])
    away = lead.post(address, filled | again | {"unit": "Hợp Tiến", "since": "02/04/2021"})
    assert away.headers["Location"] == "/register/"


def test_the_address_moves_too_and_the_former_one_is_told_to_who_may_see_it(hoa):
    lead = browser("desk_lead")
    one = taken(person("Lê Thị Hạnh", "1999", unit=AN_LAM, sensitive=Sensitive(address="Ngõ 9", phone="0551234567")))
    filled = {"unit": "An Lễ", "since": "01/04/2021", "paper": "CT01"}
    sent(lead, f"/register/{one.id}/move/", **filled, address="Số 5")
    assert stored(one).sensitive == {"address": "Số 5", "phone": "0551234567"}
    assert "Địa chỉ thường trú: Ngõ 9 → Số 5" in page(lead, f"/register/{one.id}/")
    sent(lead, f"/register/{one.id}/move/", **filled | {"unit": "10609", "since": "02/04/2021"})
    assert stored(one).sensitive == {"phone": "0551234567"}
    told = [
        (change.field, change.old, change.new) for change in person_page(one.id, allowed=frozenset()).life[0].changes
    ]
    assert told == [("unit", str(HAMLET), str(AN_LAM)), ("address", None, None)]


def test_who_moves_out_of_the_area_is_gone_from_it_and_the_search_opens(hoa):
    lead, wife = browser("desk_lead"), wife_of(hoa)
    answer = sent(lead, f"/register/{wife}/move/", unit="Hợp Tiến", since="01/04/2021", paper="CT01")
    assert answer.headers["Location"] == "/register/"
    assert stored(wife).line.unit == HOP_TIEN
    assert lead.get(f"/register/{wife}/").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("act", ["event", "head", "move", "household", "death"])
def test_the_forms_are_whole_in_both_languages(hoa, language, act):
    assert f'<html lang="{language}">' in page(browser("desk_lead", language), f"/register/{wife_of(hoa)}/{act}/")


def test_a_parent_sees_the_children_and_a_child_the_parents(hoa):
    child = taken(person("Nguyễn Thị Na", "2010", kin=((Kinship.FATHER, hoa.id), (Kinship.REPRESENTATIVE, hoa.id))))
    assert [(one.kinship, one.name) for one in stored(child).kin] == [
        ("father", "Nguyễn Văn Hoà"), ("representative", "Nguyễn Văn Hoà"),
    ]  # fmt: skip
    assert [(one.kinship, one.person) for one in stored(hoa).kin] == [("child", child.id), ("ward", child.id)]
    told = page(browser("desk_lead"), f"/register/{hoa.id}/").split("Người thân trong sổ")[1]
    assert told.index("Con") < told.index("Người được đại diện")
    assert f'href="/register/{child.id}/"' in told
