"""A browser on this machine, and the real clock set to tomorrow morning: sessions must not have ended already."""

import datetime as dt

import pytest
from django.test import Client

from muster.kernel.clock import ZONE
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.web.accounts import doors
from muster.web.frame import real_now
from tests.people.factories import SYSTEM

HERE = "127.0.0.1"


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(dt.datetime.now(ZONE).date() + dt.timedelta(days=1), dt.time(hour, minute), ZONE)


def browser(role: str, language: str = "vi", **more) -> Client:
    """Return the browser of the demonstration officer of a role, who has come in by one click."""
    client = Client(SERVER_NAME=HERE, headers={"Accept-Language": language}, **more)
    answer = client.post(f"/sign-in/demo/demo.{role}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    return client


def come_in(role: Role, unit: int) -> Client:
    """Make the demonstration officer of a role at a unit; return their browser."""
    make_demo_officers(units={role: unit}, by=SYSTEM, at=real_now())
    return browser(role)


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME=HERE)


@pytest.fixture
def clock(monkeypatch) -> list[dt.datetime]:
    """Return a list whose one moment is the real time at the doors."""
    shown = [at(9)]
    monkeypatch.setattr(doors, "real_now", lambda: shown[0])
    return shown
