"""What a person claimed and corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.accounts.people import confirmed_addresses
from core.registry import Eraser, Exporter, erasers, exporters
from startups.models import Claim, Correction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import User
    from startups.querysets import CorrectionQuerySet


def register() -> None:
    """Add the directory to « my data » and to an erasure."""
    exporters.register(
        "claims",
        Exporter(
            label=_("Claims of listings"),
            about=_("The listings you said are your organisation’s, by what, and the answers."),
            fields=(
                *("listing", "organisation", "way", "email", "message", "state", "asked_at"),
                *("settled_at", "reason_fr", "reason_en"),
            ),
            rows=_claims,
        ),
    )
    erasers.register(
        "claims",
        Eraser(
            label=_("Claims of listings"),
            removed=_("The address by which you claimed a listing, and what you wrote with it."),
            kept=_("That the organisation claimed it, by what, and the city’s answer."),
            erase=_erase_claims,
        ),
    )
    exporters.register(
        "corrections",
        Exporter(
            label=_("Corrections you proposed"),
            about=_("What you said is wrong in a listing, where you left one of your addresses."),
            fields=("listing", "field", "value", "source", "email", "state", "proposed_at"),
            rows=_corrections,
        ),
    )
    erasers.register(
        "corrections",
        Eraser(
            label=_("Corrections you proposed"),
            removed=_("The address to which you wanted to be thanked."),
            kept=_("What you said is wrong, and its source, of nobody any more."),
            erase=lambda user, now: _corrections_of(user).update(email=""),
        ),
    )


def _claims(user: User) -> Iterator[dict[str, Any]]:
    for claim in Claim.objects.filter(claimant_id=user.pk).for_lists().order_by("pk"):
        yield {
            "listing": str(claim.listing),
            "organisation": claim.organisation.name,
            "way": claim.way,
            "email": claim.email,
            "message": claim.message,
            "state": claim.state,
            "asked_at": claim.asked_at,
            "settled_at": claim.settled_at,
            "reason_fr": claim.reason_fr,
            "reason_en": claim.reason_en,
        }


def _erase_claims(user: User, now: datetime) -> int:
    return Claim.objects.filter(claimant_id=user.pk).update(email="", message="", claimant=None)


def _corrections_of(user: User) -> CorrectionQuerySet:
    found: CorrectionQuerySet = Correction.objects.filter(email__in=confirmed_addresses(user))
    return found


def _corrections(user: User) -> Iterator[dict[str, Any]]:
    for found in _corrections_of(user).for_lists().order_by("pk"):
        yield {
            "listing": str(found.listing),
            "field": found.field,
            "value": found.value,
            "source": found.source,
            "email": found.email,
            "state": found.state,
            "proposed_at": found.proposed_at,
        }
