"""How follows are reached: one's own only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class FollowQuerySet(models.QuerySet[Any]):
    """Follows; nobody sees those of somebody else."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the user's account."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(follower__user=user)

    def confirmed(self) -> Self:
        """Those that one writes about."""
        return self.filter(confirmed_at__isnull=False)

    def on(self, kind: str, slug: str) -> Self:
        """Those of one thing."""
        return self.filter(kind=kind, slug=slug)


class FollowerQuerySet(models.QuerySet[Any]):
    """Those who follow."""

    def number_of(self, email: str) -> int:
        """The number of an address without an account; 0 when it follows nothing."""
        return self.filter(email=email.lower()).values_list("pk", flat=True).first() or 0
