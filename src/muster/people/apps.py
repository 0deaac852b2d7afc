"""The app ``people``."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Register the tables ``people_*``."""

    name = "muster.people"
    label = "people"
    verbose_name = "People"
