"""Two officers at once: a household that moves whole, and somebody who joins it."""

import threading
import time
from datetime import date

import pytest
from django.db import connection, transaction

from muster.kernel.ids import new_id
from muster.register import queries
from muster.register.operations import HouseholdMove, PermanentMove, move, move_households
from muster.register.words import Relation
from tests.register.conftest import AN_LAM, AT, BY, HAMLET, HOP_TIEN, person, taken

SINCE = date(2021, 5, 1)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("units")]


def whole(head):
    row = HouseholdMove(household=head.household, unit=HOP_TIEN, since=date(2021, 5, 2))
    return move_households(moves=[row], grants=None, by=BY, at=AT)


def joins(one, head):
    row = PermanentMove(person=one.id, unit=HAMLET, since=SINCE, household=head.household, relation=Relation.SIBLING)
    return move(moves=[row], grants=None, by=BY, at=AT)


def beside(first, second):
    """Do one thing and, before it is committed, another in a second connection; return what became of both."""
    found = []

    def work():
        try:
            found.append(second())
        finally:
            connection.close()

    other = threading.Thread(target=work)
    with transaction.atomic():
        done = first()
        other.start()
        waits()
    other.join(30)
    return done, *found


def waits():
    """Wait until another connection waits for a lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("nobody waited: they passed each other")


def lives(*persons):
    return [queries.states([one.id])[one.id].unit for one in persons]


def test_who_joins_while_the_household_moves_is_told_that_it_lives_elsewhere(units):
    head, brother = taken(person("Lê Văn Mai", "1970"), person("Lê Văn Hai", "1975", unit=AN_LAM))
    moved, joined = beside(lambda: whole(head), lambda: joins(brother, head))
    assert moved.done == [head.household]
    assert [row.refusal.code for row in joined.refused] == ["household_elsewhere"]
    assert lives(head, brother) == [HOP_TIEN, AN_LAM]


def test_who_has_joined_before_moves_with_the_household(units):
    head, brother = taken(person("Lê Văn Mai", "1970"), person("Lê Văn Hai", "1975", unit=AN_LAM))
    joined, moved = beside(lambda: joins(brother, head), lambda: whole(head))
    assert joined.done == [brother.id]
    assert (moved.done, moved.refused) == ([head.household], [])
    assert lives(head, brother) == [HOP_TIEN, HOP_TIEN]


def test_two_who_change_places_do_not_wait_for_each_other_for_ever(units):
    one, other = taken(person("Lê Văn Mai", "1970"), person("Lê Văn Hai", "1975"))
    first, second = beside(lambda: joins(one, other), lambda: joins(other, one))
    assert first.done == [one.id]
    assert [row.refusal.code for row in second.refused] == ["head_must_change"]
    assert queries.open_households([one.household, other.household, new_id()]) == {other.household}
