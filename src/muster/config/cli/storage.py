"""`muster backup` and `muster restore`: a copy of everything, and the way back, drilled in the tests.

The record keys are not in the copy of the database: they go into an escrow file that every backup overwrites, so
that erasing a person's key also erases that person's sealed data from every older backup.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `backup` and `restore` to the command line."""
    backup = commands.add_parser("backup", help="copy the whole database, and the record keys into its escrow")
    backup.add_argument("folder", type=Path, help="where the copies are kept")
    backup.set_defaults(command=_backup)
    restore = commands.add_parser("restore", help="replace the database by a copy (Muster must be stopped)")
    restore.add_argument("copy", type=Path, help="the copy: a folder muster-<time>")
    restore.add_argument("--escrow", type=Path, help="the newest escrow of record keys (default: beside the copy)")
    restore.set_defaults(command=_restore)


def _backup(arguments: argparse.Namespace) -> None:
    from muster.config.backup import backup

    print(f"Backed up to {backup(into=arguments.folder, at=datetime.now(UTC))}")


def _restore(arguments: argparse.Namespace) -> None:
    from muster.config.backup import restore

    manifest = restore(copy=arguments.copy, escrow=arguments.escrow or arguments.copy.parent / "escrow")
    print(f"Restored the copy of {manifest['made_at']} (Muster {manifest['version']}).")
