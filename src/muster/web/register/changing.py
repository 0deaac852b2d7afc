"""A form that changes a person: who it is, what the change means, its questions with what was typed and what is wrong.

Death, move, another head and other events of life are each such a form; `correcting` has its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from muster.kernel.dates import PartialDate
from muster.kernel.errors import BatchResult, Refusal
from muster.register import operations
from muster.register.operations.changes import TextTooLong
from muster.register.operations.looking import NobodyFound
from muster.register.queries import PersonPage
from muster.ui.parts import Error, Field, Link
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import error, saying
from muster.web.register import person as pages
from muster.web.register import search, words
from muster.web.register.correcting import PaperMissing
from muster.web.register.purpose import Reader

TOP = ""  # where a refusal stands that is about no field


class AtField(Exception):
    """A refusal, and the field whose answer it is about; none for the form as a whole."""

    def __init__(self, field: str, refusal: Refusal) -> None:
        self.field, self.refusal = field, refusal
        super().__init__(field)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks: under which words (`register.<name>.title`, `.means`, `.go`), and if it can be undone."""

    name: str
    fields: Sequence[Field]
    hidden: Mapping[str, str] = field(default_factory=dict)
    danger: bool = False
    told: Sequence[str] = ()  # whom it is about, besides the person
    instead: Link | None = None  # what may be meant instead


Wrong = Mapping[str, Error]
Asking = Callable[[Visit, PersonPage, Wrong], Asked]


def form(request: Visit, who: Reader, person: UUID, asking: Asking, fault: AtField | None = None) -> HttpResponse:
    """Show a form about a person, with what was just refused; it is a look like any other."""
    try:
        page = operations.open_person(person=person, grants=who.grants, by=who.by, at=campaign_time(request))
    except NobodyFound:
        return search.nobody(request, who)
    wrong = {fault.field: error(request, fault.refusal)} if fault else {}
    say, own, asked = saying(request), reverse("register:person", args=[person]), asking(request, page, wrong)
    values = {
        "subject": page.line.name,
        "born": words.birth(say, page.line.birth, campaign_day(request)),
        "number": page.line.number or say("register.no_number"),
        "trail": pages.trail(
            request, Link(own, page.line.name), Link("", say(f"register.{asked.name}.title"), here=True)
        ),
        "title": say(f"register.{asked.name}.title"),
        "means": say(f"register.{asked.name}.means"),
        "go": say(f"register.{asked.name}.go"),
        "asked": asked if wrong else replace(asked, fields=_begun(asked.fields)),
        "version": page.version,
        "back": own,
        "error": wrong.get(TOP),
        "faults": [(name, one) for name, one in wrong.items() if name],
    }
    return render(request, "register/change.html", values, status=422 if wrong else 200)


def _begun(fields: Sequence[Field]) -> list[Field]:
    """Return the fields with the cursor in the first one."""
    return [replace(one, focus=place == 0) for place, one in enumerate(fields)]


def typed(request: Visit, name: str) -> str:
    """Return what was typed into a field."""
    return request.POST.get(name, "").strip()


def text(request: Visit, wrong: Wrong, name: str, label: str, hint: str = "", *, required: bool = True) -> Field:
    """Return a field of one line, with what was typed."""
    say = saying(request)
    told = say(hint) if hint else ""
    return Field(name, say(label), typed(request, name), hint=told, error=wrong.get(name), required=required)


def paper(request: Visit) -> str:
    """Return on which paper a change stands.

    :raises AtField: none was named
    """
    if not (named := typed(request, "paper")):
        raise AtField("paper", PaperMissing())
    return named


def day(request: Visit, name: str) -> PartialDate:
    """Return the day that was typed, as far as it is known.

    :raises AtField: it is none
    """
    try:
        return PartialDate.parse(typed(request, name))
    except Refusal as refusal:
        raise AtField(name, refusal) from None


def version(request: Visit) -> int | None:
    """Return the version of the person that the form was made of."""
    told = typed(request, "version")
    return int(told) if told.isdecimal() else None


def require(result: BatchResult[UUID], places: Mapping[type[Refusal], str]) -> None:
    """Go on only if nothing was refused.

    :param places: of which field a refusal speaks; a text too long is always the paper's
    :raises AtField: it was refused
    """
    if result.refused:
        refusal = result.refused[0].refusal
        raise AtField(({TextTooLong: "paper"} | dict(places)).get(type(refusal), TOP), refusal)
