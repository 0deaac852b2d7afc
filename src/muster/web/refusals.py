"""A refusal that a view has not answered itself becomes a page with its sentence and its code."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from muster.kernel.errors import Refusal
from muster.people.rights import NotAllowed
from muster.web import errors

FORBIDDEN, REFUSED = 403, 422  # not this reader; not this request, for a reason the page names
Respond = Callable[[HttpRequest], HttpResponse]


class Refusals:
    """Answer what the rooms refuse; every other exception stays a fault of ours."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; a page that is only sent to, and opened by its address, says so."""
        response = self.respond(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        told = errors.page(request, response.status_code)
        told["Allow"] = response["Allow"]
        return told

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of a refusal, nothing for anything else (the framework's hook)."""
        if not isinstance(exception, Refusal):
            return None
        return errors.refused(request, exception, FORBIDDEN if isinstance(exception, NotAllowed) else REFUSED)
