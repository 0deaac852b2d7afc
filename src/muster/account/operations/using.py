"""Tell holders, activate accounts on one device each, and change the device."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from muster.account import queries
from muster.account.moves import Step, after
from muster.account.operations.ending import ended
from muster.account.operations.moving import Asker, Change, judge_each, moved, officer, over, reasoned, write
from muster.account.operations.refusals import DeviceMissing, NeedsHotline, OfficerMissing, SameDevice
from muster.account.queries import Held
from muster.account.rows import Act, Activation, DeviceChange
from muster.account.words import Closing, Help, How
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult
from muster.keys.queries import blind_indexes
from muster.law import eid
from muster.people.rights import Grants

DEVICE = "account_device"  # the label of the index under which devices are told apart
LONGEST = 200
HELPS, NO_REASON = frozenset(Help), frozenset({""})


@transaction.atomic
def notify(*, notices: Sequence[Act], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Write down that holders were told of their accounts; from that day runs the term to activate.

    It takes the right to decide: whoever grants an account tells of it.
    """
    held = queries.hold({row.account for row in notices})
    changes, result = judge_each(notices, held, Asker(grants, by, lambda _: "account.decide"), _told)
    write(changes, "account.notify", by, at)
    return result


def _told(row: Act, before: Held) -> Change:
    reasoned(row, Step.NOTIFIED)
    last = eid.activate_by(local(row.at).date())
    return moved(row, Step.NOTIFIED, before, notified_at=row.at, activate_by=last)


@transaction.atomic
def activate(*, activations: Sequence[Activation], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Activate accounts: within the term alone or beside an officer, afterwards with help of the hotline.

    Where an account of level 2 is activated, its holder's account of level 1 is closed.

    :returns: the accounts activated; refusals by the place in ``activations``
    """
    held = queries.hold({row.account for row in activations}, lower=True)
    changes, result = judge_each(
        activations, held, Asker(grants, by, _right), partial(_activated, by, hashed(activations))
    )
    write(changes, "account.activate", by, at, then=_raised(changes, held))
    return result


def _right(row: Activation) -> str:
    return "account.hotline" if row.how is How.HOTLINE else "account.activate"


def _activated(by: Actor, hashes: Mapping[str, bytes], row: Activation, before: Held) -> Change:
    after(before.state, Step.ACTIVATED)
    reasoned(row, Step.ACTIVATED, HELPS if row.how is How.HOTLINE else NO_REASON)
    if row.how is not How.HOTLINE and before.activate_by and local(row.at).date() > before.activate_by:
        raise NeedsHotline(last=f"{before.activate_by:%d/%m/%Y}")
    helper = officer(row, by) if row.how is not How.OWN else None
    if row.how is not How.OWN and helper is None:
        raise OfficerMissing
    return moved(
        row, Step.ACTIVATED, before, told=row.reason or row.how.value, activated_at=row.at, activated_how=row.how,
        activated_by=helper, device=_device(row, hashes),
    )  # fmt: skip


def _raised(changes: Sequence[Change], held: Mapping[UUID, Held]) -> list[Change]:
    """Return the closings of level 1 accounts, as they stand after the batch, whose holders now use level 2."""
    raised = {one.before.person: one.row for one in changes if one.before.level > 1}
    stand = {**held, **{one.before.id: one.after for one in changes}}
    lower = [one for one in stand.values() if one.level == 1 and one.person in raised and not over(one)]
    return [ended(_raising(raised[one.person], one.id), one) for one in lower]


def _raising(row: Act, lower: UUID) -> Act:
    return Act(account=lower, at=row.at, reason=Closing.RAISED.value, unit=row.unit, officer=row.officer)


@transaction.atomic
def change_device(
    *, changes: Sequence[DeviceChange], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Use accounts on another device from now on; the one before is let go in the same moment."""
    held = queries.hold({row.account for row in changes})
    judged, result = judge_each(
        changes, held, Asker(grants, by, lambda _: "account.activate"), partial(_moved_over, hashed(changes))
    )
    write(judged, "account.change_device", by, at)
    return result


def _moved_over(hashes: Mapping[str, bytes], row: DeviceChange, before: Held) -> Change:
    reasoned(row, Step.DEVICE_CHANGED)
    after(before.state, Step.DEVICE_CHANGED)
    device = _device(row, hashes)
    if device == before.device:
        raise SameDevice
    return moved(row, Step.DEVICE_CHANGED, before, device=device)


def hashed(rows: Sequence[Activation | DeviceChange]) -> dict[str, bytes]:
    """Return the keyed hash of each device as it was told; spaces and small letters tell no devices apart."""
    told = {row.device: " ".join(row.device.split()).upper() for row in rows}
    good = {device: plain for device, plain in told.items() if 0 < len(plain) <= LONGEST}
    return dict(zip(good, blind_indexes(DEVICE, good.values()), strict=True))


def _device(row: Activation | DeviceChange, hashes: Mapping[str, bytes]) -> bytes:
    if row.device not in hashes:
        raise DeviceMissing
    return hashes[row.device]
