"""What this room does not keep for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.following.models import Consent, Follow
from core.registry import Retained, retained

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def register_retained() -> None:
    """Add the proofs; what is not confirmed within a week leaves whatever a rule says."""
    retained.register(
        "consents",
        Retained(
            label=_("Proofs of consent"),
            what=_(
                "The proofs of what is no longer followed, with the address if it is still there."
            ),
            count=lambda before: _past(before).count(),
            apply=_remove,
            least_days=365,
        ),
    )


def _past(before: datetime) -> QuerySet[Consent]:
    """Those of what nobody follows by them any more, and about which nothing was said since.

    A proof that an erasure made nobody's is past by its own day alone.
    """
    same_thing = {"kind": OuterRef("kind"), "slug": OuterRef("slug")}
    user, email = OuterRef("user"), OuterRef("email")
    by_address = Q(follower__email=email) | Q(follower__user__email=email)
    still = Follow.objects.confirmed().filter(**same_thing)
    said = Consent.objects.filter(**same_thing, at__gte=before)
    found: QuerySet[Consent] = Consent.objects.filter(at__lt=before).exclude(
        Exists(still.filter(follower__user=user))
        | Exists(said.filter(user=user))
        | ~Q(email="") & (Exists(still.filter(by_address)) | Exists(said.filter(email=email)))
    )
    return found.order_by("pk")


def _remove(before: datetime, most: int) -> int:
    pks = list(_past(before).values_list("pk", flat=True)[:most])
    return Consent.objects.filter(pk__in=pks).delete()[0]
