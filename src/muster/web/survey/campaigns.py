"""Open a campaign, and survey a commune or a hamlet again."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from muster.events.journal import AgeBand
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.dates import PartialDate, UnreadableDate
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.people.rights import NotAllowed, may_anywhere, purposes, scope
from muster.survey.operations import open_campaigns, survey_units
from muster.survey.operations.looking import NARROW, ListTooWide
from muster.survey.rows import ALL_BANDS, CampaignRow
from muster.ui.parts import Error, Field
from muster.web.accounts import words as people
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.register.places import resolve
from muster.web.survey import where
from muster.web.survey.overview import address

OPEN, RUN = "survey.open", "survey.run"
WHO = {
    "all": ALL_BANDS,
    "from_14": frozenset({AgeBand.FROM_14}),
    "under_14": frozenset({AgeBand.UNDER_6, AgeBand.FROM_6_TO_13}),
    "from_6_to_13": frozenset({AgeBand.FROM_6_TO_13}),
    "under_6": frozenset({AgeBand.UNDER_6}),
}
FIELDS = ("name", "unit", "first", "last", "who")


class _AtField(Exception):
    def __init__(self, field: str, refusal: Refusal) -> None:
        self.field, self.refusal = field, refusal
        super().__init__(field)


@require_http_methods(["GET", "POST"])
def open_one(request: Visit) -> HttpResponse:
    """Ask for a campaign's name, unit, days and ages; open it."""
    grants = request.officer_grants
    if grants is None or not may_anywhere(grants, OPEN, Purpose.COMMAND):
        raise NotAllowed(action=OPEN)
    if request.method == "GET":
        return _form(request)
    try:
        row = _row(request)
        _open(row, request)
    except _AtField as fault:
        return _form(request, fault)
    return HttpResponseRedirect(f"{address(row.unit, None)}&campaign={row.id}")


def _open(row: CampaignRow, request: Visit) -> None:
    result = open_campaigns(campaigns=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request))
    for one in result.refused:
        raise _AtField(_field(one.refusal), one.refusal)


def _field(refusal: Refusal) -> str:
    """Return the field a refusal of the operation is about."""
    return {"empty_window": "last", "no_law_in_force": "first", "unknown_unit": "unit", "outside_unit": "unit"}.get(
        refusal.code, "name"
    )


def _row(request: Visit) -> CampaignRow:
    typed, field = request.POST, "unit"
    grants = request.officer_grants
    try:
        within = scope(grants, OPEN, Purpose.COMMAND) if grants else frozenset()
        unit = resolve(typed.get("unit", "").strip(), campaign_day(request), within)
        days = []
        for field in ("first", "last"):
            told = PartialDate.parse(typed.get(field, ""))
            if told.precision != "day":
                raise UnreadableDate(text=typed.get(field, "")[:40])
            days.append(told.earliest)
    except Refusal as refusal:
        raise _AtField(field, refusal) from None
    bands = WHO.get(typed.get("who", ""), ALL_BANDS)
    return CampaignRow(
        id=_id(request), name=typed.get("name", ""), unit=unit, starts=days[0], ends=days[1] + timedelta(days=1),
        bands=bands,
    )  # fmt: skip


def _id(request: Visit) -> UUID:
    """Return the id the form carries, so that a form sent twice opens one campaign."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return new_id()


def _form(request: Visit, fault: _AtField | None = None) -> HttpResponse:
    say, typed = people.saying(request), request.POST
    error = people.error(request, fault.refusal) if fault else None
    today = campaign_day(request)
    own = request.officer.unit.code if request.officer else ""
    values = {"name": "", "unit": own, "first": formats.day(today), "last": "", "who": "all"}
    fields = [
        Field(
            name, say(f"survey.open.{name}"), typed.get(name, values[name]), "select" if name == "who" else "text",
            hint=say(f"survey.open.{name}_hint"), error=_at(error, fault, name), required=name != "who",
            options=[(code, say(f"survey.who.{code}")) for code in WHO] if name == "who" else (),
        )
        for name in FIELDS
    ]  # fmt: skip
    shown = {
        "fields": fields,
        "faults": [(fault.field, error)] if fault and error else [],
        "id": typed.get("id") or str(new_id()),
    }
    return render(request, "survey/open.html", shown, status=422 if fault else 200)


def _at(error: Error | None, fault: _AtField | None, name: str) -> Error | None:
    return error if fault and fault.field == name else None


@require_POST
def run(request: Visit, campaign: UUID, unit: int) -> HttpResponse:
    """Survey a commune or a hamlet again, while the page waits: larger units are surveyed from the command line.

    :raises NotAllowed: the officer may not
    :raises ListTooWide: the unit is larger than a commune
    :raises Refusal: as `survey_units` says
    """
    place, line = where.unit_of(unit), where.campaign_of(campaign)
    grants = request.officer_grants
    held = purposes(grants, RUN, place.ancestors) if grants else frozenset()
    if not held:
        raise NotAllowed(action=RUN)
    if place.level not in NARROW:
        raise ListTooWide
    survey_units(campaign=campaign, units=[unit], by=acting(request, min(held)), at=campaign_time(request))
    return HttpResponseRedirect(address(unit, line))
