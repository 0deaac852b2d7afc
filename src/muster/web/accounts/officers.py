"""Officers and their roles: who works where, and what an administrator changes of it."""

import secrets
from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.errors import BatchResult, Refusal
from muster.kernel.ids import new_id
from muster.people import operations, queries
from muster.people.operations import (
    ApprovalRequest,
    FactorReset,
    NewAssignment,
    NewOfficer,
    NewPassword,
)
from muster.people.queries import Officer
from muster.people.rights import NotAllowed, may, purposes, scope
from muster.people.words import ApprovalKind, Kind, Role
from muster.ui.parts import Badge, Cell, Column, Confirm, Error, Field, Link, Pages, Row, Table
from muster.units.queries import by_code
from muster.web.accounts import words
from muster.web.accounts.sign_in import LETTERS
from muster.web.accounts.visit import Visit, acting, campaign_day
from muster.web.accounts.ways import PURPOSES_OF_OFFICES

READ, CHANGE, CONFIRM = "people.read", "people.administer", "people.confirm"


def _reach(request: Visit) -> frozenset[int]:
    """Return the units whose people somebody may see.

    :raises NotAllowed: there are none
    """
    grants = request.officer_grants
    units = [scope(grants, READ, purpose) for purpose in PURPOSES_OF_OFFICES] if grants else []
    if not any(units):
        raise NotAllowed(action=READ)
    return frozenset().union(*units)


def _may_change(request: Visit, officer: Officer | None = None) -> bool:
    grants = request.officer_grants
    if grants is None:
        return False
    if officer is None:
        return bool(scope(grants, CHANGE, Purpose.ADMINISTER))
    return may(grants, CHANGE, officer.unit.ancestors, Purpose.ADMINISTER) and officer.id != grants.officer


@require_GET
def index(request: Visit) -> HttpResponse:
    """List the officers of one's units, with their roles; find one by name, user name or badge."""
    typed, after = request.GET.get("text", ""), request.GET.get("after", "")
    found = queries.officers(_reach(request), request.at, text=typed, after=after, limit=queries.PAGE + 1)
    shown, say = found[: queries.PAGE], words.saying(request)
    address = reverse("accounts:officers")
    older = f"{address}?text={typed}&after={shown[-1].name_sort}" if len(found) > queries.PAGE else ""
    values = {
        "search": Field(
            "text", say("people.officers.search"), typed, hint=say("people.officers.search_hint"), lookup=True
        ),
        "table": _table(request, shown),
        "pages": Pages(say("people.officers.shown", count=formats.count(len(shown))), address if after else "", older),
        "may_add": _may_change(request),
        "fields": _new_fields(request) if _may_change(request) else [],
    }
    return render(request, "people/officers.html", values)


def _table(request: Visit, officers: list[Officer]) -> Table:
    say = words.saying(request)
    columns = [
        Column("name", say("people.full_name")),
        Column("username", say("people.username")),
        Column("unit", say("people.unit")),
        Column("roles", say("people.roles_now")),
        Column("state", say("people.state")),
    ]
    units = words.units(request, (one.unit for one in officers))
    rows: list[Row] = [
        {
            "name": Cell(one.full_name, href=reverse("accounts:officer", args=[one.id])),
            "username": Cell(one.username, note=one.badge),
            "unit": units[one.unit_id],
            "roles": ", ".join(dict.fromkeys(words.role(say, held.role) for held in _current(one))) or formats.NOTHING,
            "state": Cell("", badge=_state(say, one)),
        }
        for one in officers
    ]
    return Table(say("people.officers.title"), columns, rows, say("people.officers.none"))


def _current(officer: Officer) -> list[queries.Assignment]:
    return list(getattr(officer, "current", ()))


def _state(say: words.Say, one: Officer) -> Badge:
    if not one.is_active:
        return Badge(say("people.inactive"), "plain")
    if one.is_demo:
        return Badge(say("people.demo"), "info")
    if not getattr(one, "has_factor", False):
        return Badge(say("people.no_factor"), "warn")
    if one.confirmed_at is None and one.kind == Kind.OFFICER:
        return Badge(say("people.unconfirmed"), "warn")
    return Badge(say("people.active"), "good")


def _new_fields(request: Visit) -> list[Field]:
    say = words.saying(request)
    kinds = [(one.value, words.kind(say, one)) for one in Kind]
    return [
        Field("full_name", say("people.full_name"), required=True),
        Field("username", say("people.username"), hint=say("people.username_hint"), required=True),
        Field("badge", say("people.badge")),
        Field("unit", say("people.unit_code"), _own_code(request), hint=say("people.unit_code_hint"), required=True),
        Field("kind", say("people.kind_label"), Kind.OFFICER, kind="choices", options=kinds),
    ]


def _own_code(request: Visit) -> str:
    return request.officer.unit.code if request.officer else ""


@require_POST
def add(request: Visit) -> HttpResponse:
    """Add one officer with a temporary password, shown once."""
    password = _password()
    posted = request.POST
    try:
        row = NewOfficer(
            new_id(),
            posted.get("username", "").strip().lower(),
            posted.get("full_name", ""),
            _unit(request, posted.get("unit", "")),
            Kind.VOLUNTEER if posted.get("kind") == Kind.VOLUNTEER else Kind.OFFICER,
            posted.get("badge", ""),
            password,
        )
        _first(operations.add_officers(officers=[row], by=acting(request, Purpose.ADMINISTER), at=request.at))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _told(request, None, error=words.error(request, refusal))
    return _told(request, row.id, password=password)


def _unit(request: Visit, code: str) -> int:
    """Return the unit of a code on the campaign's day."""
    return by_code(code.strip(), campaign_day(request)).id


def _password() -> str:
    """Return a temporary password that can be read aloud: four groups of four."""
    drawn = [secrets.choice(LETTERS) for _ in range(16)]
    return "-".join("".join(drawn[place : place + 4]) for place in range(0, 16, 4))


def _first(result: BatchResult[UUID]) -> None:
    result.whole()


def _told(
    request: Visit, officer: UUID | None, *, password: str = "", done: str = "", error: Error | None = None
) -> HttpResponse:
    """Show an officer again, with what has just been done or refused."""
    if officer is None:
        values: dict[str, object] = {"error": error, "back": reverse("accounts:officers")}
        return render(request, "people/refused.html", values, status=422)
    values = _page(request, officer) | {"password": password, "done": done, "error": error}
    return render(request, "people/officer.html", values, status=422 if error else 200)


@require_GET
def show(request: Visit, officer: UUID) -> HttpResponse:
    """Show one officer: roles, sign-ins, and what may be changed."""
    return _told(request, officer)


def _page(request: Visit, officer: UUID) -> dict[str, object]:
    person = queries.officer(officer)
    if person is None:
        raise Http404
    if _reach(request).isdisjoint(person.unit.ancestors):
        raise NotAllowed(action=READ)
    say, changing = words.saying(request), _may_change(request, person) and person.is_active
    return {
        "shown": person,
        "trail": [
            Link(reverse("accounts:officers"), say("people.officers.title")),
            Link("", person.full_name, here=True),
        ],
        "change": reverse("accounts:change", args=[person.id]),
        "pairs": [
            (say("people.username"), person.username),
            (say("people.badge"), person.badge or formats.NOTHING),
            (say("people.unit"), words.unit(request, person.unit)),
            (say("people.kind_label"), words.kind(say, person.kind)),
            (say("people.added"), formats.moment(person.added_at)),
        ],
        "state": _state_of(request, person),
        "held": _held(request, person, changing=changing),
        "changing": changing,
        "own": person.id == request.user.id,
        "role": Field("role", say("people.role_label"), kind="select", options=_roles_for(say, person)),
        "unit": Field(
            "unit", say("people.unit_code"), person.unit.code, hint=say("people.unit_code_hint"), required=True
        ),
        "reset": _reset(request, person),
        "confirming": _confirming(request, person),
        "reason": Field("reason", say("people.reason"), kind="area", required=True),
        "questions": _questions(request, person),
    }


def _state_of(request: Visit, person: Officer) -> Badge:
    person.has_factor = queries.enrolled(person.id)  # type: ignore[attr-defined]
    return _state(words.saying(request), person)


def _roles_for(say: words.Say, person: Officer) -> list[tuple[str, str]]:
    volunteer = person.kind == Kind.VOLUNTEER
    return [(value, told) for value, told in words.roles(say) if (value == Role.VOLUNTEER) == volunteer]


def _held(request: Visit, person: Officer, *, changing: bool) -> list[dict[str, object]]:
    say, roles = words.saying(request), queries.roles_of(person.id, request.at)
    units = words.units(request, (held.unit for held in roles))
    return [
        {
            "id": str(held.id),
            "role": words.role(say, held.role),
            "unit": units[held.unit_id],
            "when": f"{formats.moment(held.valid_from)} – {words.until(say, held.valid_to)}",
            "may_end": changing,
        }
        for held in roles
    ]


def _reset(request: Visit, person: Officer) -> dict[str, object]:
    """Return how far a reset of the second factor has come: nothing to do, to ask, asked, granted."""
    if person.is_demo or not queries.enrolled(person.id):
        return {"state": "none"}
    waiting = Badge(words.saying(request)("people.approvals.open"), "warn")
    for asked in queries.requests_of(request.user.id):
        if asked.subject == person.id and asked.kind == ApprovalKind.RESET_FACTOR and asked.expires_at > request.at:
            if asked.decision == "granted" and asked.used_at is None:
                return {"state": "granted", "approval": str(asked.id)}
            if not asked.decision:
                return {"state": "asked", "until": formats.moment(asked.expires_at), "badge": waiting}
    return {"state": "ask"}


def _confirming(request: Visit, person: Officer) -> str:
    """Return what is told of an account that is no second person yet: to confirm it, or who may; nothing otherwise."""
    if person.confirmed_at or not person.is_active or person.kind != Kind.OFFICER or not queries.enrolled(person.id):
        return ""
    own = request.user.id in {person.id, *person.hands}
    return "ask" if _confirms(request, person) and not own else "others"


def _confirms(request: Visit, person: Officer) -> frozenset[Purpose]:
    """Return the purposes for which one may confirm somebody's account."""
    grants = request.officer_grants
    return purposes(grants, CONFIRM, person.unit.ancestors) if grants else frozenset()


def _questions(request: Visit, person: Officer) -> list[Confirm]:
    say, address = words.saying(request), reverse("accounts:change", args=[person.id])
    return [
        Confirm(
            name,
            say(f"people.ask.{name}", name=person.full_name),
            say(f"people.ask.{name}_means"),
            say(f"people.ask.{name}_yes"),
            address,
            {"what": name},
            danger=name == "deactivate",
        )
        for name in ("password", "deactivate")
    ]


@require_POST
def change(request: Visit, officer: UUID) -> HttpResponse:
    """Make one change to one officer: a role given or ended, a password, the second factor, the end."""
    work = CHANGES.get(request.POST.get("what", ""))
    if work is None:
        raise Http404
    password = _password()
    try:
        _first(work(request, officer, password))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _told(request, officer, error=words.error(request, refusal))
    if work is _give_password:
        return _told(request, officer, password=password)
    return HttpResponseRedirect(reverse("accounts:officer", args=[officer]))


def _assign(request: Visit, officer: UUID, _: str) -> BatchResult[UUID]:
    unit = _unit(request, request.POST.get("unit", ""))
    row = NewAssignment(new_id(), officer, Role(request.POST.get("role", "")), unit)
    return operations.assign_roles(assignments=[row], by=acting(request, Purpose.ADMINISTER), at=request.at)


def _end(request: Visit, _officer: UUID, _: str) -> BatchResult[UUID]:
    ending = [UUID(request.POST.get("assignment", ""))]
    return operations.end_assignments(assignments=ending, by=acting(request, Purpose.ADMINISTER), at=request.at)


def _give_password(request: Visit, officer: UUID, password: str) -> BatchResult[UUID]:
    rows = [NewPassword(officer, password)]
    return operations.issue_passwords(passwords=rows, by=acting(request, Purpose.ADMINISTER), at=request.at)


def _deactivate(request: Visit, officer: UUID, _: str) -> BatchResult[UUID]:
    return operations.deactivate_officers(officers=[officer], by=acting(request, Purpose.ADMINISTER), at=request.at)


def _confirm(request: Visit, officer: UUID, _: str) -> BatchResult[UUID]:
    person = queries.officer(officer)
    if person is None:
        raise Http404
    purpose = min(_confirms(request, person), default=Purpose.ADMINISTER)
    return operations.confirm_officers(officers=[officer], by=acting(request, purpose), at=request.at)


def _ask_reset(request: Visit, officer: UUID, _: str) -> BatchResult[UUID]:
    person = queries.officer(officer)
    if person is None:
        raise Http404
    reason = request.POST.get("reason", "")
    row = ApprovalRequest(new_id(), ApprovalKind.RESET_FACTOR, "officer", officer, person.unit_id, reason)
    return operations.request_approvals(requests=[row], by=acting(request, Purpose.ADMINISTER), at=request.at)


def _reset_factor(request: Visit, officer: UUID, _: str) -> BatchResult[UUID]:
    rows = [FactorReset(officer, UUID(request.POST.get("approval", "")))]
    return operations.reset_factors(resets=rows, by=acting(request, Purpose.ADMINISTER), at=request.at)


CHANGES: dict[str, Callable[[Visit, UUID, str], BatchResult[UUID]]] = {
    "assign": _assign,
    "end": _end,
    "password": _give_password,
    "deactivate": _deactivate,
    "confirm": _confirm,
    "ask_reset": _ask_reset,
    "reset": _reset_factor,
}
