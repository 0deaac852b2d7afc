"""Write the plan: orders and targets, kits, crews, venues, sessions, appointments."""

from muster.plan.operations.absences import move_absences, record_absences
from muster.plan.operations.appointments import book_appointments, move_appointments
from muster.plan.operations.arming import rearm_sessions
from muster.plan.operations.changing import change_crews
from muster.plan.operations.commanding import name_commanders, relieve_commanders
from muster.plan.operations.crews import dissolve_crews, form_crews, record_training
from muster.plan.operations.kits import mark_kits, move_kits, register_kits
from muster.plan.operations.listing import OpenedSession, open_session_list
from muster.plan.operations.planning import Adopted, adopt_plan, make_plan
from muster.plan.operations.rules import OVERBOOKED, decide_rules
from muster.plan.operations.sessions import cancel_sessions, finish_sessions, schedule_sessions, start_sessions
from muster.plan.operations.targets import drop_targets, give_orders, set_targets
from muster.plan.operations.venues import change_venues, close_days, open_venues

__all__ = [
    "OVERBOOKED",
    "Adopted",
    "OpenedSession",
    "adopt_plan",
    "book_appointments",
    "cancel_sessions",
    "change_crews",
    "change_venues",
    "close_days",
    "decide_rules",
    "dissolve_crews",
    "drop_targets",
    "finish_sessions",
    "form_crews",
    "give_orders",
    "make_plan",
    "mark_kits",
    "move_absences",
    "move_appointments",
    "move_kits",
    "name_commanders",
    "open_session_list",
    "open_venues",
    "rearm_sessions",
    "record_absences",
    "record_training",
    "register_kits",
    "relieve_commanders",
    "schedule_sessions",
    "set_targets",
    "start_sessions",
]
