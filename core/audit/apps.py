"""The log that nobody edits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Registers the room."""

    name = "core.audit"
    label = "audit"
    verbose_name = _("Audit")
