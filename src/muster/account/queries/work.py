"""What the machine must do next, and what it must know of dossiers and persons to do it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from muster.account.words import OVER
from muster.capture.words import State
from muster.kernel.arrays import ids

ACCEPTED = ("accepted", "produced", "arrived", "undelivered", "handed_over")  # its card can be made, or is
TAKEN_IN = ("received", "returned", *ACCEPTED)
_OVER = [state.value for state in OVER]
_PROVINCE = "coalesce(done.ancestors[2], done.id)"
_AGAINST = """
    (account.dossier_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM capture_dossier AS dossier
        WHERE dossier.id = account.dossier_id AND dossier.state = ANY(%(accepted)s))
     OR EXISTS (
        SELECT FROM capture_dossier AS dossier WHERE dossier.person_id = account.person_id
        AND dossier.state IN ('received', 'returned') AND (suspect_duplicate OR differs_from_register))
     OR EXISTS (
        SELECT FROM processing_suspicion AS pair WHERE pair.state IN ('open', 'same_person')
        AND pair.one_id = account.person_id)
     OR EXISTS (
        SELECT FROM processing_suspicion AS pair WHERE pair.state IN ('open', 'same_person')
        AND pair.other_id = account.person_id))
"""


@dataclass(frozen=True, slots=True)
class AskedWith:
    """What a dossier says of the account asked for with it."""

    dossier: UUID
    person: UUID
    level: int
    taken_at: datetime
    unit: int
    state: State
    consent: bool


def asked_with(dossiers: Collection[UUID]) -> dict[UUID, AskedWith]:
    """Return what dossiers say of accounts, by dossier; level 0 asks for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT dossier.id, person_id, account_level, dossier.taken_at, unit_done_id, state, EXISTS (
                SELECT FROM capture_packet AS packet WHERE packet.dossier_id = dossier.id
                AND packet.attempt = dossier.attempt AND 'representative' = ANY(signed))
            FROM capture_dossier AS dossier WHERE dossier.id = ANY(%s::uuid[])
            """,
            [ids(dossiers)],
        )
        return {row[0]: _asked(*row) for row in cursor.fetchall()}


def _asked(dossier: UUID, person: UUID, level: int, at: datetime, unit: int, state: str, consent: bool) -> AskedWith:  # noqa: FBT001
    return AskedWith(dossier, person, level, at, unit, State(state), consent)


def with_dossiers(dossiers: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the accounts that were asked for with dossiers, by dossier."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossier_id, id FROM account_account WHERE dossier_id = ANY(%s::uuid[])", [ids(dossiers)])
        return dict(cursor.fetchall())


def accepted_dossiers(persons: Collection[UUID]) -> set[UUID]:
    """Return those of the persons who have an accepted dossier: their card can be made, or is and has not ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT person_id FROM capture_dossier AS dossier WHERE person_id = ANY(%s::uuid[]) AND state = ANY(%s)
            AND NOT (state = 'handed_over' AND EXISTS (
                SELECT FROM register_card AS card WHERE card.person_id = dossier.person_id
                AND ended_on IS NOT NULL AND card.issued_on >= law_day))
            """,
            [ids(persons), list(ACCEPTED)],
        )
        return {person for (person,) in cursor.fetchall()}


def card_ended(persons: Collection[UUID]) -> set[UUID]:
    """Return those of the persons whose last card has ended before its term: it was taken back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT person_id FROM (
                SELECT DISTINCT ON (person_id) person_id, ended_on FROM register_card WHERE person_id = ANY(%s::uuid[])
                ORDER BY person_id, issued_on DESC NULLS LAST) AS last
            WHERE ended_on IS NOT NULL
            """,
            [ids(persons)],
        )
        return {person for (person,) in cursor.fetchall()}


def against(accounts: Collection[UUID]) -> set[UUID]:
    """Return those of the accounts that a person must decide.

    Their own dossier is not accepted, or a dossier of theirs differs from the register or is suspected to be a double,
    or whether their holder is another person too has not been decided.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM account_account AS account WHERE id = ANY(%(ids)s::uuid[]) AND {_AGAINST}",
            {"ids": ids(accounts), "accepted": list(ACCEPTED)},
        )
        return {account for (account,) in cursor.fetchall()}


def to_request(*, limit: int, skip: int = 0) -> dict[int, list[UUID]]:
    """Return dossiers that ask for an account nobody has asked for yet, by province, the longest there first.

    :param skip: so many at the head are passed over: those that were refused, and stay where they are
    """
    return _by_province(
        f"""
        SELECT {_PROVINCE}, dossier.id FROM capture_dossier AS dossier
        JOIN units_unit AS done ON done.id = unit_done_id
        JOIN register_person AS person ON person.id = person_id AND life = 'alive'
        WHERE account_level > 0 AND dossier.state = ANY(%s) AND NOT EXISTS (
            SELECT FROM account_account AS account WHERE account.dossier_id = dossier.id) AND NOT EXISTS (
            SELECT FROM account_account AS account WHERE account.person_id = dossier.person_id
            AND account.level >= account_level AND account.state <> ALL(%s))
        ORDER BY dossier.id LIMIT %s OFFSET %s
        """,
        [list(TAKEN_IN), _OVER, limit, skip],
    )


def to_decide(*, limit: int, skip: int = 0) -> dict[int, list[UUID]]:
    """Return requests with nothing against them and a card, or an accepted dossier; order and ``skip`` as above."""
    return _by_province(
        f"""
        SELECT {_PROVINCE}, account.id FROM account_account AS account
        JOIN units_unit AS done ON done.id = unit_done_id
        JOIN register_person AS person ON person.id = person_id AND life = 'alive'
        WHERE account.state = 'requested' AND NOT {_AGAINST} AND (has_card OR EXISTS (
            SELECT FROM capture_dossier AS dossier WHERE dossier.person_id = account.person_id
            AND dossier.state = ANY(%(accepted)s)))
        ORDER BY account.id LIMIT %(limit)s OFFSET %(skip)s
        """,
        {"accepted": list(ACCEPTED), "limit": limit, "skip": skip},
    )


def to_notify(*, limit: int, skip: int = 0) -> dict[int, list[UUID]]:
    """Return granted accounts whose holders have not been told, by province; order and ``skip`` as above."""
    return _by_province(
        f"""
        SELECT {_PROVINCE}, account.id FROM account_account AS account
        JOIN units_unit AS done ON done.id = unit_done_id WHERE account.state = 'approved'
        ORDER BY account.id LIMIT %s OFFSET %s
        """,
        [limit, skip],
    )


def to_close(life: str, *, limit: int, skip: int = 0) -> dict[int, list[UUID]]:
    """Return accounts, not yet over, whose holders are dead, or deleted because they are another row, by province.

    Order and ``skip`` as above.
    """
    return _by_province(
        f"""
        SELECT {_PROVINCE}, account.id FROM account_account AS account
        JOIN register_person AS person ON person.id = person_id AND life = %s
        JOIN units_unit AS done ON done.id = unit_done_id WHERE account.state <> ALL(%s)
        ORDER BY account.id LIMIT %s OFFSET %s
        """,
        [life, _OVER, limit, skip],
    )


def _by_province(statement: str, values: Sequence[Any] | dict[str, Any]) -> dict[int, list[UUID]]:
    found: dict[int, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for province, thing in cursor.fetchall():
            found.setdefault(province, []).append(thing)
    return found
