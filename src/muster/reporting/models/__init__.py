"""The tables of the reports, a file a subject."""

from muster.reporting.models.explanations import ExplainRule, Explanation, Round, Saying
from muster.reporting.models.forecasts import Forecast, Score
from muster.reporting.models.ranking import Standing
from muster.reporting.models.slots import Chase, Correction, Report, Signature, Slot, Timetable, Verdict

__all__ = [
    "Chase",
    "Correction",
    "ExplainRule",
    "Explanation",
    "Forecast",
    "Report",
    "Round",
    "Saying",
    "Score",
    "Signature",
    "Slot",
    "Standing",
    "Timetable",
    "Verdict",
]
