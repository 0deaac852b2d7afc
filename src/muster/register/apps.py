"""The app of the register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Register."""

    name = "muster.register"
