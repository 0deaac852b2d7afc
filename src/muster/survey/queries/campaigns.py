"""The campaigns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from muster.events.journal import AgeBand
from muster.survey.models import Campaign
from muster.units.queries import Unit


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign; ``path`` is that of its unit, root first."""

    id: UUID
    name: str
    unit: int
    starts: date
    ends: date
    bands: frozenset[AgeBand]
    opened_at: datetime
    closed_at: datetime | None
    path: Sequence[int]

    @property
    def last(self) -> date:
        """The last day of it."""
        return self.ends - timedelta(days=1)


_FIELDS = ("id", "name", "unit_id", "starts", "ends", "bands", "opened_at", "closed_at", "unit__ancestors")


def _line(row: tuple[Any, ...]) -> CampaignLine:
    id_, name, unit, starts, ends, bands, opened_at, closed_at, path = row
    called = frozenset(AgeBand(band) for band in bands)
    return CampaignLine(id_, name, unit, starts, ends, called, opened_at, closed_at, path)


def _lines(rows: "QuerySet[Campaign]") -> list[CampaignLine]:
    return [_line(row) for row in rows.values_list(*_FIELDS)]


def campaign(id: UUID, *, hold: bool = False) -> CampaignLine | None:  # noqa: A002
    """Return a campaign; held (``FOR SHARE``) so that nobody closes it before the transaction ends."""
    rows = Campaign.objects.filter(id=id)
    if hold:
        list(Campaign.objects.raw("SELECT id FROM survey_campaign WHERE id = %s FOR SHARE", [id]))
    return next(iter(_lines(rows)), None)


def campaign_named(name: str) -> CampaignLine | None:
    """Return the campaign of a name."""
    return next(iter(_lines(Campaign.objects.filter(name=name))), None)


def campaigns_like(id: UUID, name: str) -> list[CampaignLine]:  # noqa: A002
    """Return the campaigns that bear an id or a name."""
    return _lines(Campaign.objects.filter(Q(id=id) | Q(name=name)))


def campaigns(unit: int | None = None) -> list[CampaignLine]:
    """Return the campaigns, of a unit those that reach it from above or lie below it; the newest first."""
    rows = Campaign.objects.order_by("closed_at", "-starts", "name")
    if unit is not None:
        above = Unit.objects.values_list("ancestors", flat=True).get(id=unit)
        rows = rows.filter(Q(unit__in=above) | Q(unit__ancestors__contains=[unit]))
    return sorted(_lines(rows), key=lambda one: one.closed_at is not None)


def paths(units: Iterable[int]) -> dict[int, Sequence[int]]:
    """Return the ids from the root down to each unit; a unit that is not there is left out."""
    return dict(Unit.objects.filter(id__in=set(units)).values_list("id", "ancestors"))
