"""The slots of a campaign, and the reports of units at one of them, with what people said of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.keys import provider
from muster.keys.provider import Signature
from muster.reporting.models import Slot
from muster.reporting.sealing import Frozen, signature_message
from muster.reporting.words import BANDS, OWED, Figure, State, place


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A slot of a campaign."""

    id: UUID
    campaign: UUID
    work_day: date
    at: datetime
    sign_by: datetime
    chase_every: int
    frozen_at: datetime
    reports: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a report, when, and the note."""

    officer: UUID
    at: datetime
    late: bool
    note: str
    key_id: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction beside a figure."""

    place: int
    value: int
    cause: str
    why: str
    officer: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a commander above said of a report last."""

    certified: bool
    counts: Sequence[int]
    cause: str
    why: str
    officer: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A unit's report at a slot; ``path`` is the unit's, root first. Figures are asked by `frozen` and `reported`."""

    id: UUID
    unit: int
    path: Sequence[int]
    state: State
    snapshot: Frozen
    hash: bytes
    signed: Signed | None
    corrections: Sequence[Corrected]
    said: Said | None
    chased: int

    def frozen(self, figure: Figure, side: Side, band: AgeBand | None = None) -> int:
        """Return what was frozen, since the campaign began."""
        return _of(self.snapshot.totals, figure, side, band)

    def today(self, figure: Figure, side: Side, band: AgeBand | None = None) -> int:
        """Return what was frozen of the work day."""
        return _of(self.snapshot.today, figure, side, band)

    def reported(self, figure: Figure, side: Side, band: AgeBand | None = None) -> int:
        """Return what the unit reports: what was frozen, with its corrections."""
        return _of(self.counts, figure, side, band)

    def certified(self, figure: Figure, side: Side, band: AgeBand | None = None) -> int | None:
        """Return what a commander above has certified; none where that stands not, or no more."""
        if self.state is not State.CERTIFIED or self.said is None:
            return None
        return _of(self.said.counts, figure, side, band)

    @property
    def counts(self) -> list[int]:
        """The totals as the unit reports them."""
        counts = list(self.snapshot.totals)
        for one in self.corrections:
            counts[one.place] = one.value
        return counts

    @property
    def due(self) -> int:
        """How many people due reside there: the base."""
        return sum(self.snapshot.due)

    @property
    def owed(self) -> bool:
        """Whether the unit has not signed."""
        return self.state in OWED


def _of(counts: Sequence[int], figure: Figure, side: Side, band: AgeBand | None) -> int:
    bands = BANDS if band is None else (band,)
    return sum(counts[place(figure, side, one)] for one in bands)


_SLOT = ("id", "campaign_id", "work_day", "at", "sign_by", "chase_every", "frozen_at", "reports", "root")


def slots(campaign: UUID, *, until: datetime | None = None, limit: int = 12) -> list[SlotLine]:
    """Return the slots of a campaign up to a moment, the newest first."""
    rows = Slot.objects.filter(campaign_id=campaign).order_by("-at")
    if until is not None:
        rows = rows.filter(at__lte=until)
    return [_slot(row) for row in rows.values_list(*_SLOT)[:limit]]


def slot(id: UUID) -> SlotLine | None:  # noqa: A002
    """Return one slot."""
    row = Slot.objects.filter(id=id).values_list(*_SLOT).first()
    return _slot(row) if row else None


def slot_at(campaign: UUID, at: datetime) -> SlotLine | None:
    """Return the slot of a campaign at a moment."""
    row = Slot.objects.filter(campaign_id=campaign, at=at).values_list(*_SLOT).first()
    return _slot(row) if row else None


def _slot(row: tuple[Any, ...]) -> SlotLine:
    return replace(SlotLine(*row), root=bytes(row[-1]))


_REPORTS = """
    SELECT report.id, report.unit_id, unit.ancestors, report.state, report.slot_id, slot.at, report.layout,
           report.totals, report.today, report.due, report.targets, report.hash,
           signed.officer, signed.at, signed.late, signed.note, signed.key_id, signed.value,
           said.certified, said.counts, said.cause, said.why, said.officer, said.at,
           (SELECT coalesce(max(no), 0) FROM reporting_chase WHERE report_id = report.id)
    FROM reporting_report AS report JOIN reporting_slot AS slot ON slot.id = report.slot_id
        JOIN units_unit AS unit ON unit.id = report.unit_id
        LEFT JOIN reporting_signature AS signed ON signed.report_id = report.id
        LEFT JOIN LATERAL (
            SELECT * FROM reporting_verdict WHERE report_id = report.id ORDER BY at DESC, id DESC LIMIT 1
        ) AS said ON true
    WHERE {where} ORDER BY unit.code COLLATE "C", report.id
"""


def reports(slot: UUID, units: Collection[int]) -> list[ReportLine]:
    """Return the reports of these units at a slot, by the units' codes."""
    return _reports("report.slot_id = %s AND report.unit_id = ANY(%s::int[])", [slot, list(units)])


def reports_below(slot: UUID, unit: int) -> list[ReportLine]:
    """Return the reports of a unit and all below it at a slot, by the units' codes."""
    return _reports("report.slot_id = %s AND unit.ancestors @> ARRAY[%s::int]", [slot, unit])


def states_below(slot: UUID, units: Collection[int]) -> dict[int, dict[State, int]]:
    """Return for each unit in which states its own report and those of all below it are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT above, report.state, count(*) FROM reporting_report AS report
            JOIN units_unit AS unit ON unit.id = report.unit_id CROSS JOIN LATERAL unnest(unit.ancestors) AS above
            WHERE slot_id = %s AND above = ANY(%s::int[]) GROUP BY 1, 2
            """,
            [slot, list(units)],
        )
        found: dict[int, dict[State, int]] = {}
        for unit, state, n in cursor.fetchall():
            found.setdefault(unit, {})[State(state)] = n
    return found


def by_ids(ids: Collection[UUID]) -> dict[UUID, ReportLine]:
    """Return reports by id."""
    return {one.id: one for one in _reports("report.id = ANY(%s::uuid[])", [list(ids)])}


def owing(slot: UUID, unit: int, *, limit: int = 500) -> list[ReportLine]:
    """Return the reports of a unit and all below it that are not signed, those chased furthest first."""
    found = _reports(
        "report.slot_id = %s AND report.state IN ('frozen', 'late') AND unit.ancestors @> ARRAY[%s::int]",
        [slot, unit],
    )
    return sorted(found, key=lambda one: -one.chased)[:limit]


def to_ask(slot: UUID, top: int, times: int) -> list[UUID]:
    """Return the reports that owe a signature and have been asked for less often than they should by now.

    :param top: the campaign's unit, the last one up the line that is asked
    :param times: how often by now; never more often than there are units from a report's own up to the top
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT report.id FROM reporting_report AS report JOIN units_unit AS unit ON unit.id = report.unit_id
            WHERE slot_id = %(slot)s AND state IN ('frozen', 'late') AND ancestors @> ARRAY[%(top)s::int]
              AND least(%(times)s, cardinality(ancestors) - array_position(ancestors, %(top)s::int) + 1)
                  > (SELECT coalesce(max(no), 0) FROM reporting_chase WHERE report_id = report.id)
            ORDER BY report.id
            """,
            {"slot": slot, "top": top, "times": times},
        )
        return [report for (report,) in cursor.fetchall()]


def history(units: Collection[int], campaign: UUID, *, until: datetime, limit: int = 6) -> dict[int, list[ReportLine]]:
    """Return the last reports of units in a campaign up to a moment, the newest first: what repeats shows there."""
    last = [one.id for one in slots(campaign, until=until, limit=limit)]
    found = _reports("report.slot_id = ANY(%s::uuid[]) AND report.unit_id = ANY(%s::int[])", [last, list(units)])
    by_unit: dict[int, list[ReportLine]] = {unit: [] for unit in units}
    for one in sorted(found, key=lambda line: line.snapshot.at, reverse=True):
        by_unit[one.unit].append(one)
    return by_unit


def _reports(where: str, values: list[Any]) -> list[ReportLine]:
    with connection.cursor() as cursor:
        cursor.execute(_REPORTS.format(where=where), values)
        rows = cursor.fetchall()
        cursor.execute(
            """
            SELECT report_id, place, value, cause, why, officer, at FROM reporting_correction
            WHERE report_id = ANY(%s::uuid[]) ORDER BY at, id
            """,
            [[row[0] for row in rows]],
        )
        corrections: dict[UUID, list[Corrected]] = {}
        for report, *told in cursor.fetchall():
            corrections.setdefault(report, []).append(Corrected(*told))
    return [_line(row, corrections.get(row[0], [])) for row in rows]


def _line(row: tuple[Any, ...], corrections: Sequence[Corrected]) -> ReportLine:
    id_, unit, path, state, slot, at, layout, totals, today, due, targets, hash_ = row[:12]
    snapshot = Frozen(slot, unit, at, layout, totals, today, due, targets)
    officer, signed_at, late, note, key_id, value = row[12:18]
    signed = Signed(officer, signed_at, late, note, key_id, bytes(value)) if officer else None
    said = Said(*row[18:24]) if row[18] is not None else None
    return ReportLine(
        id_, unit, path, State(state), snapshot, bytes(hash_), signed, corrections, said, row[24]
    )  # fmt: skip


def is_whole(line: ReportLine) -> bool:
    """Say whether a report still has the figures that were frozen and, where it is signed, the signature fits them."""
    if line.snapshot.hash() != line.hash:
        return False
    if line.signed is None:
        return True
    one = line.signed
    message = signature_message(line.hash, one.note, one.officer, one.at)
    return provider.current().verify(message, Signature(one.key_id, one.value))
