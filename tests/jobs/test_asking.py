"""The clock and explanations: the ranking of the week's day asks by itself, once, and what is late is chased."""

from datetime import timedelta

from muster.jobs import tasks
from muster.reporting import queries
from muster.reporting.explaining import State
from muster.reporting.models import Round
from tests.reporting.conftest import AN_LAM, PROVINCE, campaign, units
from tests.reporting.test_explaining import FRIDAY, HOUR, MORNING, behind

__all__ = ["campaign", "units"]


def test_the_ranking_of_friday_asks_and_the_clock_chases_up_the_line(campaign):
    behind()
    for morning in (MORNING - timedelta(days=1), MORNING, MORNING, MORNING + timedelta(days=1)):
        tasks.rank_units(timestamp=int(morning.timestamp()))
    assert list(Round.objects.values_list("day", "asked")) == [(FRIDAY, 1)]
    (line,) = queries.explanations_of_day(campaign, PROVINCE, FRIDAY)
    assert (line.unit, line.state) == (AN_LAM, State.ASKED)
    for _ in range(2):
        tasks.chase_explanations(timestamp=int((MORNING + 20 * HOUR).timestamp()))
    assert [one.asked for one in queries.explanation(line.id).said] == [line.path[-2]]
