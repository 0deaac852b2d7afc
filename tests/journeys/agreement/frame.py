"""What a comparison needs: the base asked in SQL by hand, officers' browsers, and a tally of what was compared.

Nothing here, or in the modules beside it, asks a room's ``queries``: what a page shows is held against statements
written from ``docs/states.md`` over the journal and the tables.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from django.db import connection
from django.test import Client

from muster.audit import operations as audit
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import PlayedClock
from muster.ui.texts import text
from muster.web.frame import real_now
from tests.journeys.pages import Page, TableRead

SYSTEM = Actor(officer=None, unit=1, purpose=Purpose.ADMINISTER, device="agreement")


def say(key: str, **values: object) -> str:
    """Return a text of the screens, as pages show it: single spaced."""
    return " ".join(str(text(key, "vi", **values)).split())


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return what a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def one(statement: str, *values: Any) -> int:
    """Return the one number a statement finds."""
    ((found,),) = rows(statement, *values)
    return int(found or 0)


@dataclass
class Tally:
    """How many figures were compared, by page; and each that was not what SQL says."""

    compared: Counter[str] = field(default_factory=Counter)
    alive: Counter[str] = field(default_factory=Counter)  # those that were neither 0 nor empty
    wrong: list[str] = field(default_factory=list)

    def same(self, page: str, what: object, shown: object, counted: object) -> None:
        """Compare one figure, or one list of them."""
        self.compared[page] += 1
        self.alive[page] += bool(counted)
        if shown != counted:
            self.wrong.append(f"{page} {what}: shown {shown!r}, counted {counted!r}"[:600])


@dataclass
class World:
    """A base that was played, its moments, its units, and the browsers of officers."""

    random: Random
    now: datetime
    browsers: dict[str, Client] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def sign_in(self, roles: Iterable[str]) -> None:
        """Open a browser for the demonstration officer of each role."""
        for role in roles:
            client = Client(SERVER_NAME="127.0.0.1", headers={"Accept-Language": "vi"})
            assert client.post(f"/sign-in/demo/demo.{role}").status_code == 302
            self.browsers[role] = client

    def works_for(self, role: str, purpose: str) -> None:
        """Let an officer choose what they look people up for."""
        assert self.browsers[role].post("/register/purpose/", {"purpose": purpose}).status_code == 302

    def page(self, role: str, address: str) -> Page:
        """Return a page as an officer sees it."""
        return Page(self.browsers[role].get(address))

    def shows(self, now: datetime) -> None:
        """Let the campaign's clock stand at a moment."""
        self.now, real = now, real_now()
        audit.set_clock(clock=PlayedClock(real, now, paused=True), by=SYSTEM, at=real)

    def whole(self, role: str, address: str, heads: Sequence[str], *, most: int = 10_000) -> list[dict[str, Any]]:
        """Return the rows of a table over all its pages, each by the heads of its columns."""
        found: list[dict[str, Any]] = []
        while address and len(found) < most:
            page = self.page(role, address)
            found += _rows(page, heads)
            address = next_page(page)
        return found

    def some(self, found: Sequence[Any], count: int) -> list[Any]:
        """Return some of many, drawn anew by the seed."""
        return self.random.sample(list(found), min(count, len(found)))


def _rows(page: Page, heads: Sequence[str]) -> list[dict[str, Any]]:
    tables = [table for table in page.tables if set(heads) <= set(table.heads)]
    return list(tables[0].rows) if tables else []


def next_page(page: Page) -> str:
    """Return the address of the page after this one, or nothing."""
    found = [one.attributes["href"] for one in page.root.all("a") if one.attributes.get("rel") == "next"]
    return found[0] if found else ""


def below(unit: int) -> str:
    """Return the condition on a table's unit that means a unit and all below it, by the list of ancestors."""
    return f"IN (SELECT id FROM units_unit WHERE {int(unit)} = ANY(ancestors))"


def units_with_people() -> list[tuple[int, str, str]]:
    """Return the units in which anybody lives: number, code, level."""
    return rows(
        """
        SELECT id, code, level FROM units_unit WHERE id IN (
            SELECT unnest(ancestors) FROM units_unit WHERE id IN (SELECT unit_id FROM register_person))
        ORDER BY code
        """
    )


def day(value: date) -> str:
    """Return a day as people type it."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """Return a moment as people type it: whole minutes."""
    return f"{value:%d/%m/%Y %H:%M}"


def by_head(table: TableRead, name: str) -> dict[str, dict[str, Any]]:
    """Return a table's rows by the text of a column; each text must be there once."""
    found = {row[name].text: row for row in table.rows}
    assert len(found) == len(table.rows), table.column(name)
    return found
