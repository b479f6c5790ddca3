"""Staff panels in the administration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """Registers the room."""

    name = "cms.dashboards"
    label = "dashboards"
    verbose_name = _("Dashboards")
