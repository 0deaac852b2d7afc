"""Guesses at an open door are counted for every process together."""

import datetime as dt

import pytest
from django.db import connection

from muster.people.operations import TooManyQuestions, count_guess, forget_guesses
from muster.people.operations.guesses import WITHIN
from tests.people.factories import NOW

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def guess(at=NOW, **limits):
    try:
        count_guess(limits=limits, at=at)
    except TooManyQuestions:
        return False
    return True


def test_a_limit_holds_for_ten_minutes_from_the_first_guess_on():
    assert [guess(number=2) for _ in range(4)] == [True, True, False, False]
    assert guess(at=NOW + WITHIN - SECOND, number=2) is False
    assert [guess(at=NOW + WITHIN, number=2) for _ in range(3)] == [True, True, False]


def test_each_limit_counts_alone_and_any_of_them_refuses():
    assert [guess(number=1, address=3), guess(other=1, address=3), guess(third=1, address=3)] == [True] * 3
    assert guess(fourth=1, address=3) is False
    assert guess(number=1) is False


def test_what_is_counted_is_kept_as_a_hash_and_forgotten():
    guess(**{"citizen:number:030075123456": 5})
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, count FROM people_guesses")
        ((key, count),) = cursor.fetchall()
    assert (len(key), count, "030075123456" in key) == (32, 1, False)
    assert forget_guesses(at=NOW + WITHIN - SECOND) == 0
    assert forget_guesses(at=NOW + WITHIN) == 1
