"""Officers at their desks: find a person by number or by name and birth date, open the person, the intake, a dossier.

The server is started as `muster run` starts it, on a database of a million people; each of fifty browsers is another
officer of another commune, signed in, and thinks one to three seconds between two pages. What is measured is the time
from sending a request to the last byte of its answer, redirects apart, as the browsers see it on this machine.

The first ten seconds of work (`--warm`) are told apart, with their own worst page: a server is started once a day, and
fifty officers who sign in within one second are no morning either. Everything after them counts.
"""

import http.client
import os
import random
import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connection

from bench import frame
from bench.dossiers import CAPTURES, SIGNED
from bench.search import Person, day_of, load, sample_of, typed
from muster.capture.operations import receive
from muster.capture.rows import Intake
from muster.config.cli.serve import child, server_command, wait_until_open
from muster.events import operations as events
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.ids import new_id
from muster.keys import operations as keys
from muster.people.models import Assignment, DemoData, Officer
from muster.people.words import Kind, Role
from muster.register.sensitive import KIND, Sensitive
from muster.units.queries import ROOT, Unit
from muster.web.frame import real_now

AT = datetime(2021, 5, 8, 17, tzinfo=ZONE)
BY = Actor(officer=None, unit=ROOT, purpose=Purpose.CAPTURE, device="bench")
HOST = "127.0.0.1"
MOST = 0.1  # seconds, of the 99th percentile of every page
THINK = 1.0, 3.0
TICKS = os.sysconf("SC_CLK_TCK")
ASKED = 2_000  # persons that are asked for

Taken = dict[str, list[float]]


def main(argv: Sequence[str]) -> int:
    """Load, start the server, let the officers work, print throughput and what each page took."""
    asked = frame.arguments(
        "desk", argv, people=(1_000_000, "people"), users=(50, "officers at once"), seconds=(60, "of work"),
        warm=(10, "seconds of work before they count"),
    )  # fmt: skip
    with frame.database(keep=asked.keep) as told:
        load(asked.people, 9_000)
        events.place_units(Unit.objects.filter(level="hamlet").values_list("id", "ancestors"))
        events.set_clock(clock=PlayedClock(real_now(), AT, paused=True), by=BY, at=real_now())
        names, people = _officers(asked.users), _opened(sample_of(ASKED))
        connection.close()
        with _server() as port:
            worked = _worked(port, names, people, asked.warm, asked.seconds)
        pages, faults = sum(map(len, worked.taken.values())), worked.faults
        told.fact("pages a second", f"{pages / asked.seconds:,.1f}", n=pages)
        told.fact("processor time of the server a page", f"{worked.spent / pages * 1000:,.1f} ms", n=pages)
        told.fact("answers that were none", f"{len(faults)}", limit="none", held=not faults)
        for fault in faults[:3]:
            print(f"  {fault}")
        told.time("any page, while it warmed up", [one for seconds in worked.cold.values() for one in seconds])
        for page, seconds in sorted(worked.taken.items()):
            told.time(page, seconds, most=MOST)
    return len(told.missed)


def _officers(count: int) -> list[str]:
    """Make officers whom one click signs in, each of a commune of their own, and able to look people up anywhere."""
    DemoData.objects.get_or_create(id=1, defaults={"made_at": AT})
    communes = Unit.objects.filter(level="commune").order_by("id").values_list("id", flat=True)[:count]
    names = [f"demo.crew.{place}" for place in range(count)]
    for name, unit in zip(names, communes, strict=True):
        if not Officer.objects.filter(username=name).exists():
            officer = Officer.objects.create(
                username=name, full_name=name, name_sort=name, unit_id=unit, kind=Kind.OFFICER.value, is_demo=True,
                password=make_password(None), password_temporary=False, added_at=AT,
            )  # fmt: skip
            Assignment.objects.create(
                officer=officer, kind=Kind.OFFICER.value, role=Role.CREW.value, unit_id=ROOT, valid_from=AT
            )
    return names


def _opened(people: list[Person]) -> list[tuple[Person, UUID | None]]:
    """Seal what is sensitive of those asked for, and take in dossiers of every other grown-up."""
    rows = [(KIND, one[0], Sensitive(phone="0551234567", address="Số 5").to_bytes()) for one in people]
    sealed = list(zip(keys.seal(rows), (one[0] for one in people), strict=True))
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE register_person SET sealed = %s WHERE id = %s", sealed)
    intakes = [
        Intake(id=new_id(), person=one[0], taken_at=AT, captures=CAPTURES, signed=SIGNED, traits="Nốt ruồi")
        for one in people[::2]
        if one[3] < "2000"
    ]
    result = receive(intakes=intakes, by=BY, at=AT)
    refused = {row.index for row in result.refused}
    has = {row.person: row.id for place, row in enumerate(intakes) if place not in refused}
    return [(one, has.get(one[0])) for one in people]


@contextmanager
def _server() -> Iterator[int]:
    """Start the server of `muster run` on a free port; the database is that of the bench."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    with child(server_command(HOST, port)) as server:
        wait_until_open(f"http://{HOST}:{port}/", server)
        yield port


def _spent() -> float:
    """Return the processor seconds of the server and its workers so far; the database's are not among them."""
    table: dict[int, tuple[int, int]] = {}  # parent and ticks, by process
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            told = stat.read_text().rpartition(")")[2].split()
            table[int(stat.parent.name)] = int(told[1]), int(told[11]) + int(told[12])
    family = {os.getpid()}
    for _ in range(3):  # the server, its workers, what they start
        family |= {process for process, (parent, _) in table.items() if parent in family}
    ours = family - {os.getpid()}
    return sum(ticks for process, (_, ticks) in table.items() if process in ours and _is_server(process)) / TICKS


def _is_server(process: int) -> bool:
    return b"granian" in Path(f"/proc/{process}/cmdline").read_bytes()


class Browser:
    """One officer's browser: keeps its cookies and its connection, and the seconds of every page."""

    def __init__(self, port: int, taken: Taken) -> None:
        self._to = http.client.HTTPConnection(HOST, port, timeout=30)
        self._cookies: dict[str, str] = {}
        self.taken = taken

    def get(self, page: str, address: str) -> tuple[int, str]:
        """Open a page; return its status and text."""
        return self._ask(page, "GET", address, None)

    def post(self, page: str, address: str, **values: str) -> tuple[int, str]:
        """Send a form; return the status, and where it leads."""
        return self._ask(page, "POST", address, urlencode(values))

    def _ask(self, page: str, method: str, address: str, body: str | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {"X-CSRFToken": self._cookies["csrftoken"], "Content-Type": "application/x-www-form-urlencoded"}
        started = time.perf_counter()
        self._to.request(method, address, body, headers)
        answer = self._to.getresponse()
        text = answer.read().decode()
        self.taken[page].append(time.perf_counter() - started)
        for told in answer.headers.get_all("Set-Cookie") or ():
            name, value = told.split(";")[0].split("=", 1)
            self._cookies[name] = value
        return answer.status, answer.headers.get("Location") or text


@dataclass
class Worked:
    """What came of the officers' work: seconds of each page, before and since it counts, and wrong answers."""

    cold: Taken = field(default_factory=lambda: defaultdict(list))
    taken: Taken = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    spent: float = 0.0  # processor seconds of the server, since it counts


def _worked(
    port: int, names: Sequence[str], people: Sequence[tuple[Person, UUID | None]], warm: int, seconds: int
) -> Worked:
    """Let every officer sign in and work, first for ``warm`` seconds that are told apart, then for so long."""
    worked = Worked()
    ready = threading.Barrier(len(names) + 1)

    def work(place: int, name: str) -> None:
        chance = random.Random(place)
        browser = Browser(port, defaultdict(list))
        browser.get("door", "/sign-in/")
        browser.post("door", f"/sign-in/demo/{name}")
        browser.get("door", "/register/")
        ready.wait()
        counts = time.monotonic() + warm
        browser.taken = worked.cold
        time.sleep(chance.uniform(0, THINK[1]))
        for one in cycle(people[place :: len(names)]):
            for page, status, text in _steps(browser, *one):
                if status not in {200, 302}:
                    worked.faults.append(f"{page}: {status} {re.sub('<[^>]+>', ' ', text)[:200].split()}")
                time.sleep(chance.uniform(*THINK))
                now = time.monotonic()
                browser.taken = worked.cold if now < counts else worked.taken
                if now > counts + seconds:
                    return

    threads = [threading.Thread(target=work, args=one, daemon=True) for one in enumerate(names)]
    for one in threads:
        one.start()
    ready.wait()
    time.sleep(warm)
    before = _spent()
    time.sleep(seconds)
    worked.spent = _spent() - before
    for one in threads:
        one.join(120)
    return worked


def _steps(browser: Browser, one: Person, dossier: UUID | None) -> Iterator[tuple[str, int, str]]:
    """Find a person, open the person, then the intake or the dossier; by number and by name in turn."""
    number, name = one[1], one[2]
    yield "find by number", *browser.post("find by number", "/register/", number=number)
    yield "person", *browser.get("person", f"/register/{one[0]}/")
    asked = {"name": typed(name, number), "birth": str(day_of(one)), "unit": ""}
    yield "ask by name and birth", *browser.post("ask by name and birth", "/register/", **asked)
    yield "list of those found", *browser.get("list of those found", "/register/found/")
    if dossier:
        yield "dossier", *browser.get("dossier", f"/desk/dossiers/{dossier}/")
    else:
        yield "intake", *browser.get("intake", f"/desk/person/{one[0]}/")
