"""The steps of the story, who takes each, and what each one says with the figures of this very moment.

It is told on a demonstration only, to a browser on the same machine; all people in it are synthetic. What it must know
from page to page (the step, the citizen, how many were captured before) is in a cookie that Muster signs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from muster.capture import queries as capture
from muster.events import queries as journal
from muster.events.queries import Side
from muster.kernel import formats
from muster.kernel.clock import work_day
from muster.kernel.dates import age_on
from muster.kernel.errors import Refusal
from muster.kernel.periods import Period
from muster.people import operations as people_operations
from muster.people import queries as people
from muster.people.words import Role
from muster.register import queries as register
from muster.register.queries import PersonLine
from muster.reporting import queries as reports
from muster.reporting.reinforcing import Part
from muster.reporting.reinforcing import State as Proposal
from muster.reporting.words import METRICS, Figure
from muster.survey import queries as survey
from muster.survey.queries import Filter
from muster.units import queries as units
from muster.web.accounts.visit import Visit, campaign_day, campaign_time, from_this_machine
from muster.web.accounts.words import Say, saying
from muster.web.command import board, parts, reinforcement
from muster.web.language import language_of
from muster.web.reports import sheet

COOKIE = "story"
HOURS = 12  # for which a story that was begun goes on
ADULT = 18  # years: nobody else signs for the citizen of the story
LOOKED_AT = 400  # people who are due, among whom the citizen is found


class Step(StrEnum):
    """A step of the story, in its order."""

    BOARD = "board"
    REINFORCE = "reinforce"
    CAPTURE = "capture"
    CARD = "card"


WHO: Mapping[Step, Role | None] = {
    Step.BOARD: Role.COMMANDER,
    Step.REINFORCE: Role.COMMANDER,
    Step.CAPTURE: Role.CREW,
    Step.CARD: None,
}


class NobodyLeft(Refusal):
    """The story takes a citizen who is due, grown up and numbered, and has no dossier on its way."""

    code = "nobody_left"
    vi = "Không còn công dân nào phù hợp cho câu chuyện ở địa bàn này."
    en = "No citizen of this area is left for the story."


@dataclass(frozen=True, slots=True)
class Begun:
    """A story under way: the step, its citizen, and how many the commander's unit had captured today before."""

    step: Step
    person: UUID
    before: int

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """Return the story of a browser; nothing where none was begun, or its cookie was tampered with."""
        try:
            step, person, before = str(request.get_signed_cookie(COOKIE, max_age=HOURS * 3600)).split(" ")
            return cls(Step(step), UUID(person), int(before))
        except (KeyError, ValueError, signing.BadSignature):
            return None

    def keep(self, answer: HttpResponse, request: HttpRequest) -> None:
        """Let the browser remember it."""
        told = f"{self.step} {self.person} {self.before}"
        answer.set_signed_cookie(
            COOKIE, told, max_age=HOURS * 3600, samesite="Lax", secure=request.is_secure(), httponly=True
        )


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands above a page while the story is told; ``next`` is empty at its last step."""

    no: int
    of: int
    title: str
    text: str
    answers: list[tuple[str, str]]
    next: str
    next_title: str


def is_told(request: Visit) -> bool:
    """Say whether the story can be told here."""
    return from_this_machine(request) and Role.COMMANDER in _officers()


def _officers() -> dict[Role, Any]:
    return {Role(people_operations.demo_role(one.username)): one for one in people.demo_officers()}


def begin(request: Visit) -> Begun:
    """Return the story at its first step.

    :raises NobodyLeft: no citizen is left for it
    """
    return Begun(next(iter(Step)), _citizen(request).id, _captured(request))


def _citizen(request: Visit) -> PersonLine:
    crew = _officers()[Role.CREW]
    campaign = sheet.campaign_of(crew.unit)
    if campaign is None:
        raise NobodyLeft
    due = survey.list_lines(campaign=campaign.id, unit=crew.unit_id, asked=Filter(), limit=LOOKED_AT)
    able = [one.person for one in due if one.hard is None]
    busy, on = capture.open_of(able), campaign_day(request)
    for one in register.lines(able):
        if one.number and one.id not in busy and age_on(one.birth, on).low >= ADULT:
            return one
    raise NobodyLeft


def _captured(request: Visit) -> int:
    """Return what the commander's board counts for today."""
    day, unit = work_day(campaign_time(request)), _officers()[Role.COMMANDER].unit_id
    today = Period.through(day, day)
    return journal.count(unit=unit, metrics=[METRICS[Figure.CAPTURED]], side=Side.RESIDENCE, days=today)


def page_of(step: Step) -> str:
    """Return the page on which a step begins."""
    if WHO[step] is Role.COMMANDER:
        unit = _officers()[Role.COMMANDER].unit_id
        return parts.address(unit, "") if step is Step.BOARD else reinforcement.address(unit)
    return reverse("web:home") if step is Step.CAPTURE else reverse("citizen:card")


def username_of(step: Step) -> str | None:
    """Return the demonstration's officer who takes a step; nobody for the citizen's."""
    role = WHO[step]
    return _officers()[role].username if role else None


def strip(request: Visit) -> Strip | None:
    """Return what stands above a page while the story is told."""
    begun = Begun.of(request) if COOKIE in request.COOKIES else None
    if begun is None or not is_told(request):
        return None
    say, steps = saying(request), list(Step)
    place = steps.index(begun.step)
    text, answers = _TELLS[begun.step](request, say, begun)
    onward = steps[place + 1] if place + 1 < len(steps) else None
    return Strip(
        no=place + 1, of=len(steps), title=say(f"story.{begun.step}.title"), text=text, answers=answers,
        next=onward or "", next_title=say(f"story.{onward}.title") if onward else "",
    )  # fmt: skip


def stepped(begun: Begun, step: Step) -> Begun:
    """Return a story at another of its steps."""
    return replace(begun, step=step)


Told = tuple[str, list[tuple[str, str]]]


def _tell_board(request: Visit, say: Say, _: Begun) -> Told:
    unit = _officers()[Role.COMMANDER].unit
    campaign = sheet.campaign_of(unit)
    if campaign is None:
        return say("story.board.nobody"), []
    children, shown, _odd = board.read(request, unit, campaign, None)
    late = [one for one in shown.below if one.late]
    if not late:
        return say("story.board.nobody"), []
    worst = min(late, key=lambda one: one.captured / one.target)
    share = formats.share(worst.captured, worst.target, 1, language_of(request))
    name = next(one.name for one in children if one.id == worst.unit)
    brake = say(f"board.brakes.{worst.brake.brake.value}") if worst.brake else say("board.no_brake")
    return say("story.board.text", unit=name, share=share, brake=brake), []


def _tell_reinforce(request: Visit, say: Say, _: Begun) -> Told:
    unit, day = _officers()[Role.COMMANDER].unit, work_day(campaign_time(request))
    campaign = sheet.campaign_of(unit)
    if campaign is None:
        return say("story.reinforce.nothing"), []
    accepted = next(
        (
            one
            for one in reports.decided_reinforcements(campaign.id, unit.id)
            if one.state is Proposal.CARRIED_OUT and one.decided_at and work_day(one.decided_at) == day
        ),
        None,
    )
    proposed = reports.proposed_reinforcements(campaign.id, unit.id, day)
    line = accepted or next(iter(proposed), None)
    if line is None:
        return say("story.reinforce.nothing"), []
    promise = line.promises[Part.RECEIVER]
    before, after = (
        formats.day(one) if one else say("reinforcing.missed") for one in (promise.finish_before, promise.finish_after)
    )
    name, key = str(units.title(line.receiver, day)), "done" if accepted else "text"
    return say(f"story.reinforce.{key}", unit=name, before=before, after=after), []


def _tell_capture(request: Visit, say: Say, begun: Begun) -> Told:
    (person,) = register.lines([begun.person])
    if capture.open_of([person.id]):
        return say("story.capture.done", name=person.name, before=begun.before, after=_captured(request)), []
    return say("story.capture.text", name=person.name), [(say("story.number"), person.number)]


def _tell_card(_: Visit, say: Say, begun: Begun) -> Told:
    (person,) = register.lines([begun.person])
    answers = [
        (say("story.number"), person.number), (say("story.name"), person.name),
        (say("story.birth"), formats.day(person.birth)),
    ]  # fmt: skip
    return say("story.card.text"), answers


_TELLS: Mapping[Step, Callable[[Visit, Say, Begun], Told]] = {
    Step.BOARD: _tell_board,
    Step.REINFORCE: _tell_reinforce,
    Step.CAPTURE: _tell_capture,
    Step.CARD: _tell_card,
}
