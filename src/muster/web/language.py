"""In which language and theme a page is shown: by cookie, else by what the browser asks for; Vietnamese first."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_POST

from muster.kernel.formats import Language
from muster.ui.texts import LANGUAGES

YEAR_SECONDS = 365 * 24 * 3600
THEMES = ("light", "dark")  # any other choice is the device's
Respond = Callable[[HttpRequest], HttpResponse]


def middleware(respond: Respond) -> Respond:
    """Give every request its language, for our texts and for the framework's own."""

    def in_language(request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request)):
            response = respond(request)
        response.headers["Content-Language"] = language_of(request)
        response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "Accept-Language"]))
        return response

    return in_language


def language_of(request: HttpRequest) -> Language:
    """Return the language of a request: its cookie's, else the first of its browser's that the house speaks."""
    asked = [request.COOKIES.get("language", "")]
    asked += [name.split("-")[0] for name, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    known = {name: name for name in LANGUAGES}
    return next((known[name] for name in asked if name in known), LANGUAGES[0])


def theme_of(request: HttpRequest) -> str:
    """Return the theme somebody chose, empty for the device's own."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember a language or a theme for a year and go back to the page."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    for name, allowed in (("language", LANGUAGES), ("theme", ("auto", *THEMES))):
        if (value := request.POST.get(name, "")) in allowed:
            response.set_cookie(
                name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure(), httponly=True
            )
    return response
