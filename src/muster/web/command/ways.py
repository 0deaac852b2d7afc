"""The ways to the counts and to the clock."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may, may_anywhere
from muster.units.queries import ROOT
from muster.web.navigation import Way


def _reads_counts(grants: Grants) -> bool:
    return may_anywhere(grants, "counts.read", Purpose.COMMAND)


def sets_clock(grants: Grants) -> bool:
    """Say whether somebody may set the clock: it is everybody's, so the right must be held over the whole country."""
    return may(grants, "clock.set", [ROOT], Purpose.ADMINISTER)


BOARD = Way("command:board", "board.title", _reads_counts)
COUNTS = Way("command:counts", "counts.title", _reads_counts)
REHEARSAL = Way("command:rehearsal", "rehearsal.title", _reads_counts)
CLOCK = Way("command:clock", "clock.title", sets_clock)
