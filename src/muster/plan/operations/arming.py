"""Which kits and crews work a session that is planned already: changed by hand, or because a crew changed or ended."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.plan import queries
from muster.plan.moves import WrongState
from muster.plan.operations.common import Sieve, tell
from muster.plan.operations.scheduling import Diary, Scheduled
from muster.plan.operations.sessions import UnknownSession, write_stands
from muster.plan.rows import Rearm, SessionRow, Stand
from muster.plan.words import SESSION

OPEN = frozenset({"planned", "running"})


@transaction.atomic
def rearm_sessions(*, rearms: Sequence[Rearm], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Let sessions have other kits and crews; hours, places and appointments stay. The same sent twice is done once.

    Rows are refused with `UnknownSession`, `WrongState` and what `scheduling.Diary` refuses.
    """
    held = queries.sessions_held({row.session for row in rearms}, lock=True)
    rows = queries.sessions_as_rows(set(held))

    def check(row: Rearm) -> None:
        if row.session not in held:
            raise UnknownSession(session=row.session)
        if held[row.session].state not in OPEN:
            raise WrongState(state=held[row.session].state, move="rearm")

    sieve = Sieve(rearms)
    wanted = {row.session: replace(rows[row.session], stands=row.stands) for row in sieve.keep(check)}
    fresh = {id_: row for id_, row in wanted.items() if set(row.stands) != set(rows[id_].stands)}
    fitted, refused = fit(fresh)

    def fits(row: Rearm) -> None:
        if row.session in refused:
            raise refused[row.session]

    sieve.keep(fits)
    arm(fitted, by, at)
    return sieve.result(lambda row: row.session)


def fit(rows: Mapping[UUID, SessionRow]) -> tuple[list[Scheduled], dict[UUID, Refusal]]:
    """Return those of the sessions that fit with what they are now to have, and why the others do not.

    A session that does not fit keeps what it has, and the others are looked at again beside it.
    """
    left, refused = dict(rows), dict[UUID, Refusal]()
    while left:
        diary = Diary(list(left.values()), without=frozenset(left))
        fitted, fault = _fitted(diary, left)
        if fault is None:
            return fitted, refused
        id_, refused[id_] = fault
        del left[id_]
    return [], refused


def _fitted(diary: Diary, rows: Mapping[UUID, SessionRow]) -> tuple[list[Scheduled], tuple[UUID, Refusal] | None]:
    fitted: list[Scheduled] = []
    for id_, row in rows.items():
        try:
            one = diary.fitted(row)
        except Refusal as refusal:
            return [], (id_, refusal)
        diary.hold(one)
        fitted.append(one)
    return fitted, None


def arm(fitted: Sequence[Scheduled], by: Actor, at: datetime) -> None:
    """Write who and what works these sessions, in place of what did."""
    ids = [one.row.id for one in fitted]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM plan_duty WHERE session_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM plan_stand WHERE session_id = ANY(%s)", [ids])
    write_stands(fitted)
    moves = [Move(thing=one.row.id, kind=SESSION, move="rearm", unit_done=one.unit, occurred_at=at) for one in fitted]
    tell(moves, by, at, "plan.rearm_sessions", SESSION)


def rearm_crew(crew: UUID, since: date, by: Actor, at: datetime) -> None:
    """Let the planned sessions of a crew have the people it now has.

    :raises Refusal: the new people have no time or no rest for one of them
    """
    fitted, refused = fit(queries.sessions_of_crew([crew], since, lock=True))
    for refusal in refused.values():
        raise refusal
    arm(fitted, by, at)


def disarm_crews(crews: Sequence[UUID], since: date, by: Actor, at: datetime) -> None:
    """Let the planned sessions of crews stand without them from a day on: another one is to be found."""
    gone = set(crews)
    rows = {
        id_: replace(row, stands=tuple(Stand(one.kit, None if one.crew in gone else one.crew) for one in row.stands))
        for id_, row in queries.sessions_of_crew(crews, since, lock=True).items()
    }
    fitted, _ = fit(rows)
    arm(fitted, by, at)
