"""Who of a commune is due when a campaign begins, how old they are, and when each of them can come."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from muster.capture import queries as capture
from muster.kernel.dates import completed_years
from muster.law.due import who_is_due
from muster.register import queries as register
from muster.register.facts import facts_of_many
from muster.rehearsal.campaign.drawing import chance
from muster.rehearsal.campaign.inputs import Inputs
from muster.rehearsal.campaign.playing import Group
from muster.rehearsal.people.persons import Occupation

OUT_BY_DAY = frozenset({Occupation.WORKER, Occupation.OFFICE, Occupation.PUPIL, Occupation.STUDENT})
OLD = 70


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who is due: age in completed years on the first day, and what they do by day."""

    person: UUID
    age: int
    occupation: str


def roster(unit: int, inputs: Inputs) -> list[Citizen]:
    """Return who of a unit is due on the first day, in the order of their ids: the same whenever it is asked.

    Who has a dossier was due when it was taken, whatever card they hold by now: a rehearsal goes on where it stopped.
    """
    living = register.residents(unit)
    facts = facts_of_many([one.person for one in living])
    begun = capture.with_dossiers([one.person for one in living])
    return [
        Citizen(one.person, completed_years(one.born, inputs.first_day), one.occupation)
        for one in living
        if one.person in begun or who_is_due(facts[one.person], inputs.first_day).in_scope
    ]


def groups(citizens: Sequence[Citizen], inputs: Inputs, seed: str) -> list[Group]:
    """Draw when each citizen can come; one more of them changes nobody else's draw."""
    return [_group(one, inputs, f"{seed} {one.person}") for one in citizens]


def _group(one: Citizen, inputs: Inputs, drawn: str) -> Group:
    if chance(drawn, 0) < inputs.away:
        return Group.AWAY
    if one.age >= OLD and chance(drawn, 1) < inputs.bedridden:
        return Group.BEDRIDDEN
    out = one.occupation in OUT_BY_DAY and chance(drawn, 2) < inputs.evening_only
    return Group.EVENING if out else Group.DAY
