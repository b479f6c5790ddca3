"""The thread: challenges, applications, reviews, sites, pilots."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PilotsConfig(AppConfig):
    """Registers the floor."""

    name = "pilots"
    verbose_name = _("Challenges and pilots")
