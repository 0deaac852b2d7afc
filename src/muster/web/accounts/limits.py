"""How django-axes counts failed passwords, without keeping what was typed.

Five for a user name at one address, `NAME_LIMIT` for a user name from anywhere, each within fifteen minutes. So that
whoever fails on purpose cannot keep an officer out, a browser that an officer has come in by is known again by a
signed cookie: it counts as an address of its own, and failures elsewhere do not lock it (OWASP: device cookies).
"""

import hmac
import secrets
import unicodedata
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse

from muster.ui.texts import text
from muster.web import errors
from muster.web.accounts.visit import address_of
from muster.web.frame import real_now
from muster.web.language import language_of

MINUTE = timedelta(minutes=1)
NAME_LIMIT = 20  # failures of one name from all addresses: 1,920 guesses a day at most, of passwords of twelve letters
COOKIE, SALT = "known_browser", "muster.known_browser"
COOKIE_AGE = timedelta(days=180)
UNIQUE_LOCAL = 0xFD << 120  # RFC 4193: no address that a request can come from over the net


def name_key(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """Return the secret hash of a user name: people type passwords into the wrong field."""
    typed = str((credentials or request.POST).get("username") or "")
    return _key(typed)


def _key(username: str) -> str:
    typed = unicodedata.normalize("NFC", username).strip().lower()
    return hmac.digest(settings.SECRET_KEY.encode(), b"axes" + typed.encode(), sha256).hex()[:32]


def address(request: HttpRequest) -> str:
    """Return the address that is counted: the socket's own, or one made up for a browser known under this name."""
    try:
        name, browser = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE)
    except (signing.BadSignature, ValueError):
        return address_of(request)
    if name != name_key(request):
        return address_of(request)
    return str(IPv6Address(UNIQUE_LOCAL | int(browser, 16)))


def remember(response: HttpResponse, username: str) -> None:
    """Let a browser be known again by which this officer has just come in, with both factors."""
    told = signing.dumps([_key(username), secrets.token_hex(15)], salt=SALT)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, told, max_age=COOKIE_AGE, secure=secure, httponly=True, samesite="Lax")


class Handler(AxesDatabaseHandler):  # type: ignore[misc] # axes has no types
    """Counts as axes does, by name and address; and by name alone for browsers that are not known."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> int:
        """Return the failures that count against this request; the limit, where the name as a whole has too many."""
        own = int(super().get_failures(request, credentials))
        if address(request) != address_of(request):
            return own
        everywhere = AccessAttempt.objects.filter(
            username=name_key(request, credentials), attempt_time__gte=get_cool_off_threshold(request)
        )
        return max(own, settings.AXES_FAILURE_LIMIT) if _sum(everywhere) >= NAME_LIMIT else own


def _sum(attempts: "QuerySet[AccessAttempt]") -> int:
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, str] | None = None
) -> HttpResponse:
    """Return the page of somebody who has failed too often: how long to wait."""
    del response
    minutes = text("people.locked", language_of(request), minutes=_minutes_left(request, credentials))
    page = errors.page(request, 403, sentence=minutes, code="locked_out")
    page.status_code = 429
    return page


def _minutes_left(request: HttpRequest, credentials: dict[str, str] | None) -> int:
    failed = AccessAttempt.objects.filter(username=name_key(request, credentials))
    own = failed.filter(ip_address=address(request))
    counted = own if _sum(own) >= settings.AXES_FAILURE_LIMIT else failed
    last = counted.order_by("-attempt_time").values_list("attempt_time", flat=True).first() or real_now()
    left: timedelta = last + settings.AXES_COOLOFF_TIME - real_now()
    return max(1, -(-left // MINUTE))
