"""What stations send and get, as OpenAPI tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from muster.capture.rows import Announcement, CaptureRecord, Intake
from muster.capture.words import Missing, Place
from muster.kernel.errors import BatchResult, Refusal
from muster.law.capture import Representative
from muster.law.fees import Exemption
from muster.law.forms import Signer
from muster.law.grounds import Ground

MOST_ROWS = 1_000  # of one request


class RowUnreadable(Refusal):
    """A row is not of the form described; nothing of it is taken, and the other rows are."""

    code = "row_unreadable"
    vi = "Trường “{field}” của dòng này thiếu, không ai biết, hoặc không đúng dạng đã mô tả."
    en = "The field “{field}” of this row is missing, unknown, or not of the form described."


class ImpossibleMoment(Refusal):
    """A moment is no day of the calendar, no hour of a day, or has no time zone."""

    code = "impossible_moment"
    vi = "“{typed}” không phải một thời điểm có thật kèm múi giờ."
    en = "“{typed}” is no moment there is, with its time zone."


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not be read, and why."""

    refusal: Refusal


def _one_by_one(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """Read a row; one that cannot be read is refused alone."""
    try:
        return read(value)
    except ValidationError as error:
        return Unread(_refusal(error))


def _refusal(error: ValidationError) -> Refusal:
    fault = error.errors(include_url=False)[0]
    if fault["type"].startswith(("datetime", "timezone")):
        return ImpossibleMoment(typed=str(fault["input"])[:40])
    return RowUnreadable(field=".".join(str(part) for part in fault["loc"])[:80])


class Strict(Schema):
    """A row that is refused when it has a field that nobody knows."""

    model_config = ConfigDict(extra="forbid")


class CaptureIn(Strict):
    """One capture: a code of the law's list or ``photo``; why it is missing, if it is."""

    code: str = Field(max_length=40)
    quality: int | None = Field(None, ge=0, le=100)
    tries: int = Field(1, ge=1, le=99)
    missing: Missing | None = None


class RepresentativeIn(Strict):
    """Who stands for a child, or for somebody who lost capacity."""

    name: str = Field("", max_length=120)
    number: str = Field("", max_length=12)
    relation: str = Field("", max_length=40)
    signed: bool = False


class IntakeIn(Strict):
    """One person taken at a kit. ``id`` and ``packet`` are the kit's UUIDv7: sent again they are the same dossier."""

    id: UUID
    packet: UUID
    person: UUID
    taken_at: AwareDatetime
    captures: list[CaptureIn] = Field(max_length=40)
    signed: list[Signer]
    attempt: int = Field(1, ge=1, le=99)
    stated: list[Ground] = Field(default_factory=list)
    place: Place = Place.MOBILE
    kit: UUID | None = None
    session: UUID | None = None
    traits: str = Field("", max_length=400)
    lost_capacity: bool = False
    representative: RepresentativeIn | None = None
    corrections: dict[str, str] = Field(default_factory=dict)
    exemptions: list[Exemption] = Field(default_factory=list)
    old_card_taken: bool = False
    account_level: int = Field(0, ge=0, le=2)

    def row(self) -> Intake:
        """Return it as the operation takes it."""
        told = self.model_dump(exclude={"captures", "signed", "stated", "exemptions", "representative"})
        return Intake(
            **told,
            captures=tuple(CaptureRecord(**one.model_dump()) for one in self.captures),
            signed=frozenset(self.signed),
            stated=frozenset(self.stated),
            exemptions=frozenset(self.exemptions),
            representative=Representative(**self.representative.model_dump()) if self.representative else None,
        )


class AnnouncementIn(Strict):
    """One dossier that a kit holds sealed, told before its images."""

    id: UUID
    person: UUID
    taken_at: AwareDatetime
    kit: UUID
    place: Place = Place.MOBILE

    def row(self) -> Announcement:
        """Return it as the operation takes it."""
        return Announcement(**self.model_dump())


OneIntake = Annotated[IntakeIn, WrapValidator(_one_by_one)]
OneAnnouncement = Annotated[AnnouncementIn, WrapValidator(_one_by_one)]


class RefusedOut(Schema):
    """A row that was refused: its place in the request, a stable code for programs, sentences for people."""

    index: int
    code: str
    vi: str
    en: str


class BatchOut(Schema):
    """What became of a request: the dossiers that are in now, and the rows refused."""

    done: list[UUID]
    refused: list[RefusedOut]

    @classmethod
    def of(cls, result: BatchResult[UUID]) -> "BatchOut":
        """Return an operation's answer as it is sent."""
        refused = [
            RefusedOut(
                index=one.index, code=one.refusal.code, vi=one.refusal.text("vi"), en=one.refusal.text("en")
            )
            for one in result.refused
        ]  # fmt: skip
        return cls(done=list(result.done), refused=refused)


class DossierOut(Schema):
    """Where a dossier is."""

    id: UUID
    state: str
    attempt: int
    state_since: datetime
    due_on: str | None
    reason: str


class FaultOut(Schema):
    """Why a request as a whole was refused."""

    code: str
    vi: str
    en: str
