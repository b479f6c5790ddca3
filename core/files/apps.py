"""Checked uploads."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Registers the room."""

    name = "core.files"
    label = "files"
    verbose_name = _("Files")
