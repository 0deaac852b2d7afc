"""The accounts of one person: on their page, with every move; and the form by which they ask for another."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from muster.account import queries
from muster.account.operations.looking import READ
from muster.account.queries import AccountState
from muster.account.words import OVER
from muster.kernel.dates import age_on
from muster.kernel.ids import new_id
from muster.law.duty import LifeStatus
from muster.law.eid import LevelRule, levels_for
from muster.law.tables import NoLawInForce
from muster.people import rights
from muster.register.queries import PersonPage
from muster.ui.parts import Field, Happening, Table
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.accounts.words import Say, saying
from muster.web.eid import who as workers
from muster.web.eid import words
from muster.web.register.purpose import Reader


@dataclass(frozen=True, slots=True)
class Asking:
    """The form by which a person asks for an account at a desk; ``account`` makes a second press the same one."""

    account: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class OfPerson:
    """The accounts of a person as a page shows them."""

    table: Table | None
    lives: list[tuple[str, list[Happening]]]
    ask: Asking | None


def told(request: Visit, who: Reader, page: PersonPage) -> OfPerson:
    """Return the accounts of a person with their moves, and what may be asked for now."""
    say, on = saying(request), campaign_day(request)
    found = queries.of_person(page.line.id)
    opens = [one for one in found if rights.may(who.grants, READ, sorted(one.near), who.purpose)]
    addresses = {one.id: reverse("eid:account", args=[one.id]) for one in opens}
    lives = [(say("eid.life", level=one.level), words.life(say, one)) for one in found]
    table = words.table(say, found, on, addresses) if found else None
    return OfPerson(table, lives, _asking(say, who, page, found, on))


def _asking(say: Say, who: Reader, page: PersonPage, found: list[AccountState], on: date) -> Asking | None:
    rule = _rule(page, on)
    highest = max((one.level for one in found if one.state not in OVER), default=0)
    levels = [level for level in rule.levels if level > highest] if rule else []
    may = rights.may(who.grants, workers.ASK, page.line.path, who.purpose)
    if rule is None or not levels or not may or page.line.life is not LifeStatus.ALIVE:
        return None
    options = [(str(level), say("desk.account", level=level)) for level in levels]
    fields = [Field("level", say("desk.level"), options[-1][0], kind="select", options=options)]
    return Asking(str(new_id()), fields + (_representative(say) if rule.consent else []))


def _rule(page: PersonPage, on: date) -> LevelRule | None:
    try:
        return levels_for(on, age_on(page.line.birth, on).high)
    except NoLawInForce:
        return None


def _representative(say: Say) -> list[Field]:
    return [
        Field("rep.name", say("desk.rep.name"), hint=say("eid.ask_consent"), required=True),
        Field("rep.number", say("desk.rep.number"), inputmode="numeric", required=True),
        Field("rep.relation", say("desk.rep.relation"), required=True),
        Field("rep.signed", say("desk.rep.signed"), kind="check"),
    ]
