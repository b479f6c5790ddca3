"""What this room knows of a person: given to them, and erased with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.people import confirmed_addresses
from core.following.models import Consent, Follow, Follower, TopicChoice
from core.registry import Eraser, Exporter, erasers, exporters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.accounts.models import User

FOLLOW_FIELDS = ("kind", "slug", "asked_at", "confirmed_at")
CHOICE_FIELDS = ("topic", "frequency")
CONSENT_FIELDS = ("act", "way", "kind", "slug", "text", "language", "at")


def register_personal() -> None:
    """Add what one follows to « my data » and to an erasure."""
    exporters.register(
        "follows",
        Exporter(
            label=_("What you follow"),
            about=_("What you asked to follow, and when you confirmed it."),
            fields=FOLLOW_FIELDS,
            rows=_follows,
        ),
    )
    exporters.register(
        "frequencies",
        Exporter(
            label=_("How often you are written to"),
            about=_("Your choice for each class of messages."),
            fields=CHOICE_FIELDS,
            rows=_choices,
        ),
    )
    exporters.register(
        "consents",
        Exporter(
            label=_("Consents"),
            about=_("What you agreed to or stopped, with the text you read and when."),
            fields=CONSENT_FIELDS,
            rows=_consents,
        ),
    )
    erasers.register(
        "following",
        Eraser(
            label=_("What you follow"),
            removed=_("All that you follow, and how often you are written to."),
            kept=_("The proofs that consent was given and withdrawn, without your address."),
            erase=_erase,
        ),
    )


def _follows(user: User) -> Iterable[Mapping[str, Any]]:
    found = Follow.objects.visible_to(user).order_by("kind", "slug")
    yield from found.values(*FOLLOW_FIELDS).iterator()


def _choices(user: User) -> Iterable[Mapping[str, Any]]:
    found = TopicChoice.objects.filter(follower__user=user).order_by("topic")
    yield from found.values(*CHOICE_FIELDS).iterator()


def _consents(user: User) -> Iterable[Mapping[str, Any]]:
    found = Consent.objects.filter(user=user).order_by("pk")
    yield from found.values(*CONSENT_FIELDS).iterator()


def _erase(user: User, now: datetime) -> int:
    """What they follow goes, what they followed before they had an account too; how many values.

    The proofs stay, of nobody any more.
    """
    addresses = confirmed_addresses(user)
    gone, _kinds = Follower.objects.filter(Q(user=user) | Q(email__in=addresses)).delete()
    proofs = Consent.objects.filter(Q(user=user) | Q(email__in=addresses))
    return gone + proofs.update(email="", user=None)
