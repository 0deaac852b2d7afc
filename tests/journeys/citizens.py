"""The citizens of the field notes: who they are, when they come, and what is known of them before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from muster.capture.rows import CaptureRecord
from muster.capture.words import Missing, Place
from muster.kernel.actor import Actor
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.kernel.numbers import Sex
from muster.law.cards import CardType
from muster.law.grounds import Ground
from muster.law.numbers import WrongPart
from muster.people.operations import ApprovalRequest, Decision, decide_approvals, request_approvals
from muster.people.words import ApprovalKind
from muster.register import queries as register
from muster.register.operations import Correction, NumberReplacement, correct, replace_numbers, take_in
from muster.register.rows import CardRow, HouseholdRow, PersonRow
from tests.journeys.life import DAY, GRANDMOTHER, MOTHER, Life, everything
from tests.register.conftest import BY, HAMLET, person

BIRTH_PAPER = "Giấy khai sinh 12/1985"


def at(text: str) -> datetime:
    """Return a moment of the campaign, as written."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


SPRING, LATER, TWENTY_THREE = at("2021-05-08 09:00"), at("2024-08-05 09:00"), at("2023-03-06 10:00")
NIGHT = at("2024-07-01 01:10")
IN_2021 = everything(irises=False)


def registered(row: PersonRow, *, on: datetime) -> PersonRow:
    """Write somebody into the register, alone in a household, some days before."""
    home = HouseholdRow(id=row.household, unit=row.unit, head=row.id)
    assert not take_in(households=[home], persons=[row], by=BY, at=on - 3 * DAY).refused
    return row


def _card(number: str, issued: date) -> CardRow:
    return CardRow(id=new_id(), type=CardType.CCCD_CHIP, number=number, issued_on=issued)


def farmer() -> Life:
    """Return a farmer whose thumbs are worn: tried five times, then written down."""
    row = registered(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", occupation="farmer"), on=SPRING)
    worn = {"rolled_right_thumb", "rolled_left_thumb"}
    taken = [
        CaptureRecord(one.code, tries=5, missing=Missing.WORN) if one.code in worn else one
        for one in IN_2021
        if one.code != "flat_thumbs"
    ]
    return Life(row, SPRING, tuple(taken))


def child() -> Life:
    """Return a child of eight whose grandmother stands for the parents."""
    row = registered(person("Trần Minh Khôi", "10/2/2016", number="030216123456"), on=LATER)
    return Life(row, LATER, everything(), GRANDMOTHER, level=2)


def newborn() -> Life:
    """Return a boy of two months without a number, for whom his mother files online."""
    return Life(registered(person("Lê Gia Bảo", "1/6/2024"), on=LATER), LATER, representative=MOTHER, level=1)


def worker(home: int) -> Life:
    """Return a worker who is registered in a commune of another province."""
    row = person(
        "Vũ Thị Hạnh", "1/3/1995", sex=Sex.FEMALE, unit=home, registered_unit=home, number="024195123456",
        occupation="worker",
    )  # fmt: skip
    return Life(registered(row, on=TWENTY_THREE), TWENTY_THREE, IN_2021, told={"place": Place.MOBILE}, level=2)


def veteran() -> Life:
    """Return a veteran of 94 in bed: the crew comes home, and of the prints none can be taken."""
    row = registered(person("Phạm Văn Sơn", "5/5/1930", number="030030123456"), on=LATER)
    taken = [
        replace(one, quality=None, missing=Missing.UNABLE) if one.code.startswith("rolled") else one
        for one in everything()
        if not one.code.startswith("flat")
    ]
    return Life(row, LATER, tuple(taken), told={"place": Place.HOME}, level=2)


def year_only() -> Life:
    """Return an old woman of whose birth only the year is known."""
    row = person("Lê Thị Mai", "1951", sex=Sex.FEMALE, number="030151123456")
    return Life(registered(row, on=SPRING), SPRING, IN_2021)


def perhaps_fourteen() -> Life:
    """Return somebody born in 2007: thirteen or fourteen."""
    return Life(registered(person("Lê Văn Tám", "2007", number="030207123456"), on=SPRING), SPRING, IN_2021)


def twin_one() -> Life:
    """Return the one of two girls born on one day, one letter apart."""
    row = person("Trần Minh Anh", "10/2/2016", sex=Sex.FEMALE, number="030316123456")
    return Life(registered(row, on=LATER), LATER, everything(), GRANDMOTHER, level=2)


def twin_other() -> Life:
    """Return the other of the two girls."""
    row = person("Trần Minh Ánh", "10/2/2016", sex=Sex.FEMALE, number="030316654321")
    return Life(registered(row, on=LATER), LATER, everything(), GRANDMOTHER, level=2)


def _lost(moment: datetime, captures: tuple[CaptureRecord, ...], level: int) -> Life:
    row = person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", cards=(_card("030075123456", date(2021, 2, 1)),))
    return Life(registered(row, on=moment), moment, captures, told={"stated": frozenset({Ground.LOST})}, level=level)


def lost_2021() -> Life:
    """Return who lost a chip card in its first spring."""
    return _lost(SPRING, IN_2021, 0)


def lost() -> Life:
    """Return who lost a chip card, and asks for another in 2025."""
    return _lost(at("2025-03-05 09:00"), everything(), 2)


def lost_halved() -> Life:
    """Return who lost it while fees were halved."""
    return _lost(at("2025-08-05 09:00"), everything(), 2)


def wrongly_female() -> Life:
    """Return a man whom register, number and card call a woman."""
    held = (_card("030185123456", date(2022, 2, 1)),)
    row = person("Đỗ Văn Lâm", "10/2/1985", sex=Sex.FEMALE, number="030185123456", cards=held)
    told = {"stated": frozenset({Ground.SEX, Ground.NUMBER_REESTABLISHED}), "old_card_taken": True}
    return Life(registered(row, on=LATER), LATER, everything(), told=told, level=2)


def late_night() -> Life:
    """Return the last of a mobile evening: taken at 01:10, when the law of that day was an hour old."""
    row = registered(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"), on=NIGHT)
    return Life(row, NIGHT, everything(), told={"place": Place.MOBILE}, level=2)


def corrected(life: Life, one: Actor, other: Actor) -> str:
    """Correct a sex on paper by one checker, and replace the number with the leave of another; return the new one."""
    when = life.at - DAY
    state = register.states([life.citizen.id])[life.citizen.id]
    row = Correction(person=state.id, version=state.version, changes={"sex": "male"}, paper=BIRTH_PAPER)
    assert not correct(corrections=[row], grants=None, by=one, at=when).refused
    asked = ApprovalRequest(
        id=new_id(), kind=ApprovalKind.CANCEL_NUMBER, subject_kind="person", subject=state.id, unit=HAMLET,
        reason="Số cũ mang giới tính sai",
    )  # fmt: skip
    assert request_approvals(requests=[asked], by=one, at=when).done == [asked.id]
    request = NumberReplacement(person=state.id, wrong=WrongPart.SEX, approval=asked.id)
    (early,) = replace_numbers(requests=[request], by=one, at=when, real=when).refused
    assert early.refusal.code == "approval_not_granted"
    granted = [Decision(approval=asked.id, granted=True)]
    (own,) = decide_approvals(decisions=granted, by=one, at=when).refused
    assert own.refusal.code == "needs_second_person"
    assert not decide_approvals(decisions=granted, by=other, at=when + timedelta(minutes=1)).refused
    ((_, number),) = replace_numbers(requests=[request], by=one, at=when, real=when + timedelta(minutes=2)).done
    return number


ALONE: dict[str, Callable[[], Life]] = {
    one.__name__: one
    for one in (farmer, child, newborn, veteran, year_only, lost_2021, lost, lost_halved, late_night)
}  # fmt: skip
