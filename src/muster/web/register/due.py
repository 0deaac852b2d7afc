"""Whether somebody is due a card on the campaign's day, and why, in words; the law itself decides in `muster.law`."""

from dataclasses import dataclass
from datetime import date

from muster.kernel import formats
from muster.law.due import who_is_due
from muster.law.facts import Certainty, Due, PersonFacts
from muster.law.tables import NoLawInForce
from muster.ui.parts import Badge, Tone
from muster.web.accounts.words import Say
from muster.web.register import words

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DueTold:
    """The answer as the page shows it: one sentence, its tone, and what it rests on."""

    title: str
    tone: Tone
    pairs: Pairs
    assumed: Badge | None = None


def told(say: Say, facts: PersonFacts, on: date) -> DueTold:
    """Return whether somebody is due on a day, for what and why."""
    try:
        due = who_is_due(facts, on)
    except NoLawInForce:
        return DueTold(say("register.due.no_law", day=formats.day(on)), "plain", [])
    assumed = Badge(say("register.due.assumed"), "warn") if due.assumed else None
    if due.certainty is Certainty.NO:
        return DueTold(say("register.due.no"), "plain", _why_not(say, due), assumed)
    title = say(f"register.due.{due.certainty}_{due.obligation}")
    tone: Tone = "warn" if due.certainty is Certainty.POSSIBLE else "info"
    return DueTold(title, tone, _why(say, due), assumed)


def _why(say: Say, due: Due) -> Pairs:
    pairs = [
        (say("register.due.kind"), say(f"register.due.kind_{due.kind}")),
        (say("register.due.ground"), "; ".join(say(f"register.ground.{ground}") for ground in due.grounds)),
    ]
    if due.doubts:
        doubts = "; ".join(say(f"register.due.doubt_{doubt}") for doubt in due.doubts)
        pairs.append((say("register.due.doubts"), doubts))
    if due.since:
        pairs.append((say("register.due.since"), formats.day(due.since)))
    if due.until:
        until = "until_sure" if due.certainty is Certainty.POSSIBLE else "until_duty"
        pairs.append((say(f"register.due.{until}"), formats.day(due.until)))
    if due.channel:
        pairs.append((say("register.due.channel"), say(f"register.due.channel_{due.channel}")))
    if due.representative:
        pairs.append((say("register.due.representative"), say("register.due.representative_acts")))
    return [*pairs, *_source(say, due)]


def _why_not(say: Say, due: Due) -> Pairs:
    pairs = [(say("register.due.reason"), say(f"register.not_due.{due.reason}"))]
    if due.until:
        pairs.append((say("register.due.until_due"), formats.day(due.until)))
    return [*pairs, *_source(say, due)]


def _source(say: Say, due: Due) -> Pairs:
    cited = words.source(say, due.source)
    return [(say("register.due.source"), cited)] if cited else []
