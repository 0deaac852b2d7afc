"""What is asked of the register's changes: corrections, moves, what happened in law, another head."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from muster.kernel.dates import PartialDate
from muster.register.words import LifeEventKind, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """New values for fields of a person as read at ``version``, on the word of a paper.

    Fields: name, other_name, birth (`PartialDate`), sex (`Sex`), birth_paper, nationality, marital, occupation,
    organisation, relation, birth_unit, registered_unit, native_unit, of the dead died_on (`PartialDate`), and every
    field of `Sensitive`.
    """

    person: UUID
    version: int
    changes: Mapping[str, Any]
    paper: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PermanentMove:
    """A permanent residence elsewhere: alone into a household that is there, or as head of a new one.

    ``address`` is lane and house there; the former address leaves with the residence, also where none is told.
    With a ``version`` the person must still be as it was read; so with `LifeChange`.
    """

    person: UUID
    unit: int
    since: date
    household: UUID
    relation: Relation = Relation.HEAD
    address: str = ""
    paper: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdMove:
    """A permanent residence elsewhere of everybody who lives in a household; head and relations stay.

    ``address`` as with `PermanentMove`. With ``versions`` exactly these persons must live in it, as they were read.
    """

    household: UUID
    unit: int
    since: date
    address: str = ""
    paper: str = ""
    versions: Mapping[UUID, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeChange:
    """What happened to a person: died, missing, found, married, divorced, widowed."""

    person: UUID
    kind: LifeEventKind
    on: PartialDate
    paper: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadChange:
    """Another head for a household, and what the former head and the others are to the new one.

    ``relations`` tells of the others by their ids; whoever is left out is `Relation.UNKNOWN` until somebody asks.
    """

    household: UUID
    head: UUID
    former_relation: Relation = field(default=Relation.OTHER)
    relations: Mapping[UUID, Relation] = field(default_factory=dict)
    paper: str = ""
