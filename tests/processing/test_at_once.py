"""Two batches with namesakes of each other, examined at the same time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connections

from muster.processing import queries
from muster.processing.operations import check_dossiers, examining
from tests.processing.conftest import LATER, MACHINE, person, received, taken

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 1.5  # seconds in which both would have come so far, if neither waited for the other


def test_they_wait_for_each_other_and_never_both(units, monkeypatch):
    twins = [taken(person("Trần Minh Anh", "10/2/1990")), taken(person("Trần Minh Ánh", "10/2/1990"))]
    batches = [[received(one)] for one in twins]
    both, find = Barrier(2), examining.find

    def find_together(*asked):
        with suppress(BrokenBarrierError):
            both.wait(TOGETHER)
        return find(*asked)

    monkeypatch.setattr(examining, "find", find_together)

    def check(batch):
        try:
            return check_dossiers(dossiers=batch, by=MACHINE, at=LATER).waiting
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        waiting = list(pool.map(check, batches))
    assert waiting == batches  # a deadlock would have been raised
    (pair,) = queries.pairs_of([one.id for one in twins])
    assert {pair.one, pair.other} == {one.id for one in twins}
