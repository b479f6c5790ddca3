"""What is typed, kept field by field."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DraftsConfig(AppConfig):
    """Registers the room."""

    name = "core.drafts"
    label = "drafts"
    verbose_name = _("Drafts")
