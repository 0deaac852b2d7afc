"""The app of the cards."""

from django.apps import AppConfig


class CardConfig(AppConfig):
    """Cards."""

    name = "muster.card"
