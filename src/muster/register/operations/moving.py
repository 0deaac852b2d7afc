"""Moves of the permanent residence: of one person into a household, or of a household whole; the former one is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.dates import PartialDate
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.kernel.names import normalise
from muster.law.duty import LifeStatus
from muster.people.rights import Grants
from muster.register import queries
from muster.register.models import Household, Residence
from muster.register.operations.asked import HouseholdMove, PermanentMove
from muster.register.operations.changes import (
    ChangedMeanwhile,
    HeadMustChange,
    NotAlive,
    RowMerged,
    check_day,
    check_read,
    close_household,
    remember,
    resealed,
    update,
)
from muster.register.operations.held import CORRECT, each, require_all, result_of
from muster.register.operations.numbers import tell
from muster.register.operations.taking_in import UnitUnknown
from muster.register.queries import PersonState
from muster.register.words import LifeEventKind, Relation, ResidenceKind


class NoSuchHousehold(Refusal):
    """There is no open household with this id."""

    code = "no_such_household"
    vi = "Không có hộ {household}."
    en = "There is no household {household}."


class HouseholdElsewhere(Refusal):
    """Who joins a household lives where it does."""

    code = "household_elsewhere"
    vi = "Hộ này ở nơi khác với nơi chuyển đến; người nhập hộ phải ở cùng nơi với hộ."
    en = "This household lives elsewhere than the mover is to live; who joins it lives where it does."


class MovedLater(Refusal):
    """A move comes after those that are known: of what lies before, the history tells already."""

    code = "moved_later"
    vi = "Người này đã chuyển đến nơi ở hiện nay từ ngày {day}; ngày chuyển tiếp phải sau ngày đó."
    en = "This person has lived where they live since {day}; another move comes after that day."


@transaction.atomic
def move(*, moves: Sequence[PermanentMove], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Move persons' permanent residence; where they lived before stays as history.

    With ``relation`` head a new household is opened for the mover; else the household must be there. The dead do not
    move, and nobody before the birth, before an earlier move or after today. The officer must have the right where
    the person lives now. A move told again writes nothing. A row that was merged does not move: `RowMerged`.

    :param grants: as with `correct`
    """
    moved: set[UUID] = set()

    def do(row: PermanentMove, state: PersonState) -> None:
        if state.life is LifeStatus.DELETED:
            raise RowMerged
        if state.life is LifeStatus.DEAD:
            raise NotAlive
        check_read(row.version, state)
        if (row.unit, row.household, row.since) == (state.unit, state.household, state.resident_since):
            return
        _check(row, state, at)
        if state.is_head and queries.others_in(state.household, state.id):
            raise HeadMustChange
        _enter_household(row, state)
        _relocate(row, state, row.household, row.relation, by, at)
        if state.is_head:
            close_household(state.household, row.since)
        moved.add(row.person)

    persons = [row.person for row in moves]
    leaving = {state.household for state in queries.states(persons, lock=True).values()}
    queries.hold_homes(leaving | {row.household for row in moves})
    refused, done = each(moves, persons, do, CORRECT, grants, by)
    homes = {row.person: row.unit for place, row in enumerate(moves) if place not in refused}
    gone = [replace(state, unit=homes[state.id]) for state in done if state.id in moved]
    tell(gone, "move", "register.move", by, at)
    return result_of(persons, refused)


@transaction.atomic
def move_households(
    *, moves: Sequence[HouseholdMove], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Move households whole: everybody who lives in one, under the same head, with an event for each person.

    What forbids a person to move refuses the household, and nobody of it moves. The dead keep where they lived. The
    officer must have the right wherever somebody of the household lives now. A move told again writes nothing.

    :param grants: as with `correct`
    :returns: the households, in the order given; refusals by the place in ``moves``
    """
    queries.hold_households([row.household for row in moves])
    refused: dict[int, Refusal] = {}
    moved: list[PersonState] = []
    for place, row in enumerate(moves):
        try:
            with transaction.atomic():
                moved += _move_whole(row, grants, by, at)
        except Refusal as refusal:
            refused[place] = refusal
    tell(moved, "move", "register.move", by, at)
    done = [row.household for place, row in enumerate(moves) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _move_whole(row: HouseholdMove, grants: Grants | None, by: Actor, at: datetime) -> list[PersonState]:
    """Move one household whose persons are held; return those who moved, as they are now."""
    if not queries.open_households([row.household]):
        raise NoSuchHousehold(household=row.household)
    members = queries.states(queries.relations_in(row.household))
    require_all(members.values(), CORRECT, grants, by)
    if all((one.unit, one.resident_since) == (row.unit, row.since) for one in members.values()):
        return []
    if row.versions is not None and row.versions != {person: state.version for person, state in members.items()}:
        raise ChangedMeanwhile
    for person in sorted(members):
        _check(row, members[person], at)
        _relocate(row, members[person], row.household, members[person].relation, by, at)
    Household.objects.filter(id=row.household).update(unit_id=row.unit)
    return [replace(members[person], unit=row.unit) for person in sorted(members)]


def _check(row: PermanentMove | HouseholdMove, state: PersonState, at: datetime) -> None:
    """Go on only if a person can move there on that day."""
    check_day(PartialDate.of(row.since), at, state.birth)
    if state.resident_since and row.since <= state.resident_since and queries.has_moved(state.id):
        raise MovedLater(day=PartialDate.of(state.resident_since))
    if not queries.existing_units([row.unit]):
        raise UnitUnknown(unit=row.unit)


def _relocate(
    row: PermanentMove | HouseholdMove,
    state: PersonState,
    household: UUID,
    relation: Relation,
    by: Actor,
    at: datetime,
) -> None:
    """Write where a person lives now, and lived until then."""
    Residence.objects.create(
        id=new_id(), person_id=state.id, kind=ResidenceKind.PERMANENT.value, unit_id=state.unit,
        since=_begun(state.resident_since, row.since), until=row.since,
    )  # fmt: skip
    old, sealed = resealed(state, {"address": normalise(row.address)})
    columns = {"unit_id": row.unit, "resident_since": row.since, "household_id": household}
    update(state, {**columns, "relation": relation.value, "sealed": sealed})
    told = {"old": {"unit": str(state.unit)}, "new": {"unit": str(row.unit)}}
    if old["address"] or row.address:
        told = {"old": told["old"] | old, "new": told["new"] | {"address": row.address}}
    remember(state, LifeEventKind.MOVED, row.since.isoformat(), row.paper, told, by, at)


def _begun(since: date | None, until: date) -> date | None:
    """Return when a residence began that ends now; a register that says later than its end does not know."""
    return since if since is None or since < until else None


def _enter_household(row: PermanentMove, state: PersonState) -> None:
    if row.relation is Relation.HEAD:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO register_household (id, unit_id, head, file_no) VALUES (%s, %s, %s, '') "
                "ON CONFLICT DO NOTHING",
                [row.household, row.unit, state.id],
            )
            if cursor.rowcount == 0:
                raise NoSuchHousehold(household=row.household)
        return
    unit = queries.homes([row.household]).get(row.household)
    if unit is None:
        raise NoSuchHousehold(household=row.household)
    if unit != row.unit:
        raise HouseholdElsewhere
