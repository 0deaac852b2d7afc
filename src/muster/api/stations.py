"""The API of the stations: announce dossiers, bring them in batches, ask where they are. Everything may be sent again.

A token (``muster officer token``) stands for an officer on a device; the officer's rights and unit are the token's. A
row that is refused, or cannot be read, is told by its place, and the others are kept: HTTP 200 means that the answer
says of each row what became of it.
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, NinjaAPI
from ninja.security import HttpBearer
from pydantic import Field

from muster.api.schemas import MOST_ROWS, BatchOut, DossierOut, FaultOut, OneAnnouncement, OneIntake, Unread
from muster.capture import operations, queries
from muster.events import queries as journal
from muster.kernel.actor import Actor, Purpose
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.people import queries as people
from muster.people import rights
from muster.people.operations import hash_of
from muster.people.queries import TokenHolder

TAKE = "capture.take"


class ByToken(HttpBearer):
    """Who comes with a token that is good now, and may take dossiers."""

    def authenticate(self, request: HttpRequest, token: str) -> TokenHolder | None:
        """Return who holds the token; nobody for one that is not good."""
        return people.token_holder(hash_of(token), request.at)  # type: ignore[attr-defined]


class NoSuchDossier(Refusal):
    """There is none with that id which the holder may see."""

    code = "no_such_dossier"
    vi = "Không có hồ sơ này."
    en = "There is no such dossier."


api = NinjaAPI(
    title="Muster: stations",
    version="1",
    description=__doc__ or "",
    auth=ByToken(),
    docs_url=None,  # its page would load scripts from elsewhere; the description alone is served
    urls_namespace="api",
)

Intakes = Annotated[list[OneIntake], Field(min_length=1, max_length=MOST_ROWS)]
Announcements = Annotated[list[OneAnnouncement], Field(min_length=1, max_length=MOST_ROWS)]
FAULTS: dict[Any, Any] = {HTTPStatus.FORBIDDEN: FaultOut, HTTPStatus.NOT_FOUND: FaultOut}


@api.post("/dossiers", response={HTTPStatus.OK: BatchOut, **FAULTS}, summary="Bring dossiers")
def bring(request: HttpRequest, rows: Body[Intakes]) -> BatchOut:
    """Take in up to 1,000 persons captured at kits; bad rows are refused one by one, the good ones are kept."""
    by, at = _crew(request)
    return _told(rows, lambda read: operations.receive(intakes=read, by=by, at=at))


@api.post("/dossiers/announced", response={HTTPStatus.OK: BatchOut, **FAULTS}, summary="Announce dossiers")
def announce(request: HttpRequest, rows: Body[Announcements]) -> BatchOut:
    """Tell which dossiers a kit holds sealed whose images are still on their way."""
    by, at = _crew(request)
    return _told(rows, lambda read: operations.announce(announcements=read, by=by, at=at))


@api.get("/dossiers/{dossier}", response={HTTPStatus.OK: DossierOut, **FAULTS}, summary="Where is a dossier?")
def where(request: HttpRequest, dossier: UUID) -> DossierOut:
    """Return where a dossier is that the holder's unit took, owns, or whose citizen lives there."""
    by, _ = _crew(request)
    held = queries.states([dossier]).get(dossier)
    if held is None or by.unit not in held.near:
        raise NoSuchDossier
    return DossierOut(
        id=held.id, state=held.state.value, attempt=held.attempt, state_since=held.state_since,
        due_on=held.due_on.isoformat() if held.due_on else None, reason=held.reason,
    )  # fmt: skip


def _told(rows: Sequence[Any], take: Callable[[list[Any]], BatchResult[UUID]]) -> BatchOut:
    """Take the rows that could be read; return what became of each, those that could not be read among them."""
    places = [place for place, row in enumerate(rows) if not isinstance(row, Unread)]
    result = take([rows[place].row() for place in places])
    refused = [RowRefusal(place, row.refusal) for place, row in enumerate(rows) if isinstance(row, Unread)]
    refused += [RowRefusal(places[one.index], one.refusal) for one in result.refused]
    return BatchOut.of(BatchResult(result.done, sorted(refused, key=lambda one: one.index)))


def _crew(request: HttpRequest) -> tuple[Actor, Any]:
    """Return who acts, and the campaign's time.

    :raises NotAllowed: the holder of the token takes no dossiers
    """
    holder: TokenHolder = request.auth  # type: ignore[attr-defined]
    path = people.paths([holder.unit]).get(holder.unit, ())
    rights.require(holder.grants, TAKE, path, Purpose.CAPTURE)
    by = Actor(officer=holder.officer, unit=holder.unit, purpose=Purpose.CAPTURE, device=f"token:{holder.device}")
    return by, journal.now(request.at)  # type: ignore[attr-defined]


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal of the whole request with its code and sentences."""
    told = {"code": refusal.code, "vi": refusal.text("vi"), "en": refusal.text("en")}
    statuses = {NoSuchDossier: HTTPStatus.NOT_FOUND, rights.NotAllowed: HTTPStatus.FORBIDDEN}
    return api.create_response(request, told, status=statuses.get(type(refusal), HTTPStatus.UNPROCESSABLE_ENTITY))
