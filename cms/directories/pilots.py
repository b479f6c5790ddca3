"""The list of pilots, and of the sites where they run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.directories.listing import Directory, Entry, Facet, Happening, Place, Tag
from cms.directories.options import borough_options, theme_options
from core import dates
from core.deadlines import city_time
from pilots.enums import PilotState, SiteKind, VerdictOutcome
from pilots.models import Pilot, Site, SiteBooking
from pilots.thread import pilot_mark

TONES = {
    PilotState.RUNNING: "open",
    PilotState.SUSPENDED: "late",
    PilotState.COMPLETED: "hold",
    PilotState.CANCELLED: "late",
}
VERDICT_TONES = {VerdictOutcome.STOP: "late"}


def pilot_rows(user: Any, now: datetime) -> QuerySet[Any]:
    """Public pilots."""
    return Pilot.objects.public()


def pilot_facets() -> list[Facet]:
    """State, theme of the challenge, borough of the sites that are public."""
    states = [(s.value, str(s.label)) for s in PilotState]
    return [
        Facet("status", _("Status"), Pilot, states, field="state"),
        Facet("theme", _("Theme"), Pilot, theme_options(), field="challenge__themes__slug"),
        Facet(
            "borough",
            _("Borough"),
            Pilot,
            borough_options(),
            field="bookings__site__borough__slug",
            repeats=True,
            only=Q(bookings__site__is_public=True),
        ),
    ]


def pilot_tag(pilot: Any, now: datetime) -> Tag:
    """The state in words; an overdue verdict is said first (promise 8)."""
    today = city_time(now).date()
    verdict = getattr(pilot, "verdict", None)
    if verdict is not None:
        return Tag(verdict.get_outcome_display(), VERDICT_TONES.get(verdict.outcome, "open"))
    awaited = pilot.state in (PilotState.RUNNING, PilotState.SUSPENDED, PilotState.COMPLETED)
    if awaited and pilot.verdict_due_on and pilot.verdict_due_on < today:
        return Tag(_("Verdict overdue"), "late")
    return Tag(pilot.get_state_display(), TONES.get(pilot.state, ""))


def pilot_entry(pilot: Any, now: datetime) -> Entry:
    """A pilot as a row."""
    boroughs = list(dict.fromkeys(b.site.borough.name for b in pilot.bookings.all()))
    big, small = _pilot_when(pilot, now)
    return Entry(
        url=reverse("pilot_detail", args=[pilot.slug]),
        title=pilot.title,
        summary=pilot.summary,
        tags=(pilot_tag(pilot, now),),
        meta=tuple(m for m in (pilot.startup.name, ", ".join(boroughs)) if m),
        big=big,
        small=small,
        thread=pilot_mark(pilot, now),
    )


def pilot_places(pilot: Any) -> list[Place]:
    """The public sites it holds: the others were not read."""
    title, url = str(pilot.title), pilot.get_absolute_url()
    sites = [booking.site for booking in pilot.bookings.all()]
    return [Place(title, url, site.lat, site.lon, str(site.name)) for site in sites]


def _pilot_when(pilot: Any, now: datetime) -> tuple[str, str]:
    verdict = getattr(pilot, "verdict", None)
    today = city_time(now).date()
    if verdict is not None and pilot.ends_on:
        days = max((city_time(verdict.decided_at).date() - pilot.ends_on).days, 0)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}, _("to decide")
    if pilot.state == PilotState.RUNNING and pilot.ends_on:
        return dates.short_day(pilot.ends_on), _("end of the trial, %(when)s") % {
            "when": dates.days_from(pilot.ends_on, today)
        }
    if pilot.state == PilotState.PREPARING and pilot.starts_on:
        return dates.short_day(pilot.starts_on), _("planned start")
    if pilot.state == PilotState.COMPLETED and pilot.verdict_due_on:
        return dates.short_day(pilot.verdict_due_on), _("verdict expected")
    return "", ""


def pilot_happenings(pilot: Any) -> list[Happening]:
    """Its start, its end and the day the verdict is due."""
    title, url = str(pilot.title), pilot.get_absolute_url()
    dated = (
        (pilot.starts_on, _("start of the trial")),
        (pilot.ends_on, _("end of the trial")),
        (pilot.verdict_due_on, _("verdict due")),
    )
    return [Happening(on, title, url, what) for on, what in dated if on]


PILOTS = Directory(
    kind="pilots",
    search_kind="pilot",
    rows=pilot_rows,
    prepare=lambda found: found.for_lists(),
    entry=pilot_entry,
    places=pilot_places,
    happenings=pilot_happenings,
    facets=pilot_facets,
    sorts={
        "newest": (gettext_lazy("newest first"), ("-starts_on", "-pk")),
        "verdict": (gettext_lazy("verdict due first"), ("verdict_due_on", "pk")),
        "name": (gettext_lazy("by name"), ("title_fr", "pk")),
    },
)


def site_rows(user: Any, now: datetime) -> QuerySet[Any]:
    """Public sites, each knowing whether a trial holds it today."""
    today = city_time(now).date()
    held = SiteBooking.objects.filter(site=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today)
    return Site.objects.public().annotate(is_held=Exists(held))


def site_facets() -> list[Facet]:
    """Kind, borough, free or held."""
    return [
        Facet("kind", _("Kind"), Site, [(k.value, str(k.label)) for k in SiteKind], field="kind"),
        Facet("borough", _("Borough"), Site, borough_options(), field="borough__slug"),
        Facet(
            "status",
            _("Today"),
            Site,
            [("free", _("Free")), ("held", _("A trial is under way"))],
            where=lambda value, now: Q(is_held=value == "held"),
        ),
    ]


def site_entry(site: Any, now: datetime) -> Entry:
    """A site as a row."""
    served = [
        _("power") if site.has_power else "",
        _("network") if site.has_network else "",
        _("may be shared") if site.is_shared else "",
    ]
    tag = Tag(_("A trial is under way"), "soon") if site.is_held else Tag(_("Free"), "open")
    return Entry(
        url=reverse("site_detail", args=[site.slug]),
        title=site.name,
        summary=site.description,
        tags=(tag, *((Tag(_("Example")),) if site.is_example else ())),
        meta=tuple(m for m in (site.get_kind_display(), site.borough.name, *served) if m),
    )


def site_places(site: Any) -> list[Place]:
    """Where it is."""
    url = site.get_absolute_url()
    return [Place(str(site.name), url, site.lat, site.lon, site.borough.name)]


SITES = Directory(
    kind="sites",
    search_kind="site",
    rows=site_rows,
    prepare=lambda found: found.for_lists(),
    entry=site_entry,
    places=site_places,
    facets=site_facets,
    sorts={
        "name": (gettext_lazy("by name"), ("name_fr", "pk")),
        "borough": (gettext_lazy("by borough"), ("borough__name", "name_fr", "pk")),
    },
)
