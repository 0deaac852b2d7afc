"""What the operations of people share: the check of the actor's right, locking, refusing by row, the audit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from muster.audit.operations import Subject, record
from muster.events import queries as journal
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.people import queries
from muster.people.models import Officer
from muster.people.rights import Grants, NotAllowed, may
from muster.units.queries import UnknownUnit

T = TypeVar("T")
ADMINISTER = "people.administer"
Paths = Mapping[int, Sequence[int]]


class UnknownOfficer(Refusal):
    """There is no such officer."""

    code = "unknown_officer"
    vi = "Không có cán bộ {officer}."
    en = "There is no officer {officer}."


class Inactive(Refusal):
    """The officer no longer works with Muster."""

    code = "officer_inactive"
    vi = "Tài khoản {officer} đã ngừng hoạt động."
    en = "The account {officer} is no longer active."


class NotYourself(Refusal):
    """Nobody gives rights to themselves or takes a guard off their own account."""

    code = "not_yourself"
    vi = "Bạn không thể tự thực hiện việc này cho chính mình; cần người khác."
    en = "You cannot do this to yourself; another person must."


class IdTaken(Refusal):
    """The id of this row was used before, for something else."""

    code = "id_taken"
    vi = "Mã {id} đã được dùng cho nội dung khác."
    en = "The id {id} has been used for something else."


class Guard:
    """The right of one actor to one action, asked of many units; the system itself may do everything."""

    def __init__(self, by: Actor, at: datetime, units: Iterable[int], action: str = ADMINISTER) -> None:
        self._by, self._action = by, action
        self.grants: Grants | None = queries.grants(by.officer, at) if by.officer else None
        self.paths: Paths = queries.paths(units)

    def check(self, unit: int, on: datetime) -> None:
        """Go on only if the unit is there and the actor may act on it.

        :raises UnknownUnit: there is no such unit
        :raises NotAllowed: the actor has no such right there
        """
        if unit not in self.paths:
            raise UnknownUnit(unit=unit, on=on.date().isoformat())
        if self.grants and not may(self.grants, self._action, self.paths[unit], self._by.purpose):
            raise NotAllowed(action=self._action)

    def check_other(self, officer: UUID) -> None:
        """Go on only if the actor is somebody else.

        :raises NotYourself: the actor is this officer
        """
        if self._by.officer == officer:
            raise NotYourself


def hands_of(by: Actor) -> list[UUID]:
    """Return who has a hand in what somebody does to an account: they, and who may be playing them.

    An account that nobody has confirmed may be played by whoever made it; what it does, those may have done.
    """
    if by.officer is None:
        return []
    behind = Officer.objects.filter(id=by.officer, confirmed_at__isnull=True).values_list("hands", flat=True)
    return sorted({by.officer, *(hand for hands in behind for hand in hands)})


def lock(officers: Iterable[UUID]) -> dict[UUID, Officer]:
    """Lock officers in the order of their keys and return those that are there."""
    rows = Officer.objects.select_for_update().filter(id__in=list(officers)).order_by("id")
    return {row.id: row for row in rows}


def active(known: Mapping[UUID, Officer], officer: UUID) -> Officer:
    """Return an officer who works here.

    :raises UnknownOfficer: there is none
    :raises Inactive: the officer has been deactivated
    """
    if officer not in known:
        raise UnknownOfficer(officer=officer)
    if not known[officer].is_active:
        raise Inactive(officer=known[officer].username)
    return known[officer]


class Sieve(Generic[T]):
    """The rows of a batch on their way through the checks; a refused row keeps its place and its reason."""

    def __init__(self, rows: Sequence[T]) -> None:
        self._good = dict(enumerate(rows))
        self._refused: dict[int, Refusal] = {}

    @property
    def good(self) -> list[T]:
        """The rows that passed so far, in the order given."""
        return list(self._good.values())

    def keep(self, check: Callable[[T], object]) -> list[T]:
        """Keep the rows whose check raises no refusal; return them."""
        for index, row in list(self._good.items()):
            try:
                check(row)
            except Refusal as refusal:
                self._refused[index] = refusal
                del self._good[index]
        return self.good

    def result(self, key: Callable[[T], UUID]) -> BatchResult[UUID]:
        """Return the ids of the rows that passed, and the refusals in the order of their rows."""
        refused = [RowRefusal(index, refusal) for index, refusal in sorted(self._refused.items())]
        return BatchResult([key(row) for row in self.good], refused)


def audit(by: Actor, at: datetime, action: str, *subjects: tuple[str, Iterable[UUID]], detail: str = "") -> None:
    """Write one batch into the audit, about the things given by kind; an empty batch is not written.

    :param at: the real time; the audit tells it as the campaign's, as it does of everything else
    """
    named = [Subject(kind, thing) for kind, things in subjects for thing in things]
    if named:
        record(by=by, at=journal.now(at), action=action, subjects=named, detail=detail)
