"""One person's page: the whole life in the register, what is due and why, and what this officer may do about it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.kernel import formats
from muster.kernel.errors import Refusal
from muster.law.duty import LifeStatus
from muster.people import queries as people
from muster.people import rights
from muster.register import operations
from muster.register.facts import facts_of, wrong_parts
from muster.register.operations.looking import NobodyFound
from muster.register.queries import PersonPage
from muster.ui.parts import Link
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import error, saying
from muster.web.cards import of_person as own_cards
from muster.web.eid import of_person
from muster.web.language import language_of
from muster.web.register import due, number, purpose, question, search, sections, words
from muster.web.register.places import Places
from muster.web.register.purpose import Reader
from muster.web.register.sections import Shown, units_of

CORRECT, LOOKS = "register.correct", "register.looks"
TAKE, BOOK = "capture.take", "plan.book"
CHANGES = {
    "event": "register.happened.title",
    "move": "register.move.title",
    "household": "register.household.title",
    "head": "register.head.title",
    "death": "register.death.title",
}
WITH_OTHERS = {"head", "household"}  # who lives alone moves alone


@require_GET
def show(request: Visit, person: UUID) -> HttpResponse:
    """Show one person of the officer's area."""
    return show_again(request, purpose.reader(request), person)


def show_again(request: Visit, who: Reader, person: UUID, refusal: Refusal | None = None) -> HttpResponse:
    """Show a person, with what was just refused; it is a look like any other."""
    try:
        page = operations.open_person(person=person, grants=who.grants, by=who.by, at=campaign_time(request))
    except NobodyFound:
        return search.nobody(request, who)
    values = _values(request, who, page) | {"error": error(request, refusal) if refusal else None}
    return render(request, "register/person.html", values, status=422 if refusal else 200)


def _values(request: Visit, who: Reader, page: PersonPage) -> dict[str, object]:
    shown = _shown(request, page)
    wrong = wrong_parts(page)
    return {
        "line": page.line,
        "born": words.birth(shown.say, page.line.birth, shown.on),
        "sex": words.sex(shown.say, page.line.sex),
        "unit": shown.places.short(page.line.unit),
        "badges": [words.life(shown.say, page.line.life), words.number_state(shown.say, page.number_state)],
        "trail": trail(request, Link("", page.line.name, here=True)),
        "purpose": purpose.field(request, who),
        "here": reverse("register:person", args=[page.line.id]),
        "due": due.told(shown.say, facts_of(page), shown.on),
        "cancelling": number.cancelling(request, who, page, wrong),
        "take": _take(who, page),
        "actions": _actions(request, who, page),
        "confirmed": formats.moment(page.confirmed_at) if page.confirmed_at else "",
        "identity": sections.identity(shown),
        "home": sections.home(shown),
        "sensitive": sections.sensitive(shown),
        "erased": page.erased,
        "lost": page.lost,
        "digits": sections.number_parts(shown),
        "numbers": sections.numbers(shown),
        "cards": sections.cards(shown),
        "accounts": of_person.told(request, who, page),
        "made": own_cards.told(request, who, page),
        "cases": sections.cases(shown),
        "dossiers": sections.dossiers(shown),
        "members": sections.members(shown),
        "kin": sections.kin(shown),
        "residences": sections.residences(shown),
        "life": sections.life(shown),
    }


def _shown(request: Visit, page: PersonPage) -> Shown:
    on = campaign_day(request)
    officers = people.names_of(event.by_officer for event in page.life if event.by_officer)
    return Shown(page, saying(request), language_of(request), on, Places(units_of(page), on), officers)


def trail(request: Visit, *more: Link) -> list[Link]:
    """Return the way to a person's page: the search, and the list it was found in."""
    say = saying(request)
    found = [Link(reverse("register:found"), say("register.found_before"))] if question.KEPT in request.session else []
    return [Link(reverse("register:search"), say("register.title")), *found, *more]


def _take(who: Reader, page: PersonPage) -> str:
    """Return where a dossier of the person is taken, for who may take it: what Enter opens next at a desk."""
    may = rights.may(who.grants, TAKE, page.line.path, who.purpose) and page.line.life is not LifeStatus.DEAD
    return reverse("desk:take", args=[page.line.id]) if may else ""


def _actions(request: Visit, who: Reader, page: PersonPage) -> list[Link]:
    """Return what this officer may do with the person, for the purpose they work for."""
    say, links = saying(request), []
    if rights.may(who.grants, BOOK, page.line.path, who.purpose) and page.line.life is not LifeStatus.DEAD:
        links.append(Link(reverse("plan:book", args=[page.line.id]), say("plan.book")))
    if rights.may(who.grants, CORRECT, page.line.path, who.purpose):
        links.append(Link(reverse("register:correct", args=[page.line.id]), say("register.correct.title")))
        if page.line.life is not LifeStatus.DEAD:
            alone = len(page.members) == 1
            links += [
                Link(reverse(f"register:{act}", args=[page.line.id]), say(told))
                for act, told in CHANGES.items()
                if act not in WITH_OTHERS or not alone
            ]
    looks = rights.purposes(who.grants, LOOKS, page.line.path)
    if looks:
        told = [say(f"people.purpose.{one}") for one in sorted(looks)]
        note = say("register.looks.for", purpose="; ".join(told))
        links.append(Link(reverse("register:looks", args=[page.line.id]), say("register.looks.title"), note))
    return links
