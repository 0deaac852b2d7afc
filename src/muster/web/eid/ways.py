"""The ways to the accounts, for who may open them."""

from muster.account.operations.looking import READ
from muster.people.rights import Grants
from muster.web.eid.who import ALARMS
from muster.web.navigation import Way
from muster.web.register.purpose import purposes_of


def _accounts(grants: Grants) -> bool:
    return bool(purposes_of(grants, READ))


def _alarms_alone(grants: Grants) -> bool:
    return not _accounts(grants) and bool(purposes_of(grants, ALARMS))


WAYS = (Way("eid:queue", "eid.title", _accounts), Way("eid:alarms", "eid.alarms.title", _alarms_alone))
