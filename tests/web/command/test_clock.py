import re
from datetime import datetime

from muster.audit.queries import latest
from muster.audit.verification import verify
from muster.events import queries as journal
from muster.kernel.clock import ZONE
from muster.people.words import Role
from tests.units.factories import root


def test_an_administrator_plays_pauses_and_returns(browser, country):
    client = browser(Role.ADMINISTRATOR, root())
    assert client.post("/clock/", {"act": "play", "moment": "08/05/2021 17:00", "speed": "60"}).status_code == 302
    clock = journal.clock()
    assert (clock.campaign_anchor, clock.speed) == (datetime(2021, 5, 8, 17, 0, tzinfo=ZONE), 60.0)
    assert client.post("/clock/", {"act": "pause"}).status_code == 302
    page = client.get("/clock/").content.decode()
    assert "Đang dừng; khi chạy sẽ nhanh gấp 60 lần giờ thật." in page
    assert re.findall(r"<strong>(Dừng|Bắt đầu diễn lại)</strong>", page) == ["Dừng", "Bắt đầu diễn lại"]
    assert client.post("/clock/", {"act": "real"}).status_code == 302
    assert journal.clock() is None
    assert [look.action for look in latest()][:3] == ["clock.set"] * 3
    assert list(verify()) == []


def test_what_is_refused_is_told_at_its_field_and_changes_nothing(browser, country):
    client = browser(Role.ADMINISTRATOR, root())
    client.post("/clock/", {"act": "play", "moment": "08/05/2021 17:00", "speed": "1"})
    before = journal.clock()
    for moment, speed, field, code in (
        ("07/05/2021 17:00", "1", "moment", "clock_would_run_back"),
        ("tối qua", "1", "moment", "bad_moment"),
        ("09/05/2021 17:00", "0", "speed", "bad_speed"),
        ("09/05/2021 17:00", "nhanh", "speed", "bad_speed"),
    ):
        page = client.post("/clock/", {"act": "play", "moment": moment, "speed": speed})
        assert page.status_code == 200
        assert re.search(rf'id="{field}-error".*?<span class="code">{code}</span>', page.content.decode(), re.DOTALL)
        assert f'value="{moment}"' in page.content.decode()
    assert journal.clock() == before


def test_only_administrators_come_to_the_clock(browser, country):
    for role, unit in (
        (Role.COMMANDER, country[1]),
        (Role.CREW, country[1]),
        (Role.VOLUNTEER, country[1]),
        (Role.ADMINISTRATOR, country[0]),  # of one province: the clock is everybody's
    ):
        client = browser(role, unit)
        assert client.get("/clock/").status_code == 403
        assert client.post("/clock/", {"act": "pause"}).status_code == 403
    assert journal.clock() is None
