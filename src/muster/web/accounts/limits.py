"""How django-axes counts failed passwords: by user name and address, without keeping what was typed."""

import hmac
from datetime import timedelta
from hashlib import sha256

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from muster.ui.texts import text
from muster.web import errors
from muster.web.accounts.visit import address_of
from muster.web.frame import real_now
from muster.web.language import language_of

MINUTE = timedelta(minutes=1)


def name_key(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """Return the secret hash of a user name: people type passwords into the wrong field."""
    typed = str((credentials or request.POST).get("username") or "")
    return hmac.digest(settings.SECRET_KEY.encode(), b"axes" + typed.strip().lower().encode(), sha256).hex()[:32]


def address(request: HttpRequest) -> str:
    """Return the address that is counted: the socket's own."""
    return address_of(request)


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
    failed = AccessAttempt.objects.filter(username=name_key(request, credentials), ip_address=address(request))
    last = failed.order_by("-attempt_time").values_list("attempt_time", flat=True).first() or real_now()
    left: timedelta = last + settings.AXES_COOLOFF_TIME - real_now()
    return max(1, -(-left // MINUTE))
