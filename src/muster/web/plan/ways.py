"""The way to the plan, for who may read it."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way


def _reads_plan(grants: Grants) -> bool:
    return may_anywhere(grants, "plan.read", Purpose.COMMAND)


WAYS = (Way("plan:week", "plan.title", _reads_plan),)
