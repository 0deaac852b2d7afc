"""Every write of the incident desk: tickets, the technicians on duty, the spares."""

from muster.incidents.operations.kits import mark_kits
from muster.incidents.operations.opening import open_tickets
from muster.incidents.operations.refusals import (
    BadTicket,
    ChangedMeanwhile,
    IncompleteAct,
    KitHasTicket,
    MendedOnTicket,
    NoSpare,
    NotATurn,
    NotOnDuty,
    NotYours,
    UnknownSpare,
    UnknownTicket,
)
from muster.incidents.operations.team import keep_spares, put_on_duty, release_spares
from muster.incidents.operations.working import move_tickets

__all__ = [
    "BadTicket",
    "ChangedMeanwhile",
    "IncompleteAct",
    "KitHasTicket",
    "MendedOnTicket",
    "NoSpare",
    "NotATurn",
    "NotOnDuty",
    "NotYours",
    "UnknownSpare",
    "UnknownTicket",
    "keep_spares",
    "mark_kits",
    "move_tickets",
    "open_tickets",
    "put_on_duty",
    "release_spares",
]
