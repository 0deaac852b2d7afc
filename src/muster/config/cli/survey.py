"""`muster survey`: open a campaign if need be, and survey a unit in it."""

import argparse
import time
from datetime import date, timedelta
from uuid import UUID

from muster.config.cli.terminal import campaign_time, end_progress, operator, show_progress
from muster.kernel.actor import Purpose
from muster.kernel.clock import local

DAYS = 90


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `survey` to the command line."""
    survey = commands.add_parser(
        "survey",
        help="find who is due in a campaign",
        description="Judge everybody registered in a unit by the law of a campaign. A campaign that is not there is "
        "opened over the unit. Run again, it writes only what has changed; interrupted, start it again.",
    )
    survey.add_argument("--unit", required=True, help="code of the unit, or VN for the country")
    survey.add_argument("--campaign", required=True, help="name of the campaign")
    day = date.fromisoformat
    survey.add_argument("--first", type=day, help="of a new campaign: its first day, YYYY-MM-DD (default: today)")
    survey.add_argument("--last", type=day, help=f"of a new campaign: its last day (default: {DAYS} days later)")
    survey.set_defaults(command=_survey)


def _survey(arguments: argparse.Namespace) -> None:
    from muster.survey.operations import survey_campaign
    from muster.units import queries as units

    at, by = campaign_time(), operator(Purpose.SURVEY)
    unit = units.by_code(arguments.unit, local(at).date())
    campaign = _campaign(arguments, unit.id)
    started = time.monotonic()
    try:
        found = survey_campaign(campaign=campaign, unit=unit.id, by=by, at=at, progress=_told)
    finally:
        end_progress()
    taken = max(time.monotonic() - started, 1e-3)
    print(f"  {found.people:,} people of {unit}: {found.cases:,} due, {found.people - found.cases:,} not")
    for reason, n in found.excluded.most_common():
        print(f"    {n:>12,} {reason}")
    steps = ", ".join(f"{n:,} {step}" for step, n in found.steps.most_common()) or "nothing has changed"
    print(f"  {steps}; {taken:.1f} s, {found.people / taken:,.0f} people a second")


def _campaign(arguments: argparse.Namespace, unit: int) -> UUID:
    """Return the id of the campaign of this name, opened over the unit if there is none."""
    from muster.kernel.ids import new_id
    from muster.survey import queries
    from muster.survey.operations import open_campaigns
    from muster.survey.rows import CampaignRow

    if line := queries.campaign_named(arguments.campaign):
        return line.id
    at = campaign_time()
    first = arguments.first or local(at).date()
    last = arguments.last or first + timedelta(days=DAYS - 1)
    row = CampaignRow(id=new_id(), name=arguments.campaign, unit=unit, starts=first, ends=last + timedelta(days=1))
    for one in open_campaigns(campaigns=[row], by=operator(Purpose.COMMAND), at=at).refused:
        raise one.refusal
    return row.id


def _told(done: int, people: int) -> None:
    show_progress(f"  {done:,} of {people:,} people")
