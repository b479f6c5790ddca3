"""The administration's side of the directory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from startups.viewsets.imports import ImportViewSet
from startups.viewsets.links import LinkViewSet
from startups.viewsets.listings import (
    IncubatorViewSet,
    ProgramViewSet,
    SolutionViewSet,
    StartupViewSet,
)


class DirectoryGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """One menu for the directory."""

    menu_label = _("Directory")
    menu_icon = "group"
    menu_name = "directory"
    menu_order = 110
    items = (
        StartupViewSet,
        SolutionViewSet,
        IncubatorViewSet,
        ProgramViewSet,
        LinkViewSet,
        ImportViewSet,
    )


__all__ = [
    "DirectoryGroup",
    "ImportViewSet",
    "IncubatorViewSet",
    "LinkViewSet",
    "ProgramViewSet",
    "SolutionViewSet",
    "StartupViewSet",
]
