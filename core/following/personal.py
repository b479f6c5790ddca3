"""What this room knows of a person: given to them, and erased with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.following.models import Consent, Follow, Follower, TopicChoice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.accounts.models import User


def export(user: User) -> Mapping[str, Any]:
    """What they follow and what they agreed to, as plain data."""
    follows = Follow.objects.visible_to(user).order_by("kind", "slug")
    proofs = Consent.objects.filter(user=user).order_by("pk")
    return {
        "follows": list(follows.values("kind", "slug", "asked_at", "confirmed_at")),
        "frequencies": list(
            TopicChoice.objects.filter(follower__user=user).values("topic", "frequency")
        ),
        "consents": list(proofs.values("act", "way", "kind", "slug", "text", "language", "at")),
    }


def erase(user: User, now: datetime) -> int:
    """What they follow goes; the proofs stay, of nobody any more. How many values."""
    gone, _kinds = Follower.objects.filter(user=user).delete()
    return gone + Consent.objects.filter(user=user).update(email="", user=None)
