"""The ways to officers, to the requests of two people, and to one's own account."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way

PURPOSES_OF_OFFICES = (Purpose.ADMINISTER, Purpose.COMMAND, Purpose.AUDIT)


def _reads_officers(grants: Grants) -> bool:
    return any(may_anywhere(grants, "people.read", purpose) for purpose in PURPOSES_OF_OFFICES)


def _everybody(_: Grants) -> bool:
    return True


WAYS = (
    Way("accounts:officers", "people.officers.title", _reads_officers),
    Way("accounts:approvals", "people.approvals.title", _everybody),
    Way("accounts:account", "people.account.title", _everybody),
)
