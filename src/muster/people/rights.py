"""The one room of rights: which role may do what, at which units, and for which purposes.

Read the two tables; everything else here only looks them up. A role held at a unit reaches that unit and everything
below it, nothing beside or above it. A right is asked for with a purpose (Law 91/2025/QH15 on personal data protection,
purpose limitation): the same officer may look somebody up to take a dossier, and not out of curiosity for the counts.
Pure functions over `Grants` and a unit's path from the root; no database, no clock. See ``docs/rights.md``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from muster.kernel.actor import Actor, Purpose
from muster.kernel.errors import Refusal
from muster.people.words import ApprovalKind, Field, Kind, Role

Purposes = frozenset[Purpose]

FORM = frozenset({F for F in Field if F is not Field.BIOMETRICS})  # what the capture form asks for
CONTACT = frozenset({Field.PHONE, Field.ADDRESS})


def _for(*purposes: Purpose) -> Purposes:
    return frozenset(purposes)


# Which sensitive fields a role sees, and for what. What is not here is not shown.
FIELDS: Mapping[Role, Mapping[Purpose, frozenset[Field]]] = {
    Role.CREW: {Purpose.CAPTURE: FORM, Purpose.ISSUE: frozenset({Field.PHONE})},
    Role.DESK_LEAD: {
        Purpose.REGISTER: FORM,
        Purpose.CAPTURE: FORM,
        Purpose.CITIZEN: FORM,  # what the citizen asks to see or mend at the desk
        Purpose.OUTREACH: CONTACT,
        Purpose.ISSUE: CONTACT,
        Purpose.SURVEY: frozenset({Field.ADDRESS}),
    },
    Role.CHECKER: {Purpose.CHECK: frozenset({Field.ADDRESS, Field.ETHNICITY, Field.PARENT_NUMBERS, Field.BIOMETRICS})},
}

# What a granted break-glass opens, for the asker, at the unit asked for, until it expires.
GLASS_ACTIONS = frozenset({"register.look_up", "register.search", "register.read_sensitive"})
GLASS_FIELDS = CONTACT | {Field.PARENT_NUMBERS}

# action: {role: purposes}. An action not asked with one of the purposes is not allowed.
RIGHTS: Mapping[str, Mapping[Role, Purposes]] = {
    "register.look_up": {  # open one citizen by a number or a code
        Role.CREW: _for(Purpose.CAPTURE, Purpose.ISSUE),
        Role.DESK_LEAD: _for(
            Purpose.REGISTER, Purpose.SURVEY, Purpose.CAPTURE, Purpose.ISSUE, Purpose.OUTREACH, Purpose.CITIZEN
        ),
        Role.CHECKER: _for(Purpose.CHECK),
    },
    "register.search": {  # find citizens by name and one thing more
        Role.CREW: _for(Purpose.CAPTURE),
        Role.DESK_LEAD: _for(
            Purpose.REGISTER, Purpose.SURVEY, Purpose.CAPTURE, Purpose.ISSUE, Purpose.OUTREACH, Purpose.CITIZEN
        ),
        Role.CHECKER: _for(Purpose.CHECK),
    },
    "register.read_sensitive": {role: frozenset(sight) for role, sight in FIELDS.items()},  # the fields say which
    "register.correct": {
        Role.DESK_LEAD: _for(Purpose.REGISTER, Purpose.CAPTURE, Purpose.CITIZEN),
        Role.CHECKER: _for(Purpose.CHECK),
    },
    "register.erase": {Role.DESK_LEAD: _for(Purpose.CITIZEN)},  # sealed fields, for good, when the citizen asks
    "register.load": {Role.DESK_LEAD: _for(Purpose.REGISTER)},  # bring in files
    "register.looks": {
        Role.DESK_LEAD: _for(Purpose.CITIZEN),
        Role.AUDITOR: _for(Purpose.AUDIT),
    },  # who looked at a citizen, and why
    "capture.take": {  # a dossier at a desk, in a village, at home; filing for a parent
        Role.CREW: _for(Purpose.CAPTURE),
        Role.DESK_LEAD: _for(Purpose.CAPTURE),
    },
    "capture.read": {  # where a dossier is, what it holds
        Role.CREW: _for(Purpose.CAPTURE, Purpose.ISSUE),
        Role.DESK_LEAD: _for(Purpose.CAPTURE, Purpose.ISSUE, Purpose.OUTREACH, Purpose.CITIZEN),
        Role.CHECKER: _for(Purpose.CHECK),
    },
    "capture.withdraw": {Role.DESK_LEAD: _for(Purpose.CAPTURE, Purpose.CITIZEN)},
    "lists.read": {  # whom to visit: name of the hamlet, house, group; nothing of the register
        Role.VOLUNTEER: _for(Purpose.SURVEY, Purpose.OUTREACH),
        Role.CREW: _for(Purpose.SURVEY, Purpose.OUTREACH),
        Role.DESK_LEAD: _for(Purpose.SURVEY, Purpose.OUTREACH),
    },
    "lists.read_register": {  # the same lists with birth date, old number, ground and work
        Role.CREW: _for(Purpose.SURVEY),
        Role.DESK_LEAD: _for(Purpose.SURVEY, Purpose.OUTREACH),
    },
    "survey.open": {Role.COMMANDER: _for(Purpose.COMMAND), Role.PLANNER: _for(Purpose.COMMAND)},  # and close
    "survey.run": {
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.SURVEY),
    },
    "survey.mark": {  # how somebody was reached, why somebody is hard to bring in
        Role.VOLUNTEER: _for(Purpose.SURVEY, Purpose.OUTREACH),
        Role.CREW: _for(Purpose.SURVEY, Purpose.OUTREACH),
        Role.DESK_LEAD: _for(Purpose.SURVEY, Purpose.OUTREACH),
    },
    "counts.read": {
        Role.CREW: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
        Role.CHECKER: _for(Purpose.COMMAND),
        Role.TECHNICIAN: _for(Purpose.COMMAND),
        Role.AUDITOR: _for(Purpose.COMMAND, Purpose.AUDIT),
        Role.ADMINISTRATOR: _for(Purpose.COMMAND),
    },
    "audit.read": {Role.AUDITOR: _for(Purpose.AUDIT)},
    "audit.verify": {Role.AUDITOR: _for(Purpose.AUDIT), Role.ADMINISTRATOR: _for(Purpose.ADMINISTER)},
    "units.edit": {Role.ADMINISTRATOR: _for(Purpose.ADMINISTER)},
    "clock.set": {Role.ADMINISTRATOR: _for(Purpose.ADMINISTER)},
    "people.read": {
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.AUDITOR: _for(Purpose.AUDIT),
        Role.ADMINISTRATOR: _for(Purpose.ADMINISTER),
    },
    "people.administer": {Role.ADMINISTRATOR: _for(Purpose.ADMINISTER)},
    "people.confirm": {  # that an account is the officer's own: whoever had no hand in it
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.ADMINISTRATOR: _for(Purpose.ADMINISTER),
    },
    "export.bulk": {
        Role.DESK_LEAD: _for(Purpose.REGISTER, Purpose.SURVEY),
        Role.AUDITOR: _for(Purpose.AUDIT),
    },  # and an approval, see below
    "checking.read": {Role.CHECKER: _for(Purpose.CHECK)},  # the queue, a dossier beside the register, a pair
    "checking.accept": {Role.CHECKER: _for(Purpose.CHECK)},
    "checking.correct": {Role.CHECKER: _for(Purpose.CHECK)},  # what the citizen asked to have corrected
    "checking.decide": {Role.CHECKER: _for(Purpose.CHECK)},  # two people, or one
    "checking.return": {Role.CHECKER: _for(Purpose.CHECK)},
    "checking.refuse": {Role.CHECKER: _for(Purpose.CHECK)},
    "account.read": {  # e-ID accounts: requests that wait, the outreach list, one account
        Role.CREW: _for(Purpose.ISSUE),
        Role.DESK_LEAD: _for(Purpose.ISSUE, Purpose.OUTREACH, Purpose.CITIZEN),
        Role.CHECKER: _for(Purpose.CHECK),
    },
    "account.request": {Role.CREW: _for(Purpose.ISSUE), Role.DESK_LEAD: _for(Purpose.ISSUE, Purpose.CITIZEN)},
    "account.decide": {Role.DESK_LEAD: _for(Purpose.ISSUE), Role.CHECKER: _for(Purpose.CHECK)},
    "account.activate": {  # beside the holder, at the desk; another device too
        Role.CREW: _for(Purpose.ISSUE),
        Role.DESK_LEAD: _for(Purpose.ISSUE),
    },
    "account.hotline": {Role.DESK_LEAD: _for(Purpose.ISSUE, Purpose.OUTREACH)},
    "account.lock": {Role.DESK_LEAD: _for(Purpose.ISSUE, Purpose.CITIZEN), Role.CHECKER: _for(Purpose.CHECK)},
    "account.unlock": {Role.DESK_LEAD: _for(Purpose.ISSUE, Purpose.CITIZEN)},
    "account.close": {Role.DESK_LEAD: _for(Purpose.ISSUE, Purpose.CITIZEN)},
    "account.alarms": {  # devices and officers with too many; no look at a person
        Role.DESK_LEAD: _for(Purpose.ISSUE),
        Role.CHECKER: _for(Purpose.CHECK),
        Role.AUDITOR: _for(Purpose.AUDIT),
    },
    "plan.read": {  # targets, kits, crews, sessions, slots; nothing of a person
        Role.CREW: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
        Role.TECHNICIAN: _for(Purpose.COMMAND),
        Role.AUDITOR: _for(Purpose.AUDIT),
    },
    "plan.order": {Role.COMMANDER: _for(Purpose.COMMAND), Role.PLANNER: _for(Purpose.COMMAND)},  # orders, targets
    "plan.rules": {Role.COMMANDER: _for(Purpose.COMMAND)},  # hours and rests; held over the whole country
    "plan.command": {Role.COMMANDER: _for(Purpose.COMMAND)},  # who answers for units below the one it is held at
    "plan.kits": {Role.PLANNER: _for(Purpose.COMMAND), Role.TECHNICIAN: _for(Purpose.COMMAND)},
    "plan.crews": {Role.COMMANDER: _for(Purpose.COMMAND), Role.PLANNER: _for(Purpose.COMMAND)},
    "plan.absences": {  # who is away, and why
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
    },
    "plan.sessions": {Role.PLANNER: _for(Purpose.COMMAND)},  # venues, closed days, sessions, their cancellation
    "plan.make": {Role.COMMANDER: _for(Purpose.COMMAND), Role.PLANNER: _for(Purpose.COMMAND)},  # try a scenario
    "plan.adopt": {Role.PLANNER: _for(Purpose.COMMAND)},  # let a scenario become sessions
    "plan.book": {  # appointments
        Role.CREW: _for(Purpose.CAPTURE),
        Role.DESK_LEAD: _for(Purpose.CAPTURE),
        Role.PLANNER: _for(Purpose.COMMAND),
    },
    "card.read": {  # batches, cards and their life, what waits and what lies uncollected
        Role.CREW: _for(Purpose.ISSUE),
        Role.DESK_LEAD: _for(Purpose.ISSUE, Purpose.OUTREACH),
        Role.CHECKER: _for(Purpose.ISSUE),
    },
    "card.print": {Role.CHECKER: _for(Purpose.ISSUE)},  # the centre: make batches, tell what was printed or scrapped
    "card.deliver": {Role.CHECKER: _for(Purpose.ISSUE), Role.DESK_LEAD: _for(Purpose.ISSUE)},  # a parcel arrived
    "card.hand_over": {Role.CREW: _for(Purpose.ISSUE), Role.DESK_LEAD: _for(Purpose.ISSUE)},  # or cannot be
    "card.take_back": {Role.DESK_LEAD: _for(Purpose.ISSUE)},
    "incident.read": {  # tickets, time lost, the history of a kit; nothing of a person due
        Role.CREW: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
        Role.TECHNICIAN: _for(Purpose.COMMAND),
        Role.AUDITOR: _for(Purpose.AUDIT),
    },
    "incident.open": {  # and reopen
        Role.CREW: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.TECHNICIAN: _for(Purpose.COMMAND),
    },
    "incident.take": {Role.TECHNICIAN: _for(Purpose.COMMAND)},  # on duty; and every move after it
    "incident.team": {Role.COMMANDER: _for(Purpose.COMMAND)},  # who is on duty where
    "incident.spare": {Role.COMMANDER: _for(Purpose.COMMAND), Role.TECHNICIAN: _for(Purpose.COMMAND)},
    "report.sign": {  # in the name of one's unit, and those below that have nobody
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
    },
    "report.correct": {Role.COMMANDER: _for(Purpose.COMMAND), Role.DESK_LEAD: _for(Purpose.COMMAND)},
    "report.certify": {Role.COMMANDER: _for(Purpose.COMMAND)},  # of units below the one it is held at
    "report.set": {Role.COMMANDER: _for(Purpose.COMMAND), Role.PLANNER: _for(Purpose.COMMAND)},  # when reports are made
    "explanation.read": {  # what low units say of themselves, and what was decided; units, never citizens
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
        Role.AUDITOR: _for(Purpose.COMMAND, Purpose.AUDIT),
    },
    "explanation.answer": {  # in the name of one's unit; who commands it needs no role
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
    },
    "explanation.decide": {Role.COMMANDER: _for(Purpose.COMMAND)},  # of units below the one it is held at
    "explanation.set": {Role.COMMANDER: _for(Purpose.COMMAND), Role.PLANNER: _for(Purpose.COMMAND)},  # who is low
    "practice.read": {  # what worked elsewhere
        Role.CREW: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
        Role.TECHNICIAN: _for(Purpose.COMMAND),
        Role.AUDITOR: _for(Purpose.COMMAND, Purpose.AUDIT),
    },
    "practice.write": {  # in the name of one's unit; and take up, and withdraw
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
    },
    "practice.share": {Role.COMMANDER: _for(Purpose.COMMAND)},  # to all units below the one it is held at
    "inspection.plan": {Role.COMMANDER: _for(Purpose.COMMAND)},  # of units below; never known to the unit's line
    "reinforcement.read": {  # what is proposed to units that will miss, and what came of it
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
        Role.AUDITOR: _for(Purpose.COMMAND, Purpose.AUDIT),
    },
    "reinforcement.decide": {Role.COMMANDER: _for(Purpose.COMMAND)},  # from above both units
    "review.read": {  # the evening's look back, and what is carried over
        Role.CREW: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.PLANNER: _for(Purpose.COMMAND),
        Role.TECHNICIAN: _for(Purpose.COMMAND),
        Role.AUDITOR: _for(Purpose.COMMAND, Purpose.AUDIT),
    },
    "review.write": {  # of one's unit; and give actions, and drop them
        Role.COMMANDER: _for(Purpose.COMMAND),
        Role.DESK_LEAD: _for(Purpose.COMMAND),
    },
    # ---- acts of two people: who asks, who decides; nobody decides their own request
    "merge.ask": {Role.CHECKER: _for(Purpose.CHECK)},
    "merge.decide": {Role.CHECKER: _for(Purpose.CHECK)},
    "cancel_number.ask": {Role.CHECKER: _for(Purpose.CHECK)},
    "cancel_number.decide": {Role.CHECKER: _for(Purpose.CHECK)},
    "bulk_export.ask": {Role.DESK_LEAD: _for(Purpose.REGISTER, Purpose.SURVEY), Role.AUDITOR: _for(Purpose.AUDIT)},
    "bulk_export.decide": {Role.COMMANDER: _for(Purpose.COMMAND), Role.AUDITOR: _for(Purpose.AUDIT)},
    "break_glass.ask": {  # asked from where one works, for any unit
        Role.CREW: _for(Purpose.BREAK_GLASS),
        Role.DESK_LEAD: _for(Purpose.BREAK_GLASS),
        Role.COMMANDER: _for(Purpose.BREAK_GLASS),
        Role.CHECKER: _for(Purpose.BREAK_GLASS),
    },
    "break_glass.decide": {Role.COMMANDER: _for(Purpose.COMMAND), Role.AUDITOR: _for(Purpose.AUDIT)},
    "reset_factor.ask": {Role.ADMINISTRATOR: _for(Purpose.ADMINISTER)},
    "reset_factor.decide": {Role.COMMANDER: _for(Purpose.COMMAND), Role.ADMINISTRATOR: _for(Purpose.ADMINISTER)},
}


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a request waits for its decision, and how long a granted one may be used."""

    to_decide: timedelta
    to_use: timedelta


TERMS: Mapping[ApprovalKind, Terms] = {
    ApprovalKind.MERGE: Terms(timedelta(days=7), timedelta(days=1)),
    ApprovalKind.CANCEL_NUMBER: Terms(timedelta(days=7), timedelta(days=1)),
    ApprovalKind.BULK_EXPORT: Terms(timedelta(days=2), timedelta(hours=4)),
    ApprovalKind.BREAK_GLASS: Terms(timedelta(hours=2), timedelta(hours=1)),
    ApprovalKind.RESET_FACTOR: Terms(timedelta(days=1), timedelta(hours=4)),
}


class NotAllowed(Refusal):
    """The officer has no such right at this unit for this purpose."""

    code = "not_allowed"
    vi = "Bạn không có quyền thực hiện việc này tại đơn vị này cho mục đích đã nêu ({action})."
    en = "You may not do this at this unit for this purpose ({action})."


@dataclass(frozen=True, slots=True)
class Grants:
    """What one person holds at one moment: roles, each with the unit it is held at, and units of broken glass."""

    officer: UUID
    kind: Kind
    unit: int
    roles: tuple[tuple[Role, int], ...] = ()
    glass: tuple[int, ...] = ()

    @property
    def held(self) -> tuple[tuple[Role, int], ...]:
        """The roles that count: a volunteer's is ``volunteer`` and nothing else, whatever stands in a table."""
        volunteer = self.kind is not Kind.OFFICER
        return tuple((role, unit) for role, unit in self.roles if (role is Role.VOLUNTEER) == volunteer)


def may(grants: Grants, action: str, ancestors: Sequence[int], purpose: Purpose) -> bool:
    """Say whether a person may do something at a unit, for a purpose.

    :param ancestors: the ids from the root down to the unit itself
    :raises KeyError: there is no such action
    """
    return not scope(grants, action, purpose).isdisjoint(ancestors)


def may_anywhere(grants: Grants, action: str, purpose: Purpose) -> bool:
    """Say whether there is any unit at which a person may do something for a purpose: whether to show its page."""
    return bool(scope(grants, action, purpose))


def scope(grants: Grants, action: str, purpose: Purpose) -> frozenset[int]:
    """Return the units at which, and below which, a person may do something for a purpose.

    :raises KeyError: there is no such action
    """
    holders = RIGHTS[action]
    if purpose is Purpose.BREAK_GLASS and action in GLASS_ACTIONS:
        return frozenset(grants.glass if grants.kind is Kind.OFFICER else ())
    return frozenset(unit for role, unit in grants.held if purpose in holders.get(role, ()))


def purposes(grants: Grants, action: str, ancestors: Sequence[int]) -> Purposes:
    """Return the purposes for which a person may do something at a unit; none when it is not allowed at all."""
    return frozenset(purpose for purpose in Purpose if may(grants, action, ancestors, purpose))


def fields(grants: Grants, ancestors: Sequence[int], purpose: Purpose) -> frozenset[Field]:
    """Return the sensitive fields a person sees of the citizens of a unit, for a purpose."""
    if purpose is Purpose.BREAK_GLASS:
        return GLASS_FIELDS if may(grants, "register.read_sensitive", ancestors, purpose) else frozenset()
    seen = (FIELDS.get(role, {}).get(purpose, frozenset()) for role, unit in grants.held if unit in ancestors)
    return frozenset().union(*seen)


def require_own(grants: Grants | None, action: str, ancestors: Iterable[int], by: Actor) -> None:
    """Go on only if who acts may do something at a unit, by rights of their own and for the purpose they act for.

    :param grants: what the officer holds; none for the system, and for a step that has required a right of its own
    :raises NotAllowed: they may not, or these are somebody else's rights
    """
    if grants is None:
        return
    if grants.officer != by.officer:
        raise NotAllowed(action=action)
    require(grants, action, tuple(ancestors), by.purpose)


def require(grants: Grants, action: str, ancestors: Sequence[int], purpose: Purpose) -> None:
    """Go on only if a person may do something at a unit for a purpose.

    :raises NotAllowed: they may not
    """
    if not may(grants, action, ancestors, purpose):
        raise NotAllowed(action=action)
