"""Who of a commune is due when a campaign begins, when each of them can come, and how old they are."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from muster.capture import queries as capture
from muster.kernel.dates import completed_years
from muster.law.due import who_is_due
from muster.register import queries as register
from muster.register.facts import facts_of_many
from muster.rehearsal.campaign.inputs import Inputs
from muster.rehearsal.campaign.playing import Group
from muster.rehearsal.people.persons import Occupation

OUT_BY_DAY = frozenset({Occupation.WORKER, Occupation.OFFICE, Occupation.PUPIL, Occupation.STUDENT})
OLD = 70


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who is due: age in completed years on the first day, and when they can come."""

    person: UUID
    age: int
    group: Group


def roster(unit: int, inputs: Inputs, seed: str) -> list[Citizen]:
    """Return who of a unit is due on the first day, in the order of their ids: the same whenever it is asked.

    Who has a dossier was due when it was taken, whatever card they hold by now: a rehearsal goes on where it stopped.
    """
    living = register.residents(unit)
    facts = facts_of_many([one.person for one in living])
    begun = capture.with_dossiers([one.person for one in living])
    citizens = []
    for one in living:
        if one.person not in begun and not who_is_due(facts[one.person], inputs.first_day).in_scope:
            continue
        age = completed_years(one.born, inputs.first_day)
        citizens.append(Citizen(one.person, age, _group(one, age, inputs, seed)))
    return citizens


def _group(one: register.Resident, age: int, inputs: Inputs, seed: str) -> Group:
    random = Random(f"{seed} {one.person}")  # a citizen's own: another one due changes nobody else
    if random.random() < inputs.away:
        return Group.AWAY
    if age >= OLD and random.random() < inputs.bedridden:
        return Group.BEDRIDDEN
    out = one.occupation in OUT_BY_DAY and random.random() < inputs.evening_only
    return Group.EVENING if out else Group.DAY
