"""What is done with reports: freeze slots, sign, correct, certify or dispute, chase, set when reports are made."""

from muster.reporting.operations.explaining import (
    ask_explanations,
    chase_explanations,
    move_explanations,
    set_explain_rules,
)
from muster.reporting.operations.forecasting import forecast_units, score_forecasts
from muster.reporting.operations.freezing import freeze_slots
from muster.reporting.operations.inspecting import end_inspections, look_at_inspections, plan_inspections
from muster.reporting.operations.practising import move_practices, write_practices
from muster.reporting.operations.ranking import rank_units
from muster.reporting.operations.reinforcing import (
    decide_reinforcements,
    expire_reinforcements,
    measure_reinforcements,
    propose_reinforcements,
)
from muster.reporting.operations.reviewing import end_tasks, give_tasks, write_reviews
from muster.reporting.operations.signing import chase_slots, correct_reports, judge_reports, sign_reports
from muster.reporting.operations.times import set_timetables

__all__ = [
    "ask_explanations",
    "chase_explanations",
    "chase_slots",
    "correct_reports",
    "decide_reinforcements",
    "end_inspections",
    "end_tasks",
    "expire_reinforcements",
    "forecast_units",
    "freeze_slots",
    "give_tasks",
    "judge_reports",
    "look_at_inspections",
    "measure_reinforcements",
    "move_explanations",
    "move_practices",
    "plan_inspections",
    "propose_reinforcements",
    "rank_units",
    "score_forecasts",
    "set_explain_rules",
    "set_timetables",
    "sign_reports",
    "write_practices",
    "write_reviews",
]
