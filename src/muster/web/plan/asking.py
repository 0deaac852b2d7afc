"""Forms of the plan: what was typed, read field by field, and a refusal shown beside the field it is about.

A page may hold several forms; each has a name, its act, before the names of its fields. What a form makes has an id
made with the form, so one sent twice makes it once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from muster.kernel.dates import PartialDate
from muster.kernel.errors import BatchResult, Refusal
from muster.kernel.ids import new_id
from muster.people.rights import NotAllowed
from muster.ui.parts import Error, Field
from muster.web.accounts import words
from muster.web.accounts.visit import Visit


class NotACount(Refusal):
    """A count is a whole number."""

    code = "not_a_count"
    vi = "“{typed}” không phải một số nguyên."
    en = "“{typed}” is not a whole number."


class NotATime(Refusal):
    """A time of the day is two figures, a colon and two more."""

    code = "not_a_time"
    vi = "“{typed}” không phải giờ phút, ví dụ 18:00."
    en = "“{typed}” is not a time such as 18:00."


class NotChosen(Refusal):
    """One of the answers offered must be chosen."""

    code = "not_chosen"
    vi = "Hãy chọn một mục trong danh sách."
    en = "Choose one of the list."


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page: its act, its questions with what is wrong about them, and what else is wrong."""

    act: str
    title: str
    fields: Sequence[Field]
    button: str
    note: str = ""
    kind: str = "main"
    error: Error | None = None
    folded: bool = False  # behind its title until somebody wants it
    hidden: Mapping[str, str] = field(default_factory=dict)


class AtField(Exception):
    """A refusal, and the field whose answer it is about."""

    def __init__(self, name: str, refusal: Refusal) -> None:
        self.name, self.refusal = name, refusal
        super().__init__(name)


class Asked:
    """What was typed into one form of a page, if it was this one that was sent."""

    def __init__(self, request: Visit, act: str, fault: "Fault | None" = None) -> None:
        self._request, self.act = request, act
        self._sent = request.POST if request.POST.get("act") == act else {}
        self._fault = fault if fault and fault.act == act else None
        self.say = words.saying(request)

    def text(self, name: str) -> str:
        """Return what was typed, without blanks around it."""
        return str(self._sent.get(f"{self.act}.{name}", "")).strip()

    def count(self, name: str) -> int:
        """Return a whole number.

        :raises AtField: it is none
        """
        typed = self.text(name).replace(".", "").replace(",", "").replace(" ", "")
        if not (typed.isascii() and typed.isdecimal()) or len(typed) > 6:  # noqa: PLR2004 - no count is a million
            raise AtField(name, NotACount(typed=self.text(name)[:20]))
        return int(typed)

    def day(self, name: str) -> date:
        """Return a day.

        :raises AtField: it is none
        """
        try:
            return PartialDate.parse(self.text(name)).latest
        except Refusal as refusal:
            raise AtField(name, refusal) from None

    def time(self, name: str) -> time:
        """Return a time of the day.

        :raises AtField: it is none
        """
        try:
            return time.fromisoformat(self.text(name).zfill(5))
        except ValueError:
            raise AtField(name, NotATime(typed=self.text(name)[:20])) from None

    def chosen(self, name: str, words_: Callable[[str], Any]) -> Any:
        """Return the answer chosen, as one of some words or ids.

        :raises AtField: it is none
        """
        try:
            return words_(self.text(name))
        except ValueError:
            raise AtField(name, NotChosen()) from None

    def id(self, name: str) -> UUID:
        """Return the id chosen.

        :raises AtField: there is none
        """
        found: UUID = self.chosen(name, UUID)
        return found

    def field(self, name: str, label: str, value: str = "", **more: Any) -> Field:
        """Return a question with what was typed, else a value, and what is wrong about it."""
        typed = f"{self.act}.{name}"
        error = words.error(self._request, self._fault.refusal) if self._fault and self._fault.name == name else None
        return Field(typed, label, self._sent.get(typed, value), error=error, **more)

    def form(self, title: str, fields: Sequence[Field], button: str, **more: Any) -> Form:
        """Return the form with its questions; whatever is wrong about none of them stands above them."""
        named = {one.name for one in fields}
        error = None
        if self._fault and f"{self.act}.{self._fault.name}" not in named:
            error = words.error(self._request, self._fault.refusal)
        hidden = {f"{self.act}.id": self.text("id") or str(new_id())} | more.pop("hidden", {})
        folded = more.pop("folded", False) and self._fault is None
        return Form(self.act, title, fields, button, error=error, folded=folded, hidden=hidden, **more)


@dataclass(frozen=True, slots=True)
class Fault:
    """Which form was refused, at which of its fields, and why."""

    act: str
    name: str
    refusal: Refusal


Doing = Callable[[Asked], str]  # does what a form asks for; returns where to go then


def answer(
    request: Visit, doings: Mapping[str, Doing], fields: Mapping[str, str]
) -> tuple[HttpResponseRedirect | None, Fault | None]:
    """Do what the form that was sent asks for: return where to go then, or what was wrong.

    :param fields: by the code of a refusal, the field it is about
    :raises NotAllowed: they may not do it
    """
    act = request.POST.get("act", "")
    if request.method != "POST" or act not in doings:
        return None, None
    try:
        return HttpResponseRedirect(doings[act](Asked(request, act))), None
    except NotAllowed:
        raise
    except AtField as fault:
        return None, Fault(act, fault.name, fault.refusal)
    except Refusal as refusal:
        return None, Fault(act, fields.get(refusal.code, ""), refusal)


def done(result: BatchResult[UUID]) -> None:
    """Go on only if nothing of a batch was refused.

    :raises Refusal: why the first row was
    """
    for refused in result.refused:
        raise refused.refusal


NOTHING: Mapping[str, object] = {
    "title": "", "badges": (), "notice": "", "pairs": (), "links": (), "tables_of": (), "forms_of": (),
}  # fmt: skip


def shown(request: Visit, values: Mapping[str, object], fault: Fault | None) -> HttpResponse:
    """Return the page of a thing of the plan: what it is, its lists, its forms."""
    return render(request, "plan/thing.html", {**NOTHING, **values}, status=422 if fault else 200)
