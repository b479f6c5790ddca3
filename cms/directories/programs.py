"""The directories of support organisations and of their programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.directories.facets import (
    borough_facet,
    by,
    equity_facet,
    intakes_with,
    language_facet,
    offer_facet,
    plain_facet,
    stage_facet,
    standing_tags,
    theme_facet,
    with_gone,
)
from cms.directories.listing import Directory, Entry, Facet, Happening, Place, Tag, Ticked
from core import dates
from startups.enums import GONE, IncubatorKind, IntakeStatus, Offer
from startups.models import CLOSING_SOON, Incubator, Intake, Program

if TYPE_CHECKING:
    from collections.abc import Set

INTAKE_TONES = {
    IntakeStatus.OPEN: "open",
    IntakeStatus.CLOSING: "soon",
    IntakeStatus.ROLLING: "open",
    IntakeStatus.CANCELLED: "late",
}
# What a reader can do first comes first.
INTAKE_ORDER = (
    IntakeStatus.CLOSING,
    IntakeStatus.OPEN,
    IntakeStatus.ROLLING,
    IntakeStatus.UPCOMING,
    IntakeStatus.CLOSED,
    IntakeStatus.CANCELLED,
)
DOORS = (
    IntakeStatus.OPEN,
    IntakeStatus.CLOSING,
    IntakeStatus.UPCOMING,
    IntakeStatus.ROLLING,
    IntakeStatus.CLOSED,
)


def incubator_rows(user: Any, now: datetime) -> Any:
    """Public support organisations; closed and merged ones stay, labelled and last."""
    return with_gone(Incubator.objects.public())


def incubator_facets() -> list[Facet]:
    """Kind, theme, what is given, languages, borough, open doors, active or not."""
    kinds = [(k.value, str(k.label)) for k in IncubatorKind]
    return [
        plain_facet("kind", _("Kind"), Incubator, kinds, "kind"),
        theme_facet(Incubator),
        Facet(
            "open",
            _("Open now"),
            Incubator,
            [("now", _("Takes applications"))],
            where=_open,
            tally=_tally_open,
        ),
        offer_facet(Incubator, "offers"),
        language_facet(Incubator, "languages"),
        borough_facet(Incubator, "borough"),
        Facet(
            "status",
            _("Status"),
            Incubator,
            [("active", _("Active")), ("gone", _("Closed or merged"))],
            where=lambda value, now: Q(is_gone=value == "gone"),
            column="state",
            reads=lambda state: ("gone" if state in GONE else "active",),
        ),
    ]


def _open_doors(now: datetime) -> Any:
    doors = intakes_with(IntakeStatus.OPEN, now).filter(program__live=True)
    return doors.values_list("program__incubator", flat=True)


def _open(value: str, now: datetime) -> Q:
    return Q(pk__in=_open_doors(now))


def _tally_open(keys: Set[int], now: datetime) -> dict[str, int]:
    return {"now": len(keys & set(_open_doors(now)))}


def incubator_entry(incubator: Any, now: datetime) -> Entry:
    """A support organisation as a row."""
    borough = incubator.borough
    meta = (*(str(t.name) for t in incubator.themes.all()), borough.name if borough else "")
    return Entry(
        url=reverse("incubator_detail", args=[incubator.slug]),
        title=incubator.name,
        summary=incubator.summary,
        tags=(Tag(incubator.get_kind_display()), *standing_tags(incubator, now)),
        meta=tuple(m for m in meta if m),
        big=str(incubator.founded_year or ""),
        small=_("founded") if incubator.founded_year else "",
    )


def incubator_places(incubator: Any) -> list[Place]:
    """Its own point, else its borough's centre; closed ones are on no map."""
    at = incubator if incubator.lat is not None else incubator.borough
    if at is None or incubator.state in GONE:
        return []
    url = incubator.get_absolute_url()
    where = incubator.address or (incubator.borough.name if incubator.borough else "")
    return [Place(incubator.name, url, at.lat, at.lon, where)]


INCUBATORS = Directory(
    kind="incubators",
    search_kind="incubator",
    rows=incubator_rows,
    prepare=lambda found: found.select_related("borough").prefetch_related("themes"),
    has_cards=True,
    entry=incubator_entry,
    places=incubator_places,
    points=("lat", "lon", "borough__lat", "borough__lon"),
    facets=incubator_facets,
    sorts={
        "name": (gettext_lazy("by name"), by("name", "pk")),
        "newest": (
            gettext_lazy("newest first"),
            ("is_gone", F("founded_year").desc(nulls_last=True), "name", "pk"),
        ),
    },
)


def program_rows(user: Any, now: datetime) -> Any:
    """Public programs of public organisations, with the nearest door."""
    coming = Intake.objects.standing().filter(program=OuterRef("pk"), closes_at__gte=now)
    nearest = coming.order_by("closes_at").values("closes_at")[:1]
    rows = with_gone(Program.objects.public().filter(incubator__live=True), "incubator")
    # Doors that are or will be open come first: a reader can do nothing with the others.
    acting = Intake.objects.standing().filter(Q(is_rolling=True) | Q(closes_at__gte=now))
    has_door = Q(pk__in=acting.values("program"))
    # The nearest close is looked for where there is one to come, not for each row.
    nearest_close = Case(When(has_door, then=Subquery(nearest)), output_field=DateTimeField())
    return rows.annotate(is_shut=~has_door, next_close=nearest_close)


def program_condition(value: str, now: datetime) -> Q:
    """Programs one of whose intakes has the status ``value`` at ``now``; closed when none acts."""
    if value == IntakeStatus.CLOSED:
        acting = Intake.objects.standing().filter(Q(is_rolling=True) | Q(closes_at__gte=now))
        return ~Q(pk__in=acting.values("program"))
    # A list of keys, read once: asked of each row, it would be eight thousand small questions.
    return Q(pk__in=intakes_with(value, now).values("program"))


def program_tally(keys: Set[int], now: datetime) -> dict[str, int]:
    """How many of ``keys`` each status would show: what is open or to come is read, once."""
    status = Case(
        When(is_rolling=True, then=Value(IntakeStatus.ROLLING)),
        When(opens_at__gt=now, then=Value(IntakeStatus.UPCOMING)),
        When(closes_at__lte=now + CLOSING_SOON, then=Value(IntakeStatus.CLOSING)),
        default=Value(IntakeStatus.OPEN),
        output_field=CharField(),
    )
    acting = Intake.objects.standing().filter(Q(is_rolling=True) | Q(closes_at__gte=now))
    held: dict[str, set[int]] = {door: set() for door in DOORS}
    for program, door in acting.order_by().values_list("program", status):
        held[door].add(program)
    held[IntakeStatus.OPEN] |= held[IntakeStatus.CLOSING] | held[IntakeStatus.ROLLING]
    shut = keys - held[IntakeStatus.OPEN] - held[IntakeStatus.UPCOMING]
    return {door: len(keys & found) for door, found in held.items()} | {
        IntakeStatus.CLOSED: len(shut)
    }


def program_facets() -> list[Facet]:
    """Doors; who runs it, what about, for whom, what is given and taken, where."""
    doors = [(s.value, str(s.label)) for s in DOORS]
    kinds = [(k.value, str(k.label)) for k in IncubatorKind]
    return [
        Facet(
            "status",
            _("Intakes"),
            Program,
            doors,
            where=program_condition,
            tally=program_tally,
        ),
        plain_facet("kind", _("Run by"), Program, kinds, "incubator__kind"),
        theme_facet(Program),
        stage_facet(Program, "stages"),
        offer_facet(Program, "offers"),
        equity_facet(Program, "equity_percent"),
        language_facet(Program, "languages"),
        borough_facet(Program, "incubator__borough"),
    ]


def first_door(program: Any, now: datetime) -> tuple[Any, IntakeStatus] | None:
    """The intake a reader can use first, with its status."""
    doors = [(intake, intake.status(now)) for intake in program.intakes.all()]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return min(doors, key=lambda d: (INTAKE_ORDER.index(d[1]), d[0].closes_at or far), default=None)


def program_entry(program: Any, now: datetime) -> Entry:
    """A program as a row."""
    door = first_door(program, now)
    big, small = program_when(door, now)
    tags = [Tag(str(door[1].label), INTAKE_TONES.get(door[1], ""))] if door else []
    tags.extend(standing_tags(program, now, whole=program.incubator))
    offers = [str(Offer(o).label) for o in program.offers if o in Offer.values]
    # What takes nobody any more is set beside nothing.
    is_gone = program.state in GONE or program.incubator.state in GONE
    return Entry(
        url=reverse("program_detail", args=[program.slug]),
        title=program.name,
        summary=program.summary,
        tags=tuple(tags),
        meta=(program.incubator.name, *(str(t.name) for t in program.themes.all()), *offers),
        big=big,
        small=small,
        compared=None if is_gone else Ticked(program.slug, str(program.name)),
    )


def program_places(program: Any) -> list[Place]:
    """Where its organisation is."""
    own = incubator_places(program.incubator)
    url = program.get_absolute_url()
    return [Place(program.name, url, p.lat, p.lon, program.incubator.name) for p in own]


def program_happenings(program: Any) -> list[Happening]:
    """The dated ends of its intakes."""
    url = program.get_absolute_url()
    found = (intake_happenings(program, intake, url) for intake in program.intakes.all())
    return [happening for each in found for happening in each]


def intake_happenings(program: Any, intake: Any, url: str) -> list[Happening]:
    """The dated ends of an intake; one invented for the demonstration says so."""
    if intake.is_rolling or not intake.opens_at:
        return []
    mark = f" ({_('example')})" if intake.is_example else ""
    if intake.cancelled_at is not None:
        mark += f" – {_('cancelled')}"
    return [
        Happening(intake.opens_at, str(program.name), url, _("opens") + mark),
        Happening(intake.closes_at, str(program.name), url, _("closes") + mark),
    ]


def program_when(door: tuple[Any, IntakeStatus] | None, now: datetime) -> tuple[str, str]:
    """The date of a door that matters at ``now``, large and small."""
    if door is None:
        return "", ""
    intake, status = door
    match status:
        case IntakeStatus.ROLLING:
            return _("Rolling"), _("one may apply at any time")
        case IntakeStatus.UPCOMING:
            return dates.short_day(intake.opens_at), _("opens")
        case IntakeStatus.CLOSED:
            return dates.short_day(intake.closes_at), _("last intake closed")
        case IntakeStatus.CANCELLED:
            return dates.short_day(intake.cancelled_at), _("cancelled")
        case _:
            return dates.countdown(intake.closes_at, now), _("closes on %(instant)s") % {
                "instant": dates.instant(intake.closes_at)
            }


PROGRAMS = Directory(
    kind="programs",
    search_kind="program",
    rows=program_rows,
    prepare=lambda found: found.select_related("incubator__borough").prefetch_related(
        "themes", "intakes"
    ),
    has_cards=True,
    plain=Program.objects.public,
    compares=True,
    entry=program_entry,
    places=program_places,
    points=tuple(f"incubator__{c}" for c in ("lat", "lon", "borough__lat", "borough__lon")),
    happenings=program_happenings,
    facets=program_facets,
    sorts={
        "closing": (
            gettext_lazy("closing first"),
            by(
                F("next_close").asc(nulls_last=True),
                "name_fr",
                "pk",
                first=("is_gone", "is_shut"),
            ),
        ),
        "name": (gettext_lazy("by name"), by("name_fr", "pk")),
    },
)
__all__ = ["INCUBATORS", "PROGRAMS", "first_door", "intake_happenings"]
