"""Passwords: their strength, giving a temporary one, changing one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.people.models import Officer
from muster.people.operations.common import Guard, Sieve, active, audit, hands_of, lock
from muster.people.operations.sign_in import end_sessions


class WeakPassword(Refusal):
    """The password is short, common, all digits, or like the name."""

    code = "weak_password"
    vi = "Mật khẩu phải có ít nhất 12 ký tự, không phổ biến, không chỉ gồm chữ số và không giống tên của bạn."
    en = "A password has at least 12 characters, is not common, not all digits, and not like your name."


class WrongPassword(Refusal):
    """The password given is not the present one."""

    code = "wrong_password"
    vi = "Mật khẩu hiện tại không đúng."
    en = "The present password is not right."


class SamePassword(Refusal):
    """The new password is the old one."""

    code = "same_password"
    vi = "Mật khẩu mới phải khác mật khẩu hiện tại."
    en = "The new password must differ from the present one."


class DemoHasNoPassword(Refusal):
    """A demonstration officer signs in by one click and in no other way."""

    code = "demo_has_no_password"
    vi = "Tài khoản minh họa không có mật khẩu."
    en = "A demonstration account has no password."


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A temporary password for one officer, to be changed at the next sign-in."""

    officer: UUID
    password: str


def check_strength(password: str, username: str, full_name: str) -> None:
    """Go on only if a password may be used.

    :raises WeakPassword: it may not
    """
    try:
        validate_password(password, Officer(username=username, full_name=full_name))
    except ValidationError as error:
        raise WeakPassword from error


@transaction.atomic
def issue_passwords(*, passwords: Sequence[NewPassword], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Give officers temporary passwords; their sessions end, and they choose their own at the next sign-in.

    Rows are refused with `UnknownOfficer`, `Inactive`, `NotAllowed`, `NotYourself` and `WeakPassword`.
    """
    known = lock(row.officer for row in passwords)
    guard = Guard(by, at, {row.unit_id for row in known.values()})

    def check(row: NewPassword) -> None:
        officer = active(known, row.officer)
        guard.check(officer.unit_id, at)
        guard.check_other(row.officer)
        if officer.is_demo:
            raise DemoHasNoPassword
        check_strength(row.password, officer.username, officer.full_name)

    sieve = Sieve(passwords)
    good, hands = sieve.keep(check), hands_of(by)
    for row in good:
        known[row.officer].hands = sorted({*known[row.officer].hands, *hands})
        known[row.officer].password = make_password(row.password)
        known[row.officer].password_temporary = True
    officers = [row.officer for row in good]
    written = ["password", "password_temporary", "hands"]
    Officer.objects.bulk_update([known[one] for one in dict.fromkeys(officers)], written)
    end_sessions(officers=officers, reason="password", by=by, at=at)
    audit(by, at, "password.issue", ("officer", officers))
    return sieve.result(lambda row: row.officer)


@transaction.atomic
def change_password(*, officer: UUID, old: str, new: str, keep: UUID | None = None, by: Actor, at: datetime) -> None:
    """Change an officer's own password; all their sessions end but the one to keep.

    :raises UnknownOfficer: there is no such officer
    :raises Inactive: the officer has been deactivated
    :raises WrongPassword: the old password is not right
    :raises SamePassword: the new password is the old one
    :raises WeakPassword: the new password may not be used
    """
    person = active(lock([officer]), officer)
    if not person.check_password(old):
        raise WrongPassword
    if old == new:
        raise SamePassword
    check_strength(new, person.username, person.full_name)
    person.set_password(new)
    person.password_temporary = False
    person.save(update_fields=["password", "password_temporary"])
    end_sessions(officers=[officer], reason="password", keep=keep, by=by, at=at)
    audit(by, at, "password.change", ("officer", [officer]))
