"""The app that the worker finds its tasks in."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs."""

    name = "muster.jobs"
