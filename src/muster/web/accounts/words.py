"""The words of people on the screens: roles, kinds, units, moments, what the audit calls a deed."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.http import HttpRequest

from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.people.words import ApprovalKind, Kind, Role
from muster.ui.parts import Error
from muster.ui.texts import catalogue, text
from muster.units.queries import Unit, titles
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.language import language_of

Say = partial[str]


def saying(request: HttpRequest) -> Say:
    """Return `text` in the language of a request."""
    return partial(text, language=language_of(request))


def role(say: Say, name: str) -> str:
    """Return a role in words."""
    return say(f"people.role.{Role(name)}")


def kind(say: Say, name: str) -> str:
    """Return a kind of person in words."""
    return say(f"people.kind.{Kind(name)}")


def act(say: Say, name: str) -> str:
    """Return an act of two people in words."""
    return say(f"people.act.{ApprovalKind(name)}")


def roles(say: Say) -> list[tuple[str, str]]:
    """Return all roles as the answers of a question."""
    return [(name.value, role(say, name)) for name in Role]


def unit(request: Visit, of: Unit) -> str:
    """Return a unit as people call it on the campaign's day, with its code."""
    return units(request, [of])[of.id]


def units(request: Visit, of: Iterable[Unit]) -> dict[int, str]:
    """Return units as `unit` tells each, by their numbers, in one question."""
    codes = {one.id: one.code for one in of}
    called = titles(codes, campaign_day(request)) if codes else {}
    return {number: f"{called[number]} ({code})" for number, code in codes.items()}


def until(say: Say, moment: datetime | None) -> str:
    """Return the end of something, or that it has none."""
    return formats.moment(moment) if moment else say("people.no_end")


def deed(say: Say, action: str) -> str:
    """Return what the audit calls a deed in words; the code itself where no room has given it words."""
    key = "deed." + action.replace(".", "_")
    return say(key) if key in catalogue() else action


def error(request: HttpRequest, refusal: Refusal) -> Error:
    """Return a refusal as the forms show it."""
    return Error(refusal.code, refusal.text(language_of(request)))
