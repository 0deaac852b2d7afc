"""The app of the dossiers."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """Capture."""

    name = "muster.capture"
