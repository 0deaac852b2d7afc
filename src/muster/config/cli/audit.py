"""`muster audit`: seal the chains, verify every row of them, hand a seal to another party."""

import argparse
import json
import sys
from pathlib import Path

from muster.config.cli.terminal import campaign_time, end_progress, show_progress


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `audit` with its three commands."""
    audit = commands.add_parser("audit", help="seal, verify or hand out the audit of looks and changes")
    acts = audit.add_subparsers(required=True, metavar="act")
    acts.add_parser("seal", help="sign the state of all chains now").set_defaults(command=_seal)
    verify = acts.add_parser("verify", help="name every edited, dropped, added or moved row")
    verify.add_argument("--against", type=Path, nargs="+", default=[], help="seals handed out earlier")
    verify.set_defaults(command=_verify)
    export = acts.add_parser("export", help="print a seal as JSON, to be kept by another party")
    export.add_argument("--no", type=int, help="its number (default: the newest)")
    export.set_defaults(command=_export)


def _seal(_: argparse.Namespace) -> None:
    from muster.audit import operations

    number = operations.seal(at=campaign_time())
    print("Nothing has happened since the last seal." if number is None else f"Seal {number} is signed.")


def _verify(arguments: argparse.Namespace) -> int:
    from muster.audit.verification import verify

    handed_out = [json.loads(path.read_text(encoding="utf-8")) for path in arguments.against]
    found = 0
    for finding in verify(against=handed_out, progress=lambda walked: show_progress(f"{walked:,} batches verified")):
        end_progress()
        print(f"{finding.what} {finding.where}: {finding.damage}")
        found += 1
    end_progress()
    print(f"{found} rows are damaged." if found else "The audit is whole: no row was edited, dropped, added or moved.")
    return int(found > 0)


def _export(arguments: argparse.Namespace) -> None:
    from muster.audit.queries import export_seal

    json.dump(export_seal(arguments.no), sys.stdout, indent=1)
    print()
