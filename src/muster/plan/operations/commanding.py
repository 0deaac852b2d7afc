"""Who answers for a unit: officers named from a day on, replaced and relieved, each by a paper or with a reason."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal
from muster.people.rights import Grants, require_own
from muster.people.words import Kind
from muster.plan import queries
from muster.plan.operations.changing import InThePast
from muster.plan.operations.common import IdTaken, Known, Sieve, UnknownOfficer, tell, update, write
from muster.plan.queries import CommandLine
from muster.plan.rows import Naming, Relief
from muster.plan.words import COMMAND

NAME = "plan.command"
WORDS = 120  # letters of a paper or a reason
COLUMNS = {
    "id": "uuid", "unit_id": "int4", "officer_id": "uuid", "kind": "varchar", "seat": "varchar", "since": "date",
    "until": "date", "paper": "varchar", "reason": "varchar",
}  # fmt: skip


class NoPaper(Refusal):
    """Whoever is named is named by a paper, whoever is relieved for a reason."""

    code = "no_paper"
    vi = "Phải ghi số quyết định, hoặc lý do khi thôi giao; không quá 120 chữ cái."
    en = "Say by which paper, or why somebody is relieved; in at most 120 letters."


class HasCommander(Refusal):
    """The seat is held by somebody else then; name who is replaced."""

    code = "has_commander"
    vi = "Đơn vị đã giao cho {officer} vào thời gian đó; mở trang đơn vị để thay người."
    en = "The unit is in the hands of {officer} at that time; open its page to replace them."


class TwoSeats(Refusal):
    """Nobody is commander and deputy of a unit at once."""

    code = "two_seats"
    vi = "{officer} đã giữ một vị trí khác của chính đơn vị này."
    en = "{officer} holds another seat of the same unit then."


class OutOfLine(Refusal):
    """Whoever answers for a unit works there, above it, or beside it under the same unit."""

    code = "out_of_line"
    vi = "Cán bộ phải công tác tại đơn vị, ở cấp trên, hoặc ở đơn vị khác cùng cấp trên trực tiếp."
    en = "The officer works neither at the unit, nor above it, nor beside it under the same unit."


class EndsBeforeItBegins(Refusal):
    """A command lasts at least a day."""

    code = "ends_before_it_begins"
    vi = "Ngày thôi giao phải sau ngày bắt đầu."
    en = "The end must come after the beginning."


class UnknownCommand(Refusal):
    """There is no such command."""

    code = "unknown_command"
    vi = "Không có lần giao chỉ huy {command}."
    en = "There is no command {command}."


class HasEnded(Refusal):
    """The command ends no later already."""

    code = "command_ended"
    vi = "Lần giao này đã kết thúc ngày {day}."
    en = "This command ends on {day} already."


class _Seats:
    """The seats of the units of a batch: who holds them when, and what the batch adds and ends."""

    def __init__(self, units: Sequence[int], at: datetime) -> None:
        self.held = {unit: list(lines) for unit, lines in queries.commands_of(units, lock=True).items()}
        self.stored = {line.id: line for lines in self.held.values() for line in lines}
        self.today: date = local(at).date()
        self.named: list[CommandLine] = []
        self.ended: dict[UUID, CommandLine] = {}

    def add(self, line: CommandLine) -> None:
        """Let somebody hold a seat."""
        self.held.setdefault(line.unit, []).append(line)
        self.stored[line.id] = line
        self.named.append(line)

    def end(self, line: CommandLine, until: date, reason: str) -> None:
        """Let a command end, at its first day at the earliest."""
        over = CommandLine(
            line.id, line.unit, line.officer, line.name, line.seat, line.since, max(until, line.since), line.paper,
            reason, line.serves,
        )  # fmt: skip
        self.held[line.unit] = [over if one.id == line.id else one for one in self.held[line.unit]]
        self.stored[line.id] = self.ended[line.id] = over

    def check_free(self, row: Naming, name: str) -> CommandLine | None:
        """Return whom a naming replaces.

        :raises HasCommander: somebody else holds the seat at that time
        :raises TwoSeats: the officer holds the other one
        """
        replaced = None
        for line in self.held.get(row.unit, ()):
            if not _overlap(line, row):
                continue
            if line.seat == row.seat and line.id != row.replaces:
                raise HasCommander(officer=line.name)
            if line.seat == row.seat:
                replaced = line
            elif line.officer == row.officer:
                raise TwoSeats(officer=name)
        return replaced


def _overlap(line: CommandLine, row: Naming) -> bool:
    begun = row.until is None or line.since < row.until
    return line.since != line.until and begun and (line.until is None or row.since < line.until)


@transaction.atomic
def name_commanders(*, namings: Sequence[Naming], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Name officers to answer for units from a day on; whom a row replaces is relieved by it. Sent twice, done once.

    :param grants: what the officer holds: the right is asked at the unit right above, so that nobody names themselves
    Rows are refused with `UnknownUnit`, `NotAllowed`, `UnknownOfficer`, `OutOfLine`, `NoPaper`, `InThePast`,
    `EndsBeforeItBegins`, `HasCommander`, `TwoSeats` and `IdTaken`.
    """
    known, officers = Known(row.unit for row in namings), {row.officer for row in namings}
    serving, names = queries.officers_in_service(officers), queries.officer_names(officers)
    seats = _Seats([row.unit for row in namings], at)

    def check(row: Naming) -> None:
        path = known.unit(row.unit)
        require_own(grants, NAME, path[:-1] or path, by)
        if row.id in seats.stored:
            told = seats.stored[row.id]
            if (told.unit, told.officer, told.seat, told.since) != (row.unit, row.officer, row.seat, row.since):
                raise IdTaken(id=row.id)
            return
        if row.officer not in serving:
            raise UnknownOfficer(officer=names.get(row.officer, row.officer))
        if not _in_line(serving[row.officer], path):
            raise OutOfLine
        if row.since < seats.today:
            raise InThePast(day=f"{seats.today:%d/%m/%Y}")
        if row.until is not None and row.until <= row.since:
            raise EndsBeforeItBegins
        paper, name = _words(row.paper), names[row.officer]
        replaced = seats.check_free(row, name)
        if replaced:
            seats.end(replaced, row.since, paper)
        told = CommandLine(row.id, row.unit, row.officer, name, row.seat, row.since, row.until, paper, "", serves=True)
        seats.add(told)

    sieve = Sieve(namings)
    sieve.keep(check)
    _write(seats, by, at)
    return sieve.result(lambda row: row.id)


def _in_line(officer: Sequence[int], path: Sequence[int]) -> bool:
    """Say whether an officer works at a unit or above it, or below the unit right above it."""
    beside = path[-1] not in officer and not set(path[-2:-1]).isdisjoint(officer)
    return officer[-1] in path or beside


def _words(told: str) -> str:
    """Return a paper or a reason without blanks around it.

    :raises NoPaper: it is none, or too long
    """
    words = told.strip()
    if not 0 < len(words) <= WORDS:
        raise NoPaper
    return words


@transaction.atomic
def relieve_commanders(
    *, reliefs: Sequence[Relief], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Let commands end before a day, each for a reason; one that ends on that day already stays as it is.

    Rows are refused with `UnknownCommand`, `NotAllowed`, `NoPaper`, `InThePast` and `HasEnded`.
    """
    lines = queries.commands_by_ids({row.command for row in reliefs})
    units = sorted({line.unit for line in lines.values()})
    known, seats = Known(units), _Seats(units, at)

    def check(row: Relief) -> None:
        if row.command not in seats.stored:
            raise UnknownCommand(command=row.command)
        line = seats.stored[row.command]
        path = known.unit(line.unit)
        require_own(grants, NAME, path[:-1] or path, by)
        reason, until = _words(row.reason), max(row.until, line.since)
        if line.until == until:
            return
        if row.until < seats.today:
            raise InThePast(day=f"{seats.today:%d/%m/%Y}")
        if line.until is not None and line.until < until:
            raise HasEnded(day=f"{line.until:%d/%m/%Y}")
        seats.end(line, until, reason)

    sieve = Sieve(reliefs)
    sieve.keep(check)
    _write(seats, by, at)
    return sieve.result(lambda row: row.command)


def _write(seats: _Seats, by: Actor, at: datetime) -> None:
    """Write who is relieved, then who is named; tell the journal and the audit."""
    kept = {line.id for line in seats.named}
    ended = [line for line in seats.ended.values() if line.id not in kept]
    update(
        "UPDATE plan_command SET until = new.until, reason = new.reason "
        "FROM unnest(%s::uuid[], %s::date[], %s::text[]) AS new (id, until, reason) WHERE plan_command.id = new.id",
        [(line.id, line.until, line.reason) for line in ended],
    )
    named = [seats.stored[line.id] for line in seats.named]
    write(
        "plan_command",
        COLUMNS,
        (
            (
                line.id,
                line.unit,
                line.officer,
                Kind.OFFICER.value,
                line.seat,
                line.since,
                line.until,
                line.paper,
                line.reason,
            )
            for line in named
        ),
    )
    told = [("relieve", line, line.reason) for line in seats.ended.values()] + [
        ("name", line, line.paper) for line in named
    ]
    moves = [
        Move(
            thing=line.id, kind=COMMAND, move=move, unit_done=line.unit, occurred_at=at,
            reason=f"{line.seat}: {why}",
        )
        for move, line, why in told
    ]  # fmt: skip
    tell(moves, by, at, "plan.command", COMMAND)
