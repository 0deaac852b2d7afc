"""The doors: every page is closed to who has not signed in with both factors, but for the few that stand in `OPEN`."""

from collections.abc import Callable, Mapping
from enum import Enum
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from muster.people import queries
from muster.people.operations import touch_session
from muster.people.sessions import is_over, is_to_be_touched
from muster.web.accounts.visit import HALF, Visit, from_this_machine, key_of, leave
from muster.web.frame import real_now


class Stage(Enum):
    """How far somebody has come through the door."""

    OUTSIDE = "outside"
    FACTOR = "factor"  # the password is right, the second factor is to be shown
    ENROL = "enrol"  # the password is right, there is no second factor yet
    PASSWORD = "password"  # noqa: S105 - signed in with a password somebody else gave, to be changed first
    IN = "in"


# Pages for everybody.
OPEN = frozenset({
    "accounts:sign_in", "accounts:demo", "accounts:sign_out", "web:preferences", "web:parts",
    "story:show", "story:go", "story:end", "citizen:card", "citizen:child", "citizen:appointment", "citizen:account",
    "handbooks:show", "handbooks:citizen",
})  # fmt: skip

# The one page each stage leads to; only there may one go in it.
PAGE: Mapping[Stage, str] = {
    Stage.OUTSIDE: "accounts:sign_in",
    Stage.FACTOR: "accounts:factor",
    Stage.ENROL: "accounts:enrol",
    Stage.PASSWORD: "accounts:password",
}


class Doors:
    """The middleware: recognise who comes, let in or show the way."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: Visit) -> HttpResponse:
        """Give the request its moment, its session and its grants, then hand it on."""
        request.at = real_now()
        request.officer = request.officer_grants = request.work_session = request.clock = None
        ended = _recognise(request) if request.session.session_key else ""
        if ended:
            return way_to(request, Stage.OUTSIDE, ended=ended)
        return self._respond(request)

    def process_view(self, request: Visit, *_: object) -> HttpResponse | None:
        """Close the page to who has not come far enough."""
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in OPEN or name.startswith("api"):  # the API asks for its token itself
            return None
        stage = stage_of(request)
        if stage is Stage.IN or name == PAGE[stage]:
            return None
        return way_to(request, stage)


def _recognise(request: Visit) -> str:
    """Find the open session of a browser and its officer's grants; return why it has just ended, if it has."""
    session = queries.open_session(key_of(request))
    if session is None:
        if request.user.is_authenticated and not request.session.get(HALF):
            leave(request, "")
            return "ended"
        return ""
    request.work_session = session
    if not request.user.is_authenticated or request.user.id != session.officer:
        leave(request, "mismatch")
        return "ended"
    over = is_over(at=request.at, ends_at=session.ends_at, seen_at=session.seen_at)
    if over or (session.demo and not from_this_machine(request)):
        leave(request, over or "demo_elsewhere")
        return over or "ended"
    if is_to_be_touched(at=request.at, seen_at=session.seen_at):
        touch_session(session=session.id, at=request.at)
    request.officer = request.user
    request.officer_grants = queries.grants(session.officer, request.at)
    return ""


def stage_of(request: Visit) -> Stage:
    """Say how far somebody has come through the door."""
    if not request.user.is_authenticated:
        return Stage.OUTSIDE
    session = request.work_session
    if session is None:
        return Stage.FACTOR if queries.enrolled(request.user.id) else Stage.ENROL
    if not session.demo and not request.user.is_verified():
        return Stage.FACTOR
    return Stage.PASSWORD if request.user.password_temporary else Stage.IN


def way_to(request: HttpRequest, stage: Stage, ended: str = "") -> HttpResponse:
    """Send a browser to the page of its stage; a part of a page that asks is told to load the whole."""
    values = {"next": request.get_full_path()} if request.method == "GET" and stage is Stage.OUTSIDE else {}
    if ended:
        values["ended"] = ended
    address = reverse(PAGE[stage]) + (f"?{urlencode(values)}" if values else "")
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
