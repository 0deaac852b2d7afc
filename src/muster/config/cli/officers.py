"""`muster officer first`: the first administrator of a real installation; that one adds all the others on the pages.

`muster officer confirm`: of whoever holds the server, where there is no second officer to confirm an account.
"""

import argparse
import getpass
import sys
from datetime import UTC, datetime, timedelta

from muster.config.cli.terminal import operator


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `officer first` to the command line."""
    officer = commands.add_parser(
        "officer",
        help="make the first administrator of a real installation, confirm an account, make a kit's token",
    )
    acts = officer.add_subparsers(required=True, metavar="act")
    first = acts.add_parser("first", help="asks for a password")
    first.add_argument("username", help="small plain letters, such as an.nguyen")
    first.add_argument("full_name", help="in quotes, with all marks")
    first.set_defaults(command=_first)
    confirm = acts.add_parser(
        "confirm", help="confirm that an account is its officer's own, where no second officer is there to do so"
    )
    confirm.add_argument("username")
    confirm.set_defaults(command=_confirm)
    token = acts.add_parser("token", help="make a token, by which a kit or a program signs in with an officer's rights")
    token.add_argument("username")
    token.add_argument("--device", required=True, help="what it is for, such as kit-017")
    token.add_argument("--days", type=int, default=30, help="how long it is good (default: 30)")
    token.set_defaults(command=_token)


def _confirm(arguments: argparse.Namespace) -> int:
    from muster.people import queries
    from muster.people.operations import UnknownOfficer, confirm_officers

    held = queries.by_username(arguments.username)
    if held is None:
        raise UnknownOfficer(officer=arguments.username)
    confirm_officers(officers=[held.id], by=operator(), at=datetime.now(UTC)).whole()
    print(f"{held.full_name} may be the second person of an act that needs two.")
    return 0


def _token(arguments: argparse.Namespace) -> int:
    from muster.kernel.ids import new_id
    from muster.people import queries
    from muster.people.operations import NewToken, UnknownOfficer, make_tokens

    held, at = queries.by_username(arguments.username), datetime.now(UTC)
    if held is None:
        raise UnknownOfficer(officer=arguments.username)
    row = NewToken(new_id(), held.id, arguments.device, at + timedelta(days=arguments.days))
    result = make_tokens(tokens=[row], by=operator(), at=at)
    result.whole()
    print("Keep it well, it is shown once:")
    print(result.done[0][1])
    return 0


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
