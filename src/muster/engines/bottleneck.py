"""What slows a unit: machine, people, network, turnout or will (field notes 7, R3), each in dossiers a day; pure.

Every brake is told in one currency, the dossiers that it costs on a day, so that they can stand beside one another:

machine  the share of kits that are broken, of what all kits would take in the shifts that were planned; or what kits
         lost by standing still in those shifts, if that is more
people   the share of stands (a kit at a session) without a crew, of the same
network  dossiers that lie on kits and have not arrived, spread over the days looked at
turnout  what crews at working kits could have taken and did not: nobody came
will     what is needed and was not even planned, as far as the kits that work could carry it in three shifts a day

The brake that costs most is named, where a unit does less than it needs. The rules see counts alone: they tell where to
ask first, and prove nothing of a person. O(1).
"""

from dataclasses import dataclass
from enum import Enum
from math import inf

SHIFTS = 3  # a day (field notes 3, R1)


class Brake(Enum):
    """What slows a unit; of two that cost the same, the first."""

    MACHINE = "machine"
    PEOPLE = "people"
    NETWORK = "network"
    TURNOUT = "turnout"
    WILL = "will"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a unit: its paces in dossiers a day, its kits now, and the days looked at."""

    needed: float
    reached: float
    days: int
    kits: int
    broken: int
    stands: int
    crewless: int
    capacity: int  # dossiers that the stands take at the kits' rates
    captured: int
    unsent: int = 0
    lost: float = 0  # dossiers, while kits stood still in their sessions


@dataclass(frozen=True, slots=True)
class Named:
    """The brake that costs most, and what each costs in dossiers a day."""

    brake: Brake
    costs: dict[Brake, float]

    @property
    def cost(self) -> float:
        """What the brake that is named costs, in dossiers a day."""
        return self.costs[self.brake]


def named(facts: Facts) -> Named | None:
    """Return what slows a unit; nothing where it keeps pace, or where nothing that is known costs anything."""
    if facts.reached >= facts.needed or facts.days <= 0:
        return None
    costs = _costs(facts)
    most = max(Brake, key=lambda brake: costs[brake])
    return Named(most, costs) if costs[most] > 0 else None


def _costs(facts: Facts) -> dict[Brake, float]:
    planned = facts.capacity / facts.days
    broken = facts.broken / facts.kits if facts.kits else 0.0
    crewless = facts.crewless / facts.stands if facts.stands else 0.0
    machine = min(max(planned * broken, facts.lost / facts.days), planned)
    able = (planned - machine) * (1 - crewless)
    arrived = (facts.captured + facts.unsent) / facts.days
    a_stand = facts.capacity / facts.stands if facts.stands else 0.0
    free = (facts.kits - facts.broken) * SHIFTS * a_stand - planned
    room = max(free, 0.0) if facts.kits else inf  # a unit without kits of its own is served by those of one above
    return {
        Brake.MACHINE: machine,
        Brake.PEOPLE: (planned - machine) * crewless,
        Brake.NETWORK: facts.unsent / facts.days,
        Brake.TURNOUT: max(able - arrived, 0.0),
        Brake.WILL: min(max(facts.needed - planned, 0.0), room) if facts.stands else max(facts.needed, 0.0),
    }
