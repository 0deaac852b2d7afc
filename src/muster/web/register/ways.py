"""The way into the register, for who may look anybody up."""

from muster.people.rights import Grants
from muster.web.navigation import Way
from muster.web.register.purpose import purposes_of


def _looks_up(grants: Grants) -> bool:
    return bool(purposes_of(grants))


WAYS = (Way("register:search", "register.title", _looks_up),)
