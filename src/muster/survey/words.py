"""The words of the survey: codes that are stored, and what they mean."""

from enum import StrEnum

KIND = "case"  # of things in the journal and the audit: one person due in one campaign
CAMPAIGN = "campaign"


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    DONE = "done"  # a dossier is in hand
    DROPPED = "dropped"  # no longer due, or moved out of the campaign


class Group(StrEnum):
    """When and where a crew meets somebody (field notes 2 and 3)."""

    AT_HOME = "at_home"  # retired and at home: by day
    WORKING = "working"  # farmers, trade, offices: after hours
    WORKER = "worker"  # of a company: at the company
    PUPIL = "pupil"  # of a school, from 14 on; students too
    FROM_6_TO_13 = "from_6_to_13"  # brought by a parent
    UNDER_6 = "under_6"  # filed online by a parent
    UNKNOWN = "unknown"  # the register names no occupation


class Contact(StrEnum):
    """How far the area's officer has come with somebody."""

    NOT_REACHED = "not_reached"
    NOT_AT_HOME = "not_at_home"  # visited, nobody there
    REACHED = "reached"
    APPOINTED = "appointed"
    REFUSES = "refuses"


class Hard(StrEnum):
    """Why somebody is hard to bring in (field notes 2: the last ones are the hard ones)."""

    LIVES_ELSEWHERE = "lives_elsewhere"  # registered here, lives in another place that is known
    AWAY_FOR_WORK = "away_for_work"  # comes home for Tết or the harvest
    ADDRESS_UNKNOWN = "address_unknown"
    ABROAD = "abroad"
    IN_CUSTODY = "in_custody"
    BEDRIDDEN = "bedridden"  # needs a crew at the bedside
    NO_PRINTS = "no_prints"
    NO_PAPERS = "no_papers"
    DATA_DIFFERS = "data_differs"  # the register must be mended first
    CANNOT_COOPERATE = "cannot_cooperate"  # ill in mind; a representative helps
    DECEASED = "deceased"  # said to be dead, not yet in the register


class Outside(StrEnum):
    """Why a person of the register is no case, where the law gives no reason of its own (`law.duty.NotDue`)."""

    BAND_NOT_ASKED = "band_not_asked"  # due, but of an age the campaign does not call
    MOVED_AWAY = "moved_away"  # now registered outside the campaign's units
