"""The pages that say no: what happened, and what to do now. They ask nothing of the database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from muster.kernel.errors import Refusal
from muster.ui.texts import text
from muster.web.frame import plain
from muster.web.language import language_of


def page(request: HttpRequest, status: int, *, sentence: str = "", code: str = "") -> HttpResponse:
    """Return the page of a status: 400, 403, 404, 405 or 500."""
    language = language_of(request)
    values = {
        **plain(request),
        "heading": text(f"error.{status}.title", language),
        "sentence": sentence or text(f"error.{status}.what", language),
        "advice": text(f"error.{status}.now", language),
        "code": code or str(status),
    }
    return HttpResponse(render_to_string("web/error.html", values), status=status)


def refused(request: HttpRequest, refusal: Refusal, status: int = 403) -> HttpResponse:
    """Return the page of a refusal: its sentence and its code."""
    return page(request, status, sentence=refusal.text(language_of(request)), code=refusal.code)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - called by name
    """Say that the request cannot be understood."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - called by name
    """Say that this is not allowed."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - called by name
    """Say that there is no such page."""
    return page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return page(request, 500)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form is too old to be taken, and that it can be sent again."""
    del reason  # for developers, not for people
    return page(request, 403, sentence=text("error.expired", language_of(request)), code="form_expired")
