"""The ways to explanations and practice notes, and the tabs between the pages of this room."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.ui.parts import Link
from muster.web import navigation
from muster.web.accounts.visit import Visit
from muster.web.navigation import Way


def reads(grants: Grants) -> bool:
    """Say whether somebody may read what units explain anywhere."""
    return may_anywhere(grants, "explanation.read", Purpose.COMMAND)


def reads_practices(grants: Grants) -> bool:
    """Say whether somebody may read what worked anywhere."""
    return may_anywhere(grants, "practice.read", Purpose.COMMAND)


def reads_practices_alone(grants: Grants) -> bool:
    """Say whether somebody may read practice notes and no explanations: they have a way of their own."""
    return reads_practices(grants) and not reads(grants)


EXPLANATIONS = Way("explaining:show", "explaining.title", reads)
WAYS = (EXPLANATIONS, Way("explaining:practices", "practices.title", reads_practices_alone))
TABS = (
    EXPLANATIONS,
    Way("explaining:practices", "practices.title", reads_practices),
    Way("explaining:inspections", "inspections.title", reads),
    Way("explaining:reviews", "reviews.title", reads_practices),
)


def tabs(request: Visit) -> list[Link]:
    """Return the pages of this room that somebody may open."""
    return navigation.links(request, TABS)
