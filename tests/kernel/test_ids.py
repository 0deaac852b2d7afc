import time
from itertools import pairwise

from muster.kernel.ids import new_id


def test_an_id_is_a_version_7_with_the_time_in_front():
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_what_is_made_later_sorts_later_within_a_millisecond_too(monkeypatch):
    moments = [1_620_468_000_000_000_000 + step for step in (0, 300, 500_000, 999_999, 1_000_000)]
    told = iter(moments)
    monkeypatch.setattr(time, "time_ns", lambda: next(told))
    made = [new_id() for _ in moments]
    assert all(one < other for one, other in pairwise(made))


def test_no_two_are_the_same():
    assert len({new_id() for _ in range(10_000)}) == 10_000
