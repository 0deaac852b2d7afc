"""Every write of the survey: campaigns, surveys, marks, the end of a case; and lists, which write who read them."""

from muster.survey.operations.campaigns import close_campaigns, open_campaigns
from muster.survey.operations.looking import ALONE, How, ListTooWide, OpenedList, open_list
from muster.survey.operations.marking import close_cases, mark_contacts, mark_hard_cases, reopen_cases
from muster.survey.operations.refusals import (
    CampaignClosed,
    CampaignDiffers,
    CampaignNameMissing,
    CaseOver,
    NobodyCalled,
    OutsideCampaign,
    OutsideUnit,
    UnknownCampaign,
    UnknownCase,
)
from muster.survey.operations.surveying import Surveyed, survey_campaign, survey_units

__all__ = [
    "ALONE",
    "CampaignClosed",
    "CampaignDiffers",
    "CampaignNameMissing",
    "CaseOver",
    "How",
    "ListTooWide",
    "NobodyCalled",
    "OpenedList",
    "OutsideCampaign",
    "OutsideUnit",
    "Surveyed",
    "UnknownCampaign",
    "UnknownCase",
    "close_campaigns",
    "close_cases",
    "mark_contacts",
    "mark_hard_cases",
    "open_campaigns",
    "open_list",
    "reopen_cases",
    "survey_campaign",
    "survey_units",
]
