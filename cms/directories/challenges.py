"""The board: the city's challenges."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.directories.listing import Directory, Entry, Facet, Happening, Place, Tag
from cms.directories.options import borough_options, theme_options
from core import dates, numbers
from core.deadlines import city_time
from pilots.domain.status import challenge_status
from pilots.enums import ChallengeState, ChallengeStatus
from pilots.models import Challenge
from pilots.thread import challenge_mark

TONES = {
    ChallengeStatus.OPEN: "open",
    ChallengeStatus.CLOSING: "soon",
    ChallengeStatus.GRACE: "soon",
    ChallengeStatus.REVIEW: "hold",
    ChallengeStatus.CANCELLED: "late",
}
CLOSES = "first_stage__closes_at"
# What the dates of a published challenge make it, in the order of use.
DATED = (ChallengeStatus.OPEN, ChallengeStatus.UPCOMING, ChallengeStatus.REVIEW)


def rows(user: Any, now: datetime) -> Any:
    """The board shows what is public, to everyone alike."""
    return Challenge.objects.public().with_dates()


def by_use(now: datetime) -> tuple[Any, ...]:
    """What one can apply to first, and of that what closes first."""
    ranks = [When(status_condition(status, now), then=Value(n)) for n, status in enumerate(DATED)]
    last = When(state=ChallengeState.DECIDED, then=Value(len(DATED)))
    rank = Case(*ranks, last, default=Value(9), output_field=IntegerField())
    return rank, CLOSES, "-published_at", "pk"


def status_condition(value: str, now: datetime) -> Q:
    """Rows that have the status ``value`` at ``now``: the database's side of challenge_status."""
    published = Q(state=ChallengeState.PUBLISHED)
    match value:
        case ChallengeStatus.UPCOMING:
            return published & Q(first_stage__opens_at__gt=now)
        case ChallengeStatus.OPEN:
            in_time = Q(first_stage__closes_at__gte=now) | Q(first_stage__closes_at__isnull=True)
            return published & Q(first_stage__opens_at__lte=now) & in_time
        case ChallengeStatus.REVIEW:
            return published & Q(first_stage__closes_at__lt=now)
        case _:
            return Q(state=value)


def facets() -> list[Facet]:
    """Status, theme, borough."""
    shown = (
        ChallengeStatus.OPEN,
        ChallengeStatus.UPCOMING,
        ChallengeStatus.REVIEW,
        ChallengeStatus.DECIDED,
        ChallengeStatus.ARCHIVED,
        ChallengeStatus.CANCELLED,
    )
    return [
        Facet(
            "status",
            _("Status"),
            Challenge,
            [(s.value, str(s.label)) for s in shown],
            where=status_condition,
        ),
        Facet("theme", _("Theme"), Challenge, theme_options(), field="themes__slug"),
        Facet("borough", _("Borough"), Challenge, borough_options(), field="boroughs__slug"),
    ]


def entry(challenge: Any, now: datetime) -> Entry:
    """A challenge as a row."""
    status = challenge_status(challenge, now)
    url = reverse("challenge_detail", args=[challenge.slug])
    big, small = _when(challenge, status, now)
    example = (Tag(_("Example"), "hold"),) if challenge.is_example else ()
    meta = [
        *(str(t.name) for t in challenge.themes.all()),
        ", ".join(b.name for b in challenge.boroughs.all()),
        _("up to %(money)s") % {"money": numbers.money(challenge.budget_max)}
        if challenge.budget_max
        else "",
    ]
    return Entry(
        url=url,
        title=challenge.title,
        summary=challenge.summary,
        tags=(Tag(str(status.label), TONES.get(status, "")), *example),
        meta=tuple(m for m in meta if m),
        big=big,
        small=small,
        thread=challenge_mark(challenge, now),
    )


def places(challenge: Any) -> list[Place]:
    """Its boroughs, at their centres."""
    title, url = str(challenge.title), challenge.get_absolute_url()
    return [Place(title, url, b.lat, b.lon, b.name) for b in challenge.boroughs.all()]


def _when(challenge: Any, status: ChallengeStatus, now: datetime) -> tuple[str, str]:
    stage = challenge.stage
    if status == ChallengeStatus.UPCOMING:
        return dates.short_day(stage.opens_at), _("opens %(when)s") % {
            "when": dates.days_from(stage.opens_at, city_time(now).date())
        }
    if status in (ChallengeStatus.OPEN, ChallengeStatus.CLOSING, ChallengeStatus.GRACE):
        if stage.closes_at is None:
            return _("Rolling"), _("one may apply at any time")
        return dates.countdown(stage.closes_at, now), _("closes on %(instant)s") % {
            "instant": dates.instant(stage.closes_at)
        }
    if status == ChallengeStatus.REVIEW and stage.decision_by:
        return dates.short_day(stage.decision_by), _("choice announced by then")
    if challenge.decided_at:
        return dates.short_day(challenge.decided_at), _("decided in %(year)s") % {
            "year": city_time(challenge.decided_at).year
        }
    return "", ""


def happenings(challenge: Any) -> list[Happening]:
    """Its opening, its close and the day the choice is announced by."""
    stage = challenge.stage
    if stage is None:
        return []
    title, url = str(challenge.title), challenge.get_absolute_url()
    found = [
        Happening(stage.opens_at, title, url, _("opens")) if stage.opens_at else None,
        Happening(stage.closes_at, title, url, _("closes")) if stage.closes_at else None,
        Happening(stage.decision_by, title, url, _("choice announced"))
        if stage.decision_by
        else None,
    ]
    return [h for h in found if h is not None]


BOARD = Directory(
    kind="challenges",
    search_kind="challenge",
    rows=rows,
    prepare=lambda found: found.for_lists(),
    labels=("themes", "boroughs"),
    entry=entry,
    places=places,
    happenings=happenings,
    facets=facets,
    sorts={
        "closing": (gettext_lazy("closing first"), by_use),
        "newest": (gettext_lazy("newest first"), ("-published_at", "-pk")),
        "name": (gettext_lazy("by name"), ("title_fr", "pk")),
    },
)
