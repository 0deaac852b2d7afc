"""The law of every step, held against a table that was worked out from the articles alone (``law_by_hand.csv``).

Each row asks one thing about one citizen of the field notes; what the product says is read from what it wrote down
when that citizen came: the case, the dossier, the card, the account. An empty answer is "none".
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from muster.account import queries as accounts
from muster.account.operations import request_with_dossiers
from muster.capture.operations import file_online, receive
from muster.capture.rows import PHOTO, CaptureRecord
from muster.capture.words import State
from muster.card import queries as cards
from muster.law.capture import IRISES, PRINTS
from muster.processing import queries as checks
from muster.processing.operations import PairDecision, check_dossiers, decide_pairs
from muster.register import queries as register
from tests.journeys import citizens
from tests.journeys.life import CENTRE, CREW, DAY, PRINTERS, Life, everything

HERE = Path(__file__).parent
WITH_TWO = {"twin_one": citizens.twin_other, "twin_other": citizens.twin_one}


def table() -> dict[str, dict[str, str]]:
    """Return answers by citizen and question."""
    found: dict[str, dict[str, str]] = {}
    with (HERE / "law_by_hand.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["article"], row
            assert row["question"] not in found.setdefault(row["citizen"], {"moment": row["moment"]}), row
            found[row["citizen"]][row["question"]] = row["answer"]
    return found


TABLE = table()
MAKE: dict[str, Callable[..., Life]] = {
    **citizens.ALONE, "perhaps_fourteen": citizens.perhaps_fourteen, "twin_one": citizens.twin_one,
    "twin_other": citizens.twin_other, "worker": citizens.worker, "sex": citizens.wrongly_female,
}  # fmt: skip


@pytest.mark.parametrize("who", TABLE)
def test_the_product_says_what_the_articles_say(units, elsewhere, tam, lan, who):
    wanted = dict(TABLE[who])
    life = MAKE[who](elsewhere) if who == "worker" else MAKE[who]()
    assert f"{life.at:%Y-%m-%d %H:%M}" == wanted.pop("moment")
    if who == "sex":
        citizens.corrected(life, tam, lan)
    told = surveyed(life) if who != "worker" else {}
    if set(wanted) != {"due"}:
        offered = {"account_levels": levels(life)}
        told = taken(life) | told | offered
        told |= decided(life) | printed(life, tam)
    said = {question: told[question] for question in wanted}
    assert said == wanted


def surveyed(life: Life) -> dict[str, str]:
    """Return what the survey says of a citizen, where it finds a case."""
    case = life.is_surveyed()
    if case is None:
        return {}
    return {"due": case.certainty, "duty": case.obligation, "kind": case.kind}


def taken(life: Life) -> dict[str, str]:
    """Take a citizen in; return what is asked of the visit and what the dossier then says."""
    asked = {"irises": "0", "print_captures": "0", "fingers": "0", "photo": "no", "signs": "representative"}
    if life.captures:
        asked = wanted_of(life)
        held = life.is_taken()
    else:
        for one in (PHOTO, PRINTS[0].code, IRISES[0].code):  # nothing of the body may be brought
            row = life.intake(captures=(CaptureRecord(one, None if one == PHOTO else 60),))
            assert receive(intakes=[row], by=CREW, at=life.at).refused[0].refusal.code == "filed_online"
        held = life.is_filed_online()
    return asked | {
        "due": "certain", "duty": "mandatory", "kind": held.kind, "channel": held.channel,
        "fee_vnd": str(held.fee_vnd), "ready_by": str(held.due_on),
    }  # fmt: skip


def wanted_of(life: Life) -> dict[str, str]:
    """Return what must be brought of somebody whole: what is missed when it is left out, one thing after another.

    Of irises none or both are accepted, never either; what this citizen cannot give does not matter here.
    """
    (whole,) = [found for found in (everything(irises=True), everything(irises=False)) if not faults(life, found)]
    needed = {one.code for one in whole if faults(life, tuple(other for other in whole if other != one))}
    prints = [one for one in PRINTS if one.code in needed]
    signed = life.intake().signed
    signs = {one.value for one in signed if faults(life, whole, signed=signed - {one})} - {"officer"}
    return {
        "irises": str(sum(one.code in needed for one in IRISES)),
        "print_captures": str(len(prints)),
        "fingers": str(len({finger for one in prints for finger in one.fingers})),
        "photo": "yes" if PHOTO in needed else "no",
        "signs": " ".join(sorted(signs)),
    }


def faults(life: Life, captures: tuple[CaptureRecord, ...], **changed: Any) -> bool:
    """Say whether a visit is refused with these captures and other changes; nothing is kept."""
    with transaction.atomic():
        refused = receive(intakes=[life.intake(captures=captures, **changed)], by=CREW, at=life.at).refused
        transaction.set_rollback(True)
    return bool(refused)


def printed(life: Life, checker: Any) -> dict[str, str]:
    """Check and print; return what stands on the card."""
    if life.is_checked().state is State.RECEIVED:
        _told_apart(life, checker)
    life.card_comes()
    assert life.card
    line = cards.lines([life.card])[life.card]
    return {
        "card": line.type.value,
        "expires": str(line.expires_on) if line.expires_on else "",
        "number_begins": register.states([life.citizen.id])[life.citizen.id].number[:6],
    }


def _told_apart(life: Life, checker: Any) -> None:
    then = life.at + DAY
    rows = [PairDecision(pair=pair.id, same=False, why="Sinh đôi") for pair in checks.pairs_of([life.citizen.id])]
    assert not decide_pairs(decisions=rows, by=checker, at=then, real=then).refused
    assert check_dossiers(dossiers=[life.dossier], by=CENTRE, at=then).accepted == [life.dossier]


def levels(life: Life) -> str:
    """Return the account levels that may be wished with the dossier on its day; nothing is kept."""
    offered = []
    for level in (1, 2):
        with transaction.atomic():
            rows = {row.refusal.code for row in _wished(life, level).refused}
            transaction.set_rollback(True)
        assert rows <= {"level_not_offered"}
        offered += [] if rows else [str(level)]
    return " ".join(offered)


def _wished(life: Life, level: int) -> Any:
    if life.captures:
        return receive(intakes=[life.intake(account_level=level)], by=CREW, at=life.at)
    return file_online(filings=[replace(life.filing(), account_level=level)], by=CREW, at=life.at)


def decided(life: Life) -> dict[str, str]:
    """Ask for the account; return the last day on which its decision is in time."""
    asked = request_with_dossiers(dossiers=[life.dossier], grants=None, by=PRINTERS, at=life.at)
    return {"account_decided_by": str(accounts.states(asked.done)[asked.done[0]].decide_by)} if asked.done else {}


def test_every_citizen_of_the_issue_is_in_the_table():
    assert set(TABLE) == set(MAKE)
    assert {row["moment"][-5:] for name, row in TABLE.items() if name == "late_night"} == {"01:10"}
