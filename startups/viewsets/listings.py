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
    ObjectList,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column

from core.json_widgets import Boxes, Lines
from core.panels import pair, pairs
from core.viewsets import RecordViewSet
from startups.enums import ApplicantKind, Offer, Stage
from startups.models import Incubator, Program, Solution, Startup
from startups.viewsets.pictures import LOGO_PANEL, FilesPanel, LogoForm, SolutionForm
from startups.viewsets.places import IncubatorForm

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


def _people() -> InlinePanel:
    """By role, at addresses of the organisation."""
    return InlinePanel(
        "people",
        panels=[_row("name", "email"), pair("role")],
        heading=_("Whom to turn to"),
        label=_("person"),
    )


class StartupViewSet(RecordViewSet):
    """Startups."""

    model = Startup
    icon = "group"
    menu_label = _("Startups")
    list_display = ("name", _state(), "stage", "verified_on")
    list_filter = ("state", "stage")
    edit_handler = ObjectList(
        [
            _named_once("name"),
            LOGO_PANEL,
            pairs(_("In short"), "tagline", "about"),
            _row("stage", "funding_stage", "size_band"),
            _row("founded_year", "neq", "borough"),
            MultiFieldPanel(
                [FieldPanel("website"), FieldPanel("links", widget=Lines)], heading=_("On the web")
            ),
            _people(),
            _lists(_languages(), FieldPanel("sectors", widget=Lines)),
        ],
        base_form_class=LogoForm,
    )


class SolutionViewSet(RecordViewSet):
    """Solutions."""

    model = Solution
    icon = "cogs"
    menu_label = _("Solutions")
    list_display = ("name_fr", "startup", "trl", _state())
    list_filter = ("state", "trl")
    edit_handler = ObjectList(
        [
            FieldPanel("startup"),
            _named_twice(),
            pairs(_("In short"), "problem", "how"),
            MultiFieldPanel([FieldPanel("trl"), pair("trl_evidence")], heading=_("Maturity")),
            MultiFieldPanel([FieldPanel("sees_people"), pair("privacy")], heading=_("Privacy")),
            MultiFieldPanel(
                [
                    _row("site_power", "site_network"),
                    _row("site_mounting", "site_area"),
                    pair("site_needs"),
                ],
                heading=_("What it needs on site"),
            ),
            pairs(_("For the city"), "price", "ip"),
            FieldPanel("certifications"),
            _lists(_languages()),
            FilesPanel(
                "files",
                panels=[FieldPanel("upload"), pair("caption")],
                heading=_("Pictures and documents"),
                label=_("picture or document"),
            ),
            InlinePanel(
                "deployments",
                panels=[_row("place", "month", "year"), FieldPanel("has_contact"), pair("result")],
                heading=_("Deployments"),
                label=_("deployment"),
            ),
        ],
        base_form_class=SolutionForm,
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
    edit_handler = ObjectList(
        [
            _named_once("name"),
            _row("kind", "legal_form"),
            LOGO_PANEL,
            pairs(_("In short"), "summary", "about"),
            MultiFieldPanel(
                [_row("address", "borough"), _row("lat", "lon"), FieldPanel("is_elsewhere")],
                heading=_("Place"),
            ),
            _row("founded_year", "neq"),
            MultiFieldPanel(
                [FieldPanel("website"), FieldPanel("links", widget=Lines)], heading=_("On the web")
            ),
            _people(),
            _lists(
                _languages(),
                _offers(),
                FieldPanel("sectors", widget=Lines),
                FieldPanel("sources", widget=Lines),
            ),
        ],
        base_form_class=IncubatorForm,
    )


class ProgramViewSet(RecordViewSet):
    """Programs; their intakes are written on pages of their own."""

    model = Program
    icon = "calendar"
    menu_label = _("Programs")
    list_display = ("name_fr", "incubator", "format", _state())
    list_filter = ("format", "state")
    panels = (
        FieldPanel("incubator"),
        _named_twice(),
        pairs(_("In short"), "summary", "about"),
        MultiFieldPanel(
            [
                _row("weeks", "format", "place"),
                _row("equity_percent", "fee", "currency"),
                _row("stipend", "investment"),
            ],
            heading=_("Terms"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("applicants", widget=Boxes(choices=ApplicantKind.choices)),
                FieldPanel("stages", widget=Boxes(choices=Stage.choices)),
                _row("trl_min", "trl_max"),
                FieldPanel("any_sector"),
                FieldPanel("sectors", widget=Lines),
                pair("who"),
            ],
            heading=_("Whom it is for"),
        ),
        MultiFieldPanel(
            [pair("selection")],
            heading=_("How one is chosen"),
            help_text=_("One step per line."),
        ),
        _lists(
            _languages(),
            _offers(),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names of the organisations."""
        return Program.objects.select_related("incubator")
