"""The survey of a rehearsal: who is due on its eve; and, for the demonstration, what officers have marked since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from muster.kernel.actor import Actor
from muster.kernel.clock import ZONE
from muster.rehearsal import crew
from muster.rehearsal.campaign.rehearsing import Progress, Rehearsal, parts
from muster.survey.operations import (
    mark_contacts,
    mark_hard_cases,
    open_campaigns,
    survey_campaign,
)
from muster.survey.queries import Filter, ListLine, list_lines
from muster.survey.rows import CampaignRow, ContactMark, HardMark
from muster.survey.words import Contact, Hard

NAME = "Cấp căn cước công dân gắn chíp 2021"
EVENING = 20  # o'clock
CONTACTS = {None: 60, Contact.NOT_AT_HOME: 6, Contact.REACHED: 18, Contact.APPOINTED: 14, Contact.REFUSES: 2}  # assumed
HARD_SHARE = 0.1  # assumed, of those who have not come


@dataclass(frozen=True, slots=True)
class SurveyTask:
    """One district to be surveyed."""

    campaign: UUID
    district: int
    by: Actor
    at: datetime

    def work(self) -> Iterator[int]:
        """Survey it, and tell how many were judged."""
        yield survey_campaign(campaign=self.campaign, unit=self.district, by=self.by, at=self.at).people


def survey(what: Rehearsal, *, unit: int, by: Actor, progress: Progress) -> None:
    """Open the campaign over a unit and survey it, on the evening before the first day; again it does no harm."""
    inputs = what.told.inputs
    row = CampaignRow(
        id=what.told.campaign, name=NAME, unit=unit, starts=inputs.first_day, ends=inputs.last_day + timedelta(days=1)
    )
    eve = inputs.first_day - timedelta(days=1)
    at = datetime(eve.year, eve.month, eve.day, EVENING, tzinfo=ZONE)
    open_campaigns(campaigns=[row], by=by, at=at).whole()
    tasks = [SurveyTask(row.id, part.district, by, at) for part in parts(what)]
    for done, _ in enumerate(crew.work_all(tasks, what.workers), 1):
        progress("survey", done, len(tasks))


def mark(what: Rehearsal, *, commune: int, by: Actor, at: datetime) -> None:
    """Mark those of one commune who have not come, as its officers would have."""
    left = list_lines(campaign=what.told.campaign, unit=commune, asked=Filter())
    contacts = _contacts(left, Random(f"contacts {commune}"))
    hards = _hards(left, Random(f"hard {commune}"))
    mark_contacts(marks=contacts, by=by, at=at)
    mark_hard_cases(marks=hards, by=by, at=at)


def _contacts(lines: list[ListLine], random: Random) -> list[ContactMark]:
    drawn = random.choices(list(CONTACTS), list(CONTACTS.values()), k=len(lines))
    return [ContactMark(case=one.case, contact=code) for one, code in zip(lines, drawn, strict=True) if code]


def _hards(lines: list[ListLine], random: Random) -> list[HardMark]:
    return [HardMark(case=one.case, hard=random.choice(list(Hard))) for one in lines if random.random() < HARD_SHARE]
