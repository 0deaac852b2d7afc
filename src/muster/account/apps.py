"""The app of the e-ID accounts."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """Account."""

    name = "muster.account"
