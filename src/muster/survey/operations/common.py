"""What the writes of the survey share: the campaign held open, whose area it is, the audit of a batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from muster.audit import operations as audit
from muster.events.journal import Recorded
from muster.kernel.actor import Actor
from muster.survey import queries
from muster.survey.operations.refusals import CampaignClosed, OutsideUnit, UnknownCampaign
from muster.survey.queries import CampaignLine
from muster.survey.words import KIND

TOLD_ONE_BY_ONE = 1000  # a longer batch is told in the audit by its events, which name each case already


def open_campaign(campaign: UUID) -> CampaignLine:
    """Return a campaign that takes writes, held so that nobody closes it meanwhile.

    :raises UnknownCampaign: there is none
    :raises CampaignClosed: it is closed
    """
    line = queries.campaign(campaign, hold=True)
    if line is None:
        raise UnknownCampaign(campaign=campaign)
    if line.closed_at is not None:
        raise CampaignClosed(name=line.name)
    return line


def check_area(path: Sequence[int], by: Actor) -> None:
    """Go on only if the actor is the system, or of a unit on the path from the root down.

    :raises OutsideUnit: the officer's unit lies elsewhere
    """
    if by.officer is not None and by.unit not in path:
        raise OutsideUnit


def tell(by: Actor, at: datetime, action: str, cases: Iterable[UUID], events: Recorded, detail: str = "") -> None:
    """Write a batch into the audit, its cases one by one where they are few; nothing of an empty batch."""
    if events.events:
        named = list(cases)
        subjects = [audit.Subject(KIND, case) for case in named] if len(named) <= TOLD_ONE_BY_ONE else []
        audit.record(by=by, at=at, action=action, subjects=subjects, events=events, detail=detail or f"{len(named)}")
