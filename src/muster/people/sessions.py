"""How long a sign-in lasts: to the end of the shift, with time to finish the case that is open.

The shifts are those of the field: three of six hours, 06:00 to past midnight (field notes R1, R2). Pure.
"""

from datetime import datetime, time, timedelta

from muster.kernel.clock import local, work_day

SHIFT_ENDS = (timedelta(hours=12), timedelta(hours=18), timedelta(hours=25))  # from midnight of the work day
FIRST_SHIFT = timedelta(hours=6)
GRACE = timedelta(minutes=30)  # the last citizen of a shift is not sent away
OUTSIDE = timedelta(hours=8)  # between the shifts of two days, but not past the first one of the next
IDLE = timedelta(minutes=30)
TOUCH = timedelta(minutes=1)  # how exactly idleness is known


def shift_end(at: datetime) -> datetime:
    """Return when a sign-in of this moment ends: the shift's end and a grace.

    Outside all shifts it is 8 hours later, or the end of the next shift where that comes first.

    :raises NaiveDatetime: the moment has no time zone
    """
    here = local(at)
    midnight = datetime.combine(work_day(at), time(), here.tzinfo)
    if here < midnight + FIRST_SHIFT:
        return min(here + OUTSIDE, midnight + SHIFT_ENDS[0] + GRACE)
    ends = (midnight + end for end in SHIFT_ENDS)
    return next((end + GRACE for end in ends if here < end), here + OUTSIDE)


def is_over(*, at: datetime, ends_at: datetime, seen_at: datetime) -> str:
    """Return why a sign-in is over at a moment: ``shift_end``, ``idle``, or an empty text while it is not."""
    if at >= ends_at:
        return "shift_end"
    return "idle" if at - seen_at >= IDLE else ""


def is_to_be_touched(*, at: datetime, seen_at: datetime) -> bool:
    """Say whether it is to be written down again that somebody is there: at most once a minute."""
    return at - seen_at > TOUCH
