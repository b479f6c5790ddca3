"""The directory: startups, solutions, support organisations, programs, intakes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartupsConfig(AppConfig):
    """Registers the floor."""

    name = "startups"
    verbose_name = _("Directory")

    def ready(self) -> None:
        """Hear what Wagtail takes down."""
        from wagtail.signals import unpublished

        from startups.domain.publication import note_unpublished

        unpublished.connect(note_unpublished, dispatch_uid="startups_unpublished")
