"""When a unit reaches its goal: two views side by side, each a date with a range, or a plain "cannot tell"; pure.

*If the rate stays*: what is left over the pace of the last 28 days; its range is how wrong that very rule was on
reference curves with about the same share done. *If the tail is like similar units*: the reference cases most like
this curve (share done, how the pace turned, how long the latest half took, how deep the goal lies) say how many times
longer than the pace seen it took them; the middle case is the date, and the range is that of the cases, widened by
what leaving curves out showed to be missing (split conformal: Romano, Patterson, Candès 2019, "Conformalized
quantile regression", with the cases' quantiles in the place of the regression). *By groups*, when it is known who is
left: the easy ones at the pace seen, each hard group by its own share a day.

Tried by leaving out one area at a time (`backtesting`, ``python -m bench forecast``); the table stands in ADR 0014.
Limits: nothing is said before a fifth of a goal is done, nor beyond three years, and no date from a pace of nothing.
O(cases of about the same share done), some milliseconds a forecast.
"""

from muster.engines.forecast.curve import Curve, NoCurve
from muster.engines.forecast.finish import Finish, Forecast, Verdict, forecast
from muster.engines.forecast.groups import Group
from muster.engines.forecast.library import Family

__all__ = ["Curve", "Family", "Finish", "Forecast", "Group", "NoCurve", "Verdict", "forecast"]
