"""Ask about accounts: one, those of a person, those that wait at units, alarms, and what the clock's jobs must do."""

from muster.account.queries.alarms import DeviceAlarm, OfficerAlarm, device_alarms, officer_alarms
from muster.account.queries.holding import Held, hold
from muster.account.queries.lists import how_many, how_many_not_activated, how_many_overdue, not_activated, waiting
from muster.account.queries.states import AccountState, of_dossier, of_person, open_levels, states
from muster.account.queries.work import (
    AskedWith,
    accepted_dossiers,
    against,
    asked_with,
    card_ended,
    to_close,
    to_decide,
    to_notify,
    to_request,
    with_dossiers,
)

__all__ = [
    "AccountState",
    "AskedWith",
    "DeviceAlarm",
    "Held",
    "OfficerAlarm",
    "accepted_dossiers",
    "against",
    "asked_with",
    "card_ended",
    "device_alarms",
    "hold",
    "how_many",
    "how_many_not_activated",
    "how_many_overdue",
    "not_activated",
    "of_dossier",
    "of_person",
    "officer_alarms",
    "open_levels",
    "states",
    "to_close",
    "to_decide",
    "to_notify",
    "to_request",
    "waiting",
    "with_dossiers",
]
