"""The words of the plan: codes that are stored, and what they mean."""

from collections.abc import Mapping
from datetime import time
from enum import StrEnum

TARGET, KIT, SESSION, APPOINTMENT = "target", "kit", "session", "appointment"  # kinds of things in the journal
CREW, VENUE, SCENARIO, ABSENCE = "crew", "venue", "scenario", "absence"  # kinds of things in the audit alone
RULE, COMMAND = "rule", "command"  # kinds in the journal too: a figure the plan is bound by, an officer in command
OVERBOOK = "overbook"  # the one rule that binds appointments; the others are `law.rest.RestLimit`
SHIFTS = (1, 2, 3)  # morning, afternoon, evening (field notes 3: 18 hours a day, 3 shifts of 6 hours)
SLOT_MINUTES = 15
# Three shifts of six hours (field notes 3, R1); the last ends at midnight and is of the evening's work day.
HOURS: Mapping[int, tuple[time, time]] = {1: (time(6), time(12)), 2: (time(12), time(18)), 3: (time(18), time(0))}


class Aim(StrEnum):
    """What a target counts: a move of the journal."""

    RECEIVED = "received"  # dossiers
    HANDED_OVER = "handed_over"  # cards
    ACTIVATED = "activated"  # e-ID accounts


class Post(StrEnum):
    """A post of a crew (field notes 4: a mobile crew is three)."""

    DOSSIER = "dossier"
    PHOTO = "photo"
    FINGERPRINTS = "fingerprints"


POSTS = {
    Post.DOSSIER: ("hồ sơ", "dossiers"),
    Post.PHOTO: ("chụp ảnh", "photographs"),
    Post.FINGERPRINTS: ("vân tay", "fingerprints"),
}  # as refusals call them, in Vietnamese and English


class Seat(StrEnum):
    """As what an officer answers for a unit (field notes 7: each commune has a named commander)."""

    COMMANDER = "commander"
    DEPUTY = "deputy"


class AbsenceKind(StrEnum):
    """Why an officer is away; of an illness nothing more is written down."""

    LEAVE = "leave"
    ILL = "ill"
    TRAINING = "training"
    OTHER_DUTY = "other_duty"


class AbsenceState(StrEnum):
    """Where an absence stands."""

    TOLD = "told"
    ENDED = "ended"  # before its time: the officer is back
    WITHDRAWN = "withdrawn"  # it never was


class KitState(StrEnum):
    """Whether a kit can work."""

    READY = "ready"
    BROKEN = "broken"
    RETIRED = "retired"


class VenueKind(StrEnum):
    """What a venue is."""

    DESK = "desk"  # the fixed desk of a police station
    MOBILE = "mobile"  # a house of culture, a committee's hall
    SCHOOL = "school"
    COMPANY = "company"
    HOME = "home"  # of people who cannot come


class SessionState(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class AppointmentState(StrEnum):
    """Where an appointment stands; the first three are live: somebody still owes this citizen a visit."""

    BOOKED = "booked"
    TO_REBOOK = "to_rebook"  # its session was cancelled
    MISSED = "missed"  # nobody came; waits to be booked again
    KEPT = "kept"
    CANCELLED = "cancelled"  # the citizen asked for it


LIVE = frozenset({AppointmentState.BOOKED, AppointmentState.TO_REBOOK, AppointmentState.MISSED})
WAITING = frozenset({AppointmentState.TO_REBOOK, AppointmentState.MISSED})


class ScenarioState(StrEnum):
    """Where a scenario stands."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    REPLACED = "replaced"  # by one adopted later, from a day on
