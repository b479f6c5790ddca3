"""The board of what startups look for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.directories.listing import Directory, Entry, Facet, Tag
from cms.directories.options import borough_options, theme_options
from core import dates
from core.deadlines import city_time
from startups.enums import NeedKind
from startups.models import Need

WORDS = ("text_fr", "text_en", "startup__name", "startup__tagline_fr", "startup__tagline_en")


def need_rows(user: Any, now: datetime) -> QuerySet[Any]:
    """Needs of public startups that are neither met nor past their day."""
    return Need.objects.current(city_time(now).date())


def need_facets() -> list[Facet]:
    """What is looked for, theme and borough of the startup."""
    kinds = [(kind.value, str(kind.label)) for kind in NeedKind]
    theme, borough = "startup__themes__slug", "startup__borough__slug"
    return [
        Facet("kind", _("What is looked for"), Need, kinds, field="kind"),
        Facet("theme", _("Theme"), Need, theme_options(), field=theme, repeats=True),
        Facet("borough", _("Borough"), Need, borough_options(), field=borough),
    ]


def with_words(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Those that say each of ``words``, themselves or in what their startup is."""
    for word in words.split():
        said = Q()
        for field in WORDS:
            said |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(said)
    return rows


def need_entry(need: Any, now: datetime) -> Entry:
    """A need as a row."""
    startup = need.startup
    borough = startup.borough
    example = (Tag(_("Example"), "hold"),) if startup.is_example else ()
    meta = (
        startup.name,
        *(str(theme.name) for theme in startup.themes.all()),
        borough.name if borough else "",
    )
    return Entry(
        url=reverse("need_detail", args=[need.pk]),
        title=need.text,
        summary=startup.tagline,
        tags=(Tag(need.get_kind_display()), *example),
        meta=tuple(m for m in meta if m),
        big=dates.short_day(need.expires_on) if need.expires_on else "",
        small=_("last day") if need.expires_on else "",
    )


NEEDS = Directory(
    kind="needs",
    search_kind="",
    by_words=with_words,
    rows=need_rows,
    prepare=lambda found: found.select_related("startup__borough").prefetch_related(
        "startup__themes"
    ),
    entry=need_entry,
    facets=need_facets,
    sorts={
        "newest": (gettext_lazy("newest first"), ("-created_at", "-pk")),
        "ending": (gettext_lazy("ending first"), ("expires_on", "pk")),
    },
)
