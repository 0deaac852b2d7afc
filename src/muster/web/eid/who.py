"""Who works with accounts: at the desk to issue them, at the centre to check them; and what they may do with one."""

from muster.account.moves import Step, steps_from
from muster.account.operations.looking import READ
from muster.account.queries import AccountState
from muster.people import rights
from muster.web.accounts.visit import Visit
from muster.web.register import purpose
from muster.web.register.purpose import Reader

ALARMS, ASK = "account.alarms", "account.request"
ACTS = {  # what the page offers: the right it takes, and the move it makes
    "decide": ("account.decide", Step.APPROVED),
    "activate": ("account.activate", Step.ACTIVATED),
    "hotline": ("account.hotline", Step.ACTIVATED),
    "device": ("account.activate", Step.DEVICE_CHANGED),
    "lock": ("account.lock", Step.LOCKED),
    "unlock": ("account.unlock", Step.UNLOCKED),
    "close": ("account.close", Step.CLOSED),
}


def reader(request: Visit) -> Reader:
    """Return who works with accounts.

    :raises NotAllowed: nobody who may
    """
    return purpose.reader(request, READ)


def may(who: Reader, what: str, account: AccountState) -> bool:
    """Say whether somebody may do this with an account as it stands."""
    right, step = ACTS[what]
    return step in steps_from(account.state) and rights.may(who.grants, right, sorted(account.near), who.purpose)


def require(who: Reader, what: str, account: AccountState) -> None:
    """Go on only if somebody has the right to do this with an account.

    :raises NotAllowed: they have not
    """
    rights.require(who.grants, ACTS[what][0], sorted(account.near), who.purpose)
