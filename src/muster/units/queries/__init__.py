"""What is asked of units: who stands where on a day, what it is called, what became of it, and where a name leads."""

from muster.units.models import ROOT, Level, Share, Unit
from muster.units.queries.becoming import (
    Held,
    Holder,
    Move,
    at,
    came_from,
    holders,
    origins,
    predecessors,
    successors,
    went_to,
)
from muster.units.queries.finding import Fit, Found, find
from muster.units.queries.names import Title, history, named, title, titles
from muster.units.queries.standing import (
    UnknownUnit,
    ancestors,
    as_of,
    below,
    by_code,
    by_codes,
    by_number,
    children,
    nearest,
    subtree,
)
from muster.units.spelling import NUMBERED, hamlet_type

__all__ = [
    "NUMBERED",
    "ROOT",
    "Fit",
    "Found",
    "Held",
    "Holder",
    "Level",
    "Move",
    "Share",
    "Title",
    "Unit",
    "UnknownUnit",
    "ancestors",
    "as_of",
    "at",
    "below",
    "by_code",
    "by_codes",
    "by_number",
    "came_from",
    "children",
    "find",
    "hamlet_type",
    "history",
    "holders",
    "named",
    "nearest",
    "origins",
    "predecessors",
    "subtree",
    "successors",
    "title",
    "titles",
    "went_to",
]
