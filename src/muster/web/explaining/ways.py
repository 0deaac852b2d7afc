"""The way to the explanations."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way


def reads(grants: Grants) -> bool:
    """Say whether somebody may read what units explain anywhere."""
    return may_anywhere(grants, "explanation.read", Purpose.COMMAND)


EXPLANATIONS = Way("explaining:show", "explaining.title", reads)
