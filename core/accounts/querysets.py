"""How what belongs to an organisation is reached: by who asked, by who answers, by members."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


def _managed_by(user: User | AnonymousUser) -> Any:
    """Keys of the organisations, not closed, whose members ``user`` manages."""
    # The models and the rules import this module.
    from core.accounts.models import Membership
    from core.accounts.rules import roles_with

    if not user.is_authenticated:
        return Membership.objects.none().values("organisation")
    mine = Membership.objects.filter(user=user, role__in=roles_with("manage_members"))
    return mine.filter(organisation__closed_at__isnull=True).values("organisation")


class MembershipQuerySet(models.QuerySet[Any]):
    """Who belongs to what."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Members know each other; nobody else knows them."""
        return self.filter(organisation__memberships__user_id=user.pk)

    def owners(self) -> Self:
        """Those who own and can sign in."""
        return self.filter(role="owner", user__is_active=True)


class AskedQuerySet(models.QuerySet[Any]):
    """What waits for an answer, for a while."""

    def waiting(self, now: datetime) -> Self:
        """Not answered yet, and not left for too long at ``now``."""
        return self.filter(state="pending", answer_by__gte=now)


class InvitationQuerySet(AskedQuerySet):
    """Invitations to belong to an organisation."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that one may send again or revoke."""
        return self.filter(organisation__in=_managed_by(user))


class OwnershipOfferQuerySet(AskedQuerySet):
    """Offers to own an organisation."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those made to one, and those of the organisations that one manages."""
        return self.filter(Q(offered_to_id=user.pk) | Q(organisation__in=_managed_by(user)))


class JoinRequestQuerySet(AskedQuerySet):
    """Requests to join an organisation."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own, and those that one may answer."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(person=user) | Q(pk__in=self.answerable_by(user).values("pk")))

    def answerable_by(self, user: User | AnonymousUser) -> Self:
        """Those of the organisations whose members ``user`` manages."""
        return self.filter(organisation__in=_managed_by(user))
