"""`muster backup`, `muster restore`, `muster keys rotate`: a copy of everything and the way back, and new master keys.

The record keys are not in the copy of the database: they go into an escrow file that every backup overwrites, so
that erasing a person's key also erases that person's sealed data from every older backup.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from muster.config.cli.terminal import end_progress, operator, show_progress


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `backup`, `restore` and `keys rotate` to the command line."""
    backup = commands.add_parser("backup", help="copy the whole database, and the record keys into its escrow")
    backup.add_argument("folder", type=Path, help="where the copies are kept")
    backup.set_defaults(command=_backup)
    restore = commands.add_parser("restore", help="replace the database by a copy (Muster must be stopped)")
    what = restore.add_mutually_exclusive_group(required=True)
    what.add_argument("copy", type=Path, nargs="?", help="the copy: a folder muster-<time>")
    what.add_argument("--back", action="store_true", help="go back to the database that the last restore replaced")
    what.add_argument("--drop-kept", action="store_true", help="remove the database that the last restore replaced")
    restore.add_argument("--escrow", type=Path, help="the folder of the newest escrow (default: beside the copy)")
    restore.add_argument(
        "--without-keys",
        action="store_true",
        help="the key folder is lost for good: restore all that is not sealed; sealed fields stay unreadable",
    )
    restore.set_defaults(command=_restore)
    keys = commands.add_parser("keys", help="make a new master key and wrap every record key under it")
    rotate = keys.add_subparsers(required=True, metavar="act").add_parser("rotate", help="may be interrupted, repeated")
    rotate.set_defaults(command=_rotate)


def _backup(arguments: argparse.Namespace) -> None:
    from muster.config.backup import backup

    print(f"Backed up to {backup(into=arguments.folder, by=operator(), at=datetime.now(UTC))}")


def _restore(arguments: argparse.Namespace) -> None:
    from muster.config import restoring

    if arguments.drop_kept:
        restoring.drop_kept()
        print("The database from before the last restore is removed.")
    elif arguments.back:
        restoring.go_back(by=operator(), at=datetime.now(UTC))
        print("Back to the database from before the restore; the restored one is kept in its place.")
    else:
        done, lost = restoring.restore(
            copy=arguments.copy, escrow=arguments.escrow, without_keys=arguments.without_keys, by=operator(),
            at=datetime.now(UTC),
        )  # fmt: skip
        print(f"Restored the copy of {done['made_at']} (Muster {done['version']}). The database it replaced is kept:")
        if arguments.without_keys:
            print(_told_of_loss(lost))
        print("look at what you have, then `muster restore --drop-kept`, or `muster restore --back` to return to it.")


def _told_of_loss(lost: int) -> str:
    if not lost:
        return "No key was lost: the key folder opens everything in this copy."
    return (
        f"WITHOUT KEYS: the sealed fields of {lost:,} records (phones, addresses, health, packets) cannot be read by\n"
        "anybody any more, and their pages say so. All else is there, and what is written from now on is sealed under\n"
        "the key folder that is here: copy it to two safes, and make the next backup into a new folder."
    )


def _rotate(_: argparse.Namespace) -> None:
    from muster.keys import operations, queries

    if waiting := queries.to_rewrap():
        print(f"An earlier rotation was not finished: {waiting:,} keys wait. They are wrapped now; no new key is made.")
    version = operations.rotate(progress=lambda done: show_progress(f"{done:,} keys wrapped"))
    end_progress()
    print(f"Every record key is wrapped under master key {version}. Copy the key folder, and make a backup.")
