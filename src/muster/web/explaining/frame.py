"""The frame of the pages of this room: what a page leaves out is not shown."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from muster.web.accounts.visit import Visit
from muster.web.explaining.ways import tabs
from muster.web.plan.asking import Fault

NOTHING: Mapping[str, object] = {
    "what": "", "badges": (), "tiles": (), "text": "", "pairs": (), "asked": (), "links": (), "tables_of": (),
    "forms_of": (), "said": (),
}  # fmt: skip


def shown(request: Visit, values: Mapping[str, object], fault: Fault | None) -> HttpResponse:
    """Return a page: title, what it is for, figures, lists, forms, what was said."""
    whole = {**NOTHING, "tabs": tabs(request), **values}
    return render(request, "explaining/page.html", whole, status=422 if fault else 200)
