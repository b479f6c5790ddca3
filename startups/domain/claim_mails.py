"""Who is told of a claim, and its line of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.accounts.domain.belonging import owners_of
from core.audit import log
from core.notifications.outbox import queue_message
from startups.enums import ClaimState

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from startups.models import Claim


def tell_the_claimant(claim: Claim, now: datetime) -> None:
    """What became of it, to whoever asked."""
    if claim.claimant is not None:
        queue_message(
            key=f"claim:{claim.pk}:answered",
            event="claim_answered",
            to=claim.claimant,
            context=answered_facts(claim),
            organisation=claim.organisation,
            now=now,
        )


def answered_facts(claim: Claim) -> dict[str, Any]:
    """What the claimant reads."""
    return {**_facts(claim), "is_accepted": claim.state == ClaimState.ACCEPTED}


def tell_the_holder(claim: Claim, holder: Organisation, now: datetime) -> None:
    """A dispute begins or ends: the owners of whoever has, or had, the listing."""
    for owner in owners_of(holder).select_related("user"):
        queue_message(
            key=f"claim:{claim.pk}:{claim.state}:holder:{owner.user_id}",
            event="claim_disputed",
            to=owner.user,
            context=disputed_facts(claim),
            organisation=holder,
            now=now,
        )


def disputed_facts(claim: Claim) -> dict[str, Any]:
    """What the owners of whoever has the listing read."""
    return {
        **_facts(claim),
        "is_settled": claim.state != ClaimState.PENDING,
        "is_lost": claim.state == ClaimState.ACCEPTED,
    }


def _facts(claim: Claim) -> dict[str, Any]:
    listing = claim.listing
    return {
        "listing": str(listing),
        "organisation": claim.organisation.name,
        "reason_fr": claim.reason_fr,
        "reason_en": claim.reason_en,
        "kind": str(listing._meta.model_name),
        "slug": listing.slug,
    }


def note(claim: Claim, what: str, actor: User | None, now: datetime, **private: str) -> None:
    """The line of the audit: who claims is public, by which address is not."""
    listing = claim.listing
    given = {name: value for name, value in private.items() if value}
    log.record(
        actor=actor,
        action=f"claim.{what}",
        target=claim,
        public={
            "listing": listing._meta.label_lower,
            "slug": listing.slug,
            "organisation": claim.organisation_id,
            "way": claim.way,
        },
        private=given or None,
        subject=actor if given else None,
        now=now,
    )
