"""Confirm that an account is worked by the officer whose name it bears, as somebody other than its maker has seen.

Whoever makes an account and gives its first password could sign in with it, tie a phone of their own and play another
person. So an account counts as the second person (ADR 0009) only once somebody confirmed who had no hand in it has
seen the officer with the phone that is tied to it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.people import queries
from muster.people.models import Officer
from muster.people.operations.common import Guard, Sieve, active, audit, lock


class NotConfirmed(Refusal):
    """An account that nobody else has confirmed is no second person."""

    code = "not_confirmed"
    vi = "Tài khoản của bạn chưa được người khác xác nhận nên chưa là người thứ hai; hãy nhờ chỉ huy hoặc quản trị."
    en = "Nobody else has confirmed your account, so it is no second person yet; ask a commander or administrator."


class HadAHand(Refusal):
    """Whoever made an account, gave it a password or took its phone off does not confirm it."""

    code = "had_a_hand"
    vi = "Bạn đã lập tài khoản này, cấp mật khẩu hoặc gỡ điện thoại của nó; người khác phải xác nhận."
    en = "You made this account, gave it a password or took its phone off; somebody else must confirm it."


class NoPhoneYet(Refusal):
    """What is confirmed is who holds the phone of an account."""

    code = "no_phone_yet"
    vi = "Tài khoản {officer} chưa gắn điện thoại; hãy xác nhận sau lần đăng nhập đầu tiên."
    en = "The account {officer} has no phone tied to it yet; confirm it after the first sign-in."


@transaction.atomic
def confirm_officers(*, officers: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Confirm that accounts are their officers' own; one that is confirmed stays as it is.

    Rows are refused with `UnknownOfficer`, `Inactive`, `NotAllowed`, `NotYourself`, `HadAHand`, `NoPhoneYet`.

    :raises NotConfirmed: who confirms is not confirmed
    """
    if by.officer and not queries.is_confirmed(by.officer):
        raise NotConfirmed
    known = lock(officers)
    guard = Guard(by, at, {row.unit_id for row in known.values()}, "people.confirm")
    with_phone = set(TOTPDevice.objects.filter(user__in=officers, confirmed=True).values_list("user_id", flat=True))

    def check(officer: UUID) -> None:
        row = active(known, officer)
        guard.check(row.unit_id, at)
        guard.check_other(officer)
        if row.confirmed_at is None and by.officer in row.hands:
            raise HadAHand
        if row.confirmed_at is None and officer not in with_phone:
            raise NoPhoneYet(officer=row.username)

    sieve = Sieve(officers)
    good = sieve.keep(check)
    fresh = [officer for officer in dict.fromkeys(good) if known[officer].confirmed_at is None]
    Officer.objects.filter(id__in=fresh).update(confirmed_at=at, confirmed_by=by.officer)
    audit(by, at, "people.confirm", ("officer", fresh))
    return sieve.result(lambda officer: officer)
