"""The tables of the plan. What they hold beyond single rows stands in the migrations 0002 to 0007."""

from muster.plan.models.calendar import (
    Appointment,
    Block,
    Closure,
    Kit,
    KitPlace,
    Offer,
    Order,
    Scenario,
    Session,
    SessionStand,
    Target,
    Venue,
)
from muster.plan.models.commanding import Command
from muster.plan.models.crews import Absence, Crew, Duty, Member, Training
from muster.plan.models.rules import Rule

__all__ = [
    "Absence",
    "Appointment",
    "Block",
    "Closure",
    "Command",
    "Crew",
    "Duty",
    "Kit",
    "KitPlace",
    "Member",
    "Offer",
    "Order",
    "Rule",
    "Scenario",
    "Session",
    "SessionStand",
    "Target",
    "Training",
    "Venue",
]
