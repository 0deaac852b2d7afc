"""What waits for a checker, by kind; and the next one."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.processing import queries
from muster.processing.queries import PairLine, QueueLine, Waiting
from muster.register.queries import PersonLine, lines
from muster.ui.parts import Badge, Cell, Column, Link, Row, Table
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.accounts.words import Say, saying
from muster.web.checking import who as checkers
from muster.web.checking import words
from muster.web.language import language_of
from muster.web.paging import PAGE, pages, start_of

PAIRS = "pairs"


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show what waits of one kind, the earliest day of readiness first."""
    who, say = checkers.checker(request), saying(request)
    scope, on, kind = checkers.scope(who), campaign_day(request), _kind(request)
    start = start_of(request)
    many = {kind.value: count for kind, count in queries.how_many(scope, on=on).items()}
    many[PAIRS] = queries.pairs_count(scope)
    if kind == PAIRS:
        table = _pairs(say, queries.pairs_waiting(scope, limit=PAGE, skip=start))
    else:
        table = _dossiers(request, say, queries.queue(scope, Waiting(kind), on=on, limit=PAGE, skip=start))
    values = {
        "tabs": [_tab(request, say, name, many[name], here=name == kind) for name in many],
        "table": table,
        "next": _next(kind) if many[kind] else "",
        "pages": pages(say, start, many[kind], partial(_address, kind)),
    }
    return render(request, "checking/queue.html", values)


def _kind(request: Visit) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in {*Waiting, PAIRS} else Waiting.ALL.value


def _tab(request: Visit, say: Say, kind: str, count: int, *, here: bool) -> Link:
    figure = formats.count(count, language_of(request))
    return Link(_address(kind), say(f"checking.kind.{kind}"), figure, here=here)


def _address(kind: str, start: int = 0) -> str:
    return f"{reverse('checking:queue')}?kind={kind}" + (f"&from={start}" if start else "")


def _next(kind: str) -> str:
    return reverse("checking:next_pair") if kind == PAIRS else f"{reverse('checking:next')}?kind={kind}"


def _dossiers(request: Visit, say: Say, found: list[QueueLine]) -> Table:
    on = campaign_day(request)
    columns = ["name", "birth", "number", "waits_for", "unit", "since", "due"]
    rows: list[Row] = [_line(say, line, overdue=line.due_on is not None and line.due_on < on) for line in found]
    return Table(
        say("checking.received"), [Column(one, say(f"checking.column.{one}")) for one in columns], rows,
        say("checking.nothing"),
    )  # fmt: skip


def _line(say: Say, line: QueueLine, *, overdue: bool) -> dict[str, Cell | str]:
    flags = words.flags(say, line, overdue=overdue)
    told = Badge(" · ".join(flag.label for flag in flags), flags[0].tone) if flags else Badge(say("checking.flag.new"))
    return {
        "name": Cell(line.name, href=reverse("checking:dossier", args=[line.dossier])),
        "birth": formats.day(line.birth),
        "number": line.number or formats.NOTHING,
        "waits_for": Cell("", badge=told),
        "unit": line.unit,
        "since": formats.moment(line.state_since),
        "due": formats.day(line.due_on),
    }


def _pairs(say: Say, found: list[PairLine]) -> Table:
    people = {line.id: line for line in lines({person for pair in found for person in (pair.one, pair.other)})}
    columns = ["pair", "score", "signs", "asked", "stands"]
    rows: list[Row] = [
        {
            "pair": Cell(
                f"{_named(people[pair.one])} · {_named(people[pair.other])}",
                href=reverse("checking:pair", args=[pair.id]),
            ),
            "score": f"{pair.score}",
            "signs": "; ".join(say(f"checking.sign.{sign}") for sign in pair.signs),
            "asked": formats.moment(pair.found_at),
            "stands": Cell("", badge=words.pair(say, pair.state)),
        }
        for pair in found
    ]
    return Table(
        say("checking.pairs"), [Column(one, say(f"checking.column.{one}"), one == "score") for one in columns], rows,
        say("checking.no_pairs"), say("checking.score_means"),
    )  # fmt: skip


def _named(line: PersonLine) -> str:
    return f"{line.name} ({formats.day(line.birth)})"


@require_GET
def onward(request: Visit) -> HttpResponse:
    """Open the next dossier of a kind, another than the one one comes from; the queue where there is none."""
    who, kind = checkers.checker(request), _kind(request)
    apart = _uuid(request.GET.get("after", ""))
    wanted = Waiting(kind) if kind != PAIRS else Waiting.SUSPECT
    found = queries.queue(checkers.scope(who), wanted, on=campaign_day(request), limit=1, after=apart)
    address = reverse("checking:dossier", args=[found[0].dossier]) if found else reverse("checking:queue")
    return HttpResponseRedirect(f"{address}?kind={kind}")


@require_GET
def onward_pair(request: Visit) -> HttpResponse:
    """Open the next pair, another than the one one comes from; the queue where there is none."""
    found: list[Any] = queries.pairs_waiting(checkers.scope(checkers.checker(request)), limit=PAGE)
    after = _uuid(request.GET.get("after", ""))
    ids = [line.id for line in found]
    place = ids.index(after) + 1 if after in ids else 0
    rest = [one for one in (*ids[place:], *ids[:place]) if one != after]
    address = reverse("checking:pair", args=[rest[0]]) if rest else _address(PAIRS)
    return HttpResponseRedirect(address)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
