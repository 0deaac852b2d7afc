"""Time: the country's zone, the work day, and the clock of a campaign, real or played.

The domain never asks what time it is. Whoever stands at the edge reads the real clock once, turns it into
campaign time here and hands that on as ``at``. No function here accepts a datetime without a zone.
"""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Self

from muster.kernel.errors import Refusal

# Viet Nam has kept +07 the year round since 1975: no table of zones is needed on a kit.
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
DAY_STARTS = time(4, 0)  # crews work until the last person, past midnight; by four nobody does


class NaiveDatetime(Refusal):
    code = "naive_datetime"
    vi = "Thời điểm {at} không có múi giờ."
    en = "The moment {at} has no time zone."


class BadSpeed(Refusal):
    code = "bad_speed"
    vi = "Tốc độ đồng hồ phải là số dương, không phải {speed}."
    en = "The speed of a clock is a positive number, not {speed}."


class BadMoment(Refusal):
    code = "bad_moment"
    vi = "“{typed}” không phải một thời điểm; hãy gõ như 08/05/2021 17:00."
    en = "“{typed}” is not a moment; type it like 08/05/2021 17:00."


def moment_typed(typed: str) -> datetime:
    """Return the moment somebody typed, on the clock of Viet Nam: day, month, year, hour and minute.

    :raises BadMoment: it is none
    """
    for form in ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
        try:
            return datetime.strptime(typed.strip(), form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    raise BadMoment(typed=typed[:40])


def aware(at: datetime) -> datetime:
    """Return the moment given, if it has a time zone.

    :raises NaiveDatetime: it has none
    """
    if at.utcoffset() is None:
        raise NaiveDatetime(at=at)
    return at


def local(at: datetime) -> datetime:
    """Return a moment as the clock on the wall shows it in Viet Nam.

    :raises NaiveDatetime: it has no time zone
    """
    return aware(at).astimezone(ZONE)


@lru_cache(1 << 12)
def work_day(at: datetime, day_starts: time = DAY_STARTS) -> date:
    """Return the work day of a moment: what is done before ``day_starts`` belongs to the evening before.

    :raises NaiveDatetime: the moment has no time zone
    """
    here = local(at)
    return here.date() if here.time() >= day_starts else here.date() - timedelta(days=1)


def work_day_bounds(day: date, day_starts: time = DAY_STARTS) -> tuple[datetime, datetime]:
    """Return the first moment of a work day and the first moment after it."""
    start = datetime.combine(day, day_starts, ZONE)
    return start, start + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlayedClock:
    """The clock of a campaign: at ``real_anchor`` it showed ``campaign_anchor``, and runs on at ``speed``.

    Every change returns a new clock, anchored at the moment of the change, so that time never leaps unless it
    is told to. With both anchors the same and speed 1 it is the real clock.

    :raises NaiveDatetime: an anchor has no time zone
    :raises BadSpeed: the speed is not a positive number
    """

    real_anchor: datetime
    campaign_anchor: datetime
    speed: float = 1.0
    paused: bool = False

    def __post_init__(self) -> None:
        aware(self.real_anchor)
        aware(self.campaign_anchor)
        if not (math.isfinite(self.speed) and self.speed > 0):
            raise BadSpeed(speed=self.speed)

    @classmethod
    def real(cls, anchor: datetime) -> Self:
        """Return the clock that shows real time."""
        return cls(anchor, anchor)

    def at(self, real: datetime) -> datetime:
        """Return the campaign's time at a real moment, in the country's zone.

        A real moment before the anchor shows the anchor: servers differ by milliseconds, and a campaign's
        clock must not be seen to run backwards for it.
        """
        anchor = local(self.campaign_anchor)
        if self.paused:
            aware(real)
            return anchor
        return anchor + max(aware(real) - self.real_anchor, timedelta()) * self.speed

    def paused_at(self, real: datetime) -> Self:
        """Return this clock, standing still from a real moment on."""
        return replace(self._anchored(real), paused=True)

    def resumed_at(self, real: datetime) -> Self:
        """Return this clock, running again from a real moment on."""
        return replace(self._anchored(real), paused=False)

    def with_speed(self, real: datetime, speed: float) -> Self:
        """Return this clock, running ``speed`` times as fast as real time from a real moment on."""
        return replace(self._anchored(real), speed=speed)

    def jumped(self, real: datetime, to: datetime) -> Self:
        """Return this clock, showing ``to`` at a real moment; ask :meth:`goes_back` first if that matters."""
        return replace(self, real_anchor=real, campaign_anchor=to)

    def playing(self, real: datetime, to: datetime, speed: float) -> Self:
        """Return this clock, showing ``to`` at a real moment and running on from there at a speed."""
        return replace(self, real_anchor=real, campaign_anchor=to, speed=speed, paused=False)

    def goes_back(self, real: datetime, to: datetime) -> bool:
        """Say whether a jump to ``to`` would turn the clock back, which a journal with events must refuse."""
        return aware(to) < self.at(real)

    def _anchored(self, real: datetime) -> Self:
        return replace(self, real_anchor=max(real, self.real_anchor), campaign_anchor=self.at(real))
