"""The demonstration: facts, texts, and what loads them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Registers the room."""

    name = "cms.demo"
    label = "demo"
    verbose_name = _("Demonstration")
