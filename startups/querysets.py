"""How the directory's records are reached: by the public, and by those who belong to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from core.taxonomy.models import CitySettings
from startups.enums import GONE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import Organisation, User


class ListingQuerySet(models.QuerySet[Any]):
    """Profiles with a live version are public; members also see their own drafts."""

    # What a part belongs to: its organisation speaks for it.
    whole: ClassVar[str] = ""

    def public(self) -> Self:
        """What anyone may read; closed and merged listings stay, labelled."""
        return self.filter(live=True)

    def current(self) -> Self:
        """Public and neither closed nor merged."""
        return self.public().exclude(state__in=GONE)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Public ones, and those of the user's organisations."""
        if not user.is_authenticated:
            return self.public()
        own = Q(organisation__memberships__user=user)
        return self.filter(Q(live=True) | own).distinct()

    def of_organisation(self, organisation: Organisation) -> Self:
        """Those for which the members of ``organisation`` speak."""
        mine = Q(organisation=organisation)
        if self.whole:
            mine |= Q(organisation__isnull=True, **{f"{self.whole}__organisation": organisation})
        return self.filter(mine)

    def to_confirm(self, today: date) -> Self:
        """Those that are asked again on ``today``, the longest unconfirmed first."""
        last = today - timedelta(days=CitySettings.current().confirm_every_days)
        asked = self.filter(Q(verified_on__isnull=True) | Q(verified_on__lte=last))
        return asked.order_by(F("verified_on").asc(nulls_first=True), "pk")


class SolutionQuerySet(ListingQuerySet):
    """Solutions, with what a page of them shows."""

    whole = "startup"

    def for_lists(self) -> Self:
        """With startup and themes, in a constant number of queries."""
        return self.select_related("startup", "startup__borough").prefetch_related("themes")


class IncubatorQuerySet(ListingQuerySet):
    """Support organisations."""

    def for_lists(self) -> Self:
        """With borough and themes, in a constant number of queries."""
        return self.select_related("borough", "merged_into").prefetch_related("themes")


class ProgramQuerySet(ListingQuerySet):
    """Programs, with their intakes."""

    whole = "incubator"

    def for_lists(self) -> Self:
        """With organisation, themes and intakes, in a constant number of queries."""
        return self.select_related("incubator", "incubator__borough").prefetch_related(
            "themes", "intakes"
        )


class IntakeQuerySet(models.QuerySet[Any]):
    """Dated openings."""

    def of_public_programs(self) -> Self:
        """Intakes, cancelled ones included, whose program and organisation are live."""
        return self.filter(program__live=True, program__incubator__live=True).exclude(
            Q(program__state__in=GONE) | Q(program__incubator__state__in=GONE)
        )

    def standing(self) -> Self:
        """Those that were not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def accepting(self, now: datetime) -> Self:
        """Open at ``now``, rolling ones included."""
        return self.standing().filter(Q(is_rolling=True) | Q(opens_at__lte=now, closes_at__gte=now))

    def upcoming(self, now: datetime) -> Self:
        """Not open yet at ``now``."""
        return self.standing().filter(is_rolling=False, opens_at__gt=now)


class NeedQuerySet(models.QuerySet[Any]):
    """What startups look for."""

    def current(self, today: date) -> Self:
        """Of public startups that still act, neither met nor past their day."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=today),
            met_at__isnull=True,
            startup__live=True,
        ).exclude(startup__state__in=GONE)


class AlumniQuerySet(models.QuerySet[Any]):
    """Ties between startups and programs."""

    def confirmed(self) -> Self:
        """Said by both sides: these are public."""
        return self.filter(
            startup_said_at__isnull=False, program_said_at__isnull=False, refused_at__isnull=True
        )


class LinkQuerySet(models.QuerySet[Any]):
    """Addresses that public listings lead to."""

    def broken(self) -> Self:
        """Those that failed on two different days, and since."""
        return self.filter(broken_since__isnull=False)

    def due(self, now: datetime) -> Self:
        """Those to test at ``now``: each week; the day after a first failure; never two workers."""
        free = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
        weekly = Q(checked_at__isnull=True) | Q(checked_at__lte=now - timedelta(days=7))
        doubtful = Q(failing_since__isnull=False, broken_since__isnull=True)
        again = doubtful & Q(checked_at__lte=now - timedelta(days=1))
        return self.filter(free, weekly | again)
