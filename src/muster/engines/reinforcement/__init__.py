"""Who will miss the deadline, and which moves of kits, crews and hours help without sinking anybody; pure.

Each unit is played day by day: its crews are given to its kits within the hours, rests and days off of
`engines.rostering`, and what a kit takes in a shift is the pace seen there. It is played twice, at the pace seen and at
the cautious end of the forecast's range. `propose` tries every move of a fixed list alone and ranks those that help by
days gained for each person-turn; `choose` takes the best, plays again with it, and goes on. A unit gives only while
its own finish, at the cautious end and with every move taken so far, stays on or before the deadline.

Greedy: `choose` promises that each step is the best single move, not that the set is the best set. O(units that miss x
units that may give x 30) plays to propose, each of O(days x kit-shifts x log crews).
"""

from muster.engines.reinforcement.choosing import choose, propose
from muster.engines.reinforcement.playing import Outlook, Played, play, standing
from muster.engines.reinforcement.problem import (
    BadProblem,
    Crew,
    Kind,
    Move,
    Problem,
    Proposal,
    Side,
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
    "Standing",
    "Stratum",
    "Unit",
    "choose",
    "play",
    "propose",
    "standing",
]
