"""Which unit, campaign and day a page of the plan is about, and the ways between its pages."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.people.rights import NotAllowed, may
from muster.survey import queries as survey
from muster.survey.queries import CampaignLine
from muster.ui.parts import Link
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, campaign_day

READ = "plan.read"
NEAR = 3  # levels from the country down to a commune without a district between
PAGES = ("week", "targets", "command", "kits", "crews", "duties", "venues", "make", "appointments", "rules")


def allowed(request: Visit, action: str, unit: Unit) -> bool:
    """Say whether somebody may do something at a unit."""
    grants = request.officer_grants
    return grants is not None and may(grants, action, unit.ancestors, Purpose.COMMAND)


def require(request: Visit, action: str, unit: Unit) -> None:
    """Go on only if somebody may do something at a unit.

    :raises NotAllowed: they may not
    """
    if not allowed(request, action, unit):
        raise NotAllowed(action=action)


def may_book(request: Visit, unit: Unit) -> bool:
    """Say whether somebody books citizens at a desk of a unit."""
    grants = request.officer_grants
    return grants is not None and may(grants, "plan.book", unit.ancestors, Purpose.CAPTURE)


def unit_asked(request: Visit) -> Unit:
    """Return the unit asked for, one's own without; within one's area only.

    :raises NotAllowed: the unit is not there, or not in one's area
    """
    asked = request.GET.get("unit") or request.POST.get("unit") or ""
    own = request.officer.unit if request.officer else None
    unit = units.by_number(asked) if asked.isdecimal() else own
    if unit is None or not allowed(request, READ, unit):
        raise NotAllowed(action=READ)
    return unit


def campaign_of(unit: Unit) -> CampaignLine | None:
    """Return the campaign that runs at a unit, the newest; none where there is none."""
    return next((one for one in survey.campaigns(unit.id) if one.closed_at is None), None)


def day_typed(request: Visit, name: str, otherwise: date) -> tuple[date, Refusal | None]:
    """Return the day typed into a field, another one where nothing or nonsense was, and what is wrong with it."""
    typed = request.GET.get(name, "").strip()
    if not typed:
        return otherwise, None
    try:
        return PartialDate.parse(typed).latest, None
    except Refusal as refusal:
        return otherwise, refusal


def address(page: str, unit: Unit, **more: object) -> str:
    """Return the address of a page of the plan about a unit."""
    asked = {key: formats.day(value) if isinstance(value, date) else str(value) for key, value in more.items()}
    return f"{reverse('plan:' + page)}?{urlencode({'unit': unit.id, **asked})}"


def of_thing(page: str, thing: UUID, unit: int | None = None) -> str:
    """Return the address of the page of one kit, crew, venue, session or citizen of the plan."""
    asked = f"?{urlencode({'unit': unit})}" if unit is not None else ""
    return reverse(f"plan:{page}", args=[thing]) + asked


def person_page(person: UUID) -> str:
    """Return the address of a citizen's page in the register."""
    return reverse("register:person", args=[person])


def unit_of(request: Visit, number: int) -> Unit:
    """Return the unit of a thing within one's area.

    :raises NotAllowed: it is outside
    """
    unit = units.by_number(str(number))
    if unit is None or not allowed(request, READ, unit):
        raise NotAllowed(action=READ)
    return unit


def require_at(request: Visit, action: str, number: int) -> int:
    """Return the number of a unit at which somebody may do something.

    :raises NotAllowed: they may not
    """
    require(request, action, unit_of(request, number))
    return number


def around(request: Visit, unit: Unit) -> Unit:
    """Return the unit whose kits and crews may be sent to a unit: the one right above a commune, if it is one's own."""
    above = units.ancestors(unit)
    near = [one for one in above if one.level == "district" or (one.level == "province" and len(above) <= NEAR)]
    return next((one for one in reversed(near) if allowed(request, READ, one)), unit)


def choices(request: Visit, unit: Unit, action: str) -> list[tuple[str, str]]:
    """Return the units near a unit at which somebody may do something, as the answers of a question."""
    on = campaign_day(request)
    near = [*units.ancestors(unit), *units.children(unit.id, on)]
    if unit.level == "commune" and unit.parent_id:
        near += units.children(unit.parent_id, on)
    mine = {one.id: one for one in near if allowed(request, action, one)}
    titles = units.titles(mine, on)
    return [(str(one), str(titles[one])) for one in mine]


def frame(request: Visit, page: str, unit: Unit) -> dict[str, object]:
    """Return what every page of the plan shows around its own: the unit, those above and below, the other pages."""
    say, on = words.saying(request), campaign_day(request)
    above = [one for one in units.ancestors(unit) if allowed(request, READ, one)]
    children = list(units.children(unit.id, on)) if unit.level != "commune" else []
    titles = units.titles([one.id for one in (*above, *children, unit)], on)
    return {
        "unit": str(titles[unit.id]),
        "own": unit.id,
        "trail": [Link(address(page, one), str(titles[one.id]), here=one.id == unit.id) for one in above],
        "tabs": [Link(address(one, unit), say(f"plan.page.{one}"), here=one == page) for one in PAGES],
        "below": [Link(address(page, one), str(titles[one.id])) for one in children],
        "campaign": campaign_of(unit),
    }
