"""The way to the audit, for who reads it or hands out its seals."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way

READ, VERIFY = "audit.read", "audit.verify"


def purpose_of(grants: Grants, action: str) -> Purpose | None:
    """Return the purpose for which somebody may do something of the audit."""
    return next((one for one in (Purpose.AUDIT, Purpose.ADMINISTER) if may_anywhere(grants, action, one)), None)


def _opens(grants: Grants) -> bool:
    return purpose_of(grants, VERIFY) is not None


WAYS = (Way("audit:index", "audit.title", _opens),)
