"""The way to the checks, for who may open one."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.processing.operations.looking import READ
from muster.web.navigation import Way


def _checks(grants: Grants) -> bool:
    return may_anywhere(grants, READ, Purpose.CHECK)


WAYS = (Way("checking:queue", "checking.title", _checks),)
