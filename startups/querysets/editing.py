"""Rounds of changes that members make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models

from startups.enums import OPEN_EDITS, EditState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class EditQuerySet(models.QuerySet[Any]):
    """Rounds of changes to listings."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the user's organisations."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__memberships__user=user).distinct()

    def of_listing(self, listing: models.Model) -> Self:
        """Those of one listing."""
        kind = ContentType.objects.get_for_model(listing, for_concrete_model=False)
        return self.filter(content_type=kind, object_id=listing.pk)

    def unfinished(self) -> Self:
        """Written, waiting or returned."""
        return self.filter(state__in=[str(state) for state in OPEN_EDITS])

    def waiting(self) -> Self:
        """In review, the longest waiting first."""
        return self.filter(state=EditState.SUBMITTED).order_by("submitted_at", "pk")

    def to_review_after(self) -> Self:
        """Live already and seen by nobody of the city, the oldest first."""
        return self.filter(state=EditState.LIVE).order_by("submitted_at", "pk")
