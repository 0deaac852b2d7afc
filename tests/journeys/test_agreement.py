"""Every figure that pages, lists and exports show is what independent SQL counts, in a campaign that was rehearsed.

``python -m bench agreement --scale 0.05`` (or 1.0) makes the same comparisons at any size.
"""

import pytest

from tests.journeys.agreement import playing
from tests.journeys.agreement.all import LEAST, compare_all

pytestmark = pytest.mark.django_db


def test_every_figure_is_what_sql_counts():
    world = playing.played(playing.SMALL, seed=3)
    compare_all(world, often=1)
    assert world.tally.wrong == []
    assert {page: n for page, n in world.tally.alive.items() if n}.keys() >= LEAST
