"""What the commands share: a line of progress, and who acts when a command does."""

import sys
from datetime import UTC, datetime

from muster.kernel.actor import Actor, Purpose


def show_progress(told: str) -> None:
    """Write how far the work is over the last such line; nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r{told}\033[K", end="", file=sys.stderr, flush=True)


def end_progress() -> None:
    """Clear the line of progress."""
    show_progress("")


def operator(purpose: Purpose = Purpose.ADMINISTER) -> Actor:
    """Return the actor of a command: the system itself, over the whole country."""
    from muster.units.queries import ROOT

    return Actor(officer=None, unit=ROOT, purpose=purpose, device="command line")


def campaign_time() -> datetime:
    """Return the campaign's time now."""
    from muster.events import queries as journal

    return journal.now(datetime.now(UTC))
