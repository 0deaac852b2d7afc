"""The app of the audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit."""

    name = "muster.audit"
