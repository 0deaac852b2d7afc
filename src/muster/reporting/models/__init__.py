"""The tables of the reports, a file a subject."""

from muster.reporting.models.explanations import ExplainRule, Explanation, Round, Saying
from muster.reporting.models.forecasts import Forecast, Score
from muster.reporting.models.inspections import FoundFault, Inspection
from muster.reporting.models.practices import Practice, Uptake
from muster.reporting.models.ranking import Standing
from muster.reporting.models.reinforcements import Effect, Promise, Reinforcement
from muster.reporting.models.reviews import Review, Task
from muster.reporting.models.slots import Chase, Correction, Report, Signature, Slot, Timetable, Verdict

__all__ = [
    "Chase",
    "Correction",
    "Effect",
    "ExplainRule",
    "Explanation",
    "Forecast",
    "FoundFault",
    "Inspection",
    "Practice",
    "Promise",
    "Reinforcement",
    "Report",
    "Review",
    "Round",
    "Saying",
    "Score",
    "Signature",
    "Slot",
    "Standing",
    "Task",
    "Timetable",
    "Uptake",
    "Verdict",
]
