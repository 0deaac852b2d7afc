"""The cards made for one person, on their page; each opens for who may read it."""

from muster.card import queries
from muster.card.operations.looking import READ
from muster.people import rights
from muster.register.queries import PersonPage
from muster.ui.parts import Table
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.accounts.words import saying
from muster.web.cards import words
from muster.web.register.places import Places
from muster.web.register.purpose import Reader


def told(request: Visit, who: Reader, page: PersonPage) -> Table | None:
    """Return every card made for a person, scrapped ones too; nothing where there is none."""
    found = queries.of_person(page.line.id)
    if not found:
        return None
    say, opens = saying(request), {one.id for one in found if rights.may(who.grants, READ, one.path, who.purpose)}
    places = Places([one.unit for one in found], campaign_day(request))
    return words.table(say, say("cards.life"), found, places, opens=opens)
