"""What the clock does at the end of a work day: units are ranked, forecast, and helped, once."""

from datetime import date, datetime, timedelta

from muster.jobs import tasks
from muster.kernel.clock import ZONE
from muster.reporting import queries
from muster.reporting.models import Forecast, Standing
from muster.reporting.reinforcing import State
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, PROVINCE, campaign, units
from tests.reporting.test_forecasting import steady
from tests.reporting.test_reinforcing import MONDAY, world

__all__ = ["campaign", "steady", "units", "world"]
DAY = 24 * 60 * 60

MORNING = int(datetime(2021, 5, 11, 4, 40, tzinfo=ZONE).timestamp())


def test_the_day_that_ended_is_ranked_and_forecast_once(steady):
    for _ in range(2):
        tasks.rank_units(timestamp=MORNING)
        tasks.forecast_units(timestamp=MORNING)
    ranked = Standing.objects.order_by("unit_id").values_list("day", "unit_id")
    assert sorted(ranked) == sorted((date(2021, 5, 10), unit) for unit in (PROVINCE, DISTRICT, AN_LAM, HOP_TIEN))
    forecast = Forecast.objects.values_list("day", "unit_id", "stage")
    assert sorted(forecast) == sorted((date(2021, 5, 10), unit, "captured") for unit in (PROVINCE, DISTRICT, AN_LAM))


def test_moves_that_help_are_proposed_once_then_expire_and_the_accepted_are_measured(world):
    for _ in range(2):
        tasks.propose_reinforcements(timestamp=MORNING - DAY)
    (one,) = [line for line in queries.proposed_reinforcements(world.campaign, DISTRICT, MONDAY) if line.place == 1]
    world.decide(one, at=datetime.fromtimestamp(MORNING - DAY, ZONE)).whole()
    tasks.propose_reinforcements(timestamp=MORNING)
    assert queries.reinforcements_to_expire(MONDAY + timedelta(days=1)) == []
    tasks.propose_reinforcements(timestamp=MORNING + 7 * DAY)
    assert world.line(one.id).state is State.MEASURED
