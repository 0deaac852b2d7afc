"""The app of the survey."""

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """Survey."""

    name = "muster.survey"
