"""One dossier beside the register: what differs, what was captured, whom it may double; and what is done with it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.capture.moves import Step, steps_from
from muster.capture.queries import PacketLine
from muster.capture.rows import POSITIONS
from muster.capture.words import POOR_PRINT, State
from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.law.deadlines import mend_by
from muster.law.forms import FormUse, form_for
from muster.law.tables import NoLawInForce
from muster.processing import operations
from muster.processing.operations import OpenDossier
from muster.processing.queries import FindingLine, PairLine
from muster.processing.words import UNDECIDED, Code, Severity
from muster.register.queries import lines
from muster.ui.parts import Badge, Cell, Column, Field, Link, Row, Table
from muster.ui.texts import catalogue
from muster.units.queries import Unit
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, error, saying
from muster.web.checking import comparing, words
from muster.web.checking import who as checkers
from muster.web.language import language_of
from muster.web.register import words as register
from muster.web.register.places import Places
from muster.web.register.purpose import Reader


@require_GET
def show(request: Visit, dossier: UUID) -> HttpResponse:
    """Show a dossier of the checker's area; it is a look, and written down as one."""
    return show_again(request, dossier)


def show_again(request: Visit, dossier: UUID, refusal: Refusal | None = None) -> HttpResponse:
    """Show a dossier, with what was just refused."""
    who = checkers.checker(request)
    found = operations.open_dossier(dossier=dossier, grants=who.grants, by=who.by, at=campaign_time(request))
    values = _values(request, who, found) | {"error": error(request, refusal) if refusal else None}
    return render(request, "checking/dossier.html", values, status=422 if refusal else 200)


def kind(request: Visit) -> str:
    """Return which part of the queue the checker works through."""
    return (request.POST or request.GET).get("kind", "")[:12]


def asked_of(found: OpenDossier) -> Mapping[str, str]:
    """Return what the citizen says is wrong, as the last packet that says so has it."""
    told = [line.told["corrections"] for line in found.packets if line.told and line.told.get("corrections")]
    return told[-1] if told else {}


def open_fields(findings: Sequence[FindingLine]) -> frozenset[str]:
    """Return the corrections that nobody has decided."""
    return frozenset(line.field for line in findings if line.code is Code.CORRECTION_ASKED and not line.settled)


def _values(request: Visit, who: Reader, found: OpenDossier) -> dict[str, Any]:
    say, on, held, page = saying(request), campaign_day(request), found.dossier, found.page
    asked, undecided = asked_of(found), open_fields(found.findings)
    places = Places([*comparing.units_of(page, asked), held.unit_done, held.owner], on)
    compared = comparing.beside(say, page, asked, undecided, places)
    standing = [line for line in found.findings if not line.settled]
    pairs = [line for line in found.pairs if line.state in UNDECIDED]
    here = kind(request)
    return {
        "dossier": held,
        "line": page.line,
        "person_version": page.version,
        "born": comparing.born(say, page.line.birth, on),
        "sex": register.sex(say, page.line.sex),
        "badges": [words.state(say, held.state), *_flags(say, found, overdue=held.overdue(on))],
        "trail": [Link(_queue(here), say("checking.title")), Link("", page.line.name, here=True)],
        "kind": here,
        "pairs": _facts(say, found, places),
        "standing": [(words.SEVERITIES[line.severity], words.finding(say, line)) for line in standing],
        "settled": _settled(say, found.findings),
        "compared": compared,
        "deciding": bool(undecided) and checkers.may(who, "checking.correct", held),
        "paper": Field("paper", say("checking.paper"), hint=say("register.correct.paper_hint")),
        "replace": _replacing(standing, page.line.id),
        "captures": [(_in_short(say, line), _captures(say, line)) for line in reversed(found.packets)],
        "told": _told(say, found.packets),
        "doubles": _doubles(say, found.pairs, held.person),
        "holds": _holds(say, standing, pairs, held.state),
        "may": _may(who, found),
        "back": _return_form(request, say, found),
        "refusing": _refuse_form(request, say),
        "next": f"{reverse('checking:next')}?kind={here}&after={held.id}",
        "queue": _queue(here),
    }  # fmt: skip


def _queue(here: str) -> str:
    return f"{reverse('checking:queue')}?kind={here}" if here else reverse("checking:queue")


def _flags(say: Say, found: OpenDossier, *, overdue: bool) -> list[Badge]:
    held = found.dossier
    told = [
        (held.differs_from_register, Badge(say("checking.flag.differs"), "bad")),
        (held.suspect_duplicate, Badge(say("checking.flag.suspect"), "warn")),
        (held.poor_biometrics, Badge(say("checking.flag.poor"), "warn")),
        (held.missing_biometrics, Badge(say("checking.flag.missing"), "info")),
        (overdue, Badge(say("checking.flag.overdue"), "bad")),
    ]
    return [badge for holds, badge in told if holds]


def _facts(say: Say, found: OpenDossier, places: Places) -> list[tuple[str, str]]:
    held = found.dossier
    ground = f"register.ground.{held.ground}"
    told = [
        (say("register.due.kind"), say(f"register.due.kind_{held.kind}")),
        (say("register.due.ground"), say(ground) if ground in catalogue() else held.ground),
        (say("checking.taken"), f"{formats.moment(held.taken_at)} · {say(f'checking.place.{held.place}')}"),
        (say("checking.taken_by"), places.short(held.unit_done)),
        (say("register.permanent"), places.whole(found.page.line.unit)),
        (say("checking.attempt"), str(held.attempt)),
        (say("checking.column.due"), formats.day(held.due_on)),
        (say("checking.form"), held.form or formats.NOTHING),
        (say("checking.owner"), places.short(held.owner) if held.owner else ""),
        (say("checking.answer_by"), formats.day(held.answer_by) if held.answer_by else ""),
        (say("checking.why"), words.reason(say, held.reason) if held.reason else ""),
    ]
    return [(name, value) for name, value in told if value]


def _settled(say: Say, findings: Sequence[FindingLine]) -> list[str]:
    return [
        f"{words.finding(say, line)} – {say(f'checking.settled.{line.settled}')}, {formats.moment(line.settled_at)}"
        for line in findings
        if line.settled_at
    ]


def _replacing(standing: Sequence[FindingLine], person: UUID) -> str:
    """Return where a number is replaced by two people, where it is wrong."""
    wrong = {Code.SEX_DIFFERS, Code.CENTURY_DIFFERS, Code.YEAR_DIFFERS, Code.PLACE_DIFFERS}
    mended_there = wrong | {Code.UNCLEANED, Code.NOT_ELIGIBLE, Code.NO_PREFIX}
    return reverse("register:person", args=[person]) if {line.code for line in standing} & mended_there else ""


def _captures(say: Say, packet: PacketLine) -> Table:
    columns = [Column(name, say(f"checking.column.{name}"), name in {"quality", "tries"}) for name in
               ("capture", "quality", "tries", "missing")]  # fmt: skip
    rows: list[Row] = [_capture(say, one) for one in packet.captures]
    when = formats.moment(packet.taken_at)
    return Table(say("checking.captures", attempt=packet.attempt), columns, rows, say("checking.no_captures"), when)


def _in_short(say: Say, packet: PacketLine) -> str:
    """Return how many captures a packet has, how many are poor and how many missing."""
    poor, missing = (sum(map(is_so, packet.captures)) for is_so in (_is_poor, lambda one: bool(one["missing"])))
    return say(
        "checking.captures_short", attempt=packet.attempt, count=len(packet.captures), poor=poor, missing=missing
    )  # fmt: skip


def _is_poor(one: Mapping[str, Any]) -> bool:
    return one["quality"] is not None and one["code"] in POSITIONS and one["quality"] < POOR_PRINT


def _capture(say: Say, one: Mapping[str, Any]) -> dict[str, Cell | str]:
    quality, key = one["quality"], f"checking.capture.{one['code']}"
    return {
        "capture": say(key) if key in catalogue() else one["code"].replace("_", " "),
        "quality": Cell(
            formats.NOTHING if quality is None else str(quality),
            badge=Badge(say("checking.flag.poor"), "warn") if _is_poor(one) else None,
        ),
        "tries": str(one["tries"]),
        "missing": say(f"checking.missing.{one['missing']}") if one["missing"] else "",
    }


def _told(say: Say, packets: Sequence[PacketLine]) -> list[tuple[str, str]]:
    """Return what else the last packet told: traits, the representative."""
    last = packets[-1].told if packets else None
    if not last:
        return []
    person = last.get("representative") or {}
    named = " · ".join(str(person[name]) for name in ("name", "number", "relation") if person.get(name))
    told = [(say("checking.traits"), last.get("traits", "")), (say("register.kin.representative"), named)]
    return [(name, value) for name, value in told if value]


def _doubles(say: Say, pairs: Sequence[PairLine], person: UUID) -> Table | None:
    if not pairs:
        return None
    known = {line.id: line for line in lines({one for pair in pairs for one in (pair.one, pair.other)})}
    rows: list[Row] = []
    for pair in pairs:
        other = known[pair.other if pair.one == person else pair.one]
        told = f"{other.name} ({formats.day(other.birth)})"
        rows.append({
            "pair": Cell(told, href=reverse("checking:pair", args=[pair.id])),
            "score": str(pair.score),
            "signs": "; ".join(say(f"checking.sign.{sign}") for sign in pair.signs),
            "stands": Cell(pair.why, badge=words.pair(say, pair.state)),
        })  # fmt: skip
    columns = [Column(name, say(f"checking.column.{name}"), name == "score") for name in rows[0]]
    return Table(say("checking.pairs"), columns, rows, note=say("checking.score_means"))


def _holds(say: Say, standing: Sequence[FindingLine], pairs: Sequence[PairLine], state: State) -> str:
    """Return why the dossier cannot be accepted now; nothing where it can."""
    if Step.ACCEPTED not in steps_from(state):
        return say("checking.not_received")
    if pairs:
        return say("checking.pair_first")
    return say("checking.settle_first") if any(line.severity is Severity.ERROR for line in standing) else ""


def _may(who: Reader, found: OpenDossier) -> dict[str, bool]:
    starts = steps_from(found.dossier.state)
    told = {"accept": Step.ACCEPTED, "return": Step.RETURNED, "refuse": Step.REFUSED}
    return {
        name: step in starts and checkers.may(who, f"checking.{name}", found.dossier) for name, step in told.items()
    }


def _return_form(request: Visit, say: Say, found: OpenDossier) -> list[Field]:
    unit = Unit.objects.filter(id=found.dossier.unit_done).values_list("code", flat=True).first() or ""
    day = formats.day(mend_by(campaign_day(request)))
    return [
        Field("mend", say("checking.why"), request.POST.get("mend", ""), kind="select", options=words.mends(say)),
        Field("owner", say("checking.owner"), request.POST.get("owner", unit), hint=say("register.unit_hint")),
        Field("day", say("checking.answer_by"), request.POST.get("day", day), inputmode="numeric"),
    ]


def _refuse_form(request: Visit, say: Say) -> dict[str, Any]:
    try:
        form = form_for(FormUse.REFUSAL, campaign_day(request))
        told = f"{form.code} – {form.en if language_of(request) == 'en' else form.vi}" if form else ""
    except NoLawInForce:
        told = say("checking.form_unknown")
    field = Field("ending", say("checking.why"), request.POST.get("ending", ""), kind="select",
                  options=words.endings(say))  # fmt: skip
    return {"field": field, "form": told}
