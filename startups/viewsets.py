"""The administration's side of the directory."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from startups.models import Incubator, Program, Solution, Startup


def pair(stem: str, *, heading: Any) -> MultiFieldPanel:
    """French and English side by side."""
    return MultiFieldPanel(
        [FieldRowPanel([FieldPanel(f"{stem}_fr"), FieldPanel(f"{stem}_en")])], heading=heading
    )


class StartupViewSet(SnippetViewSet):  # type: ignore[misc]  # Wagtail carries no types
    """Startups."""

    model = Startup
    icon = "group"
    menu_label = _("Startups")
    list_display = ("name", "state", "stage", "verified_on")
    list_filter = ("state", "stage")
    panels = (
        FieldPanel("name"),
        FieldPanel("slug"),
        pair("tagline", heading=_("In one sentence")),
        pair("about", heading=_("About")),
        FieldRowPanel([FieldPanel("stage"), FieldPanel("funding_stage"), FieldPanel("size_band")]),
        FieldRowPanel([FieldPanel("founded_year"), FieldPanel("borough")]),
        FieldPanel("themes"),
        FieldPanel("website"),
        InlinePanel("needs", heading=_("Needs"), label=_("need")),
    )


class SolutionViewSet(SnippetViewSet):  # type: ignore[misc]
    """Solutions."""

    model = Solution
    icon = "cogs"
    menu_label = _("Solutions")
    list_display = ("name_fr", "startup", "trl", "state")
    list_filter = ("state", "trl")
    panels = (
        FieldPanel("startup"),
        FieldPanel("slug"),
        pair("name", heading=_("Name")),
        pair("problem", heading=_("Problem solved")),
        pair("how", heading=_("How it works")),
        FieldPanel("trl"),
        pair("trl_evidence", heading=_("Evidence of maturity")),
        pair("ip", heading=_("Intellectual property")),
        FieldPanel("sees_people"),
        pair("privacy", heading=_("Privacy")),
        pair("site_needs", heading=_("Needs on site")),
        pair("price", heading=_("Price range")),
        FieldPanel("certifications"),
        FieldPanel("themes"),
        InlinePanel("deployments", heading=_("Deployments"), label=_("deployment")),
    )


class IncubatorViewSet(SnippetViewSet):  # type: ignore[misc]
    """Support organisations."""

    model = Incubator
    icon = "home"
    menu_label = _("Support organisations")
    list_display = ("name", "kind", "state", "verified_on")
    list_filter = ("kind", "state")
    panels = (
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("kind"),
        pair("summary", heading=_("In one sentence")),
        pair("about", heading=_("About")),
        pair("status_note", heading=_("Closing or merger")),
        FieldRowPanel([FieldPanel("address"), FieldPanel("borough")]),
        FieldRowPanel([FieldPanel("lat"), FieldPanel("lon")]),
        FieldRowPanel([FieldPanel("founded_year"), FieldPanel("website")]),
        FieldPanel("themes"),
    )


class ProgramViewSet(SnippetViewSet):  # type: ignore[misc]
    """Programs with their intakes."""

    model = Program
    icon = "calendar"
    menu_label = _("Programs")
    list_display = ("name_fr", "incubator", "format", "state")
    list_filter = ("format", "state")
    panels = (
        FieldPanel("incubator"),
        FieldPanel("slug"),
        pair("name", heading=_("Name")),
        pair("summary", heading=_("In one sentence")),
        pair("about", heading=_("About")),
        pair("who", heading=_("Who may apply")),
        pair("selection", heading=_("How one is chosen")),
        FieldRowPanel([FieldPanel("weeks"), FieldPanel("format")]),
        FieldRowPanel([FieldPanel("equity_percent"), FieldPanel("fee"), FieldPanel("stipend")]),
        FieldRowPanel([FieldPanel("trl_min"), FieldPanel("trl_max")]),
        FieldPanel("themes"),
        InlinePanel("intakes", heading=_("Intakes"), label=_("intake")),
    )


class DirectoryGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """One menu for the directory."""

    menu_label = _("Directory")
    menu_icon = "group"
    menu_order = 110
    items = (StartupViewSet, SolutionViewSet, IncubatorViewSet, ProgramViewSet)
