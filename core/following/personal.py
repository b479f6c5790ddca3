"""What this room knows of a person: given to them, and erased with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.people import confirmed_addresses
from core.following.models import Consent, Follow, Follower, TopicChoice
from core.notifications.models import ClosedAddress, Message
from core.notifications.personal import RECEIVED
from core.registry import Eraser, Exporter, erasers, exporters, held_on_followers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

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


def held_on(follower: Follower) -> dict[str, Any]:
    """All that is held on an address without an account. Of mails, what they were, not their links.

    An invitation is opened by whoever has its text: that stays in the mailbox.
    """
    mine = {"email__iexact": follower.email, "user__isnull": True}
    sent = Message.objects.filter(to_email__iexact=follower.email, user__isnull=True)
    closed = ClosedAddress.objects.filter(email=follower.email).order_by("pk")
    return {
        "address": follower.email,
        "language": follower.language,
        "since": follower.created_at,
        "follows": list(follower.follows.order_by("kind", "slug").values(*FOLLOW_FIELDS)),
        "frequencies": list(follower.choices.order_by("topic").values(*CHOICE_FIELDS)),
        "consents": list(Consent.objects.filter(**mine).order_by("pk").values(*CONSENT_FIELDS)),
        "messages": list(
            sent.filter(state__in=RECEIVED)
            .order_by("pk")
            .values("event", "language", "subject", "sent_at")
        ),
        "not_written_to": list(closed.values("reason", "words", "closed_at", "opened_at")),
        **{name: held(follower) for name, held in held_on_followers.items()},
    }


def _as_follower(user: User) -> QuerySet[Follower]:
    """The person, and the same person before they had an account."""
    return Follower.objects.filter(Q(user=user) | Q(email__in=confirmed_addresses(user)))


def _proofs(user: User) -> QuerySet[Consent]:
    return Consent.objects.filter(Q(user=user) | Q(email__in=confirmed_addresses(user)))


def _follows(user: User) -> Iterable[Mapping[str, Any]]:
    found = Follow.objects.filter(follower__in=_as_follower(user)).order_by("kind", "slug")
    yield from found.values(*FOLLOW_FIELDS).iterator()


def _choices(user: User) -> Iterable[Mapping[str, Any]]:
    found = TopicChoice.objects.filter(follower__in=_as_follower(user)).order_by("topic", "pk")
    yield from found.values(*CHOICE_FIELDS).iterator()


def _consents(user: User) -> Iterable[Mapping[str, Any]]:
    found = _proofs(user).order_by("pk")
    yield from found.values(*CONSENT_FIELDS).iterator()


def _erase(user: User, now: datetime) -> int:
    """What they follow goes; the proofs stay, of nobody any more. How many values."""
    proofs = _proofs(user).update(email="", user=None)
    gone, _kinds = _as_follower(user).delete()
    return gone + proofs
