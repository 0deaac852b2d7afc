"""The newest looks and changes for the auditor, and the last seals; each page of it is itself written down."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.audit import operations, queries
from muster.audit.queries import PAGE, Look, NoSuchSeal
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.people import queries as people
from muster.people.rights import NotAllowed, scope
from muster.ui.parts import Cell, Column, Field, Link, Pages, Row, Table
from muster.units.queries import ROOT, subtree
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_time
from muster.web.audit.ways import READ, VERIFY, purpose_of
from muster.web.language import language_of
from muster.web.register.looks import page_start, table

ROOT_LETTERS = 16


@require_GET
def index(request: Visit) -> HttpResponse:
    """Show looks and changes, of one officer where asked, to the auditor; to an administrator the seals alone.

    :raises NotAllowed: neither is open to this officer
    """
    purpose, typed = _purpose(request), request.GET.get("officer", "").strip()
    say = words.saying(request)
    values: dict[str, object] = {"seals": _seals(request), "table": None, "found": [], "pages": None, "officer": None}
    if purpose is Purpose.AUDIT:
        officers = _officers(request, typed)
        called = words.units(request, (one.unit for one in officers))
        chosen = officers[0] if len(officers) == 1 else None
        looks = None if typed and not chosen else _looks(request, chosen)
        values |= {
            "officer": Field("officer", say("audit.officer"), typed, hint=say("audit.officer_hint"), lookup=True),
            "found": [Link(_address(officer=one.username), one.full_name, called[one.unit_id]) for one in officers],
            "nobody": bool(typed) and not officers,
        }
        if looks is not None:
            caption = chosen.full_name if chosen else say("audit.latest")
            values |= {"table": table(request, caption, looks[:PAGE]), "pages": _pages(request, typed, looks)}
        _tell(request, purpose, "audit.read", chosen)
    else:
        _tell(request, purpose, "audit.seals", None)
    return render(request, "audit/index.html", values)


@require_GET
def seal(request: Visit, number: int) -> HttpResponse:
    """Hand out one seal as a file, for another party to keep.

    :raises NotAllowed: seals are not open to this officer
    """
    purpose = _purpose(request)
    try:
        told = queries.export_seal(number)
    except NoSuchSeal:
        raise Http404 from None
    operations.record(
        by=acting(request, purpose), at=campaign_time(request), action="audit.export_seal", detail=str(number)
    )
    answer = JsonResponse(told, json_dumps_params={"indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="muster-seal-{number}.json"'
    return answer


def _purpose(request: Visit) -> Purpose:
    grants = request.officer_grants
    purpose = purpose_of(grants, VERIFY) if grants else None
    if purpose is None:
        raise NotAllowed(action=VERIFY)
    return purpose


def _tell(request: Visit, purpose: Purpose, action: str, officer: people.Officer | None) -> None:
    subjects = [operations.Subject("officer", officer.id)] if officer else []
    operations.record(by=acting(request, purpose), at=campaign_time(request), action=action, subjects=subjects)


def _area(request: Visit) -> frozenset[int]:
    return scope(request.officer_grants, READ, Purpose.AUDIT) if request.officer_grants else frozenset()


def _officers(request: Visit, typed: str) -> Sequence[people.Officer]:
    """Return the officers of the auditor's units that a name, user name or badge fits; the exact user name alone."""
    if not typed:
        return []
    found = people.officers(_area(request), request.at, text=typed)
    return [one for one in found if one.username == typed] or found


def _looks(request: Visit, officer: people.Officer | None) -> list[Look]:
    """Return one look more than a page holds."""
    before = page_start(request)
    if officer:
        return queries.by_officer(officer.id, before=before, limit=PAGE + 1)
    area = _area(request)
    units = None if ROOT in area else [unit for root in area for unit in subtree(root).values_list("id", flat=True)]
    return queries.latest(units=units, before=before, limit=PAGE + 1)


def _pages(request: Visit, typed: str, looks: Sequence[Look]) -> Pages:
    shown = formats.count(min(len(looks), PAGE), language_of(request))
    own = {"officer": typed} if typed else {}
    return Pages(
        words.saying(request)("register.looks.shown", count=shown),
        _address(**own) if request.GET.get("before") else "",
        _address(**own, before=str(looks[PAGE - 1].batch)) if len(looks) > PAGE else "",
    )


def _address(**values: str) -> str:
    return reverse("audit:index") + (f"?{urlencode(values)}" if values else "")


def _seals(request: Visit) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [Column(name, say(f"audit.seal.{name}"), numeric=name == "size") for name in ("no", "at", "size", "root")]
    rows: list[Row] = [
        {
            "no": Cell(say("audit.seal.number", no=one.no), href=reverse("audit:seal", args=[one.no])),
            "at": formats.moment(one.at),
            "size": formats.count(one.size, language),
            "root": f"{one.root[:ROOT_LETTERS]}…",
        }
        for one in queries.seals(limit=10)
    ]
    return Table(say("audit.seal.title"), columns, rows, say("audit.seal.none"))
