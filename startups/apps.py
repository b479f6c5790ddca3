"""The directory: startups, solutions, support organisations, programs, intakes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartupsConfig(AppConfig):
    """Registers the floor."""

    name = "startups"
    verbose_name = _("Directory")
