"""The app of the reports."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Reporting."""

    name = "muster.reporting"
