"""Freeze a slot: the figures of every unit that reports, as known at its moment, at once and for good."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from muster.engines import merkle
from muster.kernel.actor import Actor
from muster.kernel.clock import aware, work_day
from muster.kernel.copying import copy_rows
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.reporting import queries
from muster.reporting.models import Slot
from muster.reporting.moves import Step
from muster.reporting.operations.common import Moved, tell
from muster.reporting.operations.refusals import NotASlot, SlotNotYet
from muster.reporting.queries.times import told_at
from muster.reporting.rows import SlotRow
from muster.reporting.sealing import Frozen
from muster.reporting.words import LAYOUT, Hours, State
from muster.survey import queries as survey
from muster.survey.operations.refusals import UnknownCampaign
from muster.survey.queries import CampaignLine

FREEZING = (7310, 1)  # advisory lock: one freezes at a time
_REPORT = {
    "id": "uuid", "slot_id": "uuid", "unit_id": "int4", "state": "varchar", "layout": "int2", "totals": "int4[]",
    "today": "int4[]", "due": "int4[]", "targets": "int4[]", "hash": "bytea",
}  # fmt: skip


@transaction.atomic
def freeze_slots(*, slots: Sequence[SlotRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Freeze slots, each with a report of every unit of the campaign that reports; one that is frozen is passed over.

    Made later, a slot has the figures that were known at its moment all the same.

    :param at: the campaign's time; a slot is frozen two minutes after its moment at the earliest
    :returns: the slots' ids, also of those frozen before
    Rows are refused with `UnknownCampaign`, `NotASlot` and `SlotNotYet`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", FREEZING)
    refused: dict[int, Refusal] = {}
    done: list[UUID] = []
    frozen: list[Moved] = []
    for index, row in enumerate(slots):
        try:
            slot, moves = _freeze(row, aware(at))
        except Refusal as refusal:
            refused[index] = refusal
        else:
            done.append(slot)
            frozen += moves
    if frozen:
        tell(frozen, by, at)
    return BatchResult(done, [RowRefusal(index, refused[index]) for index in sorted(refused)])


def _freeze(row: SlotRow, at: datetime) -> tuple[UUID, list[Moved]]:
    """Freeze one slot; no moves where it was frozen before."""
    campaign = survey.campaign(row.campaign)
    if campaign is None:
        raise UnknownCampaign(campaign=row.campaign)
    if there := queries.slot_at(row.campaign, row.at):
        return there.id, []
    day = work_day(row.at)
    hours = queries.hours(campaign.id, day)
    if not campaign.starts <= day < campaign.ends or row.at not in queries.moments(hours, day):
        raise NotASlot(at=told_at(row.at))
    if row.at + queries.SETTLE > at:
        raise SlotNotYet(at=told_at(row.at))
    slot = new_id()
    reports = list(_snapshots(slot, campaign, hours, row.at))
    _write(slot, campaign, hours, row.at, at, reports)
    return slot, [Moved(id_, one.unit, State.FROZEN, Step.FREEZE, day) for id_, one in reports]


def _snapshots(slot: UUID, campaign: CampaignLine, hours: Hours, at: datetime) -> Iterator[tuple[UUID, Frozen]]:
    day = work_day(at)
    units = queries.reporting_units(campaign, day, hours.levels)
    counted = queries.counted(campaign, units, day, at)
    for unit in units:
        one = counted[unit]
        yield new_id(), Frozen(slot, unit, at, LAYOUT, one.totals, one.today, one.due, one.targets)


def _write(
    slot: UUID, campaign: CampaignLine, hours: Hours, moment: datetime, at: datetime,
    reports: Sequence[tuple[UUID, Frozen]],
) -> None:  # fmt: skip
    hashes = [one.hash() for _, one in reports]
    Slot.objects.create(
        id=slot, campaign_id=campaign.id, work_day=work_day(moment), at=moment, sign_by=moment + hours.sign_within,
        chase_every=hours.chase_every // timedelta(minutes=1), frozen_at=at, reports=len(reports),
        root=merkle.root(hashes),
    )  # fmt: skip
    with connection.cursor() as cursor:
        copy_rows(
            cursor,
            "reporting_report",
            _REPORT,
            (
                (id_, slot, one.unit, State.FROZEN.value, one.layout, list(one.totals), list(one.today), list(one.due),
                 list(one.targets), hash_)
                for (id_, one), hash_ in zip(reports, hashes, strict=True)
            ),
        )  # fmt: skip
