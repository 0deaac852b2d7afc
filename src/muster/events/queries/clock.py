"""The campaign's time."""

from datetime import datetime

from django.db import connection

from muster.kernel.clock import PlayedClock, local


def clock() -> PlayedClock | None:
    """Return the campaign's clock; ``None`` while it shows real time."""
    with connection.cursor() as cursor:  # every page asks this
        cursor.execute("SELECT real_anchor, campaign_anchor, speed, paused FROM events_clock")
        row = cursor.fetchone()
    return PlayedClock(*row) if row else None


def now(real: datetime) -> datetime:
    """Return the campaign's time at a real moment."""
    played = clock()
    return played.at(real) if played else local(real)
