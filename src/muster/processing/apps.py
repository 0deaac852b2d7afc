"""The app of the checks."""

from django.apps import AppConfig


class ProcessingConfig(AppConfig):
    """Processing."""

    name = "muster.processing"
