"""The app of the rehearsals."""

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    """Rehearsal."""

    name = "muster.rehearsal"
