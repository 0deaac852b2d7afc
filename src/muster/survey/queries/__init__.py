"""What is asked of the survey: campaigns, counts of any unit, lists of a hamlet, the case of one person."""

from muster.survey.queries.campaigns import CampaignLine, campaign, campaign_named, campaigns, campaigns_like, paths
from muster.survey.queries.cases import CaseLine, CaseState, Standing, case_states, hold_open, of_person
from muster.survey.queries.counting import Axis, Counts, count, excluded, organisations
from muster.survey.queries.listing import Filter, ListLine, list_lines, list_size
from muster.survey.queries.registered import Held, RegisterRow, populated, register_rows

__all__ = [
    "Axis",
    "CampaignLine",
    "CaseLine",
    "CaseState",
    "Counts",
    "Filter",
    "Held",
    "ListLine",
    "RegisterRow",
    "Standing",
    "campaign",
    "campaign_named",
    "campaigns",
    "campaigns_like",
    "case_states",
    "count",
    "excluded",
    "hold_open",
    "list_lines",
    "list_size",
    "of_person",
    "organisations",
    "paths",
    "populated",
    "register_rows",
]
