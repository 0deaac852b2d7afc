"""The browser's side of a sign-in: where it comes from, how it begins, how it ends.

After the password a session is only half open, for ten minutes; the second factor opens it, under a new key.
"""

import hashlib
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import django_otp
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from muster.events import queries as journal
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import PlayedClock, local
from muster.kernel.ids import new_id
from muster.people import operations
from muster.people.operations.sign_in import NewSession
from muster.people.queries import Officer, OpenSession
from muster.people.rights import Grants
from muster.units.queries import ROOT

HALF = "half"
HALF_OPEN = timedelta(minutes=10)
HOSTS = ("127.0.0.1", "localhost", "[::1]")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")


class Visit(HttpRequest):
    """A request as the doors hand it on; the grants are nobody's until somebody has signed in."""

    user: Any  # an Officer, or nobody yet
    officer: Officer | None
    officer_grants: Grants | None
    work_session: OpenSession | None
    at: datetime
    clock: "tuple[PlayedClock | None] | None"  # the campaign's clock, once it was asked for; within, none is real time


def key_of(request: HttpRequest) -> str:
    """Return the hash under which the table of sessions knows this browser; empty for a browser without a session."""
    key = request.session.session_key
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def address_of(request: HttpRequest) -> str:
    """Return the address the request comes from, as the socket tells it: headers can be written by anybody."""
    return str(request.META.get("REMOTE_ADDR", ""))


def from_this_machine(request: HttpRequest) -> bool:
    """Say whether a request was made on this machine, under its own name, through no other server."""
    host = request.get_host()
    name = host[: host.rindex("]") + 1] if host.startswith("[") else host.split(":")[0]
    passed_on = any(header in request.headers for header in FORWARDED)
    return _is_loopback(address_of(request)) and name in HOSTS and not passed_on and not settings.BEHIND_TLS


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def acting(request: Visit, purpose: Purpose) -> Actor:
    """Return who acts in a request; the audit can tell two sign-ins of one officer apart by the device."""
    session = request.work_session
    return Actor(request.user.id, request.user.unit_id, purpose, f"session:{session.id}" if session else "")


def campaign_time(request: Visit) -> datetime:
    """Return the campaign's time of a request; sign-ins and requests of two people run on the real ``request.at``."""
    played = campaign_clock(request)
    return played.at(request.at) if played else local(request.at)


def campaign_clock(request: Visit) -> PlayedClock | None:
    """Return the campaign's clock as it was at the beginning of a request; ``None`` while it shows real time."""
    if request.clock is None:
        request.clock = (journal.clock(),)
    return request.clock[0]


def campaign_day(request: Visit) -> date:
    """Return the campaign's day of a request, by the calendar of Viet Nam."""
    return local(campaign_time(request)).date()


def begin(request: HttpRequest, officer: Officer, back: str) -> None:
    """Open a session half, after the password."""
    auth.login(request, officer)
    request.session[HALF] = True
    request.session["next"] = back
    request.session.set_expiry(int(HALF_OPEN.total_seconds()))


def complete(request: HttpRequest, officer: Officer, at: datetime, *, device: Any = None) -> str:
    """Open a session whole, after the second factor or by one click on a demonstration; return where to go."""
    request.session.cycle_key()
    request.session.pop(HALF, None)
    back = request.session.pop("next", "")
    session = NewSession(
        new_id(),
        officer.id,
        key_of(request),
        demo=device is None,
        address=address_of(request) or None,
        program=request.headers.get("User-Agent", ""),
    )
    by = Actor(officer.id, officer.unit_id, Purpose.ADMINISTER, f"session:{session.id}")
    request.session.set_expiry(operations.open_session(session=session, by=by, at=at))
    if device is not None:
        django_otp.login(request, device)
    return back or first_page()


def leave(request: Visit, reason: str) -> None:
    """End a session on both sides."""
    if request.work_session:
        session = request.work_session
        by = Actor(officer=None, unit=ROOT, purpose=Purpose.ADMINISTER, device=f"session:{session.id}")
        if request.user.is_authenticated:  # else the browser's own session has expired, and the house ends ours
            by = acting(request, Purpose.ADMINISTER)
        operations.end_sessions(sessions=[session.id], reason=reason, by=by, at=request.at)
    auth.logout(request)
    request.officer = request.officer_grants = request.work_session = None


def safe_next(request: HttpRequest, asked: str) -> str:
    """Return the page somebody wanted, if it is one of ours."""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours and asked.startswith("/") else ""


def first_page() -> str:
    """Return where a day begins."""
    return reverse("web:home")
