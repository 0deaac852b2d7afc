"""The ways to the counts and to the clock."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way


def _reads_counts(grants: Grants) -> bool:
    return may_anywhere(grants, "counts.read", Purpose.COMMAND)


def _sets_clock(grants: Grants) -> bool:
    return may_anywhere(grants, "clock.set", Purpose.ADMINISTER)


COUNTS = Way("command:counts", "counts.title", _reads_counts)
CLOCK = Way("command:clock", "clock.title", _sets_clock)
