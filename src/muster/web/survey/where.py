"""Which campaign and which unit a page of the survey is about."""

from uuid import UUID

from django.http import Http404

from muster.kernel.actor import Purpose
from muster.people.rights import NotAllowed, may
from muster.survey import queries
from muster.survey.queries import CampaignLine
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts.visit import Visit

COUNTS, LISTS = "counts.read", "lists.read"


def allowed(request: Visit, action: str, unit: Unit, purpose: Purpose) -> bool:
    """Say whether somebody may do something at a unit."""
    grants = request.officer_grants
    return grants is not None and may(grants, action, unit.ancestors, purpose)


def unit_asked(request: Visit) -> Unit:
    """Return the unit asked for, one's own without; within one's area only.

    :raises NotAllowed: the unit is not there, or not in one's area
    """
    asked = request.GET.get("unit", "")
    own = request.officer.unit if request.officer else None
    unit = units.by_number(asked) if asked.isdecimal() else own
    if unit is None or not sees(request, unit):
        raise NotAllowed(action=COUNTS)
    return unit


def sees(request: Visit, unit: Unit) -> bool:
    """Say whether somebody sees the survey of a unit: its counts or its lists."""
    return allowed(request, COUNTS, unit, Purpose.COMMAND) or allowed(request, LISTS, unit, Purpose.SURVEY)


def unit_of(number: int) -> Unit:
    """Return the unit an address names."""
    unit = units.by_number(str(number))
    if unit is None:
        raise Http404
    return unit


def campaign_asked(request: Visit, unit: Unit) -> tuple[CampaignLine | None, list[CampaignLine]]:
    """Return the campaign asked for, else the first that is open; and all that concern a unit."""
    known = queries.campaigns(unit.id)
    asked = request.GET.get("campaign", "")
    chosen = next((one for one in known if str(one.id) == asked), known[0] if known else None)
    return chosen, known


def campaign_of(campaign: UUID) -> CampaignLine:
    """Return the campaign an address names."""
    line = queries.campaign(campaign)
    if line is None:
        raise Http404
    return line
