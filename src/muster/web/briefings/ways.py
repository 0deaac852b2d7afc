"""The way to the briefings."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way


def _reads(grants: Grants) -> bool:
    return may_anywhere(grants, "counts.read", Purpose.COMMAND)


BRIEFINGS = Way("briefings:show", "briefing.title", _reads)
