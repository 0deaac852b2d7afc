"""The way to the cards, for who may open them."""

from muster.card.operations.looking import READ
from muster.people.rights import Grants
from muster.web.navigation import Way
from muster.web.register.purpose import purposes_of


def _cards(grants: Grants) -> bool:
    return bool(purposes_of(grants, READ))


WAYS = (Way("cards:desk", "cards.title", _cards),)
