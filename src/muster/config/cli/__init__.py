"""The command line, `muster`: every command starts the database if need be, makes one call, says the result."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from muster.config import postgres
from muster.config.cli import audit, clock, counts, officers, people, rehearse, serve, storage, survey, worker
from muster.config.cli.signals import ending_cleanly
from muster.kernel.errors import Refusal
from muster.kernel.memory import collect_seldom


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when it did what was asked, 1 when it was refused or found damage.

    A command that a signal ends leaves nothing half done and no database running; it returns 128 and the signal.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
    arguments = _parser().parse_args(argv)
    try:
        with ending_cleanly(), _database():
            import django

            django.setup()
            collect_seldom()
            return int(arguments.command(arguments) or 0)
    except postgres.DatabaseUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(f"{refusal.text('en')} [{refusal.code}]", file=sys.stderr)
        return 1
    except KeyboardInterrupt as ended:
        return 128 + (ended.args[0] if ended.args else signal.SIGINT)


def _database() -> AbstractContextManager[object]:
    """Return the use of the embedded server; a server named by ``DATABASE_URL`` is somebody else's to start."""
    if os.environ.get("DATABASE_URL"):
        return nullcontext()
    return postgres.Lease(postgres.cluster(durable=os.environ.get("MUSTER_TESTING") != "1"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="muster", description="Run a national ID-card campaign.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for module in (serve, worker, clock, officers, people, survey, rehearse, counts, audit, storage):
        module.add_to(commands)
    return parser
