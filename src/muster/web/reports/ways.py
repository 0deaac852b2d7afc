"""The way to the reports."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way


def _reads(grants: Grants) -> bool:
    return may_anywhere(grants, "counts.read", Purpose.COMMAND)


REPORTS = Way("reports:show", "reports.title", _reads)
