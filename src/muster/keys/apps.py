"""The app of the record keys."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Keys."""

    name = "muster.keys"
