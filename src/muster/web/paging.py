"""Long lists, a page at a time: where one begins, and the addresses of its neighbours."""

from collections.abc import Callable

from muster.ui.parts import Pages
from muster.web.accounts.visit import Visit
from muster.web.accounts.words import Say

PAGE = 50
_DIGITS = 7  # more than anybody pages through


def start_of(request: Visit) -> int:
    """Return where the page that is asked for begins, counted from 0."""
    asked = request.GET.get("from", "")
    return int(asked) if asked.isdecimal() and len(asked) <= _DIGITS else 0


def pages(say: Say, start: int, count: int, address: Callable[[int], str]) -> Pages | None:
    """Return the neighbours of a page of a list; nothing where it is all there is.

    :param address: that of the page which begins at a place
    """
    if count <= PAGE and not start:
        return None
    told = say("checking.page", first=min(start + 1, count), last=min(start + PAGE, count), count=count)
    older = address(start + PAGE) if start + PAGE < count else ""
    return Pages(told, address(max(0, start - PAGE)) if start else "", older)
