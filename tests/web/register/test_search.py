"""Find a person from the browser's side: by number, by card, by name; nothing of it in an address."""

import pytest

from muster.audit import queries as audit
from muster.units.models import Unit
from tests.register.conftest import AN_LAM, HOP_TIEN, PROVINCE, person, taken
from tests.web.register.conftest import browser, elsewhere, page, transfer, works_for

pytestmark = pytest.mark.django_db
CODE = "030075123456|141234567|Nguyễn Văn Hoà|01031975|Nam|Thôn An Lễ, An Lâm|10052021"


@pytest.mark.parametrize(
    "asked",
    [
        {"number": "030075123456"},
        {"number": "030 075 123456"},
        {"number": "141234567"},
        {"number": CODE},
        {"name": CODE},
    ],
)
def test_a_number_or_a_scanned_card_opens_the_person_at_once(hoa, asked):
    crew = browser("crew")
    answer = crew.post("/register/", asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/register/{hoa.id}/")
    assert "Nguyễn Văn Hoà" in page(crew, answer.headers["Location"])
    assert [look.action for look in audit.looks_at("person", hoa.id)] == [
        "register.open",
        "register.look_up",
        "register.take_in",
    ]


def test_a_name_with_a_birth_or_a_commune_leads_to_a_list_that_can_be_loaded_again(hoa):
    lead = browser("desk_lead")
    for more in (
        {"birth": "01031975"},
        {"birth": "1. 3. 1975"},
        {"birth": "1 3 1975"},
        {"birth": "1975"},
        {"unit": "10609"},
        {"unit": "An Lâm"},
        {"unit": "an le"},
        {},
    ):
        answer = lead.post("/register/", {"name": "nguyen van hoa", **more})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/register/found/")
        for _ in range(2):
            shown = page(lead, "/register/found/")
            assert f'<a href="/register/{hoa.id}/">Nguyễn Văn Hoà</a>' in shown
            for told in (
                "030075123456",
                "01/03/1975",
                "Nam",
                "hamlet An Lễ",
                "Còn sống",
                "90",
                'value="nguyen van hoa"',
            ):
                assert told in shown


@pytest.mark.parametrize(
    ("asked", "field", "code", "status"),
    [
        ({"number": ""}, "number", "not_a_number", 422),
        ({"number": "03007512345"}, "number", "not_a_number", 422),
        ({"number": CODE.replace("Nam", "X")}, "number", "not_a_card_code", 422),
        ({"number": "030075999999"}, "number", "nobody_found", 404),
        ({"name": "Lê Văn Không", "birth": "1975"}, "name", "nobody_found", 404),
        ({"name": "Nguyễn Văn Hoà", "birth": "31/02/1975"}, "birth", "impossible_date", 422),
        ({"name": "Nguyễn Văn Hoà", "birth": "xuân 75"}, "birth", "unreadable_date", 422),
        ({"name": "Nguyễn Văn Hoà", "unit": "Hợp Tiến"}, "unit", "unknown_unit", 422),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(hoa, asked, field, code, status):
    answer = browser("crew").post("/register/", asked, follow=True)
    shown = answer.content.decode()
    assert answer.status_code == status
    assert f'<a href="#{field}">' in shown
    assert shown.split(f'id="{field}-error"')[1].split('class="code">')[1].startswith(code)
    assert all(f'value="{value}"' in shown for value in asked.values() if value)


def test_a_name_alone_is_too_wide_for_who_has_more_than_a_commune(hoa):
    transfer("checker", PROVINCE)
    answer = browser("checker").post("/register/", {"name": "Nguyễn Văn Hoà"}, follow=True)
    assert (answer.status_code, "search_too_wide" in answer.content.decode()) == (422, True)


def test_an_officer_of_another_commune_finds_nobody_and_opens_nobody(hoa):
    crew = elsewhere("crew")
    for asked in ({"number": "030075123456"}, {"name": "Nguyễn Văn Hoà", "birth": "1975"}):
        answer = crew.post("/register/", asked, follow=True)
        assert (answer.status_code, "nobody_found" in answer.content.decode()) == (404, True)
    assert crew.get(f"/register/{hoa.id}/").status_code == 404
    assert audit.latest(limit=2)[0].detail == "elsewhere 0"  # the search itself kept to the area
    assert [look.action for look in audit.looks_at("person", hoa.id)] == ["register.take_in"]


@pytest.mark.parametrize("role", ["volunteer", "commander", "planner", "technician", "administrator", "auditor"])
def test_the_register_is_closed_to_who_has_no_right_and_not_shown(hoa, role):
    client = browser(role)
    assert 'href="/register/"' not in page(client, "/account/")
    for address in ("/register/", "/register/found/", f"/register/{hoa.id}/"):
        assert client.get(address).status_code == 403
    assert client.post("/register/", {"number": "030075123456"}).status_code == 403
    assert client.post("/register/purpose/", {"purpose": "capture"}).status_code == 403


def test_the_purpose_is_chosen_once_and_every_look_is_written_with_it(hoa):
    lead = browser("desk_lead")
    assert 'value="register" selected' in page(lead, "/register/")
    assert lead.post("/register/purpose/", {"purpose": "check"}).status_code == 403
    answer = lead.post("/register/purpose/", {"purpose": "survey", "next": f"/register/{hoa.id}/"})
    assert answer.headers["Location"] == f"/register/{hoa.id}/"
    page(lead, f"/register/{hoa.id}/")
    lead.post("/register/", {"number": "030075123456"})
    looks = audit.looks_at("person", hoa.id)
    assert [(look.action, look.purpose) for look in looks[:2]] == [
        ("register.look_up", "survey"),
        ("register.open", "survey"),
    ]
    assert lead.post("/register/purpose/", {"purpose": "capture", "next": "https://x.example/"}).headers[
        "Location"
    ] == ("/register/")


def test_who_may_look_up_and_not_search_is_asked_for_a_number_only(hoa):
    crew = works_for(browser("crew"), "issue")
    assert 'name="birth"' not in page(crew, "/register/")
    answer = crew.post("/register/", {"name": "Nguyễn Văn Hoà", "birth": "1975"}, follow=True)
    assert "not_allowed" in answer.content.decode()


def test_no_personal_value_stands_in_an_address_an_audit_or_the_session(hoa):
    from django.contrib.sessions.models import Session

    crew = browser("crew")
    answer = crew.post("/register/", {"name": "Nguyễn Văn Hoà", "birth": "01/03/1975"}, follow=True)
    assert [address for address, _ in answer.redirect_chain] == ["/register/found/"]
    assert answer.headers["Cache-Control"] == "no-store"
    kept = str(list(dict(crew.session).items())) + "".join(Session.objects.values_list("session_data", flat=True))
    told = kept + str(audit.latest())
    assert not [value for value in ("Nguyễn", "Hoà", "1975", "030075123456") if value in told]


def test_the_list_asks_the_same_number_of_questions_at_any_length(hoa, django_assert_num_queries):
    lead = browser("desk_lead")
    lead.post("/register/", {"name": "Lê Thị Mai", "birth": "1/3/1975"})
    taken(person("Lê Thị Mai", "1/3/1975"), person("Lê Thị Mai", "1/3/1975"))
    page(lead, "/register/found/")
    with django_assert_num_queries(LIST):
        page(lead, "/register/found/")
    taken(*[person("Lê Thị Mai", "1/3/1975") for _ in range(15)])
    with django_assert_num_queries(LIST):
        assert page(lead, "/register/found/").count("Lê Thị Mai</a>") == 17


LIST = 15


def test_a_commune_named_twice_asks_for_its_code(hoa):
    Unit.objects.filter(id=HOP_TIEN).update(name="An Lâm", name_key=Unit.objects.get(id=AN_LAM).name_key)
    transfer("checker", PROVINCE)
    answer = browser("checker").post("/register/", {"name": "Nguyễn Văn Hoà", "unit": "An Lâm"}, follow=True)
    assert (answer.status_code, "unit_unclear" in answer.content.decode()) == (422, True)
    assert "commune An Lâm, district Nam Sách (10612)" in answer.content.decode()
