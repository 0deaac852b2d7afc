"""What the law of its day asks of an intake, as refusals."""

from collections.abc import Iterator
from datetime import date

from muster.capture.operations.refusals import (
    CaptureRefused,
    IntakeRests,
    LevelNotOffered,
    NotACapture,
    NotDueNow,
    NotSigned,
)
from muster.capture.rows import PHOTO, POSITIONS, Filing, Intake
from muster.kernel.dates import PartialDate, age_on
from muster.law.capture import IRISES, Captured, CaptureFault, capture_faults
from muster.law.deadlines import intake_stop
from muster.law.eid import levels_for
from muster.law.facts import Due
from muster.law.forms import Signer, who_signs
from muster.law.tables import NoLawInForce

CODES = frozenset({PHOTO, *POSITIONS, *(one.code for one in IRISES)})
MOST_QUALITY = 100


def entitled(due: Due, on: date) -> Due:
    """Return what somebody gets.

    :raises NotDueNow: nothing on that day
    """
    if not due.in_scope or due.kind is None or due.ground is None:
        raise NotDueNow(on=on.isoformat(), reason=due.reason.value if due.reason else "")
    return due


def open_on(on: date) -> None:
    """Go on only if intake is open.

    :raises IntakeRests: it rests in the whole country on that day
    """
    if stop := intake_stop(on):
        raise IntakeRests(why=stop.vi)


def captures(row: Intake, birth: PartialDate, on: date) -> None:
    """Go on only if an intake is what the law of the day wants, and signed.

    Of somebody whose birth date is too vague to say which rule holds, the captures must fit one of the rules.

    :raises NotACapture: a code is unknown or comes twice, or a quality is out of range
    :raises CaptureRefused: something is forbidden, or missing without a reason
    :raises NotSigned: somebody has not signed
    """
    _known(row)
    ages = _fitting(row.captured(), _ages(birth, on), on)
    _signed(row.signed, ages, on, lost_capacity=row.lost_capacity)


def filing(row: Filing, birth: PartialDate, on: date) -> None:
    """Go on only if a filing from online names a representative whom the law accepts.

    :raises CaptureRefused: the representative is not named whole, or has not signed
    """
    _fitting(Captured(representative=row.representative), _ages(birth, on), on)


def level(wanted: int, birth: PartialDate, on: date) -> None:
    """Go on only if the account asked for is offered at that age on that day; level 0 asks for none.

    :raises LevelNotOffered: it is not
    """
    if wanted == 0:
        return
    try:
        offered = any(wanted in levels_for(on, age).levels for age in _ages(birth, on))
    except NoLawInForce:
        offered = False
    if not offered:
        raise LevelNotOffered(on=on.isoformat(), level=wanted)


def _ages(birth: PartialDate, on: date) -> tuple[int, ...]:
    age = age_on(birth, on)
    return tuple(sorted({age.low, age.high}))


def _known(row: Intake) -> None:
    seen: set[str] = set()
    for one in row.captures:
        in_range = one.quality is None or 0 <= one.quality <= MOST_QUALITY
        if one.code not in CODES or one.code in seen or not in_range or one.tries < 1:
            raise NotACapture(what=one.code[:40])
        if one.code == PHOTO and one.missing:
            raise NotACapture(what=PHOTO)
        seen.add(one.code)


def _fitting(captured: Captured, ages: tuple[int, ...], on: date) -> tuple[int, ...]:
    """Return the ages, of those somebody may have, whose rule the captures fit."""
    found = {age: capture_faults(on, age, captured) for age in ages}
    if all(found.values()):
        raise CaptureRefused(on=on.isoformat(), faults=", ".join(_told(min(found.values(), key=len))))
    return tuple(age for age, faults in found.items() if not faults)


def _told(faults: tuple[CaptureFault, ...]) -> Iterator[str]:
    for one in faults:
        yield f"{one.fault.value} {one.what}".strip()


def _signed(signed: frozenset[Signer], ages: tuple[int, ...], on: date, *, lost_capacity: bool) -> None:
    missing = [set(who_signs(on, age, lost_capacity=lost_capacity)) - signed for age in ages]
    if all(missing):
        raise NotSigned(who=", ".join(sorted(who.value for who in min(missing, key=len))))
