"""Explanations in words: state, figures, cause, decision; the tables that lists and briefings are made of."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.urls import reverse

from muster.kernel import formats
from muster.kernel.clock import work_day
from muster.reporting.explaining import State
from muster.reporting.queries import ExplanationLine
from muster.ui.parts import Badge, Cell, Column, Row, Table, Tone
from muster.units import queries as units
from muster.web.accounts import words
from muster.web.accounts.visit import Visit
from muster.web.accounts.words import Say
from muster.web.language import language_of

TONES: Mapping[State, Tone] = {
    State.ASKED: "info", State.OVERDUE: "bad", State.ANSWERED: "warn", State.DECIDED: "plain",
    State.FOLLOWED_UP: "good", State.WITHDRAWN: "plain",
}  # fmt: skip
COLUMNS = ("unit", "figures", "state", "answer", "decision")


def address(line: ExplanationLine) -> str:
    """Return the address of an explanation."""
    return reverse("explaining:one", args=[line.id])


def state(say: Say, line: ExplanationLine, at: datetime) -> Badge:
    """Return where an explanation stands, marked where the next move is late."""
    told = say(f"explaining.state.{line.state.value}")
    late = line.is_late(at) and line.state is not State.OVERDUE
    return Badge(say("explaining.late", state=told) if late else told, "bad" if late else TONES[line.state])


def owed(say: Say, line: ExplanationLine) -> str:
    """Return what is owed by when, and how far up it was asked for; empty where it has ended."""
    if line.due_by is None:
        return ""
    told = say(f"explaining.owed.{line.state.value}", at=formats.moment(line.due_by))
    return f"{told} · {say('explaining.chased', count=line.chased)}" if line.chased else told


def why(request: Visit, line: ExplanationLine) -> str:
    """Return why a unit was asked: its place, and its part of the even plan with both counts."""
    say, language = words.saying(request), language_of(request)
    share = formats.share(line.captured, line.planned, 0, language)
    return say(f"explaining.reason.{line.reason.value}", place=line.place, among=line.among, share=share)


def answer(say: Say, line: ExplanationLine) -> Cell:
    """Return the cause that was given, and the words."""
    told = line.answer
    if told is None or told.cause is None:
        return Cell(formats.NOTHING)
    return Cell(say(f"explaining.cause.{told.cause.value}"), note=told.text)


def decision(say: Say, line: ExplanationLine) -> Cell:
    """Return what is done, by whom and by when."""
    told = line.decision
    if told is None:
        return Cell(formats.NOTHING)
    return Cell(told.text, note=say("explaining.action_of", owner=told.owner_name, due=formats.day(told.due)))


def table(request: Visit, caption: str, lines: Sequence[ExplanationLine], at: datetime, note: str = "") -> Table:
    """Return explanations as a table; each row leads to its page."""
    say = words.saying(request)
    columns = [Column(one, say(f"explaining.column.{one}")) for one in COLUMNS]
    names = titles(lines, work_day(at))
    return Table(caption, columns, [_row(request, line, names, at) for line in lines], say("explaining.none"), note)


def titles(lines: Sequence[ExplanationLine], day: date) -> dict[int, str]:
    """Return what the units of explanations are called."""
    return {one: str(title) for one, title in units.titles({line.unit for line in lines}, day).items()}


def _row(request: Visit, line: ExplanationLine, names: Mapping[int, str], at: datetime) -> Row:
    say, language = words.saying(request), language_of(request)
    return {
        "unit": Cell(names[line.unit], href=address(line), note=formats.day(line.day)),
        "figures": Cell(formats.share(line.captured, line.target, 1, language), note=why(request, line)),
        "state": Cell("", badge=state(say, line, at), note=owed(say, line)),
        "answer": answer(say, line),
        "decision": decision(say, line),
    }
