"""The directory's records, as the administration writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column

from core.json_widgets import Boxes, Lines
from core.panels import pair, pairs
from core.viewsets import RecordViewSet
from startups.enums import Offer, Stage
from startups.models import Incubator, Program, Solution, Startup

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

SPOKEN = [("fr", _("French")), ("en", _("English"))]
BOXES = forms.CheckboxSelectMultiple


def _state() -> Column:
    """How far the listing is vouched for, in words."""
    return Column("state", label=_("Listing"), accessor="get_state_display", sort_key="state")


def _row(*names: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(name) for name in names])


def _named_once(name: str) -> MultiFieldPanel:
    """A proper noun, the same in both languages, and its address."""
    title = TitleFieldPanel(name, targets=["slug"], required_on_save=True)
    return MultiFieldPanel([title, FieldPanel("slug")], heading=_("Name"))


def _named_twice() -> MultiFieldPanel:
    """A name in each language, and one address."""
    french = TitleFieldPanel("name_fr", targets=["slug"], required_on_save=True)
    names = FieldRowPanel([french, FieldPanel("name_en")])
    return MultiFieldPanel([names, FieldPanel("slug")], heading=_("Name"))


def _lists(*panels: FieldPanel) -> MultiFieldPanel:
    """Themes and what else is ticked or listed."""
    found_by = [FieldPanel("themes", widget=BOXES), *panels]
    return MultiFieldPanel(found_by, heading=_("How it is found"))


def _languages() -> FieldPanel:
    return FieldPanel("languages", widget=Boxes(choices=SPOKEN))


def _offers() -> FieldPanel:
    return FieldPanel("offers", widget=Boxes(choices=Offer.choices))


class StartupViewSet(RecordViewSet):
    """Startups."""

    model = Startup
    icon = "group"
    menu_label = _("Startups")
    list_display = ("name", _state(), "stage", "verified_on")
    list_filter = ("state", "stage")
    panels = (
        _named_once("name"),
        pairs(_("In short"), "tagline", "about"),
        _row("stage", "funding_stage", "size_band"),
        _row("founded_year", "borough", "website"),
        _lists(_languages()),
    )


class SolutionViewSet(RecordViewSet):
    """Solutions."""

    model = Solution
    icon = "cogs"
    menu_label = _("Solutions")
    list_display = ("name_fr", "startup", "trl", _state())
    list_filter = ("state", "trl")
    panels = (
        FieldPanel("startup"),
        _named_twice(),
        pairs(_("In short"), "problem", "how"),
        MultiFieldPanel([FieldPanel("trl"), pair("trl_evidence")], heading=_("Maturity")),
        MultiFieldPanel([FieldPanel("sees_people"), pair("privacy")], heading=_("Privacy")),
        pairs(_("For the city"), "site_needs", "price", "ip"),
        FieldPanel("certifications"),
        _lists(_languages()),
        InlinePanel(
            "deployments",
            panels=[_row("place", "year"), pair("result")],
            heading=_("Deployments"),
            label=_("deployment"),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the startups' names."""
        return Solution.objects.select_related("startup")


class IncubatorViewSet(RecordViewSet):
    """Support organisations."""

    model = Incubator
    icon = "home"
    menu_label = _("Support organisations")
    list_display = ("name", "kind", _state(), "verified_on")
    list_filter = ("kind", "state")
    panels = (
        _named_once("name"),
        FieldPanel("kind"),
        pairs(_("In short"), "summary", "about"),
        MultiFieldPanel([_row("address", "borough"), _row("lat", "lon")], heading=_("Place")),
        _row("founded_year", "website"),
        _lists(
            _languages(),
            _offers(),
            FieldPanel("sectors", widget=Lines),
            FieldPanel("sources", widget=Lines),
        ),
    )


class ProgramViewSet(RecordViewSet):
    """Programs with their intakes."""

    model = Program
    icon = "calendar"
    menu_label = _("Programs")
    list_display = ("name_fr", "incubator", "format", _state())
    list_filter = ("format", "state")
    panels = (
        FieldPanel("incubator"),
        _named_twice(),
        pairs(_("In short"), "summary", "about"),
        pairs(_("Who, and how one is chosen"), "who", "selection"),
        MultiFieldPanel(
            [
                _row("weeks", "format"),
                _row("equity_percent", "currency", "fee"),
                _row("stipend", "investment"),
                _row("trl_min", "trl_max"),
            ],
            heading=_("Terms"),
        ),
        _lists(
            _languages(),
            _offers(),
            FieldPanel("stages", widget=Boxes(choices=Stage.choices)),
            FieldPanel("sectors", widget=Lines),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names of the organisations."""
        return Program.objects.select_related("incubator")
