"""The words of dossiers and findings on the screens."""

from collections.abc import Mapping

from muster.capture.words import Ending, Mend, State
from muster.kernel import formats
from muster.processing.queries import FindingLine, QueueLine
from muster.processing.words import Pair, Severity
from muster.ui.parts import Badge, Tone
from muster.ui.texts import catalogue
from muster.web.accounts.words import Say

TONES: Mapping[State, Tone] = {State.RECEIVED: "info", State.ACCEPTED: "good", State.RETURNED: "warn"}
SEVERITIES: Mapping[Severity, Tone] = {Severity.ERROR: "bad", Severity.WARN: "warn", Severity.INFO: "info"}
PAIRS: Mapping[Pair, Tone] = {
    Pair.OPEN: "warn",
    Pair.SAME_PERSON: "info",
    Pair.TWO_PEOPLE: "good",
    Pair.MERGED: "plain",
}


def state(say: Say, of: State) -> Badge:
    """Return where a dossier is."""
    return Badge(say(f"checking.state.{of}"), TONES.get(of, "plain"))


def pair(say: Say, of: Pair) -> Badge:
    """Return where a question of two people stands."""
    return Badge(say(f"checking.pair.{of}"), PAIRS.get(of, "plain"))


def finding(say: Say, line: FindingLine) -> str:
    """Return a finding in words, with the field it is about and the cleaning rule."""
    about = f": {field(say, line.field)}" if line.field and line.field != "number" else ""
    rule = f" ({line.rule})" if line.rule else ""
    return say(f"checking.code.{line.code}") + about + rule


def field(say: Say, name: str) -> str:
    """Return a field of the register in words."""
    key = f"register.field.{name}"
    return say(key) if key in catalogue() else name


def reason(say: Say, code: str) -> str:
    """Return why a dossier was returned, refused or withdrawn."""
    return say(f"checking.reason.{code}") if code else formats.NOTHING


def mends(say: Say) -> list[tuple[str, str]]:
    """Return why a dossier can be returned, as answers."""
    return [(word.value, reason(say, word)) for word in Mend]


def endings(say: Say) -> list[tuple[str, str]]:
    """Return why a dossier can be refused, as answers."""
    return [(word.value, reason(say, word)) for word in Ending]


def flags(say: Say, line: QueueLine, *, overdue: bool) -> list[Badge]:
    """Return for what a dossier waits."""
    told = (
        (line.differs, "differs", "bad"), (line.suspect, "suspect", "warn"), (line.poor, "poor", "warn"),
        (overdue, "overdue", "bad"),
    )  # fmt: skip
    tones: Mapping[str, Tone] = {"bad": "bad", "warn": "warn"}
    return [Badge(say(f"checking.flag.{name}"), tones[tone]) for holds, name, tone in told if holds]
