"""Cases written from the law before the code of the room was read, one a row of the CSV files beside this module.

``due_cases.csv``: who and which card (a birth date as far as it is known), on which day; then whether the person is
due, must or may, why, what is captured, who signs first, the last day in a city and the fee; a cell left empty is not
asked. ``note`` says where the first expectation was wrong, and why. ``days_off.csv`` lists each day of 2021 to 2026
on which offices did not keep the plain week, from the official notices; ``deadline_cases.csv`` and ``fee_cases.csv``
follow from the articles named in their rows.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from muster.kernel.dates import PartialDate, age_on
from muster.law.capture import capture_rule
from muster.law.cards import CardFacts, CardType
from muster.law.deadlines import PlaceKind, deadline, desk_sends_by, is_working_day
from muster.law.due import who_is_due
from muster.law.duty import LifeStatus, Nationality
from muster.law.facts import Due, PersonFacts
from muster.law.fees import Exemption, fee
from muster.law.forms import who_signs
from muster.law.grounds import Ground, Kind

HERE = Path(__file__).parent


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DUE = table("due_cases.csv")


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def facts_of(row: dict[str, str]) -> PersonFacts:
    card = row["card"] and CardFacts(
        type=CardType(row["card"]), issued_on=day(row["issued"]), expires_on=day(row["expires"])
    )
    return PersonFacts(
        birth=PartialDate.parse(row["birth"]),
        life=LifeStatus(row["life"]),
        card=card or None,
        lost_capacity=row["lost_capacity"] == "yes",
        nationality=Nationality(row["nationality"]),
    )


def said(due: Due) -> dict[str, str]:
    return {
        "due": str(due.certainty) if due.in_scope else "not",
        "duty": ("must" if due.mandatory else "may") if due.in_scope else "none",
        "reason": str(due.ground or due.reason),
    }


def at_the_desk(facts: PersonFacts, due: Due, on: date, asked: set[str]) -> dict[str, str]:
    """Return what the desk does, as far as the row asks."""
    age = age_on(facts.birth, on).low
    desk = {}
    if "captures" in asked:
        rule = capture_rule(on, age)
        taken = {"photo": rule.photo, "prints": rule.prints, "iris": rule.irises, "traits": rule.traits}
        desk["captures"] = " ".join(name for name, what in taken.items() if what) or "none"
    if "signs" in asked:
        desk["signs"] = str(who_signs(on, age, lost_capacity=facts.lost_capacity)[0])
    if due.kind is not None and "deadline" in asked:
        desk["deadline"] = deadline(on, PlaceKind.CITY, due.kind).isoformat()
    if due.kind is not None and "fee" in asked:
        desk["fee"] = str(fee(due.kind, on, ground=due.ground, card=facts.card and facts.card.type).vnd)
    return desk


@pytest.mark.parametrize("row", DUE, ids=lambda row: row["case"])
def test_a_case_of_the_law(row: dict[str, str]):
    facts, on = facts_of(row), date.fromisoformat(row["day"])
    due = who_is_due(facts, on)
    assert said(due) == {key: row[key] for key in ("due", "duty", "reason")}
    wanted = {key: row[key] for key in ("captures", "signs", "deadline", "fee") if row[key]}
    assert at_the_desk(facts, due, on, set(wanted)) == wanted


def test_the_table_is_one_of_many_different_cases():
    assert len(DUE) >= 150
    assert len({row["case"] for row in DUE}) == len(DUE)
    assert {row["due"] for row in DUE} == {"certain", "possible", "not"}


def test_every_day_of_six_years_is_worked_or_not_as_the_notices_said():
    off = {row["day"]: row["works"] == "yes" for row in table("days_off.csv")}
    days = [date(2021, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2021, 1, 1)).days)]
    official = {one: off.get(one.isoformat(), one.isoweekday() <= 5) for one in days}
    assert {one for one in days if is_working_day(one) is not official[one]} == set()


@pytest.mark.parametrize("row", table("deadline_cases.csv"), ids=lambda row: "-".join(list(row.values())[:3]))
def test_a_deadline_over_the_holidays(row: dict[str, str]):
    received = date.fromisoformat(row["received"])
    if row["kind"] == "desk_sends":
        last = desk_sends_by(received)
    else:
        last = deadline(received, PlaceKind(row["place"]), Kind(row["kind"]))
    assert last == date.fromisoformat(row["deadline"])


@pytest.mark.parametrize("row", table("fee_cases.csv"), ids=lambda row: row["case"])
def test_a_fee_of_the_law(row: dict[str, str]):
    price = fee(
        Kind(row["kind"]),
        date.fromisoformat(row["day"]),
        ground=Ground(row["ground"]) if row["ground"] else None,
        card=CardType(row["card"]) if row["card"] else None,
        exemptions=frozenset({Exemption(row["exemption"])} if row["exemption"] else ()),
    )
    assert price.vnd == int(row["vnd"])
