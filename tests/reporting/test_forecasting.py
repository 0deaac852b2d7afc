"""Forecasts kept and scored: told from the journal alone, once a day, and judged by what then happened."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from muster.engines import forecast as engine
from muster.engines.forecast import Curve, Family
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.reporting import operations, queries
from muster.reporting.models import Forecast, Score
from muster.reporting.queries import HowRight
from muster.reporting.rows import ForecastRow
from muster.survey import queries as survey
from tests.reporting.conftest import (
    AN_LAM,
    DISTRICT,
    HAMLET,
    HOP_TIEN,
    MACHINE,
    PROVINCE,
    campaign,
    codes,
    played,
    units,
)

__all__ = ["campaign", "units"]

FIRST = date(2021, 5, 1)


def recorded(kind, move, count, day):
    at = datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)
    moves = [
        Move(thing=new_id(), kind=kind, move=move, unit_done=AN_LAM, unit_residence=AN_LAM, occurred_at=at)
        for _ in range(count)
    ]
    journal.record(moves=moves, by=MACHINE, at=at)


@pytest.fixture
def steady(campaign):
    """Let 100 be due, and 5 be captured on each of ten days."""
    recorded("case", "found", 100, FIRST)
    for number in range(10):
        recorded("dossier", "received", 5, FIRST + timedelta(days=number))
    return campaign


def told(campaign, day, unit=AN_LAM):
    at = datetime(day.year, day.month, day.day, 4, 40, tzinfo=ZONE) + timedelta(days=1)
    return operations.forecast_units(
        forecasts=[ForecastRow(campaign=campaign, unit=unit, day=day)], by=MACHINE, at=at
    )  # fmt: skip


def test_what_is_kept_is_what_the_engine_says_of_the_journal(steady):
    day = FIRST + timedelta(days=9)
    assert not told(steady, day).refused
    (kept,) = Forecast.objects.all()
    days = [(FIRST - timedelta(days=1), 0), *((FIRST + timedelta(days=n), 5 * (n + 1)) for n in range(10))]
    (said,) = engine.forecast(Curve.of(days), [100], base=100, family=Family.CALLED)
    assert (kept.stage, kept.goal, kept.done, kept.day) == ("captured", 100, 50, day)
    assert (kept.finish, kept.low, kept.high) == (said.like_others.on, said.like_others.low, said.like_others.high)
    assert kept.rate_on == day + timedelta(days=10)  # 50 left at five a day


def test_a_day_is_forecast_once_and_never_before_it_is_over(steady):
    day = FIRST + timedelta(days=9)
    told(steady, day)
    recorded("dossier", "received", 20, day)
    told(steady, day)
    assert [one.done for one in Forecast.objects.all()] == [50]
    rows = [
        ForecastRow(campaign=steady, unit=AN_LAM, day=day + timedelta(days=1)),
        ForecastRow(campaign=UUID(int=1), unit=AN_LAM, day=day),
    ]
    at = datetime(2021, 5, 11, 4, 40, tzinfo=ZONE)
    refused = operations.forecast_units(forecasts=rows, by=MACHINE, at=at)
    assert codes(refused) == [(0, "day_not_over"), (1, "unknown_campaign")]


def test_nothing_is_forecast_of_what_is_done_or_not_begun(steady):
    told(steady, FIRST + timedelta(days=9), unit=HOP_TIEN)
    assert not Forecast.objects.exists()


def test_a_forecast_is_scored_when_its_goal_is_reached_and_not_before(steady):
    day = FIRST + timedelta(days=9)
    told(steady, day)
    (kept,) = Forecast.objects.all()
    early = operations.score_forecasts(forecasts=queries.unscored(steady), by=MACHINE, at=kept.told_at)
    assert (list(early.done), queries.how_right(steady)) == ([], HowRight(0, None, 0))
    recorded("dossier", "received", 50, day + timedelta(days=8))
    later = datetime(2021, 5, 25, 4, 40, tzinfo=ZONE)
    assert operations.score_forecasts(forecasts=[kept.id], by=MACHINE, at=later).done == [kept.id]
    (score,) = Score.objects.all()
    reached = day + timedelta(days=8)
    off = (kept.finish - reached).days
    held = kept.low <= reached <= kept.high
    assert (score.reached_on, score.took, score.off, score.held) == (reached, 8, off, held)
    assert queries.how_right(steady) == queries.how_right(steady, PROVINCE) == HowRight(1, abs(off) / 8, int(held))
    assert queries.how_right(steady, HOP_TIEN) == HowRight(0, None, 0)
    assert queries.unscored(steady) == []
    assert not operations.score_forecasts(forecasts=[kept.id], by=MACHINE, at=later).done


def test_the_database_keeps_ranges_in_order(steady):
    told(steady, FIRST + timedelta(days=9))
    with pytest.raises(IntegrityError, match="reporting_forecast_ordered"):
        Forecast.objects.update(low=date(2031, 1, 1))


def test_curves_of_many_units_read_at_once_are_those_of_each(steady, django_assert_max_num_queries):
    played()
    day = FIRST + timedelta(days=9)
    campaign, units = survey.campaign(steady), [PROVINCE, DISTRICT, AN_LAM, HOP_TIEN, HAMLET]
    with django_assert_max_num_queries(4):  # of 25 curves
        curves = queries.stage_curves(campaign, units, queries.STAGES, day)
    one_by_one = {
        (unit, stage): queries.stage_curve(campaign, unit, stage, day) for unit in units for stage in queries.STAGES
    }
    assert curves == {key: curve for key, curve in one_by_one.items() if curve[-1][1]}
    assert len(curves) > len(queries.STAGES)
    assert queries.stage_curves(campaign, [], queries.STAGES, day) == {}
    assert queries.stage_curves(campaign, units, queries.STAGES, FIRST - timedelta(days=60)) == {}


def test_many_units_are_forecast_with_no_more_queries_than_one(steady):
    def asked(day, *units):
        at = datetime(day.year, day.month, day.day, 4, 40, tzinfo=ZONE) + timedelta(days=1)
        rows = [ForecastRow(campaign=steady, unit=unit, day=day) for unit in units]
        with CaptureQueriesContext(connection) as told:
            operations.forecast_units(forecasts=rows, by=MACHINE, at=at)
        return len(told)

    one, two = asked(FIRST + timedelta(days=9), AN_LAM), asked(FIRST + timedelta(days=9), DISTRICT, PROVINCE)
    assert Forecast.objects.count() == 3
    assert two <= one  # the first time a kind of event is written it is given a number
