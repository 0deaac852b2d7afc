"""Name another head of a household: on a page of its own, and before its head dies or moves away."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from muster.register import operations
from muster.register.operations import HeadChange
from muster.register.operations.heads import NotAMember, OnlyOneHead
from muster.register.queries import PersonPage
from muster.register.queries.reading import MemberLine
from muster.register.words import Relation
from muster.ui.parts import Field
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.accounts.words import saying
from muster.web.register import changing, purpose, search, words
from muster.web.register.changing import Asked, AtField, Wrong, typed
from muster.web.register.correcting import changeable
from muster.web.register.purpose import Reader

RELATION = "relation."  # and the id of a member


@require_http_methods(["GET", "POST"])
def change(request: Visit, person: UUID) -> HttpResponse:
    """Ask who heads the person's household from now on, and take it."""
    who = purpose.reader(request)
    if changeable(who, person) is None:
        return search.nobody(request, who)
    if request.method == "POST":
        try:
            take(request, who)
        except AtField as fault:
            return changing.form(request, who, person, asked, fault)
        return HttpResponseRedirect(reverse("register:person", args=[person]))
    return changing.form(request, who, person, asked)


def may_change(page: PersonPage) -> bool:
    """Say whether there is anybody else to head the household of a person."""
    return bool(_others(page))


def must_change(page: PersonPage) -> bool:
    """Say whether a person heads a household with others, which must first have another head."""
    return page.relation is Relation.HEAD and may_change(page)


def asked(request: Visit, page: PersonPage, wrong: Wrong, name: str = "head") -> Asked:
    """Return the questions: who is the new head, what the former one is to them, on which paper."""
    say, others = saying(request), _others(page)
    own = str(page.line.id) if any(one.person == page.line.id for one in others) else ""
    members = [(str(one.person), f"{one.name} · {words.partial(one.birth)}") for one in others]
    relations = [one for one in words.options(say, "relation") if one[0] != Relation.HEAD]
    head, relation = typed(request, "head") or own, typed(request, "former_relation") or Relation.OTHER.value
    return Asked(
        name,
        [
            Field("head", say("register.head.new"), head, kind="select", options=members, error=wrong.get("head")),
            Field("former_relation", say("register.head.former"), relation, kind="select", options=relations),
            *_relations(request, others, relations),
            changing.text(request, wrong, "paper", "register.correct.paper", "register.head.paper_hint"),
        ],
        {"household": str(page.household)},
    )


def before(request: Visit, page: PersonPage, wrong: Wrong) -> Asked:
    """Return the same questions, asked because the person cannot die or move away as the head."""
    return asked(request, page, wrong, "head_first")


def take(request: Visit, who: Reader) -> None:
    """Change the head as the form says.

    :raises AtField: it is refused
    """
    try:
        household, head = (UUID(typed(request, name)) for name in ("household", "head"))
        relation = Relation(typed(request, "former_relation") or Relation.OTHER)
        told = {
            UUID(name.removeprefix(RELATION)): Relation(typed(request, name))
            for name in request.POST
            if name.startswith(RELATION) and typed(request, name)
        }
    except ValueError:
        raise AtField("head", NotAMember()) from None
    if changeable(who, head) is None:
        raise AtField("head", NotAMember())
    row = HeadChange(
        household=household, head=head, former_relation=relation, relations=told, paper=changing.paper(request)
    )
    result = operations.change_heads(changes=[row], grants=who.grants, by=who.by, at=campaign_time(request))
    changing.require(result, {NotAMember: "head", OnlyOneHead: "former_relation"})


def _relations(request: Visit, others: list[MemberLine], relations: list[tuple[str, str]]) -> list[Field]:
    """Return what is asked of everybody else: what they are to the new head. Of the new head itself it is ignored."""
    if len(others) == 1:  # the new head
        return []
    say = saying(request)
    return [
        Field(
            f"{RELATION}{one.person}",
            say("register.head.of", name=one.name),
            typed(request, f"{RELATION}{one.person}") or Relation.UNKNOWN.value,
            kind="select",
            options=relations,
        )
        for one in others
    ]


def _others(page: PersonPage) -> list[MemberLine]:
    return [one for one in page.members if one.relation is not Relation.HEAD]
