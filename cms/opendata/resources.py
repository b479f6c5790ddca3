"""The datasets: for each one its rows, its fields, its filters and its places, in one table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.directories import challenges, pilots, programs, startups
from cms.directories.facets import intakes_with
from cms.directories.listing import Facet
from cms.directories.options import borough_options, theme_options
from cms.opendata import directory_schemas, geometry, rows, schemas
from core.taxonomy.models import Borough, BoroughKind, Theme
from pilots.enums import ChallengeState, ChallengeStatus, PilotState, SiteKind
from pilots.models import Pilot, Site, Stage
from startups.enums import IncubatorKind, IntakeStatus
from startups.enums import Stage as StartupStage
from startups.models import CLOSING_SOON, Intake

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

LONGEST_GRACE = timedelta(minutes=1440)


def _by_slug(slug: str) -> Q:
    return Q(slug=slug)


def _no_facets() -> list[Facet]:
    return []


@dataclass(frozen=True, slots=True)
class Resource:
    """A dataset. ``codes`` are the values that its filters with few, fixed values know."""

    name: str
    title: _StrPromise
    schema: type[schemas.Record]
    rows: Callable[[datetime], QuerySet[Any]]
    prepare: Callable[[QuerySet[Any]], QuerySet[Any]]
    computed: Callable[[Any, datetime], dict[str, Any]]
    facets: Callable[[], list[Facet]] = _no_facets
    filters: tuple[str, ...] = ()
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    search_kind: str = ""
    search_field: str = "pk"
    changed: str = "updated_at"
    geometry: Callable[[Any], dict[str, Any] | None] | None = None
    by_slug: Callable[[str], Q] = _by_slug
    nested: tuple[str, ...] = ()

    def row(self, record: Any, now: datetime) -> dict[str, Any]:
        """``record`` as it is published."""
        return rows.published(self.schema, record, self.computed(record, now))


def challenge_condition(value: str, now: datetime) -> Q:
    """The board's conditions, and two parts of them: about to close, and in grace."""
    published = Q(state=ChallengeState.PUBLISHED)
    if value == ChallengeStatus.CLOSING:
        closes = challenges.CLOSES
        soon = Q(**{f"{closes}__gte": now, f"{closes}__lte": now + CLOSING_SOON})
        return challenges.status_condition(ChallengeStatus.OPEN, now) & soon
    if value == ChallengeStatus.GRACE:
        # The grace is each call's own: the few just closed are looked at one by one.
        closed = Stage.objects.filter(
            number=1, closes_at__lt=now, closes_at__gte=now - LONGEST_GRACE, grace_minutes__gt=0
        )
        in_grace = [s.call_id for s in closed if s.closes_at and now <= s.closes_at + s.grace]
        return published & Q(call__in=in_grace)
    return challenges.status_condition(value, now)


def challenge_facets() -> list[Facet]:
    """Those of the board, with every status that a row can show."""
    status, *others = challenges.facets()
    options = [(s.value, str(s.label)) for s in ChallengeStatus]
    return [Facet("status", "", status.model, options, where=challenge_condition), *others]


def intake_condition(value: str, now: datetime) -> Q:
    """The database's side of ``Intake.status``; open includes what is about to close."""
    found = intakes_with(value, now)
    if value == IntakeStatus.OPEN:
        found = found.filter(is_rolling=False)
    return Q(pk__in=found.values("pk"))


def intake_facets() -> list[Facet]:
    """Status; theme of the program; borough of the organisation."""
    doors = [(s.value, str(s.label)) for s in IntakeStatus]
    place = "program__incubator__borough__slug"
    return [
        Facet("status", "", Intake, doors, where=intake_condition),
        Facet("theme", "", Intake, theme_options(), field="program__themes__slug"),
        Facet("borough", "", Intake, borough_options(), field=place),
    ]


def intake_by_slug(slug: str) -> Q:
    """``<program>-<number>``; anything else matches nothing."""
    program, _dash, number = slug.rpartition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        return Q(pk__in=[])
    return Q(pk=int(number), program__slug=program)


def borough_facets() -> list[Facet]:
    """Borough of the city or linked city."""
    kinds = [(k.value, str(k.label)) for k in BoroughKind]
    return [Facet("kind", _("Kind"), Borough, kinds, field="kind")]


def _codes(**enums: Any) -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(code) for code in enum.values) for name, enum in enums.items()}


def _challenge_prepare(found: QuerySet[Any]) -> QuerySet[Any]:
    offered = Prefetch("sites", Site.objects.public().order_by("slug"))
    tried = Prefetch("pilots", Pilot.objects.public().order_by("slug"))
    return found.select_related("call").prefetch_related(
        "call__stages", "themes", "boroughs", offered, tried
    )


RESOURCES: tuple[Resource, ...] = (
    Resource(
        name="challenges",
        title=gettext_lazy("Challenges"),
        schema=schemas.Challenge,
        rows=lambda now: challenges.rows(None, now),
        prepare=_challenge_prepare,
        computed=rows.challenge,
        facets=challenge_facets,
        filters=("theme", "borough", "status", "q"),
        codes=_codes(status=ChallengeStatus),
        search_kind="challenge",
        geometry=geometry.of_challenge,
    ),
    Resource(
        name="programs",
        title=gettext_lazy("Programs"),
        schema=directory_schemas.Program,
        rows=lambda now: programs.program_rows(None, now),
        prepare=programs.PROGRAMS.prepare,
        computed=rows.program,
        facets=programs.program_facets,
        filters=("theme", "borough", "status", "q"),
        codes=_codes(status=IntakeStatus),
        search_kind="program",
    ),
    Resource(
        name="intakes",
        title=gettext_lazy("Intakes"),
        schema=directory_schemas.Intake,
        rows=lambda now: Intake.objects.of_public_programs(),
        prepare=lambda found: found.select_related("program__incubator"),
        computed=rows.intake,
        facets=intake_facets,
        filters=("theme", "borough", "status", "q"),
        codes=_codes(status=IntakeStatus),
        search_kind="program",
        search_field="program",
        by_slug=intake_by_slug,
    ),
    Resource(
        name="incubators",
        title=gettext_lazy("Support organisations"),
        schema=directory_schemas.Incubator,
        rows=lambda now: programs.incubator_rows(None, now),
        prepare=lambda found: found.select_related("borough", "merged_into").prefetch_related(
            "themes"
        ),
        computed=rows.incubator,
        facets=programs.incubator_facets,
        filters=("theme", "borough", "status", "kind", "q"),
        codes={"status": ("active", "gone"), **_codes(kind=IncubatorKind)},
        search_kind="incubator",
        geometry=geometry.of_incubator,
    ),
    Resource(
        name="startups",
        title=gettext_lazy("Startups"),
        schema=directory_schemas.Startup,
        rows=lambda now: startups.startup_rows(None, now),
        prepare=startups.STARTUPS.prepare,
        computed=rows.startup,
        facets=startups.startup_facets,
        filters=("theme", "borough", "kind", "q"),
        codes=_codes(kind=StartupStage),
        search_kind="startup",
    ),
    Resource(
        name="solutions",
        title=gettext_lazy("Solutions"),
        schema=directory_schemas.Solution,
        rows=lambda now: startups.solution_rows(None, now),
        prepare=startups.SOLUTIONS.prepare,
        computed=rows.solution,
        facets=startups.solution_facets,
        filters=("theme", "borough", "kind", "q"),
        codes={"kind": tuple("123456789")},
        search_kind="solution",
    ),
    Resource(
        name="sites",
        title=gettext_lazy("Test sites"),
        schema=schemas.Site,
        rows=lambda now: pilots.site_rows(None, now),
        prepare=pilots.SITES.prepare,
        computed=rows.site,
        facets=pilots.site_facets,
        filters=("borough", "status", "kind", "q"),
        codes={"status": ("free", "held"), **_codes(kind=SiteKind)},
        search_kind="site",
        geometry=geometry.of_site,
        nested=("geometry",),
    ),
    Resource(
        name="pilots",
        title=gettext_lazy("Pilots"),
        schema=schemas.Pilot,
        rows=lambda now: pilots.pilot_rows(None, now),
        prepare=lambda found: found.select_related(
            "challenge", "startup", "solution", "verdict"
        ).prefetch_related("bookings__site__borough", "challenge__themes"),
        computed=rows.pilot,
        facets=pilots.pilot_facets,
        filters=("theme", "borough", "status", "q"),
        codes=_codes(status=PilotState),
        search_kind="pilot",
        geometry=geometry.of_pilot,
    ),
    Resource(
        name="themes",
        title=gettext_lazy("Themes"),
        schema=schemas.Theme,
        rows=lambda now: Theme.objects.all(),
        prepare=lambda found: found,
        computed=rows.theme,
        changed="",
    ),
    Resource(
        name="boroughs",
        title=gettext_lazy("Boroughs and linked cities"),
        schema=schemas.Borough,
        rows=lambda now: Borough.objects.all(),
        prepare=lambda found: found,
        computed=rows.borough,
        facets=borough_facets,
        filters=("kind",),
        codes=_codes(kind=BoroughKind),
        changed="",
        geometry=geometry.of_borough,
        nested=("bbox",),
    ),
)
BY_NAME = {resource.name: resource for resource in RESOURCES}
