"""The app ``units``."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Register the tables ``units_*``."""

    name = "muster.units"
    label = "units"
    verbose_name = "Units"
