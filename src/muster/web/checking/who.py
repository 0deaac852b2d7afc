"""Who checks: what they hold, for which purpose they act, and at which units."""

from collections.abc import Sequence

from muster.capture.queries import DossierState
from muster.kernel.actor import Purpose
from muster.people import rights
from muster.processing.operations.looking import READ
from muster.web.accounts.visit import Visit, acting
from muster.web.register.purpose import Reader


def checker(request: Visit) -> Reader:
    """Return who checks.

    :raises NotAllowed: nobody who may
    """
    grants = request.officer_grants
    if grants is None or not rights.may_anywhere(grants, READ, Purpose.CHECK):
        raise rights.NotAllowed(action=READ)
    return Reader(grants, acting(request, Purpose.CHECK))


def scope(who: Reader) -> frozenset[int]:
    """Return the units below which somebody checks."""
    return rights.scope(who.grants, READ, Purpose.CHECK)


def require(who: Reader, action: str, path: Sequence[int]) -> None:
    """Go on only if somebody may do this to what lies at a unit.

    :raises NotAllowed: they may not
    """
    rights.require(who.grants, action, path, Purpose.CHECK)


def may(who: Reader, action: str, dossier: DossierState) -> bool:
    """Say whether somebody may do this to a dossier."""
    return rights.may(who.grants, action, dossier.path, Purpose.CHECK)
