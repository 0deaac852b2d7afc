"""Two people side by side: one key says two people, another one person, each with a reason; a merge takes two."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.people import queries as people
from muster.people.queries import Approval
from muster.processing import operations, queries
from muster.processing.operations import NothingHere, OpenPair, PairDecision, Reopening
from muster.processing.words import UNDECIDED, Pair
from muster.register.queries import PersonPage
from muster.ui.parts import Confirm, Field, Link
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.checking import comparing, words
from muster.web.checking import who as checkers
from muster.web.register.places import Places
from muster.web.register.purpose import Reader

DECIDE = "checking.decide"


@require_http_methods(["GET", "POST"])
def show(request: Visit, pair: UUID) -> HttpResponse:
    """Show two people side by side, and take the decision."""
    who = checkers.checker(request)
    if request.method == "GET":
        return _show(request, who, pair)
    _require(who, pair)
    try:
        result = operations.decide_pairs(
            decisions=[_decision(request, pair)], by=who.by, at=campaign_time(request), real=request.at
        )
        result.whole()
    except Refusal as refusal:
        return _show(request, who, pair, refusal)
    if request.POST.get("answer") == "one":
        return HttpResponseRedirect(reverse("checking:pair", args=[pair]))
    return HttpResponseRedirect(f"{reverse('checking:next_pair')}?after={pair}")


@require_POST
def merge(request: Visit, pair: UUID) -> HttpResponse:
    """Carry out a merge that a second person has allowed."""
    who = checkers.checker(request)
    _require(who, pair)
    result = operations.merge_pairs(pairs=[pair], by=who.by, at=campaign_time(request), real=request.at)
    if result.refused:
        return _show(request, who, pair, result.refused[0].refusal)
    return HttpResponseRedirect(reverse("checking:pair", args=[pair]))


@require_POST
def reopen(request: Visit, pair: UUID) -> HttpResponse:
    """Ask again about what was decided as two people."""
    who = checkers.checker(request)
    _require(who, pair)
    row = Reopening(pair=pair, why=request.POST.get("why", ""))
    result = operations.reopen_pairs(reopenings=[row], by=who.by, at=campaign_time(request))
    if result.refused:
        return _show(request, who, pair, result.refused[0].refusal)
    return HttpResponseRedirect(reverse("checking:pair", args=[pair]))


def _require(who: Reader, pair: UUID) -> None:
    line = queries.pair(pair)
    if line is None:
        raise NothingHere
    checkers.require(who, DECIDE, line.path)


def _decision(request: Visit, pair: UUID) -> PairDecision:
    try:
        gone = UUID(request.POST.get("gone", ""))
    except ValueError:
        gone = None
    same = request.POST.get("answer") == "one"
    return PairDecision(pair=pair, same=same, why=request.POST.get("why", ""), gone=gone if same else None)


def _show(request: Visit, who: Reader, pair: UUID, refusal: Refusal | None = None) -> HttpResponse:
    found = operations.open_pair(pair=pair, grants=who.grants, by=who.by, at=campaign_time(request))
    say, on, line = saying(request), campaign_day(request), found.pair
    places = Places([*comparing.units_of(found.one), *comparing.units_of(found.other)], on)
    fault = error(request, refusal) if refusal else None
    values = {
        "pair": line,
        "one": _side(say, found, found.one),
        "other": _side(say, found, found.other),
        "state": words.pair(say, line.state),
        "signs": [say(f"checking.sign.{sign}") for sign in line.signs],
        "compared": comparing.people(say, found.one, found.other, on, places),
        "trail": [
            Link(reverse("checking:queue"), say("checking.title")),
            Link(f"{reverse('checking:queue')}?kind=pairs", say("checking.kind.pairs")),
            Link("", say("checking.side_by_side"), here=True),
        ],
        "decided": _decided(say, found),
        "deciding": line.state in UNDECIDED,
        "reopening": reverse("checking:reopen", args=[pair]) if line.state is Pair.TWO_PEOPLE else "",
        "why": Field("why", say("checking.why"), request.POST.get("why", ""), hint=say("checking.why_hint"),
                     required=True),
        "gone": _gone(request, say, found),
        "merging": _merging(request, who, say, found),
        "next": f"{reverse('checking:next_pair')}?after={line.id}",
        "queue": f"{reverse('checking:queue')}?kind=pairs",
        "error": fault,
    }  # fmt: skip
    return render(request, "checking/pair.html", values, status=422 if fault else 200)


def _side(say: Say, found: OpenPair, page: PersonPage) -> dict[str, Any]:
    dossier = found.dossiers.get(page.line.id)
    return {
        "name": _named(say, found, page),
        "number": page.line.number or say("register.no_number"),
        "badges": comparing.badges(say, page),
        "dossier": reverse("checking:dossier", args=[dossier]) if dossier else "",
        "gone": found.pair.gone == page.line.id and found.pair.state in {Pair.SAME_PERSON, Pair.MERGED},
    }


def _named(say: Say, found: OpenPair, page: PersonPage) -> str:
    """Return a person with the letter of the column: doubles have the same name."""
    return say("checking.side", letter="A" if page is found.one else "B", name=page.line.name)


def _number(page: PersonPage) -> str:
    return page.line.number or formats.NOTHING


def _decided(say: Say, found: OpenPair) -> str:
    line = found.pair
    if line.decided_by is None or line.decided_at is None:
        return say("checking.reopened", why=line.why) if line.why else ""
    by = people.names_of([line.decided_by]).get(line.decided_by, formats.NOTHING)
    return say("checking.decided", by=by, moment=formats.moment(line.decided_at), why=line.why)


def _gone(request: Visit, say: Say, found: OpenPair) -> Field:
    """Return the question which row is closed: by default the one without a number, else the younger row."""
    pages = sorted((found.one, found.other), key=lambda page: (page.line.number != "", -page.line.id.int))
    told = [
        (
            str(page.line.id),
            say("checking.close_row", name=_named(say, found, page), number=page.line.number or formats.NOTHING),
        )
        for page in pages
    ]
    asked = request.POST.get("gone", told[0][0])
    return Field("gone", say("checking.gone"), asked, kind="choices", options=told, hint=say("checking.gone_hint"))


def _merging(request: Visit, who: Reader, say: Say, found: OpenPair) -> dict[str, Any] | None:
    """Return how far the merge is: asked, allowed, refused; nothing before somebody has found one person."""
    line = found.pair
    if line.state is not Pair.SAME_PERSON:
        return None
    row = Approval.objects.filter(id=line.approval).first() if line.approval else None
    over = row is None or row.decision == "refused" or row.expires_at <= request.at
    state = "over" if over or row is None else ("granted" if row.decision == "granted" else "asked")
    mine = row is not None and row.asked_by_id == who.grants.officer
    ask = Confirm(
        "merge", say("checking.merge_question"), say("checking.merge_means"), say("checking.merge_go"),
        reverse("checking:merge", args=[line.id]),
    )  # fmt: skip
    decide = reverse("accounts:approval", args=[line.approval]) if state == "asked" and not mine else ""
    until = formats.moment(row.expires_at) if row else ""
    return {"state": state, "told": say(f"checking.merge_{state}", until=until), "decide": decide,
            "ask": ask if state == "granted" and mine else None}  # fmt: skip
