"""`muster recount`: hold every counter against the journal."""

import argparse

from muster.config.cli.terminal import end_progress, show_progress


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `recount` to the command line."""
    recount = commands.add_parser("recount", help="prove that every counter is what the journal says")
    recount.add_argument("--repair", action="store_true", help="write the counted figures where they differ")
    recount.set_defaults(command=_recount)


def _recount(arguments: argparse.Namespace) -> int:
    from muster.events.recounting import differences, repair

    def told(done: int, steps: int) -> None:
        show_progress(f"{done} of {steps} comparisons")

    found = 0
    for one in repair(progress=told) if arguments.repair else differences(progress=told):
        end_progress()
        print(
            f"{one.table} of unit {one.unit}, {one.metric}, work day {one.work_day}, known on {one.known_day}, "
            f"age band {one.age_band}: stored {one.stored:,}, counted {one.counted:,}"
        )
        found += 1
    end_progress()
    if not found:
        print("Every counter is what the journal says.")
        return 0
    print(f"{found} counters {'were put right' if arguments.repair else 'differ from the journal'}.")
    return int(not arguments.repair)
