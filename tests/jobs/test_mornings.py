"""What the clock does at the end of a work day: units are ranked and their finish is forecast, once."""

from datetime import date, datetime

from muster.jobs import tasks
from muster.kernel.clock import ZONE
from muster.reporting.models import Forecast, Standing
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, PROVINCE, campaign, units
from tests.reporting.test_forecasting import steady

__all__ = ["campaign", "steady", "units"]

MORNING = int(datetime(2021, 5, 11, 4, 40, tzinfo=ZONE).timestamp())


def test_the_day_that_ended_is_ranked_and_forecast_once(steady):
    for _ in range(2):
        tasks.rank_units(timestamp=MORNING)
        tasks.forecast_units(timestamp=MORNING)
    ranked = Standing.objects.order_by("unit_id").values_list("day", "unit_id")
    assert sorted(ranked) == sorted((date(2021, 5, 10), unit) for unit in (PROVINCE, DISTRICT, AN_LAM, HOP_TIEN))
    forecast = Forecast.objects.values_list("day", "unit_id", "stage")
    assert sorted(forecast) == sorted((date(2021, 5, 10), unit, "captured") for unit in (PROVINCE, DISTRICT, AN_LAM))
