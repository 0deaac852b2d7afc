"""The second factor: a time-based code (RFC 6238) from the officer's phone, kept by django-otp, and recovery codes.

A wrong code must leave its mark (the wait grows with each), so it is told after the transaction has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.people.models import Officer
from muster.people.operations.approvals import ApprovalUse, use_approvals
from muster.people.operations.common import Guard, Sieve, active, audit, hands_of, lock
from muster.people.operations.sign_in import end_sessions, record_failure
from muster.people.words import ApprovalKind

DIGITS = 6


class WrongCode(Refusal):
    """The code is not right, or was used before."""

    code = "wrong_code"
    vi = "Mã không đúng hoặc đã được dùng. Hãy đợi mã mới trên điện thoại."
    en = "The code is not right, or was used already. Wait for the next one on your phone."


class TooManyCodes(Refusal):
    """After wrong codes there is a wait, longer each time."""

    code = "too_many_codes"
    vi = "Nhập sai nhiều lần: hãy đợi {seconds} giây rồi thử lại."
    en = "Too many wrong codes: wait {seconds} seconds and try again."


class AlreadyEnrolled(Refusal):
    """A second factor stands; two people can take it off."""

    code = "already_enrolled"
    vi = "Tài khoản đã có lớp xác thực thứ hai; muốn thay phải có hai người duyệt."
    en = "The account has a second factor; two people can take it off."


@dataclass(frozen=True, slots=True)
class FactorReset:
    """Take the second factor off an officer, as an approval allows."""

    officer: UUID
    approval: UUID


@transaction.atomic
def begin_enrolment(*, officer: UUID, secret: bytes, by: Actor, at: datetime) -> str:
    """Return the ``otpauth:`` address to show as a QR code; asked again before it is confirmed, it stays the same.

    :param secret: 20 random bytes, used if no enrolment has begun
    :raises AlreadyEnrolled: a second factor stands
    """
    person = active(lock([officer]), officer)
    if TOTPDevice.objects.filter(user=person, confirmed=True).exists():
        raise AlreadyEnrolled
    device, begun = TOTPDevice.objects.get_or_create(
        user=person, confirmed=False, defaults={"name": "phone", "key": secret.hex()}
    )
    if begun:
        audit(by, at, "factor.begin", ("officer", [officer]))
    return str(device.config_url)


def confirm_enrolment(*, officer: UUID, code: str, recovery: Sequence[str], by: Actor, at: datetime) -> Any:
    """Take the phone's first code as proof, keep the recovery codes, return the device.

    :param recovery: random codes, each good once
    :raises WrongCode: the code is not right, or no enrolment has begun
    :raises TooManyCodes: there is a wait after wrong codes
    """
    device = TOTPDevice.objects.filter(user=officer, confirmed=False).first()
    if device is None:
        raise WrongCode
    _prove(device, _typed(code), at)
    with transaction.atomic():
        person = active(lock([officer]), officer)
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        spare = StaticDevice.objects.create(user=person, name="recovery")
        StaticToken.objects.bulk_create(StaticToken(device=spare, token=token) for token in recovery)
        audit(by, at, "factor.enrol", ("officer", [officer]))
    device.confirmed = True
    return device


def prove_factor(*, officer: UUID, code: str, at: datetime) -> Any:
    """Check a code of the phone, or a recovery code, and return the device that took it.

    :raises WrongCode: it is not right, or was used before
    :raises TooManyCodes: there is a wait after wrong codes
    """
    typed = _typed(code)
    kind = TOTPDevice if len(typed) == DIGITS else StaticDevice
    device = kind.objects.filter(user=officer, confirmed=True).first()
    if device is None:
        raise WrongCode
    return _prove(device, typed, at)


def _typed(code: str) -> str:
    """Return a code without what people put between its letters."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _prove(device: Any, code: str, at: datetime) -> Any:
    allowed, wait = device.verify_is_allowed()
    if not allowed:
        left = (wait["locked_until"] - at).total_seconds()
        raise TooManyCodes(seconds=max(1, round(left)))
    if verify_token(device.user, device.persistent_id, code) is None:
        record_failure(action="factor.failed", username=device.user.username, at=at)
        raise WrongCode
    device.refresh_from_db()
    return device


@transaction.atomic
def reset_factors(*, resets: Sequence[FactorReset], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Take second factors off, each by an approval of its own; the officers' sessions end, they enrol anew
    and are to be confirmed anew.

    Rows are refused with `UnknownOfficer`, `Inactive` and `NotAllowed`.

    :raises NeedsSecondPerson: an approval is missing, or for somebody else
    :raises NotGranted: an approval is undecided or was refused
    :raises AlreadyUsed: an approval was used before
    :raises ApprovalExpired: an approval's time has run out
    """
    known = lock(row.officer for row in resets)
    guard = Guard(by, at, {row.unit_id for row in known.values()}, "reset_factor.ask")
    sieve = Sieve(resets)
    good = sieve.keep(lambda row: guard.check(active(known, row.officer).unit_id, at))
    use_approvals(uses=[_use(known[row.officer], row.approval) for row in good], by=by, at=at)
    officers = [row.officer for row in good]
    for devices in (TOTPDevice, StaticDevice):
        devices.objects.filter(user__in=officers).delete()
    _open_anew([known[one] for one in dict.fromkeys(officers)], by)
    end_sessions(officers=officers, reason="factor_reset", by=by, at=at)
    audit(by, at, "factor.reset", ("officer", officers))
    return sieve.result(lambda row: row.officer)


def _open_anew(officers: Sequence[Officer], by: Actor) -> None:
    """Whoever ties the next phone must be confirmed again, by somebody who had no hand in it."""
    hands = hands_of(by)
    for officer in officers:
        officer.hands = sorted({*officer.hands, *hands})
        officer.confirmed_at = officer.confirmed_by = None
    Officer.objects.bulk_update(officers, ["hands", "confirmed_at", "confirmed_by"])


def _use(officer: Officer, approval: UUID) -> ApprovalUse:
    return ApprovalUse(approval, ApprovalKind.RESET_FACTOR, "officer", officer.id, officer.unit_id)
