"""When a campaign reports: the timetable of a day, its moments, and which of them have not been frozen yet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from muster.kernel.clock import DAY_STARTS, ZONE, local, work_day
from muster.reporting.models import Slot, Timetable
from muster.reporting.words import ASSUMED, Hours
from muster.survey import queries as survey
from muster.survey.queries import CampaignLine

SETTLE = timedelta(minutes=2)  # what was recorded at the moment itself is on the disk by then
BACK = 3  # days for which slots that were missed are made up


def hours(campaign: UUID, on: date) -> Hours:
    """Return how a campaign reports on a work day; what the house assumes where nobody has said."""
    rows = Timetable.objects.filter(campaign_id=campaign, since__lte=on).order_by("-since", "-set_at", "-id")
    row = rows.values_list("times", "levels", "sign_within", "chase_every").first()
    if row is None:
        return ASSUMED
    times, levels, sign, chase = row
    return Hours(tuple(times), frozenset(levels), timedelta(minutes=sign), timedelta(minutes=chase))


def moments(told: Hours, day: date) -> list[datetime]:
    """Return the moments of a work day at which reports are made, in order."""
    days = {False: day, True: day + timedelta(days=1)}
    return sorted(datetime.combine(days[one < DAY_STARTS], one, ZONE) for one in told.times)


def next_moment(campaign: CampaignLine, at: datetime) -> datetime | None:
    """Return the next moment at which a campaign reports, today or tomorrow; none after its end."""
    today = work_day(at)
    for day in (today, today + timedelta(days=1)):
        if campaign.starts <= day < campaign.ends:
            later = [one for one in moments(hours(campaign.id, day), day) if one > at]
            if later:
                return later[0]
    return None


def unfrozen(at: datetime) -> list[tuple[UUID, datetime]]:
    """Return campaign and moment of the slots that are due and have not been made, the oldest first."""
    today, found = work_day(at), []
    for campaign in survey.campaigns():
        if campaign.closed_at is not None:
            continue
        made = set(Slot.objects.filter(campaign_id=campaign.id).values_list("at", flat=True))
        for back in range(BACK, -1, -1):
            day = today - timedelta(days=back)
            if campaign.starts <= day < campaign.ends:
                due = [one for one in moments(hours(campaign.id, day), day) if campaign.opened_at <= one <= at - SETTLE]
                found += [(campaign.id, one) for one in due if one not in made]
    return sorted(found, key=lambda one: (one[1], one[0]))


def to_chase(at: datetime) -> list[UUID]:
    """Return the slots whose time to sign is over and of which somebody still owes a report, the oldest first."""
    since = at - timedelta(days=BACK)
    rows = Slot.objects.raw(
        """
        SELECT slot.id FROM reporting_slot AS slot
        WHERE sign_by < %s AND at > %s AND EXISTS (
            SELECT FROM reporting_report AS report WHERE slot_id = slot.id AND state IN ('frozen', 'late')
        ) ORDER BY at, id
        """,
        [at, since],
    )
    return [row.id for row in rows]


def reported_since(campaigns: Sequence[UUID]) -> Mapping[UUID, date]:
    """Return the last work day of which each campaign has reports; one without any is left out."""
    rows = Slot.objects.filter(campaign_id__in=campaigns).order_by("work_day").values_list("campaign_id", "work_day")
    return dict(rows)


def top_of(campaign: UUID) -> int:
    """Return the unit of a campaign.

    :raises KeyError: there is no such campaign
    """
    line = survey.campaign(campaign)
    if line is None:
        raise KeyError(campaign)
    return line.unit


def told_at(moment: datetime) -> str:
    """Return a moment as a refusal tells it."""
    return f"{local(moment):%H:%M %d/%m/%Y}"
