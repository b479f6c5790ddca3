"""Who says that a listing is theirs, and what visitors correct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from core.accounts import rules
from core.accounts.models import Organisation
from startups.enums import ClaimState, CorrectionState
from startups.querysets.speaking import spoken_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class ClaimQuerySet(models.QuerySet[Any]):
    """What organisations say is theirs."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of one's organisations; a moderator sees all."""
        if rules.is_moderator(user):
            return self
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__memberships__user=user).distinct()

    def waiting(self) -> Self:
        """Those that a moderator answers."""
        return self.filter(state=ClaimState.PENDING)

    def for_lists(self) -> Self:
        """With what they speak of."""
        return self.select_related("startup", "incubator", "organisation", "claimant", "document")


class CorrectionQuerySet(models.QuerySet[Any]):
    """What visitors say is wrong."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of the listings that one's organisations speak for; a moderator sees all."""
        if rules.is_moderator(user):
            return self
        if not user.is_authenticated:
            return self.none()
        mine = Organisation.objects.of_member(user)
        of_wholes = Q(startup__organisation__in=mine) | Q(incubator__organisation__in=mine)
        of_parts = spoken_for(mine, to="solution__", whole="startup")
        of_parts |= spoken_for(mine, to="program__", whole="incubator")
        return self.filter(of_wholes | of_parts)

    def waiting(self) -> Self:
        """Those that nobody answered."""
        return self.filter(state=CorrectionState.PENDING)

    def for_lists(self) -> Self:
        """With what they speak of."""
        return self.select_related(
            *("startup", "solution__startup", "incubator", "program__incubator")
        )
