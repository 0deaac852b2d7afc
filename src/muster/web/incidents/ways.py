"""The way to the incident desk, for who may read it."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way


def reads(grants: Grants) -> bool:
    """Say whether somebody may read incidents anywhere."""
    return may_anywhere(grants, "incident.read", Purpose.COMMAND)


WAYS = (Way("incidents:queue", "incidents.title", reads),)
