"""Every write of accounts: asking, deciding, telling, activating, locking, changing the device, closing."""

from muster.account.operations.deciding import decide
from muster.account.operations.ending import close, lock, unlock
from muster.account.operations.looking import AccountNotHere, open_account, open_outreach, open_waiting
from muster.account.operations.refusals import (
    AccountDiffers,
    AccountThere,
    CardMissing,
    ChangedMeanwhile,
    ConsentMissing,
    DecidedByAPerson,
    DeviceMissing,
    DossierNotIn,
    HolderNotAlive,
    InPersonOnly,
    LevelNotOffered,
    NeedsHotline,
    NotAReason,
    OfficerMissing,
    OutsideUnit,
    SameDevice,
    UnknownAccount,
)
from muster.account.operations.requesting import may_ask_online, request_accounts, request_with_dossiers
from muster.account.operations.using import activate, change_device, notify

__all__ = [
    "AccountDiffers",
    "AccountNotHere",
    "AccountThere",
    "CardMissing",
    "ChangedMeanwhile",
    "ConsentMissing",
    "DecidedByAPerson",
    "DeviceMissing",
    "DossierNotIn",
    "HolderNotAlive",
    "InPersonOnly",
    "LevelNotOffered",
    "NeedsHotline",
    "NotAReason",
    "OfficerMissing",
    "OutsideUnit",
    "SameDevice",
    "UnknownAccount",
    "activate",
    "change_device",
    "close",
    "decide",
    "lock",
    "may_ask_online",
    "notify",
    "open_account",
    "open_outreach",
    "open_waiting",
    "request_accounts",
    "request_with_dossiers",
    "unlock",
]
