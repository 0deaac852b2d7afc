"""Who will miss the deadline, and which moves of kits, crews and hours help without sinking anybody; pure.

Each unit is played day by day: its crews are given to its kits within the hours, rests and days off of
`engines.rostering`, and what a kit takes in a shift is the pace seen there. It is played twice, at the pace seen and at
the cautious end of the forecast's range. `propose` tries every move of a fixed list alone and ranks those that help by
days gained for each person-turn; `choose` takes the best, plays again with it, and goes on. A unit gives only while
its own finish, at the cautious end and with every move taken so far, stays on or before the deadline.

A unit may be given what the plan holds for it, stand by stand (`planned`): then it works that and nothing else, a loan
takes the planned shifts of a kit with their crews, and after the last planned day nobody is served.

Greedy: `choose` promises that each step is the best single move, not that the set is the best set. O(units that miss x
units that may give x 30) plays to propose, each of O(days x kit-shifts x log crews).
"""

from muster.engines.reinforcement.choosing import choose, propose
from muster.engines.reinforcement.planned import stands
from muster.engines.reinforcement.playing import Outlook, Played, outlook, play, standing
from muster.engines.reinforcement.problem import (
    BadProblem,
    Crew,
    Kind,
    Move,
    Problem,
    Proposal,
    Side,
    Slot,
    Stand,
    Standing,
    Stratum,
    Unit,
)

__all__ = [
    "BadProblem",
    "Crew",
    "Kind",
    "Move",
    "Outlook",
    "Played",
    "Problem",
    "Proposal",
    "Side",
    "Slot",
    "Stand",
    "Standing",
    "Stratum",
    "Unit",
    "choose",
    "outlook",
    "play",
    "propose",
    "standing",
    "stands",
]
