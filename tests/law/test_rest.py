"""Rest: between which figures a limit may be set."""

from datetime import date

import pytest

from muster.law.rest import REST_RULES, RestLimit, rest_rule
from muster.law.tables import NoLawInForce, is_seamless

CAMPAIGN = date(2021, 5, 8)


@pytest.mark.parametrize("limit", RestLimit)
def test_every_limit_is_bound_without_a_gap(limit):
    assert is_seamless([row for row in REST_RULES if row.limit is limit])


@pytest.mark.parametrize(
    ("limit", "tighter", "law", "looser"),
    [
        (RestLimit.HOURS_A_DAY, 8, 12, 13),
        (RestLimit.REST_HOURS, 14, 12, 11),
        (RestLimit.PAUSE_MINUTES, 45, 60, 61),
        (RestLimit.DAYS_IN_A_ROW, 5, 6, 7),
    ],
)
def test_a_unit_may_be_stricter_than_the_law_and_never_looser(limit, tighter, law, looser):
    rule = rest_rule(limit, CAMPAIGN)
    assert [rule.allows(value) for value in (tighter, law, looser)] == [True, True, False]


def test_the_code_of_the_day_is_named():
    assert rest_rule(RestLimit.REST_HOURS, date(2020, 12, 31)).source == "Labour Code 10/2012/QH13 Art. 109"
    assert rest_rule(RestLimit.REST_HOURS, date(2021, 1, 1)).source == "Labour Code 45/2019/QH14 Art. 110"
    with pytest.raises(NoLawInForce):
        rest_rule(RestLimit.REST_HOURS, date(2013, 4, 30))
