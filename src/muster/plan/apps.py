"""The app of the plan."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Plan."""

    name = "muster.plan"
