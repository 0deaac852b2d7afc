import re
from datetime import date, datetime

import pytest
from django.db import connection

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.units import queries
from muster.units.operations import load_reference
from muster.web.frame import real_now
from tests.web.accounts.conftest import browser as as_officer

AT = datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)
BY = Actor(officer=None, unit=1, purpose=Purpose.ADMINISTER)
THEN, NOW = date(2021, 5, 8), date(2026, 11, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _tree(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_reference(by=BY, at=AT)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE units_unit, units_succession, units_renaming")
        yield
        transaction.set_rollback(True)


def browser(role):
    make_demo_officers(units={role: queries.ROOT}, by=BY, at=real_now())
    return as_officer(role)


def unit(code, on=THEN):
    return queries.by_code(code, on)


def told(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def test_the_country_is_shown_as_of_any_day():
    client = browser(Role.VOLUNTEER)
    assert "63 đơn vị trực thuộc tại ngày 08/05/2021" in told(client.get("/units/?on=08/05/2021"))
    assert "34 đơn vị trực thuộc tại ngày 02/11/2026" in told(client.get("/units/?on=02/11/2026"))


def test_a_commune_says_what_became_of_it_and_stays_where_it_was():
    client = browser(Role.CREW)
    old = unit("11269")
    page = told(client.get(f"/units/?unit={old.id}&on=08/05/2021"))
    assert "Xã Tứ Cường có hiệu lực tại ngày 08/05/2021" in page
    assert "Đã chuyển thành" in page
    later = told(client.get(f"/units/?unit={old.id}&on=02/11/2026"))
    assert "Xã Tứ Cường không có tại ngày 02/11/2026" in later
    for holder in queries.at(old, NOW):
        assert str(queries.title(holder.unit.id, NOW)) in later


@pytest.mark.parametrize("typed", ["xã Tứ Cường", "tu cuong", "11269", "Tứ Cường, Thanh Miện"])
def test_a_name_or_a_code_leads_to_the_unit(typed):
    page = browser(Role.CREW).get("/units/", {"text": typed, "on": "08/05/2021"}).content.decode()
    first = re.search(r"<tbody.*?</tr>", page, re.DOTALL)[0]
    assert f"unit={unit('11269').id}&amp;on=" in first


def test_an_impossible_day_is_told_at_its_field():
    page = browser(Role.CREW).get("/units/?on=31/02/2021").content.decode()
    assert re.search(r'id="on-error".*?<span class="code">impossible_date</span>', page, re.DOTALL)
    assert 'value="31/02/2021"' in page


def test_a_unit_that_is_not_there_is_not_found():
    client = browser(Role.CREW)
    assert client.get("/units/?unit=99999999").status_code == 404
    assert client.post("/units/hamlets/", {"unit": unit("30").id, "names": "Đông"}).status_code == 404


def test_an_administrator_adds_hamlets_and_keeps_the_lines_that_were_refused():
    client = browser(Role.ADMINISTRATOR)
    commune = unit("11269")
    sent = {"unit": commune.id, "on": "08/05/2021", "names": "An Khoái\n\nPhú Xuân\n" + "x" * 130}
    answer = client.post("/units/hamlets/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(r'<code class="code">malformed_unit</code>', page)
    assert "Dòng 4" in told(answer)  # as it was typed, the blank line counted
    assert f"{'x' * 130}</textarea>" in page
    assert "An Khoái" not in re.search(r"<textarea.*?</textarea>", page, re.DOTALL)[0]
    opened = list(queries.children(commune.id, THEN).values_list("code", "type_vi", "name"))
    assert opened == [("11269.001", "Thôn", "An Khoái"), ("11269.002", "Thôn", "Phú Xuân")]
    assert client.post("/units/hamlets/", sent | {"names": "Gia Cốc"}).status_code == 302
    assert queries.by_code("11269.003", THEN).name == "Gia Cốc"
    assert client.post("/units/hamlets/", sent | {"names": "An Khoái\nGia Cốc"}).status_code == 302  # sent twice
    assert queries.children(commune.id, THEN).count() == 3


def test_nobody_else_adds_hamlets():
    client = browser(Role.DESK_LEAD)
    commune = unit("11269")
    assert "Thêm thôn" not in told(client.get(f"/units/?unit={commune.id}&on=08/05/2021"))
    assert client.post("/units/hamlets/", {"unit": commune.id, "on": "08/05/2021", "names": "A"}).status_code == 403


def test_the_page_takes_few_queries_at_any_number_of_units(django_assert_max_num_queries):
    client = browser(Role.CREW)
    with django_assert_max_num_queries(15):
        client.get("/units/?on=08/05/2021")
    with django_assert_max_num_queries(15):
        client.get("/units/?text=tân&on=08/05/2021")
