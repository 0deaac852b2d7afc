"""Say when a campaign reports, from a day on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.people import rights
from muster.people.rights import Grants
from muster.reporting import queries
from muster.reporting.models import Timetable
from muster.reporting.operations.refusals import AlreadyReported, BadTimetable, SaidOtherwise
from muster.reporting.rows import TimetableRow
from muster.survey import queries as survey
from muster.survey.operations.refusals import UnknownCampaign

SET = "report.set"
MOST, LONGEST, ONE = 8, timedelta(days=1), timedelta(minutes=1)
LEVELS = frozenset({"country", "province", "district", "commune", "hamlet"})
KIND = "timetable"


@transaction.atomic
def set_timetables(
    *, timetables: Sequence[TimetableRow], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:  # fmt: skip
    """Set from which day on campaigns report at which hours; days of which there are reports keep theirs.

    One that is set again is passed over. Rows are refused with `UnknownCampaign`, `NotAllowed`, `BadTimetable`,
    `AlreadyReported` and `SaidOtherwise`.
    """
    there = {one.id: one for one in Timetable.objects.filter(id__in=[row.id for row in timetables])}
    reported = queries.reported_since([row.campaign for row in timetables])
    refused: dict[int, Refusal] = {}
    new: list[Timetable] = []
    for index, row in enumerate(timetables):
        try:
            campaign = survey.campaign(row.campaign)
            if campaign is None:
                raise UnknownCampaign(campaign=row.campaign)
            rights.require_own(grants, SET, campaign.path, by)
            one = _read(row, by, at)
            if row.id in there:
                if _content(there[row.id]) != _content(one):
                    raise SaidOtherwise
                continue
            if row.campaign in reported and row.since <= reported[row.campaign]:
                raise AlreadyReported(since=f"{row.since:%d/%m/%Y}")
        except Refusal as refusal:
            refused[index] = refusal
        else:
            there[row.id] = one
            new.append(one)
    Timetable.objects.bulk_create(new)
    if new:
        moves = [Move(thing=one.id, kind=KIND, move="set", unit_done=by.unit, occurred_at=at) for one in new]
        recorded = journal.record(moves=moves, by=by, at=at)
        subjects = [audit.Subject(KIND, one.id) for one in new]
        audit.record(by=by, at=at, action="reporting.set_timetable", subjects=subjects, events=recorded)
    done = [row.id for index, row in enumerate(timetables) if index not in refused]
    return BatchResult(done, [RowRefusal(index, refused[index]) for index in sorted(refused)])


def _read(row: TimetableRow, by: Actor, at: datetime) -> Timetable:
    """Return the row as it is stored.

    :raises BadTimetable: it cannot be kept to
    """
    terms = (row.sign_within, row.chase_every)
    if not (
        0 < len(set(row.times)) == len(row.times) <= MOST
        and row.levels
        and row.levels <= LEVELS
        and all(ONE <= term <= LONGEST for term in terms)
    ):
        raise BadTimetable
    return Timetable(
        id=row.id, campaign_id=row.campaign, since=row.since, times=sorted(row.times), levels=sorted(row.levels),
        sign_within=terms[0] // ONE, chase_every=terms[1] // ONE, set_by=by.officer, set_at=at,
    )  # fmt: skip


def _content(one: Timetable) -> tuple[object, ...]:
    return one.campaign_id, one.since, one.times, one.levels, one.sign_within, one.chase_every
