"""Open and close campaigns."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.names import normalise
from muster.law.due import EmptyWindow
from muster.law.duty import duties_on
from muster.survey import queries
from muster.survey.models import Campaign
from muster.survey.operations.common import check_area
from muster.survey.operations.refusals import CampaignDiffers, CampaignNameMissing, NobodyCalled, UnknownCampaign
from muster.survey.queries import CampaignLine
from muster.survey.rows import CampaignRow
from muster.survey.words import CAMPAIGN
from muster.units.queries import UnknownUnit

NAME_LETTERS = 120


@transaction.atomic
def open_campaigns(*, campaigns: Sequence[CampaignRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Open campaigns; one that was opened before with the same content is passed over.

    Rows are refused with `CampaignNameMissing`, `NobodyCalled`, `EmptyWindow`, `NoLawInForce`, `UnknownUnit`,
    `OutsideUnit` and `CampaignDiffers`. Rights are asked by who calls.
    """
    paths = queries.paths({row.unit for row in campaigns})
    refused: dict[int, Refusal] = {}
    opened: list[CampaignRow] = []
    for place, row in enumerate(campaigns):
        try:
            if row.unit not in paths:
                raise UnknownUnit(unit=row.unit, on=row.starts.isoformat())
            if _is_new(row, paths[row.unit], by):
                opened.append(row)
                _write(row, at)
        except Refusal as refusal:
            refused[place] = refusal
    _tell("open", [row.id for row in opened], by, at)
    done = [row.id for place, row in enumerate(campaigns) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _is_new(row: CampaignRow, path: Sequence[int], by: Actor) -> bool:
    """Say whether a row that has nothing wrong opens a campaign."""
    if not 0 < len(normalise(row.name)) <= NAME_LETTERS:
        raise CampaignNameMissing
    if not row.bands:
        raise NobodyCalled
    if row.ends <= row.starts:
        raise EmptyWindow(start=row.starts.isoformat(), end=row.ends.isoformat())
    duties_on(row.starts)
    check_area(path, by)
    there = [line for line in queries.campaigns_like(row.id, normalise(row.name)) if line is not None]
    if any(_content(line) != _content(row) for line in there):
        raise CampaignDiffers(name=row.name)
    return not there


def _content(row: CampaignRow | CampaignLine) -> tuple[object, ...]:
    return row.id, normalise(row.name), row.unit, row.starts, row.ends, row.bands


def _write(row: CampaignRow, at: datetime) -> None:
    Campaign.objects.create(
        id=row.id, name=normalise(row.name), unit_id=row.unit, starts=row.starts, ends=row.ends, opened_at=at,
        bands=sorted(int(band) for band in row.bands),
    )  # fmt: skip


@transaction.atomic
def close_campaigns(*, campaigns: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Close campaigns: from now on their cases stand as they are; one that is closed is passed over.

    Rows are refused with `UnknownCampaign` and `OutsideUnit`.
    """
    refused: dict[int, Refusal] = {}
    closed: list[UUID] = []
    for place, campaign in enumerate(campaigns):
        try:
            line = queries.campaign(campaign)
            if line is None:
                raise UnknownCampaign(campaign=campaign)
            check_area(line.path, by)
        except Refusal as refusal:
            refused[place] = refusal
        else:
            if Campaign.objects.filter(id=campaign, closed_at__isnull=True).update(closed_at=at):
                closed.append(campaign)
    _tell("close", closed, by, at)
    done = [campaign for place, campaign in enumerate(campaigns) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _tell(move: str, campaigns: Sequence[UUID], by: Actor, at: datetime) -> None:
    if not campaigns:
        return
    moves = [
        Move(thing=campaign, kind=CAMPAIGN, move=move, unit_done=by.unit, occurred_at=at) for campaign in campaigns
    ]
    recorded = journal.record(moves=moves, by=by, at=at)
    subjects = [audit.Subject(CAMPAIGN, campaign) for campaign in campaigns]
    audit.record(by=by, at=at, action=f"survey.{move}", subjects=subjects, events=recorded)
