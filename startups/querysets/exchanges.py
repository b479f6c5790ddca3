"""What startups and those who answer them send each other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from startups.enums import GONE
from startups.querysets.speaking import spoken_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import Organisation, User


class NeedQuerySet(models.QuerySet[Any]):
    """What startups look for."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of public startups, past ones included; what a moderator closed, its startup alone."""
        public = Q(startup__live=True, closed_reason="")
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(
            public | Q(startup__organisation__in=user.memberships.values("organisation"))
        )

    def current(self, today: date) -> Self:
        """Of public startups that still act, neither met nor past their day."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=today),
            met_at__isnull=True,
            startup__live=True,
        ).exclude(startup__state__in=GONE)


class InterestQuerySet(models.QuerySet[Any]):
    """What startups sent to intakes: the business of both sides and of nobody else."""

    def sent_by(self, organisation: Organisation | Any) -> Self:
        """Those of the startups of ``organisation``."""
        return self.filter(organisation=organisation)

    def received_by(self, organisation: Organisation | Any) -> Self:
        """Those sent to the programs that ``organisation`` speaks for."""
        return self.filter(spoken_for([organisation], to="intake__program__"))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that an organisation of the user sent or received."""
        if not user.is_authenticated:
            return self.none()
        mine = user.memberships.values("organisation")
        received = spoken_for(mine, to="intake__program__")
        return self.filter(Q(organisation__in=mine) | received)

    def for_pages(self) -> Self:
        """With startup, intake and program, in one query."""
        return self.select_related(
            "startup", "organisation", "intake__program__incubator__organisation"
        ).select_related("intake__program__organisation")


class RelayQuerySet(models.QuerySet[Any]):
    """Relayed conversations: the business of both sides; of moderators once one is reported."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the user's organisations, on either side; those the user began for the city."""
        if not user.is_authenticated:
            return self.none()
        mine = user.memberships.values("organisation")
        return self.filter(
            Q(startup__organisation__in=mine)
            | Q(organisation__in=mine)
            | Q(organisation__isnull=True, author=user)
        )

    def reported(self) -> Self:
        """Those of which one side complained: moderators read these."""
        return self.filter(reported_at__isnull=False)

    def for_pages(self) -> Self:
        """With startup, need and organisations, in one query."""
        return self.select_related(
            "startup__organisation", "organisation", "author", "need", "deployment__solution"
        )
