"""The schedule. Cron times are UTC, as procrastinate reads them; Việt Nam is seven hours ahead and has no summer time.

A task that is still running or waiting is not queued a second time (``queueing_lock``), and every task may be
repeated: after a crash the next round does what the lost one did not.
"""

from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from muster.audit import operations as audit
from muster.events import operations as events
from muster.events import queries as journal
from muster.kernel.actor import Actor, Purpose
from muster.processing import operations as processing
from muster.processing import queries as checks

CHECKED_AT_ONCE = 1_000  # dossiers in one transaction


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="seal_audit")
def seal_audit(timestamp: int) -> None:
    """Sign the state of all audit chains, every five minutes."""
    audit.seal(at=_now(timestamp))


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="check_received")
def check_received(timestamp: int) -> None:
    """Check what was received or has changed since it was checked, and accept what is clean, every two minutes.

    Interrupted, it keeps whole batches; the next round does the rest.
    """
    for province, dossiers in checks.unchecked().items():
        by = Actor(officer=None, unit=province, purpose=Purpose.CHECK, device="check_received")
        for start in range(0, len(dossiers), CHECKED_AT_ONCE):
            batch = dossiers[start : start + CHECKED_AT_ONCE]
            processing.check_dossiers(dossiers=batch, by=by, at=_now(timestamp))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="sum_up_counters")
def sum_up_counters(timestamp: int) -> None:
    """Sum up the newest counters for every unit, every ten minutes: what is left to add up for a page stays small."""
    del timestamp
    events.sum_up()


@app.periodic(cron="10 20 * * *")
@app.task(queueing_lock="end_old_sessions")
def end_old_sessions(timestamp: int) -> None:
    """Delete the sign-in sessions that have ended, at 03:10."""
    del timestamp
    SessionStore.clear_expired()


def _now(timestamp: int) -> datetime:
    return journal.now(datetime.fromtimestamp(timestamp, UTC))
