"""`muster officer first`: the first administrator of a real installation; that one adds all the others on the pages."""

import argparse
import getpass
import sys
from datetime import UTC, datetime

from muster.config.cli.terminal import operator


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `officer first` to the command line."""
    officer = commands.add_parser("officer", help="make the first administrator of a real installation")
    first = officer.add_subparsers(required=True, metavar="act").add_parser("first", help="asks for a password")
    first.add_argument("username", help="small plain letters, such as an.nguyen")
    first.add_argument("full_name", help="in quotes, with all marks")
    first.set_defaults(command=_first)


def _first(arguments: argparse.Namespace) -> int:
    from muster.people.operations import first_administrator

    password = getpass.getpass("Password (at least 12 characters): ")
    if password != getpass.getpass("The same again: "):
        print("The two differ; nothing was done.", file=sys.stderr)
        return 1
    named = {"username": arguments.username, "full_name": arguments.full_name}
    first_administrator(**named, password=password, by=operator(), at=datetime.now(UTC))
    print("Done. The phone for the second factor is set up at the first sign-in.")
    return 0
