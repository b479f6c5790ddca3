"""Editorial pages. Records are not pages: each list only takes its words from one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class ListKind(models.TextChoices):
    """The lists that have an introduction."""

    CHALLENGES = "challenges", _("Challenges")
    PILOTS = "pilots", _("Pilots")
    PROGRAMS = "programs", _("Programs")
    INCUBATORS = "incubators", _("Support organisations")
    STARTUPS = "startups", _("Startups")
    SOLUTIONS = "solutions", _("Solutions")
    SITES = "sites", _("Test sites")
    NEEDS = "needs", _("Needs of startups")
    DATA = "data", _("Open data")
    SEARCH = "search", _("Search")


class HomePage(Page):  # type: ignore[misc]  # Wagtail's Page carries no types
    """The words of the home page; its lists are live records."""

    lead = models.TextField(_("lead"))

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["pages.ArticlePage", "pages.ListPage"]
    template = "pages/home.html"

    no_constraint_reason = "free words; Wagtail's tree holds its own constraints"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class ListPage(Page):  # type: ignore[misc]
    """Title and introduction of one list, in one language."""

    kind = models.CharField(_("list"), max_length=12, choices=ListKind)
    intro = models.TextField(_("introduction"))

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("introduction of a list")
        verbose_name_plural = _("introductions of lists")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ListKind.values), name="list_page_kind_known"
            )
        ]


class ArticlePage(Page):  # type: ignore[misc]
    """Words of the city: how it works, questions, accessibility, privacy, terms."""

    intro = models.TextField(_("introduction"), blank=True)
    body = RichTextField(_("text"), features=FEATURES)

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage", "pages.ArticlePage"]
    template = "pages/article.html"

    no_constraint_reason = "free words; Wagtail's tree holds its own constraints"

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
