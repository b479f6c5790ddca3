"""Public reads: JSON, CSV, GeoJSON."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpendataConfig(AppConfig):
    """Registers the room."""

    name = "cms.opendata"
    label = "opendata"
    verbose_name = _("Open data")
