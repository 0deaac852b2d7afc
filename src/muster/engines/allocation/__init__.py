"""Where kits go, day by day: a problem in, a plan and a bound out; pure.

`solve` is the interface: whoever plans better than the greedy one returns the same `Plan`. What is planned is blocks
(commune, days, shifts, kits); a plan says how far it is from a bound that no plan can beat.
"""

from muster.engines.allocation.bound import Bound, bound
from muster.engines.allocation.checking import faults
from muster.engines.allocation.greedy import solve
from muster.engines.allocation.problem import BadProblem, Block, Commune, Kit, Plan, Problem, Weights, cost

__all__ = [
    "BadProblem",
    "Block",
    "Bound",
    "Commune",
    "Kit",
    "Plan",
    "Problem",
    "Weights",
    "bound",
    "cost",
    "faults",
    "solve",
]
