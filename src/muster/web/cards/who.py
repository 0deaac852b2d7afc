"""Who works with cards, and where: at the issue desk or at the print centre."""

from muster.card.operations.looking import READ
from muster.card.operations.moving import DELIVER, HAND_OVER, PRINT, TAKE_BACK
from muster.people import queries as people
from muster.people import rights
from muster.web.accounts.visit import Visit
from muster.web.register import purpose
from muster.web.register.purpose import Reader

__all__ = ["DELIVER", "HAND_OVER", "PRINT", "TAKE_BACK", "area", "reader"]


def reader(request: Visit, action: str = READ) -> Reader:
    """Return who works with cards.

    :raises NotAllowed: nobody who may
    """
    return purpose.reader(request, action)


def area(request: Visit, who: Reader) -> tuple[int, tuple[int, ...]]:
    """Return the unit whose cards are shown, and its path: the officer's own, where the role reaches it."""
    scope = rights.scope(who.grants, READ, who.purpose)
    own = request.user.unit_id
    paths = people.paths({own, *scope})
    unit = own if scope & set(paths[own]) else min(scope, key=lambda one: len(paths[one]))
    return unit, tuple(paths[unit])
