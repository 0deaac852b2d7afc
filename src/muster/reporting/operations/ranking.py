"""Write down where every unit of a campaign stood at the end of a work day; done once, read by every ranking."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.copying import copy_rows
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.reporting import queries
from muster.reporting.models import Standing
from muster.reporting.operations.common import ended_day
from muster.reporting.rows import RankingRow

KIND, RANKING = "ranking", (7310, 3)  # advisory lock: one ranks at a time
_COLUMNS = {
    "id": "uuid", "campaign_id": "uuid", "day": "date", "unit_id": "int4", "level": "varchar", "target": "int4",
    "deadline": "date", "due": "int4", "hard": "int4", "evening": "int4", "captured": "int4", "week": "int4",
    "finished_at": "timestamptz", "taken": "int4", "returned": "int4", "forced": "int4", "missing": "int4",
    "night": "int4", "impossible": "int4",
}  # fmt: skip


@transaction.atomic
def rank_units(*, rankings: Sequence[RankingRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Write down the standings of campaigns at the end of work days; a day that is written is passed over.

    :returns: the campaigns, in the order of their rows
    Rows are refused with `UnknownCampaign` and `DayNotOver`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", RANKING)
    refused: dict[int, Refusal] = {}
    written: list[UUID] = []
    for index, row in enumerate(rankings):
        try:
            written += _write(row, at)
        except Refusal as refusal:
            refused[index] = refusal
    if written:
        moves = [Move(thing=one, kind=KIND, move="written", unit_done=by.unit, occurred_at=at) for one in written]
        recorded = journal.record(moves=moves, by=by, at=at)
        subjects = [audit.Subject("campaign", one) for one in written]
        audit.record(by=by, at=at, action="reporting.rank", subjects=subjects, events=recorded)
    done = [row.campaign for index, row in enumerate(rankings) if index not in refused]
    return BatchResult(done, [RowRefusal(index, refused[index]) for index in sorted(refused)])


def _write(row: RankingRow, at: datetime) -> list[UUID]:
    campaign = ended_day(row.campaign, row.day, at)
    if Standing.objects.filter(campaign_id=campaign.id, day=row.day).exists():
        return []
    written = Standing.objects.filter(campaign_id=campaign.id, day__lt=row.day, finished_at__isnull=False)
    earlier = written.order_by("day").values_list("unit_id", "target", "finished_at")
    found = queries.measure(
        campaign=campaign, day=row.day, known={unit: (target, done) for unit, target, done in earlier if done}
    )
    with connection.cursor() as cursor:
        copy_rows(
            cursor, "reporting_standing", _COLUMNS,
            ((new_id(), campaign.id, row.day, one.unit, *one[1:]) for one in found),
        )  # fmt: skip
    return [campaign.id]
