"""The words of the room: kinds of people, roles, sensitive fields, and the acts that need two people."""

from enum import StrEnum


class Kind(StrEnum):
    """Who a person is to the law: an officer under discipline, or a volunteer who helps."""

    OFFICER = "officer"
    VOLUNTEER = "volunteer"


class Role(StrEnum):
    """What a person does, at a unit and everything below it."""

    CREW = "crew"  # takes dossiers at the line
    DESK_LEAD = "desk_lead"  # leads a desk or a mobile crew, keeps the register of the area
    COMMANDER = "commander"  # counts, plans, orders; looks at no citizen
    PLANNER = "planner"  # spreads kits, crews, shifts and appointments
    CHECKER = "checker"  # decides duplicates and differences at the centre
    TECHNICIAN = "technician"  # kits, faults, network
    AUDITOR = "auditor"  # examines who looked and who changed
    ADMINISTRATOR = "administrator"  # officers, units, clock
    VOLUNTEER = "volunteer"  # lists without register data; the only role of a volunteer, and of nobody else


class Field(StrEnum):
    """The sensitive fields of a citizen, sealed at rest and shown by role."""

    PHONE = "phone"
    ADDRESS = "address"  # the text below the hamlet: lane, house
    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    PARENT_NUMBERS = "parent_numbers"
    HEALTH = "health"  # blood group
    BIOMETRICS = "biometrics"  # images and templates of face, fingers, irises


class ApprovalKind(StrEnum):
    """An act that needs two people: one asks, another decides."""

    MERGE = "merge"  # two persons of the register become one
    CANCEL_NUMBER = "cancel_number"  # a personal number is cancelled
    BULK_EXPORT = "bulk_export"  # many records leave the house
    BREAK_GLASS = "break_glass"  # an emergency look outside one's rights, for a short time
    RESET_FACTOR = "reset_factor"  # a colleague's second factor is taken off
