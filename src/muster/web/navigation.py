"""The ways through the pages: each area names its own in `<area>/ways.py`, the frame puts them in order."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import reverse

from muster.kernel.formats import Language
from muster.people.rights import Grants
from muster.ui.parts import Link
from muster.ui.texts import text
from muster.web.language import language_of


@dataclass(frozen=True, slots=True)
class Way:
    """A page in the head of every page: its address by name, its words by key, and to whom it is shown."""

    page: str
    label: str
    opens: Callable[[Grants], bool]


def links(request: HttpRequest, ways: Sequence[Way]) -> list[Link]:
    """Return those of the ways that somebody may go; none for who has not signed in."""
    grants: Grants | None = getattr(request, "officer_grants", None)
    if grants is None:
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    return list(_open_to(grants, tuple(ways), here, language_of(request)))


@lru_cache(maxsize=1024)  # every page asks; other rights are another question
def _open_to(grants: Grants, ways: tuple[Way, ...], here: str, language: Language) -> tuple[Link, ...]:
    rooms = Counter(_room(way.page) for way in ways)
    return tuple(
        Link(
            reverse(way.page),
            text(way.label, language),
            here=way.page == here or (_room(here) == _room(way.page) and rooms[_room(here)] == 1),
        )
        for way in ways
        if way.opens(grants)
    )


def _room(page: str) -> str:
    """Return the room of a page: the one way into a room stays marked on all its pages."""
    return page.partition(":")[0]
