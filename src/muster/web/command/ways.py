"""The ways to the counts and to the clock."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may, may_anywhere
from muster.units.queries import ROOT
from muster.web.navigation import Way


def reads_counts(grants: Grants) -> bool:
    """Say whether somebody may see counts anywhere: board, reports and briefings open to the same people."""
    return may_anywhere(grants, "counts.read", Purpose.COMMAND)


def sets_clock(grants: Grants) -> bool:
    """Say whether somebody may set the clock: it is everybody's, so the right must be held over the whole country."""
    return may(grants, "clock.set", [ROOT], Purpose.ADMINISTER)


BOARD = Way("command:board", "board.title", reads_counts)
COUNTS = Way("command:counts", "counts.title", reads_counts)
REHEARSAL = Way("command:rehearsal", "rehearsal.title", reads_counts)
CLOCK = Way("command:clock", "clock.title", sets_clock)
