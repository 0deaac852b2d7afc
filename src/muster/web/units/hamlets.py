"""Add hamlets below a commune, one name a line: bad lines are told and kept, good ones are opened."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from muster.kernel.actor import Purpose
from muster.kernel.dates import PartialDate
from muster.people.rights import NotAllowed
from muster.ui.parts import RowTold
from muster.units import operations, queries
from muster.units.operations import NewHamlet
from muster.units.queries import Level
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.units import page


@require_POST
def add(request: Visit) -> HttpResponse:
    """Open the hamlets that were typed."""
    commune = queries.by_number(request.POST.get("unit", ""))
    if commune is None or commune.level != Level.COMMUNE:
        raise Http404
    if not page.may_edit(request, commune):
        raise NotAllowed(action=page.EDIT)
    on = PartialDate.parse(request.POST.get("on", "")).latest
    lines = enumerate(request.POST.get("names", "").splitlines(), 1)
    names = [(number, line.strip()) for number, line in lines if line.strip()]
    kind = queries.hamlet_type(queries.title(commune.id, on).type_vi)
    rows = [NewHamlet(kind, name) for _, name in names]
    by, at = acting(request, Purpose.ADMINISTER), campaign_time(request)
    result = operations.add_hamlets(parent=commune.code, on=on, rows=rows, by=by, at=at)
    if not result.refused:
        return HttpResponseRedirect(page.address(commune.id, on))
    told = [RowTold(names[row.index][0], words.error(request, row.refusal)) for row in result.refused]
    kept = "\n".join(names[row.index][1] for row in result.refused)
    values = page.unit_values(request, commune, on, names=kept, refused=told, done=len(result.done))
    return render(request, "units/unit.html", {"search": [], "faults": [], "table": None, **values}, status=422)
