"""What page, file and digest of one slot show: the reports of a unit and of those right below it, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.engines.plausibility import Finding
from muster.events.queries import Side
from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.people import queries as people
from muster.people.rights import NotAllowed, may
from muster.plan import queries as plan
from muster.plan.queries import KitsAt
from muster.reporting import oddities, queries
from muster.reporting.queries import ReportLine, SlotLine
from muster.reporting.words import BANDS, FIGURES, SIDES, Figure
from muster.survey import queries as survey
from muster.survey.queries import CampaignLine
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts.visit import Visit, campaign_time

READ, SHOWN = "counts.read", 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """One slot as a unit sees it: its own report, if it makes one, and those of the units right below."""

    unit: Unit
    title: str
    campaign: CampaignLine | None
    slots: Sequence[SlotLine]
    slot: SlotLine | None
    own: ReportLine | None
    below: Sequence[ReportLine]
    owing: Sequence[ReportLine]
    names: dict[int, str]
    codes: dict[int, str]
    people: Mapping[UUID, str]
    odd: dict[int, list[Finding]]
    side: Side
    next: datetime | None

    @property
    def lines(self) -> list[ReportLine]:
        """The unit's own report and those below."""
        return [*([self.own] if self.own else []), *self.below]


def may_do(request: Visit, action: str, path: Sequence[int]) -> bool:
    """Say whether somebody may do something at a unit."""
    grants = request.officer_grants
    return grants is not None and may(grants, action, path, Purpose.COMMAND)


def unit_asked(request: Visit) -> Unit:
    """Return the unit asked for, one's own without.

    :raises NotAllowed: it is not there, or not in one's area
    """
    asked = request.GET.get("unit") or request.POST.get("unit") or ""
    own = request.officer.unit if request.officer else None
    unit = units.by_number(asked) if asked.isdecimal() else own
    if unit is None or not may_do(request, READ, unit.ancestors):
        raise NotAllowed(action=READ)
    return unit


def campaign_of(unit: Unit) -> CampaignLine | None:
    """Return the campaign that runs at a unit, the newest; one that is over where none runs."""
    return next(iter(survey.campaigns(unit.id)), None)


def read(request: Visit) -> Sheet:
    """Return the slot asked for, the newest without, as the unit asked for sees it."""
    unit, now = unit_asked(request), campaign_time(request)
    campaign = campaign_of(unit)
    slots = queries.slots(campaign.id, until=now, limit=SHOWN) if campaign else []
    slot = _chosen(request, slots)
    side = Side.DONE if request.GET.get("side") == Side.DONE.value else Side.RESIDENCE
    if slot is None or campaign is None:
        title = str(units.title(unit.id, now.date()))
        return Sheet(unit, title, campaign, slots, None, None, [], [], {}, {}, {}, {}, side, _next(campaign, now))
    day = slot.work_day
    children = list(units.children(unit.id, day))
    codes = {one.id: one.code for one in (unit, *children)}
    lines = {line.unit: line for line in queries.reports(slot.id, list(codes))}
    owing = queries.owing(slot.id, unit.id)
    names = {number: str(title) for number, title in units.titles({*codes, *(one.unit for one in owing)}, day).items()}
    below = [lines[one.id] for one in children if one.id in lines]
    odd = odd_ones(campaign, list(lines), slot.at, plan.kits_at(list(lines), slot.at))
    return Sheet(
        unit, names[unit.id], campaign, slots, slot, lines.get(unit.id), below, owing, names, codes,
        _people(list(lines.values())), odd, side, _next(campaign, now),
    )  # fmt: skip


def _chosen(request: Visit, slots: Sequence[SlotLine]) -> SlotLine | None:
    asked = request.GET.get("slot") or request.POST.get("slot") or ""
    try:
        wanted = UUID(asked) if asked else None
    except ValueError:
        wanted = None
    if wanted and (found := queries.slot(wanted)):
        return found
    return slots[0] if slots else None


def _next(campaign: CampaignLine | None, now: datetime) -> datetime | None:
    return queries.next_moment(campaign, now) if campaign and campaign.closed_at is None else None


def _people(lines: Sequence[ReportLine]) -> Mapping[UUID, str]:
    officers = {one.officer for line in lines for one in (line.signed, line.said, *line.corrections) if one}
    return people.names_of(officers) if officers else {}


def odd_ones(
    campaign: CampaignLine, reporting: Sequence[int], at: datetime, kits: Mapping[int, KitsAt]
) -> dict[int, list[Finding]]:
    """Return what cannot be true in the last reports of units up to a moment; units without any are left out.

    :param kits: by unit, those it holds at that moment
    """
    last, day = queries.history(reporting, campaign.id, until=at), work_day(at)
    today = plan.worked(reporting, day, day)
    found = {
        unit: oddities.of_reports(last[unit], kits[unit].held if unit in kits else 0, today[unit].stands)
        for unit in reporting
    }
    return {unit: odd for unit, odd in found.items() if odd}


def row(sheet: Sheet, line: ReportLine) -> list[Any]:
    """Return a report as one row of a file; `columns` names its places."""
    told: list[Any] = [sheet.codes[line.unit], sheet.names[line.unit], line.state.value, line.due]
    told += [line.snapshot.due[int(band)] for band in BANDS]
    told += ["" if target is None else target for target in line.snapshot.targets]
    for figure in FIGURES:
        for side in SIDES:
            told += [line.frozen(figure, side), line.reported(figure, side), line.today(figure, side)]
            certified = line.certified(figure, side)
            told.append("" if certified is None else certified)
            told += [line.reported(figure, side, band) for band in BANDS]
    note = line.signed.note if line.signed else ""
    return [*told, sheet.people.get(line.signed.officer, "") if line.signed else "", note]


def columns() -> list[str]:
    """Return the names of a file's columns: codes, the same in every language."""
    told = [
        "code",
        "unit",
        "state",
        "due",
        *(f"due_{band.name.lower()}" for band in BANDS),
        *(f"target_{aim.value}" for aim in queries.AIMS),
    ]
    for figure in FIGURES:
        for side in SIDES:
            stem = f"{figure.value}.{side.value.removeprefix('unit_')}"
            told += [f"{stem}.{what}" for what in ("frozen", "reported", "today", "certified")]
            told += [f"{stem}.{band.name.lower()}" for band in BANDS]
    return [*told, "signed_by", "note"]


def total(sheet: Sheet, figure: Figure) -> int:
    """Return the sum of what the units below report of a figure."""
    return sum(line.reported(figure, sheet.side) for line in sheet.below)
