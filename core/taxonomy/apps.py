"""Themes, boroughs and the city's own settings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxonomyConfig(AppConfig):
    """Registers the room."""

    name = "core.taxonomy"
    label = "taxonomy"
    verbose_name = _("Taxonomy")
