"""How fast accounts are asked for, decided, told of and activated, in batches of 1,000 and 10,000 and one by one.

The people are synthetic, made through the register; they hold chip cards that are good. Every step goes through its
operation: rows, events with their counters, audit. Beside it: what pages of lists and alarms take when all are there.
"""

import os
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from bench import frame
from muster.account import queries
from muster.account.operations import activate, change_device, decide, notify, request_accounts
from muster.account.rows import AccountRequest, Act, Activation, Decision, DeviceChange
from muster.account.words import How, State
from muster.events import recounting
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.rehearsal.people.making import make
from muster.units.operations import load_reference
from muster.units.queries import ROOT

UNIT, CENSUS = "30", 1_892_254  # Hải Dương
ON, AT = date(2024, 8, 5), datetime(2024, 8, 5, 10, tzinfo=ZONE)
BY = Actor(officer=None, unit=ROOT, purpose=Purpose.ISSUE, device="bench")
HELPERS = [new_id() for _ in range(300)]  # officers beside whom half of the accounts are activated
LEAST = 5_000  # rows a second
PAGE = 50


def main(argv: Sequence[str]) -> int:
    """Take accounts all the way, then time lists and alarms; then recount."""
    asked = frame.arguments("accounts", argv, accounts=(40_000, "accounts"), batch=(10_000, "accounts in one batch"))
    with frame.database(keep=asked.keep) as told:
        load_reference(by=BY, at=AT)
        make(unit=UNIT, scale=Fraction(asked.accounts * 2, CENSUS), on=ON, seed=2021, by=BY, at=AT, workers=2)
        _give_cards()
        accounts = _ask(told, _people(asked.accounts), asked.batch)
        _moves(told, accounts, asked.batch)
        _alone(told, accounts[:200])
        _pages(told)
        wrong = list(recounting.differences())
        told.fact("counters that differ from a recount", f"{len(wrong):,}", limit="none", held=not wrong)
    return len(told.missed)


def _people(count: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM register_person WHERE birth_to < '2010-01-01' AND life = 'alive' ORDER BY id LIMIT %s",
            [count],
        )
        return [person for (person,) in cursor.fetchall()]


def _give_cards() -> None:
    """Let every card be a chip card that is good to 2040: the machine then grants all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_card SET type = 'cccd_chip', issued_on = '2022-03-01', expires_on = '2040-01-01'"
        )
        cursor.execute(
            """
            INSERT INTO register_card (id, person_id, type, number, issued_on, expires_on, issued_by)
            SELECT gen_random_uuid(), id, 'cccd_chip', coalesce(number, ''), '2022-03-01', '2040-01-01', ''
            FROM register_person WHERE NOT EXISTS (SELECT FROM register_card WHERE person_id = register_person.id)
            """
        )
        cursor.execute("ANALYZE register_card")


def _ask(told: frame.Told, people: Sequence[UUID], size: int) -> list[UUID]:
    rows = [AccountRequest(id=new_id(), person=one, level=2, at=AT) for one in people]
    _batches(told, "asked for", rows, size, lambda some: request_accounts(requests=some, grants=None, by=BY, at=AT))
    return [row.id for row in rows]


def _moves(told: frame.Told, accounts: Sequence[UUID], size: int) -> None:
    later = AT + timedelta(hours=1)
    granted = [Decision(account=one, at=AT, approve=True) for one in accounts]
    _batches(told, "granted", granted, size, lambda some: decide(decisions=some, grants=None, by=BY, at=AT))
    _batches(told, "told of", [Act(account=one, at=AT) for one in accounts], size,
             lambda some: notify(notices=some, grants=None, by=BY, at=AT))  # fmt: skip
    used = [_activation(place, one, later) for place, one in enumerate(accounts)]
    _batches(told, "activated", used, size, lambda some: activate(activations=some, grants=None, by=BY, at=later))
    moved = [DeviceChange(account=one, at=later, device=f"new {place}") for place, one in enumerate(accounts)]
    _batches(
        told,
        "moved to another device",
        moved,
        size,
        lambda some: change_device(changes=some, grants=None, by=BY, at=later),
    )


def _activation(place: int, account: UUID, at: datetime) -> Activation:
    helped = place % 2
    return Activation(
        account=account, at=at, device=f"phone {place}", how=How.PRESENCE if helped else How.OWN,
        officer=HELPERS[place % len(HELPERS)] if helped else None,
    )  # fmt: skip


def _batches(told: frame.Told, what: str, rows: Sequence[Any], size: int, work: Callable[[Sequence[Any]], Any]) -> None:
    seconds, before = [], _worked()
    for start in range(0, len(rows), size):
        some = rows[start : start + size]

        def once(some: Sequence[Any] = some) -> None:
            result = work(some)
            assert not result.refused, result.refused[0].refusal

        seconds.append(frame.timed(once))
    work_done = _worked() - before
    beside = f"{len(rows) / work_done:,.0f} a second of processor time, load {os.getloadavg()[0]:.1f}"
    told.rate(f"{what}, batches of {size:,}", seconds, size, least=LEAST, beside=beside)


def _worked() -> float:
    """Return the seconds of processor time that this program and its connection have used: others do not disturb it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    fields = told.read_text(encoding="utf-8").rpartition(")")[2].split() if told.exists() else ["0"] * 13
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _alone(told: frame.Told, accounts: Sequence[UUID]) -> None:
    later = AT + timedelta(hours=2)
    rows = [DeviceChange(account=one, at=later, device=f"third {one}") for one in accounts]
    seconds = [frame.timed(lambda row=row: change_device(changes=[row], grants=None, by=BY, at=later)) for row in rows]
    told.time("one device changed, alone", seconds)


def _pages(told: frame.Told) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE account_account, account_device")
    at = AT + timedelta(days=1)
    works = {
        "a page of activated accounts of the country": lambda: queries.waiting([ROOT], {State.ACTIVATED}, limit=PAGE),
        "how many in each state, of the country": lambda: queries.how_many([ROOT]),
        "alarms of devices": lambda: queries.device_alarms([ROOT], at),
        "alarms of officers": lambda: queries.officer_alarms([ROOT], at),
        "what the machine decides": lambda: queries.to_decide(limit=10_000),
    }
    for name, seconds in frame.in_turns(works, rounds=10, within=30).items():
        told.time(name, seconds)
