"""How what is asked of an organisation is reached: by who asked, and by who answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from core.accounts.enums import JoinRequestState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class JoinRequestQuerySet(models.QuerySet[Any]):
    """Requests to join an organisation."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own, and those that one may answer."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(person=user) | Q(pk__in=self.answerable_by(user).values("pk")))

    def answerable_by(self, user: User | AnonymousUser) -> Self:
        """Those of the organisations whose members ``user`` manages."""
        from core.accounts.rules import roles_with  # the rules import the models

        if not user.is_authenticated:
            return self.none()
        managed = user.memberships.filter(role__in=roles_with("manage_members"))
        return self.filter(organisation__in=managed.values("organisation"))

    def waiting(self, now: datetime) -> Self:
        """Not answered yet, and not left for too long at ``now``."""
        return self.filter(state=JoinRequestState.PENDING, answer_by__gte=now)
