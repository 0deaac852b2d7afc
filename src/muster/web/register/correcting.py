"""Correct a person: a form of what the register holds, of which only the fields that were changed are written."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.phones import Phone
from muster.law.duty import LifeStatus
from muster.people import rights
from muster.register import operations
from muster.register.operations import Correction
from muster.register.operations.looking import NobodyFound
from muster.register.queries import PersonLine, PersonPage, lines
from muster.register.sensitive import SEEN_BY
from muster.register.words import Relation
from muster.ui.parts import Error, Field, Link
from muster.units.queries import ROOT
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import error, saying
from muster.web.register import person as pages
from muster.web.register import purpose, search, words
from muster.web.register.places import Places, resolve
from muster.web.register.purpose import Reader

CORRECT = pages.CORRECT
PLAIN = (
    "name", "other_name", "birth", "sex", "birth_paper", "birth_unit", "registered_unit", "native_unit",
    "nationality", "marital", "occupation", "organisation", "relation", "died_on",
)  # fmt: skip
SEALED = tuple(name for name in SEEN_BY if name != "relatives")  # relatives come with their own papers
Values = dict[str, str]
Errors = Mapping[str, Error]


class PaperMissing(Refusal):
    """A correction stands on a paper."""

    code = "paper_missing"
    vi = "Cần ghi căn cứ của việc sửa."
    en = "A correction says on which paper it stands."


class NothingChanged(Refusal):
    """The form holds what the register holds."""

    code = "nothing_changed"
    vi = "Chưa có ô nào thay đổi."
    en = "No field has been changed."


@require_http_methods(["GET", "POST"])
def correct(request: Visit, person: UUID) -> HttpResponse:
    """Show the form of corrections, and take it."""
    who = purpose.reader(request)
    line = changeable(who, person)
    if line is None:
        return search.nobody(request, who)
    if request.method == "GET":
        return _form(request, who, person)
    posted = {name: request.POST.get(name, "").strip() for name in (*fields(who, line), "paper")}
    errors, changes = _read(request, posted)
    if errors:
        return _form(request, who, person, posted=posted, errors=errors)
    try:
        _write(request, who, person, changes, posted["paper"])
    except Refusal as refusal:
        return _form(request, who, person, posted=posted, refusal=refusal)
    return HttpResponseRedirect(reverse("register:person", args=[person]))


def changeable(who: Reader, person: UUID) -> PersonLine | None:
    """Return a person whom the reader may correct; nobody elsewhere is told from nobody at all.

    :raises NotAllowed: the reader may see the person, and not correct for this purpose
    """
    found = next(iter(lines([person])), None)
    if found is None or not rights.may(who.grants, purpose.LOOK_UP, found.path, who.purpose):
        return None
    rights.require(who.grants, CORRECT, found.path, who.purpose)
    return found


def fields(who: Reader, line: PersonLine) -> list[str]:
    """Return the fields that the reader may correct: of the sealed ones those they may see."""
    allowed = rights.fields(who.grants, line.path, who.purpose)
    return [*PLAIN, *(name for name in SEALED if SEEN_BY[name] in allowed)]


def _read(request: Visit, posted: Values) -> tuple[dict[str, Error], dict[str, Any]]:
    """Return the faults of a form by field, and the new values of what was changed."""
    errors: dict[str, Error] = {}
    changes: dict[str, Any] = {}
    for name, typed in posted.items():
        if name == "paper" or typed == request.POST.get(f"was.{name}", "").strip():
            continue
        try:
            changes[name] = _value(request, name, typed)
        except Refusal as refusal:
            errors[name] = error(request, refusal)
    if not posted["paper"]:
        errors["paper"] = error(request, PaperMissing())
    return errors, changes


def _value(request: Visit, name: str, typed: str) -> Any:
    readers: dict[str, Callable[[], Any]] = {
        "birth": lambda: PartialDate.parse(typed),
        "died_on": lambda: PartialDate.parse(typed),
        "phone": lambda: str(Phone.parse(typed)) if typed else "",
    }
    if name in words.UNITS:
        return resolve(typed, campaign_day(request), [ROOT]) if typed else None
    return readers.get(name, lambda: typed)()


def _write(request: Visit, who: Reader, person: UUID, changes: dict[str, Any], paper: str) -> None:
    if not changes:
        raise NothingChanged
    version = request.POST.get("version", "")
    row = Correction(person=person, version=int(version) if version.isdecimal() else 0, changes=changes, paper=paper)
    operations.correct(corrections=[row], grants=who.grants, by=who.by, at=campaign_time(request)).whole()


def _form(
    request: Visit,
    who: Reader,
    person: UUID,
    *,
    posted: Values | None = None,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Show the form as the register is now; what was typed stays, also where somebody else changed the person."""
    try:
        page = operations.open_person(person=person, grants=who.grants, by=who.by, at=campaign_time(request))
    except NobodyFound:
        return search.nobody(request, who)
    asked = [name for name in fields(who, page.line) if _has(page, name)]
    say, now = saying(request), _values(page, asked, campaign_day(request))
    typed = _typed(request, now, posted or {})
    held = errors or {}
    top = error(request, refusal) if refusal else None
    built = {name: _field(request, page, name, now[name], typed[name], held.get(name)) for name in now}
    values = {
        "subject": page.line.name,
        "trail": pages.trail(
            request,
            Link(reverse("register:person", args=[person]), page.line.name),
            Link("", say("register.correct.title"), here=True),
        ),
        "plain": [built[name] for name in now if name in PLAIN],
        "sealed": [built[name] for name in now if name not in PLAIN],
        "paper": Field(
            "paper", say("register.correct.paper"), (posted or {}).get("paper", ""),
            hint=say("register.correct.paper_hint"), error=held.get("paper"), required=True,
        ),
        "was": now,
        "version": page.version,
        "back": reverse("register:person", args=[person]),
        "faults": list(held.items()),
        "error": top,
    }  # fmt: skip
    return render(request, "register/correct.html", values, status=422 if held or top else 200)


def _has(page: PersonPage, name: str) -> bool:
    """Say whether there is a field to correct: a head has no relation to the head, only the dead a day of death."""
    has = {"relation": page.relation is not Relation.HEAD, "died_on": page.line.life is LifeStatus.DEAD}
    return has.get(name, True)


def _typed(request: Visit, now: Values, posted: Values) -> Values:
    """Return what the form shows: what was changed as it was typed, all else as the register has it now."""
    was = {name: request.POST.get(f"was.{name}", "").strip() for name in posted}
    return {
        name: posted[name] if name in posted and posted[name] != was[name] else value for name, value in now.items()
    }


def _values(page: PersonPage, names: list[str], on: date) -> Values:
    """Return what the register holds, as it is typed."""
    places = Places([page.birth_unit, page.registered_unit, page.native_unit], on)
    own = {name: str(getattr(page, name)) for name in PLAIN if hasattr(page, name)}
    own |= {name: str(page.sensitive.get(name, "")) for name in SEALED}
    own |= {"name": page.line.name, "birth": formats.day(page.line.birth), "sex": page.line.sex.value}
    own["died_on"] = formats.day(PartialDate.parse(page.died_on)) if page.died_on else ""
    for name in words.UNITS:
        told = places.whole(getattr(page, name))
        own[name] = "" if told == formats.NOTHING else told
    return {name: own[name].strip() for name in names}


def _field(request: Visit, page: PersonPage, name: str, now: str, typed: str, fault: Error | None) -> Field:
    say, label = saying(request), f"register.field.{name}"
    meanwhile = "version" in request.POST and request.POST["version"] != str(page.version)
    hint = say("register.correct.now", value=now or formats.NOTHING) if meanwhile and typed != now else ""
    if name == "sex":
        told = [(code, words.sex(say, code)) for code in ("male", "female")]
        return Field(name, say(label), typed, kind="choices", options=told, hint=hint, error=fault)
    if name == "occupation":
        told = words.occupations(say, now)
        return Field(name, say(label), typed, kind="select", options=told, hint=hint, error=fault)
    if name in {"marital", "nationality", "relation"}:
        told = [one for one in words.options(say, name) if (name, one[0]) != ("relation", Relation.HEAD)]
        return Field(name, say(label), typed, kind="select", options=told, hint=hint, error=fault)
    return Field(name, say(label), typed, hint=hint or _help(say, name), error=fault)


def _help(say: Callable[[str], str], name: str) -> str:
    if name in words.UNITS:
        return say("register.correct.unit_hint")
    return say("register.birth_hint") if name in {"birth", "died_on"} else ""
