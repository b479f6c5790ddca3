"""How the thread's records are reached: one way in for every kind of person."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.apps import apps
from django.db import models
from django.db.models import Exists, FilteredRelation, OuterRef, Prefetch, Q, Subquery

from core.accounts import rules
from pilots.enums import (
    AssignmentState,
    ChallengeState,
    PermitState,
    PilotState,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User

    Anyone: TypeAlias = User | AnonymousUser


# What a row of the board shows: the long texts stay in the database.
LIST_FIELDS = (
    "slug",
    "state",
    "call",
    "title_fr",
    "title_en",
    "summary_fr",
    "summary_en",
    "budget_max",
    "published_at",
    "decided_at",
    "is_example",
)


class ChallengeQuerySet(models.QuerySet[Any]):
    """Challenges; public once live."""

    def public(self) -> Self:
        """What anyone may read: published, decided, archived or cancelled."""
        return self.filter(live=True).exclude(state=ChallengeState.DRAFT)

    def visible_to(self, user: Anyone) -> Self:
        """Public ones; every one for the city's staff who work on challenges."""
        if rules.works_on_challenges(user):
            return self.all()
        return self.public()

    def upcoming(self, now: datetime) -> Self:
        """Published, not open yet at ``now``."""
        return self.filter(state=ChallengeState.PUBLISHED, call__stages__number=1).filter(
            call__stages__opens_at__gt=now
        )

    def open(self, now: datetime) -> Self:
        """Published and taking applications at ``now`` (the shown close, grace aside)."""
        return self.filter(
            Q(call__stages__closes_at__gte=now) | Q(call__stages__closes_at__isnull=True),
            state=ChallengeState.PUBLISHED,
            call__stages__number=1,
            call__stages__opens_at__lte=now,
        )

    def under_review(self, now: datetime) -> Self:
        """Published, closed at ``now``, not decided."""
        return self.filter(
            state=ChallengeState.PUBLISHED,
            call__stages__number=1,
            call__stages__closes_at__lt=now,
        )

    def with_dates(self) -> Self:
        """``first_stage`` may be named in conditions; it is joined only where it is."""
        first = Q(call__stages__number=1)
        return self.annotate(first_stage=FilteredRelation("call__stages", condition=first))

    def for_lists(self) -> Self:
        """With all that a list row shows but its labels; on rows ``with_dates``."""
        shown = ("challenge_id", "state", "started_at", "verdict_due_on")
        pilots = apps.get_model("pilots", "Pilot").objects.with_last_reading().only(*shown)
        return (
            self.select_related("first_stage")
            .only(*LIST_FIELDS)
            .prefetch_related(Prefetch("pilots", queryset=pilots.order_by()))
        )


def _sites() -> Any:
    return apps.get_model("pilots", "Site").objects


class SiteQuerySet(models.QuerySet[Any]):
    """Test sites."""

    def public(self) -> Self:
        """What anyone may read."""
        return self.filter(is_public=True)

    def visible_to(self, user: Anyone) -> Self:
        """Public ones; every one for pilot managers."""
        if rules.works_on_pilots(user) or rules.works_on_challenges(user):
            return self.all()
        return self.public()

    def for_lists(self) -> Self:
        """With borough, in a constant number of queries."""
        return self.select_related("borough")

    def free_between(self, starts_on: date, ends_on: date) -> Self:
        """Sites without an exclusive hold between two days, both included."""
        held = self.model._meta.get_field("bookings").related_model.objects.filter(
            site=OuterRef("pk"), is_exclusive=True, starts_on__lte=ends_on, ends_on__gte=starts_on
        )
        return self.exclude(Exists(held))


class SiteBookingQuerySet(models.QuerySet[Any]):
    """Holds on sites: a site that is not public is not told by whoever holds it either."""

    def public(self) -> Self:
        """Those of sites that anyone may see."""
        return self.filter(site__is_public=True)

    def visible_to(self, user: Anyone) -> Self:
        """Those of sites that the user may see."""
        return self.filter(site__in=_sites().visible_to(user))


class PermitRuleQuerySet(models.QuerySet[Any]):
    """Dated rules."""

    def in_force(self, on: date) -> Self:
        """Rules that hold on a day."""
        return self.filter(valid_from__lte=on).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )

    def demanded_for(self, *, borough_id: int, site_kind: str, on: date) -> Self:
        """What a borough demands on a day for a kind of site."""
        return self.in_force(on).filter(
            Q(site_kind="") | Q(site_kind=site_kind), borough_id=borough_id
        )


class PermitQuerySet(models.QuerySet[Any]):
    """Permits of pilots."""

    def for_page(self, user: Anyone) -> Self:
        """With their sites; ``names_site`` says whether the user may see which one it is."""
        seen = _sites().visible_to(user).filter(pk=OuterRef("site"))
        return self.select_related("site").annotate(names_site=Exists(seen))

    def expiring_by(self, day: date) -> Self:
        """Those whose last day is ``day`` or before."""
        return self.filter(expires_on__lte=day)

    def granted_through(self, day: date) -> Self:
        """Granted and still valid on ``day``, the last of the trial."""
        return self.filter(state=PermitState.GRANTED, expires_on__gte=day)


class ApplicationQuerySet(models.QuerySet[Any]):
    """Applications: an organisation's own, or the city's once received."""

    def visible_to(self, user: Anyone) -> Self:
        """Those of the user's organisations; received ones for challenge managers.

        Jury members reach applications through their assignments only, never from here.
        """
        if not user.is_authenticated:
            return self.none()
        own = Q(organisation__memberships__user=user)
        if rules.works_on_challenges(user):
            return self.filter(own | Q(submitted_at__isnull=False)).distinct()
        return self.filter(own).distinct()

    def of_organisation(self, organisation: Any) -> Self:
        """Those that an organisation owns."""
        return self.filter(organisation=organisation)


class JurorQuerySet(models.QuerySet[Any]):
    """Seats in juries."""

    def of_user(self, user: Anyone) -> Self:
        """The user's own seats."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class AssignmentQuerySet(models.QuerySet[Any]):
    """Work given to jury members."""

    def assigned_to(self, user: Anyone) -> Self:
        """The user's own work, once conflicts are declared; a recused file is not even counted."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(juror__user=user, juror__declared_at__isnull=False).exclude(
            state__in=[
                AssignmentState.PROPOSED,
                AssignmentState.RECUSED,
                AssignmentState.DECLINED,
            ]
        )


class PilotQuerySet(models.QuerySet[Any]):
    """Trials; public once live."""

    def public(self) -> Self:
        """What anyone may read."""
        return self.filter(live=True)

    def visible_to(self, user: Anyone) -> Self:
        """Public ones, the user's organisations' own, every one for pilot managers."""
        if not user.is_authenticated:
            return self.public()
        if rules.works_on_pilots(user) or rules.works_on_challenges(user):
            return self.all()
        own = Q(startup__organisation__memberships__user=user)
        return self.filter(Q(live=True) | own).distinct()

    def managed_by(self, user: Anyone) -> Self:
        """Those the user may work on: the city's pilot managers, the startup's members."""
        if not user.is_authenticated:
            return self.none()
        if rules.works_on_pilots(user):
            return self.all()
        return self.filter(startup__organisation__memberships__user=user).distinct()

    def running(self) -> Self:
        """In the street now."""
        return self.filter(state=PilotState.RUNNING)

    def overdue(self, today: date) -> Self:
        """A verdict was due before ``today`` and none was given (promise 8)."""
        return self.filter(
            state__in=[PilotState.RUNNING, PilotState.SUSPENDED, PilotState.COMPLETED],
            verdict_due_on__lt=today,
        )

    def with_last_reading(self) -> Self:
        """Each knows its ``last_reading_at`` without being asked."""
        readings = apps.get_model("pilots", "Reading").objects.filter(
            indicator__pilot=OuterRef("pk")
        )
        newest = readings.order_by("-at").values("at")[:1]
        return self.annotate(newest_at=Subquery(newest))

    def for_lists(self) -> Self:
        """With all that a list row shows, in a constant number of queries; public sites alone."""
        rows = self.with_last_reading().select_related("startup", "verdict")
        held = apps.get_model("pilots", "SiteBooking").objects.public()
        shown = Prefetch("bookings", queryset=held.select_related("site__borough"))
        return rows.prefetch_related(shown)


class ReadingQuerySet(models.QuerySet[Any]):
    """Timed values."""

    def public(self) -> Self:
        """Readings of public pilots: what the page, the CSV and the API show alike."""
        return self.filter(indicator__pilot__live=True)
