"""What is brought to the accounts: requests, decisions, notices, activations, devices.

``unit`` and ``officer`` say who did it, where one batch brings what several have done; else it was who brings it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from muster.account.words import Channel, How
from muster.kernel.ids import new_id
from muster.law.capture import Representative


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRequest:
    """A wish for an account; the same id, sent again, is the same account.

    ``consent`` says that a representative has agreed on a form kept elsewhere (the dossier's); else the representative
    of a minor is named here, and has signed.
    """

    id: UUID
    person: UUID
    level: int
    at: datetime
    channel: Channel = Channel.DESK
    consent: bool = False
    representative: Representative | None = None
    dossier: UUID | None = None
    unit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One move of an account as read at ``version`` (0: whatever it is now), for a reason where the move wants one."""

    account: UUID
    at: datetime
    reason: str = ""
    version: int = 0
    unit: int | None = None
    officer: UUID | None = None
    event: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Act):
    """Granted, or rejected with a word of `Rejection`."""

    approve: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation(Act):
    """An account activated on a device; with help of the hotline for a word of `Help`."""

    device: str
    how: How = How.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChange(Act):
    """Another device instead of the one before."""

    device: str
