"""The app of the journal."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events."""

    name = "muster.events"
