"""Approval by a second person."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    """Registers the room."""

    name = "core.workflow"
    label = "workflow"
    verbose_name = _("Approval")
