"""How the directory's records are reached: by the public, and by those who belong to them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from startups.enums import GONE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class ListingQuerySet(models.QuerySet[Any]):
    """Profiles with a live version are public; members also see their own drafts."""

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


class SolutionQuerySet(ListingQuerySet):
    """Solutions, with what a page of them shows."""

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

    def for_lists(self) -> Self:
        """With organisation, themes and intakes, in a constant number of queries."""
        return self.select_related("incubator", "incubator__borough").prefetch_related(
            "themes", "intakes"
        )


class IntakeQuerySet(models.QuerySet[Any]):
    """Dated openings."""

    def of_public_programs(self) -> Self:
        """Intakes whose program and organisation are live and not closed."""
        return self.filter(program__live=True, program__incubator__live=True).exclude(
            Q(program__state__in=GONE) | Q(program__incubator__state__in=GONE)
        )

    def accepting(self, now: datetime) -> Self:
        """Open at ``now``, rolling ones included."""
        return self.filter(Q(is_rolling=True) | Q(opens_at__lte=now, closes_at__gte=now))

    def upcoming(self, now: datetime) -> Self:
        """Not open yet at ``now``."""
        return self.filter(is_rolling=False, opens_at__gt=now)
